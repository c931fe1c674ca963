import { expect } from 'chai';
import fc from 'fast-check';
import {
  comparable,
  comparableWords,
  isSameText,
} from '../../../../src/legacy/filematch/matching/same-text.js';
import { runs } from '../../../support/long-runs.js';

const letters = fc.constantFrom(...Array.from('AaEeOoÅåÆæØøÉéÄäÖö -\u2011\u030A'), 'aa', 'AA', 'ß');
const names = fc.array(letters, { maxLength: 12 }).map((parts) => parts.join(''));

describe('texts are compared', () => {
  const same: readonly (readonly [string, string])[] = [
    ['ærekjær', 'ÆREKJÆR'],
    ['  KARI   ANNE ', 'KARI ANNE'],
    ['KARI-ANNE', 'Kari Anne'],
    ['KARI - ANNE', 'KARI ANNE'],
    ['AASE', 'Åse'],
    ['Haakon', 'HÅKON'],
    ['A\u030Ase', 'ÅSE'],
    ['Isaac', 'ISAAC'],
    ['', ' - '],
  ];
  for (const [one, other] of same) {
    it(`as the same: ${JSON.stringify(one)} and ${JSON.stringify(other)}`, () => {
      expect(isSameText(one, other)).to.equal(true);
    });
  }

  const different: readonly (readonly [string, string])[] = [
    ['ØSTBY', 'OESTBY'],
    ['ÆREKJÆR', 'AEREKJAER'],
    ['ANDRÉ', 'ANDRE'],
    ['SJÖPRØVE', 'SJØPRØVE'],
    ['KARI ANNE', 'ANNE KARI'],
    ['KARIANNE', 'KARI ANNE'],
    ['A A', 'Å'],
    ['PRØVEVEIEN 12B', 'PRØVEVEIEN 12 B'],
    ["D'ANGELO", 'DANGELO'],
    ['0484', '484'],
  ];
  for (const [one, other] of different) {
    it(`as different: ${one} and ${other}`, () => {
      expect(isSameText(one, other)).to.equal(false);
    });
  }

  it('whichever comes first', () => {
    fc.assert(
      fc.property(names, names, (one, other) => isSameText(one, other) === isSameText(other, one)),
      { numRuns: runs(500) },
    );
  });

  it('in one form, which is its own form, and so by an equivalence', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(comparable(comparable(name))).to.equal(comparable(name));
        expect(comparableWords(name).join(' ')).to.equal(comparable(name));
      }),
      { numRuns: runs(500) },
    );
  });

  it('in whatever case, with blanks around, and with hyphens for blanks', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(isSameText(name, ` ${name.replaceAll(' ', ' - ')}  `)).to.equal(true);
        expect(isSameText(name, name.toUpperCase())).to.equal(true);
      }),
      { numRuns: runs(500) },
    );
  });
});
