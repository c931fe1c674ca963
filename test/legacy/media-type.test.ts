import { expect } from 'chai';
import fc from 'fast-check';
import { parseMediaType } from '../../src/legacy/media-type.js';

describe('parseMediaType', () => {
  for (const [text, essence, parameters] of [
    ['application/soap+xml', 'application/soap+xml', []],
    ['Application/SOAP+XML; Charset=UTF-8', 'application/soap+xml', [['charset', 'UTF-8']]],
    [
      'application/soap+xml;charset="utf-8";action="urn:a;b=\\"c\\""',
      'application/soap+xml',
      [
        ['charset', 'utf-8'],
        ['action', 'urn:a;b="c"'],
      ],
    ],
    [
      'a/b ; x=1 ;; x=2;',
      'a/b',
      [
        ['x', '1'],
        ['x', '2'],
      ],
    ],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseMediaType(text)).to.deep.equal({ essence, parameters });
    });
  }

  for (const text of [
    '',
    'xml',
    'a/',
    '/b',
    'a/b c',
    'a/b; x',
    'a/b; x=',
    'a/b; x="1',
    'a/b; x=1 y=2',
    'a/b, c/d',
  ]) {
    it(`takes '${text}' for no media type`, () => {
      expect(parseMediaType(text)).to.equal(undefined);
    });
  }

  it('reads back what was written, and survives the rest', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const quoted = value.replace(/["\\]/g, (character) => `\\${character}`);
        expect(parseMediaType(`a/b; x="${quoted}"`)?.parameters).to.deep.equal([['x', value]]);
        parseMediaType(value);
      }),
    );
  });
});
