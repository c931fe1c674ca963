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

function withStatus(status: string, parts: JsonObject = {}): PregPerson {
  return personWith({ status: [element({ status, validFrom: '2020-05-06T00:00:00Z' })], ...parts });
}

const death = { isValid: true, deceasedDate: '2021-11-02T00:00:00Z' };

describe('S7: life and death', () => {
  it('gives the thinned status Active no RegStatus, never 1', () => {
    expect(withStatus('Active').regStatus).to.equal(null);
  });

  it('gives Active no RegStatus under a superseded D-number either', () => {
    const old = syntheticNumber(1);
    const translated = mapped(
      person({
        norwegianIdentificationNumber: [
          inUse(OWN_NUMBER),
          discontinued(old, { identificationNumberType: 'DNumber' }),
        ],
        status: [element({ status: 'Active' })],
      }),
      { nin: old },
    );
    expect(translated.person.regStatus).to.equal(null);
  });

  it('gives a status that nobody knows no RegStatus', () => {
    for (const status of ['Paused', 'resident', ' ', 'toString'])
      expect(withStatus(status).regStatus, status).to.equal(null);
    expect(mapped(person({ status: [element({ status: 'Paused' })] })).unmapped).to.deep.include({
      row: 'regStatus',
      value: 'Paused',
    });
  });

  describe('the sign of death', () => {
    it('is blank when neither status nor death was delivered', () => {
      for (const parts of [
        {},
        { status: null, death: null },
        { status: [], death: [] },
        { status: [{}] },
        { status: [{ status: 'Deceased', isValid: false }] },
      ]) {
        expect(personWith(parts).deceased, JSON.stringify(parts)).to.equal(null);
      }
    });

    it('is blank when a status that nobody knows came alone', () => {
      expect(withStatus('Paused').deceased).to.equal(null);
    });

    it('follows the status', () => {
      expect(withStatus('Deceased').deceased).to.equal(true);
      for (const status of ['Resident', 'Emigrated', 'Disappeared', 'Temporary', 'Inactive', 'Active'])
        expect(withStatus(status).deceased, status).to.equal(false);
    });

    it('is set by a death, with a date or without', () => {
      expect(personWith({ death })).to.include({ deceased: true, dateOfDeath: '2021-11-02' });
      expect(personWith({ death: { isValid: true } })).to.include({ deceased: true, dateOfDeath: null });
      expect(personWith({ death: { deceasedDate: '2021-11-02' } }).deceased).to.equal(true);
      expect(withStatus('Paused', { death }).deceased).to.equal(true);
      expect(withStatus('Deceased', { death: null })).to.include({ deceased: true, dateOfDeath: null });
    });

    it('is not set by a death that was annulled or that says nothing', () => {
      for (const nothing of [{ ...death, isValid: false }, {}, { isValid: null, deceasedDate: null }]) {
        expect(personWith({ death: nothing }).deceased, JSON.stringify(nothing)).to.equal(null);
        expect(withStatus('Resident', { death: nothing })).to.include({ deceased: false, dateOfDeath: null });
      }
    });
  });

  it('tells of a death under every number but a national one that gave way', () => {
    const old = syntheticNumber(1);
    const numbers = (type: string): JsonObject => ({
      norwegianIdentificationNumber: [
        inUse(OWN_NUMBER, { validFrom: '2010-01-01' }),
        discontinued(old, { identificationNumberType: type, validFrom: '2000-01-01' }),
      ],
      status: [element({ status: 'Deceased', validFrom: '2021-11-03' })],
      death,
    });
    expect(mapped(person(numbers('DNumber')), { nin: old }).person).to.include({
      regStatus: 5,
      dateStatus: '2021-11-02',
      deceased: true,
    });
    expect(mapped(person(numbers('NationalIdentityNumber')), { nin: old }).person).to.include({
      regStatus: 6,
      newNIN: OWN_NUMBER,
      deceased: true,
    });
  });

  it('renders members that nobody knows blank, wherever they stand', () => {
    const odd = 'BrandNew';
    const translated = mapped(
      person({
        gender: [element({ gender: odd })],
        maritalStatus: [element({ status: odd })],
        familyRelation: [element({ relatedPersonsRole: odd, relatedPerson: syntheticNumber(1) })],
        birth: [element({ birthDate: '2015-01-01' })],
        parentalResponsibility: [element({ responsibilityType: odd, subjectOfResponsibility: OWN_NUMBER })],
        legalAuthority: [element({ legalAuthorityScope: odd })],
        residencePermit: [element({ residencePermitType: odd })],
        citizenship: [element({ countryCode: 'QQQ' })],
      }),
      { fill: 'rich' },
    );
    expect(translated.person).to.include({
      gender: null,
      maritalStatus: null,
      custody: null,
      withoutLegalCapacity: null,
      workPermit: null,
      citizenship: null,
      citizenshipCode: null,
      mothersNIN: null,
      fathersNIN: null,
      spouseNIN: null,
    });
    expect(translated.person.childrensNINs).to.deep.equal([]);
    expect(new Set(translated.unmapped.map(({ value }) => value))).to.deep.equal(new Set([odd, 'QQQ']));
  });
});
