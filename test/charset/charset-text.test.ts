import { join } from 'node:path';
import { expect } from 'chai';
import { charsetText, type TextCharset } from '../../src/charset/charset-text.js';
import { loadTransliteration, type Transliteration } from '../../src/charset/transliteration.js';
import { packageRoot } from '../../src/config/package-root.js';

const written: readonly (readonly [charset: TextCharset, text: string, octets: string, replaced: boolean])[] =
  [
    ['US-ASCII', 'Kari', '4b617269', false],
    ['US-ASCII', 'Bø', '426f65', true],
    ['US-ASCII', 'Åŋ', '41416e', true],
    ['US-ASCII', 'Ǽ', '4145', true],
    ['US-ASCII', 'Ж', '3f', true],
    ['ISO-8859-1', 'Bø', '42f8', false],
    ['ISO-8859-1', 'Áŋŋá', 'c16e6ee1', true],
    ['windows-1252', 'š€', '9a80', false],
    ['UTF-8', 'ŋ', 'c58b', false],
  ];

describe('text in a charset', () => {
  let transliteration: Transliteration;
  before(async () => {
    transliteration = await loadTransliteration(join(packageRoot(), 'mappings'));
  });

  for (const [charset, text, octets, replaced] of written) {
    it(`is ${octets} for ${text} in ${charset}`, () => {
      const carrier = charsetText(charset, transliteration, false);
      const carried = carrier.carry(text);
      expect(Buffer.from(carrier.octets(carried.text)).toString('hex')).to.equal(octets);
      expect(carried.replaced).to.equal(replaced);
    });
  }

  it('keeps line breaks where they mean something, and writes blanks for them elsewhere', () => {
    const text = 'a\r\nb\tc';
    expect(charsetText('US-ASCII', transliteration, true).carry(text).text).to.equal('a\r\nb c');
    expect(charsetText('US-ASCII', transliteration, false).carry(text).text).to.equal('a  b c');
  });
});
