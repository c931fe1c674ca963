import { expect } from 'chai';
import { runs } from '../support/long-runs.js';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { AdapterError, EncodingConflict } from '../../src/errors/errors.js';
import { decodeXml } from '../../src/xml/decode.js';
import { readXml } from '../../src/xml/reader.js';

const declared = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?><a>åŠ</a>`;
const bare = '<a>åŠ</a>';
const latin = '<a>æøåÆØÅ</a>';

describe('decodeXml', () => {
  for (const [what, text, encoding, addBOM, contentType, expected] of [
    ['nothing said', bare, 'utf-8', false, undefined, 'utf-8'],
    ['byte order mark of UTF-8', bare, 'utf-8', true, undefined, 'utf-8'],
    ['byte order mark and both names', declared('UTF-8'), 'utf-8', true, 'utf-8', 'utf-8'],
    ['Content-Type alone', latin, 'iso-8859-1', false, 'ISO-8859-1', 'iso-8859-1'],
    [
      'declaration alone',
      `<?xml version='1.0' encoding='latin1'?>${latin}`,
      'iso-8859-1',
      false,
      undefined,
      'iso-8859-1',
    ],
    [
      'both',
      `<?xml version="1.0" encoding="iso-8859-1"?>${latin}`,
      'iso-8859-1',
      false,
      'iso-8859-1',
      'iso-8859-1',
    ],
    ['windows-1252 by Content-Type', bare, 'windows-1252', false, 'windows-1252', 'windows-1252'],
    [
      'windows-1252 by declaration',
      declared('Windows-1252'),
      'windows-1252',
      false,
      undefined,
      'windows-1252',
    ],
    ['US-ASCII', '<a>x</a>', 'ascii', false, 'us-ascii', 'us-ascii'],
    ['UTF-16LE with a mark', bare, 'utf-16le', true, undefined, 'utf-16le'],
    ['UTF-16BE with a mark', bare, 'utf-16be', true, undefined, 'utf-16be'],
    ['UTF-16 with a mark and its plain name', declared('utf-16'), 'utf-16le', true, 'utf-16', 'utf-16le'],
    ['UTF-16LE without a mark', declared('UTF-16'), 'utf-16le', false, 'utf-16', 'utf-16le'],
    ['UTF-16BE by its full name', declared('utf-16be'), 'utf-16be', false, 'utf-16be', 'utf-16be'],
  ] as const) {
    it(`finds the character set: ${what}`, () => {
      const decoded = decodeXml(iconv.encode(text, encoding, { addBOM }), contentType);
      expect(decoded).to.deep.equal({ text, charset: expected });
    });
  }

  for (const [what, octets, contentType, reason] of [
    ['mark against Content-Type', iconv.encode(bare, 'utf-8', { addBOM: true }), 'iso-8859-1', /first bytes/],
    [
      'mark against Content-Type, UTF-16',
      iconv.encode(bare, 'utf-16le', { addBOM: true }),
      'utf-16be',
      /first bytes/,
    ],
    [
      'mark against declaration',
      iconv.encode(declared('iso-8859-1'), 'utf-8', { addBOM: true }),
      undefined,
      /first bytes/,
    ],
    [
      'mark against declaration, UTF-16',
      iconv.encode(declared('utf-8'), 'utf-16be', { addBOM: true }),
      undefined,
      /first/,
    ],
    [
      'Content-Type against declaration',
      iconv.encode(declared('utf-8'), 'utf-8'),
      'iso-8859-1',
      /XML declaration/,
    ],
    ['unknown name in Content-Type', iconv.encode(bare, 'utf-8'), 'utf-7', /not known/],
    ['unknown name in the declaration', iconv.encode(declared('x-secret'), 'utf-8'), undefined, /not known/],
    ['empty name in the declaration', iconv.encode(declared(''), 'utf-8'), undefined, /not known/],
    ['name of an object property', iconv.encode(declared('__proto__'), 'utf-8'), 'constructor', /not known/],
    ['octets that are not UTF-8', Uint8Array.of(0x3c, 0x61, 0xe5, 0x3e), undefined, /do not fit/],
    ['overlong UTF-8', Uint8Array.of(0x3c, 0xc0, 0xbc), undefined, /do not fit/],
    ['surrogate in UTF-8', Uint8Array.of(0x3c, 0xed, 0xa0, 0x80), undefined, /do not fit/],
    ['lone surrogate in UTF-16', Uint8Array.of(0xff, 0xfe, 0x00, 0xd8, 0x3c, 0x00), undefined, /do not fit/],
    ['odd length of UTF-16', Uint8Array.of(0xff, 0xfe, 0x3c), undefined, /do not fit/],
    ['octets beyond ASCII', Uint8Array.of(0x3c, 0xe5), 'us-ascii', /do not fit/],
    ['unassigned octet of windows-1252', Uint8Array.of(0x3c, 0x81), 'windows-1252', /do not fit/],
  ] as const) {
    it(`refuses ${what}, and says why without quoting it`, () => {
      expect(() => decodeXml(octets, contentType))
        .to.throw(EncodingConflict)
        .with.property('publicReason')
        .that.matches(reason)
        .and.does.not.match(/secret|utf-7|proto/);
    });
  }

  it('reads ISO-8859-1 as such, not as windows-1252', () => {
    expect(decodeXml(Uint8Array.of(0x3c, 0x80), 'iso-8859-1').text).to.equal('<\u0080');
  });

  it('fails with nothing but adapter errors, whatever the octets', () => {
    const charset = fc.option(
      fc.constantFrom('utf-8', 'utf-16', 'utf-16le', 'iso-8859-1', 'windows-1252', 'x'),
      {
        nil: undefined,
      },
    );
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .uint8Array({ maxLength: 20 })
        .map((tail) => Buffer.concat([Buffer.from('<?xml version="1.0" '), tail])),
    );
    fc.assert(
      fc.property(octets, charset, (input, name) => {
        try {
          readXml(decodeXml(input, name).text);
        } catch (error) {
          expect(error).to.be.instanceOf(AdapterError);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});
