import { join } from 'node:path';
import { expect } from 'chai';
import {
  beyondAscii,
  beyondLatin1,
  loadTransliteration,
  parseReplacements,
} from '../../src/charset/transliteration.js';
import { packageRoot } from '../../src/config/package-root.js';
import { InvalidMapping } from '../../src/mapping/data-file.js';

describe('the tables of transliteration', () => {
  const builtIn = loadTransliteration(join(packageRoot(), 'mappings'));

  it('have letters for all letters of Latin Extended-A and of the Sami languages', async () => {
    const { replacement } = await builtIn;
    const extended = Array.from({ length: 0x80 }, (_, index) => String.fromCodePoint(0x100 + index));
    // ŉ is a deprecated character of Afrikaans; Unicode itself advises against it.
    const missing = extended.filter((letter) => replacement(letter) === undefined);
    expect(missing).to.deep.equal(['Ŀ', 'ŀ', 'ŉ']);
    expect(['Č', 'đ', 'Ŋ', 'Š', 'Ŧ', 'ž', 'Ǽ', 'Œ', '’'].map(replacement)).to.deep.equal([
      'C',
      'd',
      'N',
      'S',
      'T',
      'z',
      'Æ',
      'OE',
      "'",
    ]);
  });

  it('have letters of ASCII for all letters of ISO-8859-1', async () => {
    const { asciiReplacement } = await builtIn;
    const letters = Array.from({ length: 0x60 }, (_, index) => String.fromCodePoint(0xa0 + index)).filter(
      (character) => /\p{L}/u.test(character),
    );
    expect(letters.filter((letter) => asciiReplacement(letter) === undefined)).to.deep.equal(['µ']);
    expect(Array.from('æøåÆØÅé', (letter) => asciiReplacement(letter))).to.deep.equal([
      'ae',
      'oe',
      'aa',
      'AE',
      'OE',
      'AA',
      'e',
    ]);
  });

  const refused = [
    ['a: ąą', beyondLatin1, 'U+0105 has two replacements'],
    ['a: á', beyondLatin1, 'U+00E1 needs no replacement'],
    ['ą: ă', beyondLatin1, 'table.yaml'],
    ['a: {', beyondLatin1, 'table.yaml'],
    ['a: b', beyondAscii, 'U+0062 needs no replacement'],
    ['a: ą', beyondAscii, 'U+0105 belongs to another table'],
    ['æ: ä', beyondAscii, 'table.yaml'],
  ] as const;

  for (const [yaml, scope, message] of refused) {
    it(`are refused where ${scope.charset} is to be written with "${yaml}"`, () => {
      expect(() => parseReplacements('charsets/table.yaml', yaml, scope))
        .to.throw(InvalidMapping)
        .with.property('message')
        .that.includes(message);
    });
  }
});
