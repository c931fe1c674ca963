import { expect } from 'chai';
import {
  InvalidFilematchTexts,
  parseErrorTexts,
  parseReplacements,
} from '../../../../src/legacy/filematch/writing/filematch-texts.js';
import { filematchErrorCodes } from '../../../../src/legacy/filematch/record.js';
import { builtInTexts } from '../../../support/filematch-files.js';

describe('the texts of Filematch', () => {
  it('have words for every error code, another one for each', async () => {
    const { errorText } = await builtInTexts();
    expect(errorText('E002')).to.equal('Kontrollsiffer stemmer ikke');
    expect(new Set(filematchErrorCodes.map(errorText))).to.have.property('size', filematchErrorCodes.length);
  });

  it('have letters for all letters of Latin Extended-A and of the Sami languages', async () => {
    const { replacement } = await builtInTexts();
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

  it('are refused with the place when a code has no words', () => {
    expect(() => parseErrorTexts('error-texts.yaml', 'E001: Nei'))
      .to.throw(InvalidFilematchTexts)
      .with.property('message')
      .that.includes('error-texts.yaml')
      .and.includes('E002');
  });

  it('are refused when a letter has two replacements, needs none, or has one that no file can hold', () => {
    for (const [yaml, message] of [
      ['a: ąą', 'U+0105 has two replacements'],
      ['a: á', 'U+00E1 needs no replacement'],
      ['ą: ă', 'transliteration.yaml'],
      ['a: {', 'transliteration.yaml'],
    ] as const) {
      expect(() => parseReplacements('transliteration.yaml', yaml))
        .to.throw(InvalidFilematchTexts)
        .with.property('message')
        .that.includes(message);
    }
  });
});
