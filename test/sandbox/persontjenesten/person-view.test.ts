import { expect } from 'chai';
import type { JsonObject, PersonDocument } from '../../../src/sandbox/population/person-document.js';
import { PARTS, type InformationPart } from '../../../src/sandbox/persontjenesten/information-parts.js';
import { viewOf } from '../../../src/sandbox/persontjenesten/person-view.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { current, discontinued, inUse, past, street } from '../support/person-files.js';

const EVERYTHING: ReadonlySet<InformationPart> = new Set(PARTS.map(({ name }) => name));

function person(parts: JsonObject): PersonDocument {
  return { id: 'p', sequenceNumber: 7, ...parts };
}

function full(document: PersonDocument, includeHistory = false): JsonObject {
  return viewOf(document, { parts: EVERYTHING, includeHistory, access: 'full' });
}

function restricted(document: PersonDocument, includeHistory = false): JsonObject {
  return viewOf(document, { parts: EVERYTHING, includeHistory, access: 'restricted' });
}

describe('view of a person', () => {
  const named = person({
    name: [current('2001-01-01', { givenName: 'Ny' }), past('1990-01-01', { givenName: 'Gammel' })],
    gender: [current('1990-01-01', { gender: 'Male' })],
  });

  it('has the parts that were asked for, and id and sequence number always', () => {
    const view = {
      parts: new Set<InformationPart>(['Gender']),
      includeHistory: false,
      access: 'full',
    } as const;
    expect(viewOf(named, view)).to.deep.equal({ id: 'p', sequenceNumber: 7, gender: named['gender'] });
  });

  it('passes on what belongs to no part that we know', () => {
    expect(full(person({ newcomer: [1] }))).to.have.deep.property('newcomer', [1]);
  });

  it('has the current elements only, or with history all of them', () => {
    expect(full(named)['name']).to.have.length(1);
    expect(full(named, true)['name']).to.deep.equal(named['name']);
  });

  it('counts an element that does not say as current', () => {
    const document = person({ name: [{ givenName: 'Ukjent', isValid: null }, { familyName: 'Tvilsom' }] });
    expect(full(document)['name']).to.have.length(2);
  });

  it('has an empty list where only history was', () => {
    expect(
      full(person({ residentialAddress: [past('1990-01-01', {})] }))['residentialAddress'],
    ).to.deep.equal([]);
  });

  it('has a death that was taken back in the history only', () => {
    const document = person({ death: past('2020-01-01', { deceasedDate: '2020-01-01T00:00:00Z' }) });
    expect(full(document)).not.to.have.property('death');
    expect(full(document, true)).to.have.property('death');
  });

  it('lists discontinued numbers with history only, whatever they say of themselves', () => {
    const [now, before, odd] = [
      inUse(syntheticNumber(0)),
      discontinued(syntheticNumber(1)),
      syntheticNumber(2),
    ];
    const document = person({
      norwegianIdentificationNumber: [now, before, { identificationNumber: odd, status: 'Discontinued' }],
    });
    expect(full(document)['norwegianIdentificationNumber']).to.deep.equal([now]);
    expect(full(document, true)['norwegianIdentificationNumber']).to.have.length(3);
  });
});

describe('restricted view of a person', () => {
  const address = (level: string, since = '2020-01-01'): JsonObject =>
    current(since, {
      streetAddress: street('Hemmeligstien', '5'),
      cadastralIdentifier: '315386163',
      addressConfidentiality: level,
      moveDate: '2020-01-01T00:00:00Z',
      fullBasicStatisticalUnitNumber: '03011405',
    });
  const emptied = (level: string): JsonObject => current('2020-01-01', { addressConfidentiality: level });

  it('has open addresses as they are', () => {
    const document = person({ residentialAddress: [address('Unclassified')] });
    expect(restricted(document)).to.deep.equal(document);
  });

  for (const level of ['ClientAddress', 'Confidential', 'StrictlyConfidential', 'SomethingNew']) {
    it(`has nothing but dates and level of an address classified ${level}`, () => {
      for (const part of [
        'residentialAddress',
        'presentAddress',
        'sharedResidence',
        'postalAddress',
        'foreignPostalAddress',
        'preferredContactAddress',
      ]) {
        const document = person({ [part]: [address(level)] });
        expect(restricted(document)[part], part).to.deep.equal([emptied(level)]);
        expect(full(document)[part], part).to.deep.equal(document[part]);
      }
    });
  }

  it('hides the homes of a protected person whatever their own level and age, and keeps the level visible', () => {
    const protection = [current('2022-01-01', { protectionLevel: 'Confidential' })];
    const old = { ...address('Unclassified'), isValid: false };
    const document = person({
      addressProtection: protection,
      residentialAddress: [address('Unclassified'), old],
      presentAddress: [address('Unclassified')],
      sharedResidence: [address('Unclassified')],
      postalAddress: [address('Unclassified')],
    });
    const view = restricted(document, true);
    expect(view['addressProtection']).to.deep.equal(protection);
    expect(
      JSON.stringify([view['residentialAddress'], view['presentAddress'], view['sharedResidence']]),
    ).not.to.match(/Hemmeligstien|315386163|0301|moveDate/);
    expect(view['residentialAddress']).to.have.length(2);
    expect(view['postalAddress'], 'protection does not cover post').to.deep.equal(document['postalAddress']);
  });

  it('shows homes again when the protection has ended', () => {
    const document = person({
      addressProtection: [past('2010-01-01', { protectionLevel: 'Confidential' })],
      residentialAddress: [address('Unclassified')],
    });
    expect(restricted(document)['residentialAddress']).to.deep.equal(document['residentialAddress']);
  });

  it('hides homes when the level of protection is missing or unknown', () => {
    for (const protection of [{}, { protectionLevel: 'Unheard' }, { protectionLevel: null }]) {
      const document = person({
        addressProtection: [current('2020-01-01', protection)],
        residentialAddress: [address('Unclassified')],
      });
      expect(restricted(document)['residentialAddress']).to.deep.equal([emptied('Unclassified')]);
    }
  });

  for (const [stored, shown] of [
    ['Disappeared', 'Active'],
    ['RegisteredAtBirth', 'Active'],
    ['Temporary', 'Active'],
    ['NotResident', 'Active'],
    ['Resident', 'Resident'],
    ['Emigrated', 'Emigrated'],
    ['Deceased', 'Deceased'],
    ['Discontinued', 'Discontinued'],
    ['Inactive', 'Inactive'],
  ] as const) {
    it(`shows status ${stored} as ${shown}`, () => {
      const document = person({ status: [current('2020-01-01', { status: stored })] });
      expect(restricted(document)['status']).to.deep.equal([current('2020-01-01', { status: shown })]);
      expect(full(document)['status']).to.deep.equal(document['status']);
    });
  }

  it('has nothing of the contact register', () => {
    const document = person({ commonContactRegisterInformation: { reservation: 'No' } });
    expect(restricted(document)).not.to.have.property('commonContactRegisterInformation');
    expect(full(document)).to.have.property('commonContactRegisterInformation');
  });

  it('has history of names and addresses, and of nothing else', () => {
    const pair = [current('2020-01-01', {}), past('2010-01-01', {})];
    for (const { property, single } of PARTS) {
      if (single) continue;
      const view = restricted(person({ [property]: pair }), true)[property];
      const isPublic = property === 'name' || /Address$|sharedResidence/.test(property);
      expect(view, property).to.have.length(isPublic ? 2 : 1);
    }
  });
});
