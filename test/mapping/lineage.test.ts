import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import { parseUpstreamEnums } from '../../src/mapping/upstream-enums.js';
import type { Lineage } from '../../src/person/lineage.js';
import { blanksIn } from '../../src/person/lineage-on-demand.js';
import {
  element,
  everyFixture,
  fixture,
  leavesOf,
  mapped,
  mappingFolder,
  mappings,
  person,
} from '../support/person-documents.js';

/** What stands at a path such as `name[0].givenName`; undefined for nothing. */
function valueAt(document: JsonObject, path: string): JsonValue | undefined {
  return path.split(/[.[\]]+/).reduce<JsonValue | undefined>((value, step) => {
    if (step === '') return value;
    if (isJsonList(value)) return value[Number(step)];
    return isJsonObject(value) ? value[step] : undefined;
  }, document);
}

const everyTarget = mappings.fields.rows.map(({ target }) => target);

function targetsOf(lineage: Lineage): string[] {
  return [...lineage.keys()].map((place) => place.replace('addresses[0].', 'addresses.'));
}

describe('lineage', () => {
  for (const { name, document } of everyFixture) {
    it(`of ${name} names a row for every field, a reason for every blank, and only places that exist`, () => {
      const { person: translated, lineage } = mapped(document, { fill: 'rich' });
      const expected = everyTarget.filter(
        (target) => translated.addresses.length > 0 || !target.startsWith('addresses.'),
      );
      expect(targetsOf(lineage)).to.have.members(expected);
      for (const [place, { row, sources, blank }] of lineage) {
        expect(row).to.equal(place.replace('addresses[0].', 'addresses.'));
        if (blank !== undefined) expect(sources, place).to.deep.equal([]);
        for (const source of sources)
          expect(valueAt(document, source), `${place}: ${source}`).not.to.equal(undefined);
      }
    });
  }

  it('says blank for what is blank and nowhere else', () => {
    for (const { name, document } of everyFixture) {
      const { person: translated, lineage } = mapped(document, { fill: 'rich' });
      expect(blanksIn(lineage), name).to.deep.equal(blanksIn(new Map(lineage)));
      for (const [field, value] of Object.entries(translated)) {
        if (field === 'addresses') continue;
        const isBlank = value === null || (Array.isArray(value) && value.length === 0);
        expect(lineage.get(field)?.blank !== undefined, `${name} ${field}`).to.equal(isBlank);
      }
      for (const [field, value] of Object.entries(translated.addresses[0] ?? {})) {
        if (field === 'source' || field === 'mailing') continue;
        expect(lineage.get(`addresses[0].${field}`)?.blank !== undefined, `${name} ${field}`).to.equal(
          value === null,
        );
      }
    }
  });

  it('holds no value of the document', () => {
    const enums = parseUpstreamEnums(readFileSync(`${mappingFolder}upstream-enums.yaml`, 'utf8'));
    const members = new Set([...enums.values()].flat());
    for (const { name, document } of everyFixture) {
      const { lineage } = mapped(document, { fill: 'rich' });
      const text = JSON.stringify([...lineage]).toLowerCase();
      for (const leaf of leavesOf(document)) {
        if (leaf.length < 4 || members.has(leaf)) continue;
        expect(text.includes(leaf.toLowerCase()), `${name}: a value of ${leaf.length} characters`).to.equal(
          false,
        );
      }
    }
  });

  it('of a masked address tells the level that decided and no place that is hidden', () => {
    const { lineage } = mapped(fixture('33'));
    expect(lineage.get('addresses[0].postalType')?.sources).to.deep.equal([
      'sharedResidence[0].addressConfidentiality',
    ]);
    expect(lineage.get('addresses[0].nin')?.sources).to.deep.equal([
      'norwegianIdentificationNumber[0].identificationNumber',
    ]);
    expect(lineage.get('addresses[0].currentAddress')?.sources).to.deep.equal([]);
    for (const [place, { sources, blank }] of lineage) {
      if (!place.startsWith('addresses[0].') || blank !== undefined) continue;
      expect(sources.join(), place).not.to.match(/street|cadastral|city/i);
    }
    expect(lineage.get('addresses[0].streetName')).to.deep.include({ sources: [], blank: 'protected' });
  });

  it('of the open postal address tells where it stood', () => {
    expect(mapped(fixture('30')).lineage.get('addresses[0].addressLine1')?.sources).to.deep.equal([
      'postalAddress[0]',
    ]);
  });

  it('of a level that is missing or malformed points at what there is', () => {
    const sources = (addressProtection: JsonValue): readonly string[] | undefined =>
      mapped(person({ addressProtection })).lineage.get('addresses[0].postalType')?.sources;
    expect(sources([element({})])).to.deep.equal(['addressProtection[0]']);
    expect(sources('Confidential')).to.deep.equal(['addressProtection']);
  });

  it('names the places that a value was really read from', () => {
    const { lineage } = mapped(fixture('01'));
    const source = (place: string): readonly string[] | undefined => lineage.get(place)?.sources;
    expect(source('spouseNIN')).to.deep.equal(['maritalStatus[0].relatedByMaritalStatus']);
    expect(source('givenName')?.[0]).to.match(/^name\[[0-9]\]\.givenName$/);
    expect(source('addresses[0].houseNumber')?.[0]).to.match(
      /^residentialAddress\[[0-9]\]\.streetAddress\.addressNumber\.houseNumber$/,
    );
    expect(mapped(fixture('55')).lineage.get('fathersNIN')?.sources[0]).to.match(
      /^familyRelation\[[0-9]\]\.relatedPerson$/,
    );
  });
});
