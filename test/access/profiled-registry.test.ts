import { expect } from 'chai';
import { ProfiledRegistry } from '../../src/access/profiled-registry.js';
import type { FieldTable } from '../../src/mapping/field-table.js';
import { fieldGroups, type FieldGroup } from '../../src/person/field-groups.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import type { Caller, LookupAnswer, PersonRegistry } from '../../src/registry/person-registry.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import {
  OWN_NUMBER,
  discontinued,
  element,
  inUse,
  mapped,
  mappings,
  person,
  residence,
} from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { registryStub } from '../support/registry-stub.js';

/** A person of whom every field is filled that can be. */
const translated = mapped(
  person({
    norwegianIdentificationNumber: [
      inUse(OWN_NUMBER),
      inUse('80000041770', { identificationNumberType: 'AlternateIdentificationNumber' }),
      discontinued(syntheticNumber(1)),
    ],
    immigrationAuthoritiesIdentificationNumber: [element({ identificationNumber: '209900000417' })],
    name: [element({ givenName: 'En', middleName: 'To', familyName: 'Tre', validFrom: '2001-01-01' })],
    birth: [element({ birthDate: '2015-01-01' })],
    gender: [element({ gender: 'Female' })],
    status: [element({ status: 'Emigrated', validFrom: '2020-01-01' })],
    death: element({ deceasedDate: '2021-01-01' }),
    emigrationFromNorway: [element({ emigratedToCountry: 'SWE' })],
    maritalStatus: [
      element({ status: 'Married', relatedByMaritalStatus: syntheticNumber(2), validFrom: '2002-01-01' }),
    ],
    familyRelation: ['Mother', 'Father', 'Child'].map((relatedPersonsRole) =>
      element({ relatedPersonsRole, relatedPerson: syntheticNumber(3) }),
    ),
    parentalResponsibility: [
      element({ responsibilityType: 'Joint', subjectOfResponsibility: OWN_NUMBER, validFrom: '2015-01-01' }),
    ],
    citizenship: [element({ countryCode: 'SWE', validFrom: '2015-01-01' })],
    legalAuthority: [element({ legalAuthorityScope: 'Limited', validFrom: '2015-01-01' })],
    residencePermit: [element({ residencePermitType: 'Permanent', stayFrom: '2015-01-01' })],
    residentialAddress: [residence({ registeredAt: '2020-02-03T08:00:00Z' })],
  }),
  { fill: 'rich' },
);
const known = {
  ...translated,
  person: {
    ...translated.person,
    telecoms: [{ value: 'tel:+4799999999', use: 'MC' }],
    foreignIds: [{ root: '2.16.840.1.113883.4.330.616', extension: 'AB1' }],
  },
};
const answer: LookupAnswer = { outcome: 'found', person: known.person, lineage: known.lineage };

function caller(...visible: FieldGroup[]): Caller {
  return {
    clientId: 'epj',
    organisation: { parent: '900000000' },
    access: 'full',
    visible: new Set(visible),
    correlationId: newCorrelationId(new CountedRandom()),
    signal: new AbortController().signal,
  };
}

function registry(inner: LookupAnswer = answer, fields: FieldTable = mappings.fields): PersonRegistry {
  return new ProfiledRegistry(registryStub({ lookup: () => Promise.resolve(inner) }), fields);
}

async function seenBy(...visible: FieldGroup[]): Promise<LookupAnswer & { outcome: 'found' }> {
  const seen = await registry().lookup({ id: OWN_NUMBER }, caller(...visible));
  if (seen.outcome !== 'found') throw new Error('not found');
  return seen;
}

function filledFields(of: PregPerson): string[] {
  return Object.entries(of)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([field]) => field)
    .sort();
}

/** The fields that each group shows, the number itself aside. */
const fieldsOf: Readonly<Record<FieldGroup, readonly string[]>> = {
  identity: ['alternativeNINs', 'datesSuperseded', 'dufNo', 'foreignIds', 'oldNIN', 'supersededNINs'],
  names: ['dateName', 'givenName', 'middleName', 'sn'],
  birth: ['dateOfBirth'],
  gender: ['gender'],
  status: ['dateOfDeath', 'dateStatus', 'deceased', 'regStatus', 'statusCountryCode'],
  'civil-status': ['dateMaritalStatus', 'maritalStatus'],
  family: ['childrensNINs', 'fathersNIN', 'mothersNIN', 'spouseNIN'],
  addresses: ['addresses', 'dateRegistered', 'telecoms'],
  citizenship: ['citizenship', 'citizenshipCode', 'citizenships', 'dateCitizenship'],
  custody: ['custody', 'dateCustody'],
  'legal-capacity': ['dateWithoutLegalCapacity', 'withoutLegalCapacity'],
  permits: ['dateWorkPermit', 'workPermit'],
};

describe('a registry behind an access profile', () => {
  it('passes everything on to those who may see everything', async () => {
    const seen = await seenBy(...fieldGroups);
    expect(seen.person).to.deep.equal(known.person);
    expect(seen.lineage).to.deep.equal(known.lineage);
  });

  for (const group of fieldGroups) {
    it(`shows of ${group} its fields and nothing else`, async () => {
      const { person: seen } = await seenBy(group);
      expect(filledFields(seen)).to.deep.equal(['nin', ...fieldsOf[group]].sort());
    });
  }

  it('shows the number and nothing else under an empty profile, and keeps the structure', async () => {
    const { person: seen } = await seenBy();
    expect(filledFields(seen)).to.deep.equal(['nin']);
    expect(Object.keys(seen)).to.have.members(Object.keys(known.person));
  });

  it('blanks the origin of what it hides, and of nothing else', async () => {
    const { lineage } = await seenBy('names');
    expect([...lineage.keys()]).to.deep.equal([...known.lineage.keys()]);
    for (const [place, origin] of lineage) {
      if (['nin', ...fieldsOf.names].includes(place)) expect(origin).to.equal(known.lineage.get(place));
      else expect(origin, place).to.deep.include({ sources: [], blank: 'outside the access profile' });
    }
  });

  it('hides a field that no row grants', async () => {
    const rows = mappings.fields.rows.filter(({ target }) => target !== 'sn');
    const seen = await registry(answer, { ...mappings.fields, rows }).lookup(
      { id: OWN_NUMBER },
      caller(...fieldGroups),
    );
    expect(seen).to.have.property('person').that.includes({ sn: null, givenName: 'EN' });
  });

  it('hides all addresses when one of their fields is not granted', async () => {
    const rows = mappings.fields.rows.map((row) =>
      row.target === 'addresses.st' ? { ...row, group: 'permits' as const } : row,
    );
    const seen = await registry(answer, { ...mappings.fields, rows }).lookup(
      { id: OWN_NUMBER },
      caller('addresses'),
    );
    expect(seen).to.have.property('person').that.deep.includes({ addresses: [] });
  });

  it('leaves the answer that it was given as it was', async () => {
    await seenBy();
    expect(filledFields(known.person)).to.include.members(['sn', 'addresses']);
  });

  it('passes on that nobody was found, and the trouble that there was', async () => {
    const nobody = registry({ outcome: 'not-found' });
    expect(await nobody.lookup({ id: OWN_NUMBER }, caller())).to.deep.equal({ outcome: 'not-found' });
    const trouble = new Error('down');
    const broken = new ProfiledRegistry(
      registryStub({ lookup: () => Promise.reject(trouble) }),
      mappings.fields,
    );
    const thrown: unknown = await broken
      .lookup({ id: OWN_NUMBER }, caller())
      .catch((error: unknown) => error);
    expect(thrown).to.equal(trouble);
  });

  describe('of many', () => {
    const other = syntheticNumber(1);
    const many = new ProfiledRegistry(
      registryStub({
        lookupMany: ({ ids }) =>
          Promise.resolve(
            new Map(ids.map((id) => [id, id === other ? { outcome: 'not-found' as const } : answer])),
          ),
      }),
      mappings.fields,
    );

    it('shows of each what it shows of one, and passes on who was not found', async () => {
      const answers = await many.lookupMany({ ids: [OWN_NUMBER, other] }, caller('names'));
      expect([...answers]).to.deep.equal([
        [OWN_NUMBER, await seenBy('names')],
        [other, { outcome: 'not-found' }],
      ]);
    });
  });

  describe('of children', () => {
    const parent = new ProfiledRegistry(
      registryStub({ children: () => Promise.resolve({ outcome: 'found', children: [known, known] }) }),
      mappings.fields,
    );

    it('shows what it shows of anybody', async () => {
      const seen = await parent.children(OWN_NUMBER, caller('family', 'names'));
      const { person, lineage } = await seenBy('family', 'names');
      expect(seen).to.deep.equal({
        outcome: 'found',
        children: [
          { person, lineage },
          { person, lineage },
        ],
      });
    });

    it('shows none to those who may not see relatives', async () => {
      const groups = fieldGroups.filter((group) => group !== 'family');
      const seen = await parent.children(OWN_NUMBER, caller(...groups));
      expect(seen).to.deep.equal({ outcome: 'found', children: [] });
    });

    it('passes on that the parent was not found', async () => {
      const nobody = new ProfiledRegistry(
        registryStub({ children: () => Promise.resolve({ outcome: 'not-found' }) }),
        mappings.fields,
      );
      expect(await nobody.children(OWN_NUMBER, caller())).to.deep.equal({ outcome: 'not-found' });
    });
  });

  it('passes the question on as it is', async () => {
    const asked: unknown[] = [];
    const inner = registryStub({
      lookup: (...question) => {
        asked.push(question);
        return Promise.resolve(answer);
      },
    });
    const who = caller('names');
    await new ProfiledRegistry(inner, mappings.fields).lookup({ id: OWN_NUMBER }, who);
    expect(asked).to.deep.equal([[{ id: OWN_NUMBER }, who]]);
  });

  it('tells that a number is out of use where numbers are told, and nowhere else', async () => {
    const inner: LookupAnswer = { ...answer, isOutOfUse: true };
    const query = { id: OWN_NUMBER };
    expect(await registry(inner).lookup(query, caller('identity'))).to.have.property('isOutOfUse', true);
    expect(await registry(inner).lookup(query, caller('names', 'status'))).to.not.have.property('isOutOfUse');
    expect(await registry().lookup(query, caller('identity'))).to.not.have.property('isOutOfUse');
  });
});
