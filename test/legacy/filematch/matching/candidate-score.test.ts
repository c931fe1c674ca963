import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { scoreOf } from '../../../../src/legacy/filematch/matching/candidate-score.js';
import { likenessOf } from '../../../../src/legacy/filematch/matching/name-likeness.js';
import { isSameText } from '../../../../src/legacy/filematch/matching/same-text.js';
import type { InputRow } from '../../../../src/legacy/filematch/record.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import { inputRow } from '../../../support/filematch-rows.js';
import { runs } from '../../../support/long-runs.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';

const BIRTH = dayIn('1981-03-12');

/** A name as `given|middle|surname|sex`. */
function score(
  told: string,
  known: string,
  row: Partial<InputRow> = {},
  person: Partial<PregPerson> = {},
): number {
  const [givenName = '', middleName = '', surname = '', sex = ''] = told.split('|');
  const [given = '', middle = '', sn = '', registered = ''] = known.split('|');
  return scoreOf(
    inputRow({ givenName, middleName, surname, sex, dateOfBirth: BIRTH, ...row }),
    pregPerson({
      givenName: given || null,
      middleName: middle || null,
      sn: sn || null,
      dateOfBirth: BIRTH,
      ...person,
    }),
    registered,
  ).points;
}

describe('the score of a candidate', () => {
  const pairs: readonly (readonly [what: string, told: string, known: string, points: number])[] = [
    ['the same name', 'KARI||HANSEN', 'KARI||HANSEN', 100],
    ['the same name and sex', 'KARI||HANSEN|K', 'KARI||HANSEN|K', 100],
    ['a middle name that the row does not have', 'KARI||HANSEN', 'KARI|BERG|HANSEN', 100],
    ['Å for AA, a hyphen for a blank', 'AASE-MARIE||HANSEN', 'ÅSE MARIE||HANSEN', 100],
    ['Ø for OE in both', 'BJOERN||OESTBY', 'BJØRN||ØSTBY', 97],
    ['Ø for OE in one', 'BJØRN||OESTBY', 'BJØRN||ØSTBY', 98],
    ['an accent', 'ANDRE||HANSEN', 'ANDRÉ||HANSEN', 98],
    ['transposed given names', 'ANNE KARI||HANSEN', 'KARI ANNE||HANSEN', 97],
    ['one of two given names', 'KARI||HANSEN', 'KARI ANNE||HANSEN', 95],
    ['a given name and an initial', 'KARI A||HANSEN', 'KARI ANNE||HANSEN', 95],
    ['one of two surnames', 'KARI||HANSEN', 'KARI||BERG HANSEN', 95],
    ['a double surname that has the middle name in it', 'KARI||BERG HANSEN', 'KARI|BERG|HANSEN', 95],
    ['given names in the middle', 'KARI|ANNE|HANSEN', 'KARI ANNE||HANSEN', 95],
    ['one of two of both', 'KARI||HANSEN', 'KARI ANNE||BERG HANSEN', 90],
    ['given name and surname swapped', 'HANSEN||KARI', 'KARI||HANSEN', 90],
    ['swapped, and one of two surnames', 'HANSEN||KARI', 'KARI||BERG HANSEN', 85],
    ['another spelling of the given name', 'CHRISTIAN||HANSEN', 'KRISTIAN||HANSEN', 80],
    ['a slip in the surname', 'KARI||HANSSEN', 'KARI||HANSEN', 80],
    ['an initial alone', 'K||HANSEN', 'KARI||HANSEN', 80],
    ['a surname that became the middle name', 'KARI||HANSEN', 'KARI|HANSEN|BERG', 80],
    ['the other sex', 'KIM||HANSEN|M', 'KIM||HANSEN|K', 80],
    ['another middle name', 'KARI|LIE|HANSEN', 'KARI|BERG|HANSEN', 80],
    ['swapped, and another spelling', 'HANSEN||CHRISTIAN', 'KRISTIAN||HANSEN', 70],
    ['double surnames with a word in common', 'KARI||BERG HANSEN', 'KARI||HANSEN LIE', 70],
    ['no given name in the row', '||HANSEN', 'KARI||HANSEN', 75],
    ['no given name in the register', 'KARI||HANSEN', '||HANSEN', 75],
    ['no given name, one of two surnames', '||HANSEN', 'KARI||BERG HANSEN', 67],
    ['slips in both', 'CHRISTIAN||HANSSEN', 'KRISTIAN||HANSEN', 60],
    ['twins with names that look alike', 'MARIUS||HANSEN', 'MARKUS||HANSEN', 80],
    ['twins with other names', 'KARI||HANSEN', 'PER||HANSEN', 50],
    ['twins with one given name in common', 'ANNE KARI||HANSEN', 'ANNE LISE||HANSEN', 50],
    ['strangers of one surname', 'KARI||HANSEN', 'SIGRID||HANSEN', 50],
    ['strangers of one given name', 'KARI||HANSEN', 'KARI||NGUYEN', 50],
    ['strangers with surnames that rhyme', 'KARI||HANSEN', 'KARI||JENSEN', 50],
    ['the other sex and another spelling', 'KIM||HANSEN|M', 'KIMM||HANSEN|K', 60],
    ['strangers', 'KARI||HANSEN', 'PER||NGUYEN', 0],
    ['nobody with a name', 'KARI||HANSEN', '||', 0],
  ];
  for (const [what, told, known, points] of pairs) {
    it(`is ${points} for ${what}`, () => {
      expect(score(told, known)).to.equal(points);
    });
  }

  it('is nothing for another birth date or none, however well the name fits', () => {
    const name = 'KARI||HANSEN';
    expect(score(name, name, {}, { dateOfBirth: dayIn('1981-03-13') })).to.equal(0);
    expect(score(name, name, {}, { dateOfBirth: null })).to.equal(0);
    expect(score(name, name, { dateOfBirth: null })).to.equal(0);
  });

  it('may be strong only with given names on both sides', () => {
    const person = pregPerson({ sn: 'HANSEN', givenName: 'KARI', dateOfBirth: BIRTH });
    const row = { surname: 'HANSEN', dateOfBirth: BIRTH };
    expect(scoreOf(inputRow({ ...row, givenName: 'KARI' }), person, '').mayBeStrong).to.equal(true);
    for (const givenName of ['', '.', '12']) {
      expect(scoreOf(inputRow({ ...row, givenName }), person, '').mayBeStrong, givenName).to.equal(false);
    }
  });

  it('does not depend on any address (Safety S2)', () => {
    const name = 'KARI||HANSEN';
    const address = { street: 'PRØVEVEIEN 1', postalCode: '0484', municipality: '0301' };
    const home = pregAddress({ postalAddress: 'PRØVEVEIEN 1', postalCode: '0484', st: '0301' });
    for (const person of [{}, { addresses: [home] }, { addresses: [pregAddress({ postalType: 7 })] }]) {
      expect(score('KIM||HANSEN', name, address, person)).to.equal(score('KIM||HANSEN', name));
      expect(score(name, name, address, person)).to.equal(100);
    }
  });

  it('is what docs/filematch.md says it is', () => {
    const file = new URL('../../../../../docs/filematch.md', import.meta.url);
    const examples = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter((cells) => cells.length === 9 && /^[0-9]+$/.test(cells[6] ?? ''));
    expect(examples.length).to.be.at.least(10);
    for (const [, toldGiven, toldSurname, given, middle, surname, points] of examples) {
      const told = `${toldGiven ?? ''}||${toldSurname ?? ''}`;
      const known = `${given ?? ''}|${middle ?? ''}|${surname ?? ''}`;
      expect(score(told, known), `${told} ${known}`).to.equal(Number(points));
    }
  });

  const name = fc
    .array(fc.constantFrom('KARI', 'karin', 'ANNE', 'A', 'Åse', 'AASE', 'LIE', 'ÖSTBY', 'Oestby', '-', 'É'), {
      maxLength: 3,
    })
    .map((words) => words.join(' '));

  it('lies between 0 and 100', () => {
    const sex = fc.constantFrom('', 'M', 'K', 'x');
    fc.assert(
      fc.property(name, name, name, name, name, name, sex, sex, (a, b, c, d, e, f, told, known) => {
        const points = score(`${a}|${b}|${c}|${told}`, `${d}|${e}|${f}|${known}`);
        return Number.isInteger(points) && points >= 0 && points <= 100;
      }),
      { numRuns: runs(500) },
    );
  });

  it('is full for no other name than the same as 2.6 compares: folding never makes two names one', () => {
    fc.assert(
      fc.property(name, name, name, name, (given, surname, knownGiven, knownSurname) => {
        const points = score(`${given}||${surname}`, `${knownGiven}||${knownSurname}`);
        const isSame = isSameText(given, knownGiven) && isSameText(surname, knownSurname);
        if (points === 100) expect(isSame).to.equal(true);
        if (likenessOf(given, knownGiven, 'given') === 97)
          expect(isSameText(given, knownGiven)).to.equal(false);
      }),
      { numRuns: runs(500) },
    );
  });
});
