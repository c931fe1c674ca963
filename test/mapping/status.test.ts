import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import {
  OWN_NUMBER,
  discontinued,
  element,
  inUse,
  mapped,
  person,
  personWith,
} from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const OLD = syntheticNumber(1);

function status(name: string, parts: JsonObject = {}): JsonObject {
  return { status: [element({ status: name, validFrom: '2020-05-06T00:00:00Z' })], ...parts };
}

/** The record of an old number of that kind, of a person with that status. */
function oldRecord(type: string, parts: JsonObject, number: JsonObject = {}): PregPerson {
  const document = person({
    norwegianIdentificationNumber: [
      inUse(OWN_NUMBER, { validFrom: '2017-04-03T00:00:00Z' }),
      discontinued(OLD, { identificationNumberType: type, validFrom: '2014-09-15T00:00:00Z', ...number }),
    ],
    ...parts,
  });
  return mapped(document, { nin: OLD }).person;
}

const emigration = {
  emigrationFromNorway: [element({ emigratedToCountry: 'SWE', emigratedMoveDate: '2020-04-30T00:00:00Z' })],
};
const death = { death: { isValid: true, deceasedDate: '2020-05-05T00:00:00+02:00' } };

describe('the registration status', () => {
  for (const [name, code] of [
    ['Resident', 1],
    ['Emigrated', 3],
    ['Disappeared', 4],
    ['Deceased', 5],
    ['Discontinued', 6],
    ['RegisteredAtBirth', 7],
    ['NotResident', 9],
    ['Temporary', 1],
    ['Inactive', 1],
    ['Active', null],
  ] as const) {
    it(`${name} is ${String(code)}`, () => {
      expect(personWith(status(name)).regStatus).to.equal(code);
    });
  }

  it('holds since the status began', () => {
    expect(personWith(status('Resident', { ...death, ...emigration })).dateStatus).to.equal('2020-05-06');
    expect(personWith({}).dateStatus).to.equal(null);
  });

  it('of the dead has the day of death', () => {
    expect(personWith(status('Deceased', death))).to.include({
      dateStatus: '2020-05-05',
      dateOfDeath: '2020-05-05',
    });
    expect(personWith(status('Deceased')).dateStatus).to.equal('2020-05-06');
    expect(
      personWith(status('Deceased', { death: { isValid: true, deceasedDate: 'ukjent' } })).dateStatus,
    ).to.equal('2020-05-06');
  });

  it('of emigrants has the day they moved, and the country they went to', () => {
    expect(personWith(status('Emigrated', emigration))).to.include({
      dateStatus: '2020-04-30',
      statusCountryCode: 106,
    });
    expect(personWith(status('Emigrated'))).to.include({ dateStatus: '2020-05-06', statusCountryCode: null });
  });

  it('has a country for emigrants alone', () => {
    for (const name of ['Resident', 'Deceased', 'Disappeared', 'Active', 'Odd'])
      expect(personWith(status(name, emigration)).statusCountryCode, name).to.equal(null);
  });

  it('has no country that the table does not know, and reports it', () => {
    const odd = { emigrationFromNorway: [element({ emigratedToCountry: 'QQQ' })] };
    const translated = mapped(person(status('Emigrated', odd)));
    expect(translated.person.statusCountryCode).to.equal(null);
    expect(translated.unmapped).to.deep.equal([{ row: 'statusCountryCode', value: 'QQQ' }]);
  });

  it('is reported once when nobody knows it', () => {
    expect(mapped(person(status('Paused'))).unmapped).to.deep.equal([{ row: 'regStatus', value: 'Paused' }]);
  });

  describe('of a number that gave way ("Decided" 1 and 2)', () => {
    it('is 6 for a national one, since the change, whatever became of the person', () => {
      for (const parts of [status('Resident'), status('Deceased', death), status('Emigrated', emigration)]) {
        expect(oldRecord('NationalIdentityNumber', parts)).to.include({
          regStatus: 6,
          dateStatus: '2017-04-03',
          newNIN: OWN_NUMBER,
          statusCountryCode: null,
        });
      }
    });

    it('changed on its own last day where that is told', () => {
      expect(
        oldRecord('NationalIdentityNumber', status('Resident'), { validTo: '2016-12-31' }).dateStatus,
      ).to.equal('2016-12-31');
    });

    it('stays 1 for a D-number, since that number began', () => {
      for (const parts of [status('Resident'), status('Emigrated', emigration), status('NotResident')]) {
        expect(oldRecord('DNumber', parts)).to.include({
          regStatus: 1,
          dateStatus: '2014-09-15',
          newNIN: OWN_NUMBER,
          statusCountryCode: null,
        });
      }
    });

    it('is the person’s own when no number took its place', () => {
      const document = person({
        norwegianIdentificationNumber: [discontinued(OLD)],
        ...status('Resident'),
      });
      expect(mapped(document, { nin: OLD }).person).to.include({ regStatus: 1, newNIN: null });
    });

    it('is the person’s own for a help number', () => {
      expect(oldRecord('AlternateIdentificationNumber', status('Disappeared')).regStatus).to.equal(4);
    });
  });
});
