import { expect } from 'chai';
import fc from 'fast-check';
import { isSameText } from '../../../../src/legacy/filematch/matching/same-text.js';
import { isProbablyAnother } from '../../../../src/legacy/filematch/matching/wrong-person-guard.js';
import type { InputRow } from '../../../../src/legacy/filematch/record.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import { inputRow } from '../../../support/filematch-rows.js';
import { runs } from '../../../support/long-runs.js';
import { dayIn, pregPerson } from '../../../support/preg-person.js';

const BIRTH = dayIn('1981-03-12');
const OTHER_DAY = dayIn('1979-11-05');
const kari: Partial<PregPerson> = { sn: 'HANSEN', givenName: 'KARI', dateOfBirth: BIRTH };

function fires(row: Partial<InputRow>, person: Partial<PregPerson> = {}): boolean {
  return isProbablyAnother(inputRow(row), pregPerson({ ...kari, ...person }));
}

describe('the guard against wrong persons', () => {
  it('fires when surname and birth date both disagree, whatever the given name', () => {
    expect(fires({ surname: 'OLSEN', dateOfBirth: OTHER_DAY })).to.equal(true);
    expect(fires({ surname: 'OLSEN', dateOfBirth: OTHER_DAY, givenName: 'KARI' })).to.equal(true);
  });

  it('does not fire when one of them agrees', () => {
    expect(fires({ surname: 'OLSEN', dateOfBirth: BIRTH, givenName: 'PER' })).to.equal(false);
    expect(fires({ surname: 'HANSEN', dateOfBirth: OTHER_DAY, givenName: 'PER' })).to.equal(false);
  });

  it('fires without a birth date when surname and given name both disagree', () => {
    expect(fires({ surname: 'OLSEN', givenName: 'PER' })).to.equal(true);
    expect(fires({ surname: 'OLSEN', givenName: 'PER', dateOfBirth: BIRTH }, { dateOfBirth: null })).to.equal(
      true,
    );
  });

  it('does not fire without a birth date when one of the names agrees or is not told', () => {
    expect(fires({ surname: 'OLSEN', givenName: 'KARI' })).to.equal(false);
    expect(fires({ surname: 'HANSEN', givenName: 'PER' })).to.equal(false);
    expect(fires({ surname: 'OLSEN' })).to.equal(false);
    expect(fires({ givenName: 'PER' })).to.equal(false);
    expect(fires({})).to.equal(false);
  });

  it('does not fire over what the register or the profile does not tell', () => {
    const wrong = { surname: 'OLSEN', givenName: 'PER', dateOfBirth: OTHER_DAY };
    expect(fires(wrong, { sn: null })).to.equal(false);
    expect(fires(wrong, { givenName: null, dateOfBirth: null })).to.equal(false);
    expect(fires(wrong, { sn: null, givenName: null, dateOfBirth: null })).to.equal(false);
  });

  it('does not fire over a birth date alone', () => {
    expect(fires({ dateOfBirth: OTHER_DAY })).to.equal(false);
    expect(fires({ dateOfBirth: OTHER_DAY, givenName: 'PER' })).to.equal(false);
  });

  const agreeing: readonly (readonly [told: string, known: string])[] = [
    ['aase', 'ÅSE'],
    ['Kari-Anne', 'KARI ANNE'],
    ['HANSEN', 'BERG HANSEN'],
    ['Berg-Hansen', 'HANSEN'],
    ['ANNE KARI', 'KARI ANNE'],
  ];
  for (const [told, known] of agreeing) {
    it(`takes ${told} and ${known} for agreeing`, () => {
      expect(fires({ surname: told, dateOfBirth: OTHER_DAY }, { sn: known })).to.equal(false);
      expect(fires({ surname: 'OLSEN', givenName: told }, { givenName: known })).to.equal(false);
    });
  }

  const disagreeing: readonly (readonly [told: string, known: string])[] = [
    ['BERG HANSEN', 'HANSEN LIE'],
    ['OESTBY', 'ØSTBY'],
    ['CHRISTIANSEN', 'KRISTIANSEN'],
    ['HANS', 'HANSEN'],
  ];
  for (const [told, known] of disagreeing) {
    it(`takes ${told} and ${known} for disagreeing: nothing is folded`, () => {
      expect(fires({ surname: told, dateOfBirth: OTHER_DAY }, { sn: known })).to.equal(true);
    });
  }

  it('never fires where surnames or birth dates are the same as 2.6 compares, and always where all is another', () => {
    const name = fc.constantFrom('AASE', 'Åse', 'ÅSE-MARIE', 'åse marie', 'LIE', 'Ø', '');
    fc.assert(
      fc.property(name, name, name, name, fc.boolean(), (surname, sn, given, givenName, isSameDay) => {
        const dateOfBirth = isSameDay ? BIRTH : OTHER_DAY;
        const fired = fires({ surname, givenName: given, dateOfBirth }, { sn, givenName });
        if (isSameDay || isSameText(surname, sn)) expect(fired).to.equal(false);
        expect(fires({ surname: 'X', givenName: 'Y', dateOfBirth }, { sn, givenName })).to.equal(
          !isSameDay && sn !== '',
        );
      }),
      { numRuns: runs(300) },
    );
  });
});
