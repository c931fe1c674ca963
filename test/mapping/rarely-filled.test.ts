import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import { element, everyFixture, mapped, person, personWith } from '../support/person-documents.js';

/** A citizenship that began in that year. */
function of(countryCode: string, year: number, members: JsonObject = {}): JsonObject {
  return element({ countryCode, validFrom: `${year}-01-01T00:00:00Z`, ...members });
}

function rich(...citizenship: JsonObject[]): PregPerson {
  return personWith({ citizenship }, { fill: 'rich' });
}

describe('fields that PREG hardly ever filled ("Decided" 5)', () => {
  it('are blank for everybody under faithful fill, whatever upstream knows', () => {
    for (const { name, document } of everyFixture) {
      expect(mapped(document).person, name).to.deep.include({
        citizenship: null,
        citizenshipCode: null,
        dateCitizenship: null,
        citizenships: [],
        workPermit: null,
        dateWorkPermit: null,
        parentalResponsibility: null,
        dateParentalResponsibility: null,
      });
    }
  });

  describe('citizenship under rich fill', () => {
    it('has name, three digits and alpha-3', () => {
      expect(rich(of('SWE', 2000))).to.deep.include({
        citizenship: 'SVERIGE',
        citizenshipCode: '106',
        dateCitizenship: '2000-01-01',
        citizenships: ['SWE'],
      });
      expect(rich(of('NOR', 2000)).citizenshipCode).to.equal('000');
    });

    it('is the Norwegian one first, else the newest', () => {
      expect(rich(of('NOR', 1990), of('SWE', 2010), of('DNK', 2000))).to.deep.include({
        citizenship: 'NORGE',
        citizenships: ['NOR', 'SWE', 'DNK'],
      });
      expect(rich(of('DNK', 2000), of('SWE', 2010))).to.deep.include({
        citizenship: 'SVERIGE',
        citizenships: ['SWE', 'DNK'],
      });
    });

    it('is dated by its acquisition where that is told', () => {
      expect(rich(of('SWE', 2000, { aquiredDate: '1999-05-17T00:00:00Z' })).dateCitizenship).to.equal(
        '1999-05-17',
      );
      expect(rich(of('SWE', 2000, { aquiredDate: 'ukjent' })).dateCitizenship).to.equal('2000-01-01');
    });

    it('knows the stateless, the unknown, Kosovo, and territories by their state', () => {
      for (const [alpha3, name, code] of [
        ['XXX', 'STATSLØS', '980'],
        ['XUK', 'UOPPGITT/UKJENT', '990'],
        ['XXK', 'KOSOVO', '161'],
        ['XKX', 'KOSOVO', '161'],
        ['GRL', 'GRØNLAND', '101'],
      ] as const)
        expect(rich(of(alpha3, 2000)), alpha3).to.include({ citizenship: name, citizenshipCode: code });
    });

    it('passes over a code that nobody knows, and one that has ended', () => {
      const translated = mapped(
        person({ citizenship: [of('QQQ', 2020), of('SWE', 2000), of('DNK', 2010, { isValid: false })] }),
        { fill: 'rich' },
      );
      expect(translated.person.citizenships).to.deep.equal(['SWE']);
      expect(translated.unmapped).to.deep.equal([{ row: 'citizenship', value: 'QQQ' }]);
    });
  });

  describe('work permit under rich fill', () => {
    for (const [type, letter] of [
      ['Permanent', 'B'],
      ['Temporary', 'O'],
      ['InformationMissing', 'M'],
    ] as const) {
      it(`${type} is ${letter}`, () => {
        const residencePermit = [
          element({ residencePermitType: type, stayFrom: '2020-01-02', stayTo: '2030-01-01' }),
        ];
        expect(personWith({ residencePermit }, { fill: 'rich' })).to.include({
          workPermit: letter,
          dateWorkPermit: '2020-01-02',
        });
      });
    }
  });

  describe('legal capacity', () => {
    const limited = element({ legalAuthorityScope: 'Limited', validFrom: '2024-03-15T00:00:00Z' });
    const deprived = element({ validFrom: '2001-02-03T00:00:00Z' });

    it('is J since the scope was limited', () => {
      expect(personWith({ legalAuthority: [limited], deprivedLegalAuthority: [deprived] })).to.include({
        withoutLegalCapacity: 'J',
        dateWithoutLegalCapacity: '2024-03-15',
      });
    });

    it('is J by the forerunner, dated by the same element', () => {
      for (const legalAuthority of [null, [element({ validFrom: '2024-03-15' })]])
        expect(personWith({ legalAuthority, deprivedLegalAuthority: [deprived] })).to.include({
          withoutLegalCapacity: 'J',
          dateWithoutLegalCapacity: '2001-02-03',
        });
    });

    it('is blank, date and all, for a scope that nobody knows', () => {
      const odd = element({ legalAuthorityScope: 'Odd', validFrom: '2024-03-15' });
      expect(personWith({ legalAuthority: [odd], deprivedLegalAuthority: [deprived] })).to.include({
        withoutLegalCapacity: null,
        dateWithoutLegalCapacity: null,
      });
    });

    it('is another matter than a guardian', () => {
      expect(
        personWith({ guardianshipOrFuturePowerOfAttorney: [element({ guardianshipType: 'Adult' })] }),
      ).to.include({ withoutLegalCapacity: null, dateWithoutLegalCapacity: null });
    });
  });
});
