import { expect } from 'chai';
import fc from 'fast-check';
import { foldedWord, nameWords, soundOf } from '../../../../src/legacy/filematch/matching/folded-name.js';
import {
  Likeness,
  likenessOf,
  type NameKind,
} from '../../../../src/legacy/filematch/matching/name-likeness.js';
import { runs } from '../../../support/long-runs.js';

const { Same, Folded, OtherOrder, Part, Alike, Shared, None } = Likeness;

describe('the likeness of names', () => {
  const given: readonly (readonly [string, string, Likeness])[] = [
    ['KARI', 'kari', Same],
    ['Aase', 'ÅSE', Same],
    ['KARI-ANNE', 'KARI ANNE', Same],
    ['BJØRN', 'BJOERN', Folded],
    ['ANDRÉ', 'ANDRE', Folded],
    ['ÄNNE', 'ÆNNE', Folded],
    ['ANNE KARI', 'KARI ANNE', OtherOrder],
    ['ANNE-KARI', 'KARI ANNE', OtherOrder],
    ['KARI', 'KARI ANNE', Part],
    ['KARI A.', 'KARI ANNE', Part],
    ['A KARI', 'KARI ANNE', Part],
    ['CHRISTIAN', 'KRISTIAN', Alike],
    ['SOPHIE', 'SOFIE', Alike],
    ['MATHIAS', 'MATIAS', Alike],
    ['BJORN', 'BJØRN', Alike],
    ['KRAI', 'KARI', Alike],
    ['KARI', 'KARIN', Alike],
    ['ANNE', 'ANNA', Alike],
    ['K', 'KARI', Alike],
    ['K A', 'KARI ANNE', Alike],
    ['ANNE KARI', 'ANNE LISE', None],
    ['OLE', 'OLA', None],
    ['KARI', 'PER', None],
    ['KARI', '', None],
    ['', '', None],
    ['123', '123', None],
  ];
  const surnames: readonly (readonly [string, string, Likeness])[] = [
    ['BERG-HANSEN', 'BERG HANSEN', Same],
    ['ØSTBY', 'Oestby', Folded],
    ['HANSEN BERG', 'BERG HANSEN', OtherOrder],
    ['HANSEN', 'BERG HANSEN', Part],
    ['HANSSEN', 'HANSEN', Alike],
    ['WOLD', 'VOLD', Alike],
    ['BERG HANSEN', 'HANSEN LIE', Shared],
    ['HANSEN', 'JENSEN', None],
    ['H', 'HANSEN', None],
    ['NGUYEN', 'HANSEN', None],
  ];
  for (const [kind, pairs] of [
    ['given', given],
    ['surname', surnames],
  ] as const) {
    for (const [one, other, level] of pairs) {
      it(`as ${kind} name: ${one} and ${other}`, () => {
        expect(likenessOf(one, other, kind)).to.equal(level);
        expect(likenessOf(other, one, kind)).to.equal(level);
      });
    }
  }

  it('is the same whichever comes first, and full for the name itself', () => {
    const word = fc.constantFrom(
      'KARI',
      'KARIN',
      'ANNE',
      'A',
      'K',
      'ÅSE',
      'AASE',
      'CHRISTIAN',
      'KRISTIAN',
      'BJØRN',
      '-',
      "D'A",
    );
    const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
    const kind = fc.constantFrom<NameKind>('given', 'surname');
    fc.assert(
      fc.property(name, name, kind, (one, other, which) => {
        expect(likenessOf(one, other, which)).to.equal(likenessOf(other, one, which));
        if (/[A-Z]/.test(one)) expect(likenessOf(one, one, which)).to.equal(Same);
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('folded names', () => {
  it('have words of letters alone', () => {
    expect(nameWords(" kari-anne  o'brien, jr. (2) ")).to.deep.equal(['KARI', 'ANNE', "O'BRIEN", 'JR']);
    expect(nameWords('’Abd al-Raḥmān')).to.deep.equal(['ABD', 'AL', 'RAḤMĀN']);
    expect(nameWords('. 12 -')).to.deep.equal([]);
  });

  it('are written from A to Z, and stay so', () => {
    for (const [word, folded] of [
      ['ÆREKJÆR', 'AEREKJAER'],
      ['ÖSTBY', 'OESTBY'],
      ['ÅS', 'AAS'],
      ['MÜLLER', 'MULLER'],
      ['ČÁHPPE', 'CAHPPE'],
      ['ŊÁĐĐA', 'NADDA'],
      ["O'BRIEN", 'OBRIEN'],
    ] as const) {
      expect(foldedWord(word)).to.equal(folded);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const word of nameWords(text)) expect(foldedWord(foldedWord(word))).to.equal(foldedWord(word));
      }),
      { numRuns: runs(300) },
    );
  });

  it('sound the same for spellings of one sound', () => {
    expect(soundOf('CHRISTOPHER')).to.equal(soundOf('KRISTOFFER'));
    expect(soundOf('KARI')).to.not.equal(soundOf('KARIN'));
  });
});
