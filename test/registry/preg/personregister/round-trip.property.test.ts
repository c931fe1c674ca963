import { expect } from 'chai';
import fc from 'fast-check';
import type { NationalId } from '../../../../src/person/national-id.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import { isProtected } from '../../../../src/person/protection.js';
import type { LookupAnswer } from '../../../../src/registry/person-registry.js';
import type { ContractVersion } from '../../../../src/contract/preg-xml/contract.js';
import { targets } from '../../../../src/mapping/targets.js';
import { callerBy, pregXmlOver } from '../../../support/fake-preg.js';
import { runs } from '../../../support/long-runs.js';
import { found } from '../../../support/person-service.js';
import { personregisterOver } from '../../../support/preg-registries.js';
import { pregAddress } from '../../../support/preg-person.js';
import { anyAddress, anyPerson } from '../../../support/preg-xml-people.js';
import { contracts } from '../../../support/preg-xml.js';
import { toldFields } from '../../../support/told-fields.js';

/** A record that has not given way, with current addresses of nobody in hiding: those are told whole. */
const openPerson = fc
  .tuple(anyPerson, fc.array(fc.tuple(anyAddress, fc.constantFrom(null, 0, 1, 2, 3, 5, 8)), { maxLength: 2 }))
  .map(([person, places]): PregPerson => {
    const addresses = places.map(([address, postalType]) => ({
      ...address,
      postalType,
      currentAddress: true,
      nin: person.nin,
    }));
    const { regStatus, dateStatus } = person;
    const deceased = regStatus === null || regStatus === 6 ? null : regStatus === 5;
    const dateOfDeath = regStatus === 5 ? dateStatus : null;
    return { ...person, addresses, deceased, dateOfDeath };
  })
  .filter(({ addresses }) =>
    addresses.every(({ postalAddress }) => !/^\s*sperret /i.test(postalAddress ?? '')),
  );

async function roundTrip(
  person: PregPerson,
  id: NationalId,
  version: ContractVersion = '2018',
): Promise<LookupAnswer & { readonly outcome: 'found' }> {
  const preg = pregXmlOver(
    { lookup: () => Promise.resolve(found(person)) },
    { contract: contracts[version] },
  );
  const answer = await personregisterOver(preg).lookup({ id, record: 'asked' }, callerBy('preg-xml'));
  if (answer.outcome !== 'found') throw new Error('nobody was found');
  return answer;
}

/** What Personregister-XML has members for, and a death or none, that it tells by a status. */
const membersOfPerson = 27;
const fieldsOfDeath = 2;

describe('anybody whom PREG tells of by Personregister-XML', function () {
  this.timeout(20_000);

  it('is read back as the same person in every field that the contract has', async () => {
    await fc.assert(
      fc.asyncProperty(openPerson, async (person) => {
        const { person: read, lineage } = await roundTrip(person, person.nin);
        expect(toldFields(read, lineage)).to.deep.equal(toldFields(person, lineage));
        const places = [...lineage.keys()];
        expect(places.filter((place) => !place.startsWith('addresses'))).to.have.length(
          membersOfPerson + (person.deceased === null ? 0 : fieldsOfDeath),
        );
        expect(places.filter((place) => place.startsWith('addresses'))).to.have.length(
          30 * person.addresses.length,
        );
      }),
      { numRuns: runs(150) },
    );
  });

  it('is told of by rows that the mapping has, as blank where there is nothing', async () => {
    await fc.assert(
      fc.asyncProperty(openPerson, async (person) => {
        const { person: read, lineage } = await roundTrip(person, person.nin);
        const values = toldFields(read, lineage);
        for (const [place, { row, blank, sources }] of lineage) {
          expect(targets.has(row), row).to.equal(true);
          expect(blank !== undefined, place).to.equal(values[place] === null);
          expect(sources).to.have.length(blank === undefined ? 1 : 0);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  it('has two fields fewer in each address of version 2016, which are not told as blank either', async () => {
    await fc.assert(
      fc.asyncProperty(openPerson, async (person) => {
        const { person: read, lineage } = await roundTrip(person, person.nin, '2016');
        expect(toldFields(read, lineage)).to.deep.equal(toldFields(person, lineage));
        const untold = ['addresses.nin', 'addresses.basicStatisticalUnit'];
        expect([...lineage.values()].filter(({ row }) => untold.includes(row))).to.deep.equal([]);
      }),
      { numRuns: runs(50) },
    );
  });

  it('has one address that tells how it is protected, with any protected or unknown code on any address', async () => {
    const hidden = fc.tuple(openPerson, anyAddress, fc.constantFrom(4, 6, 7, 9, -1, 99), fc.nat({ max: 2 }));
    await fc.assert(
      fc.asyncProperty(hidden, async ([person, home, postalType, at]) => {
        const place = { ...home, nin: person.nin, postalType };
        const { person: read, lineage } = await roundTrip(
          { ...person, addresses: person.addresses.toSpliced(at, 0, place) },
          person.nin,
        );
        const [address, ...more] = read.addresses;
        expect(more).to.deep.equal([]);
        expect(isProtected(address?.postalType ?? null)).to.equal(true);
        expect(address?.postalType).to.equal(isProtected(postalType) ? postalType : 6);
        expect(address?.postalAddress).to.match(/^Sperret /);
        // The postal address of somebody strictly confidential is open, as the register itself distributes it.
        const isOpen = postalType === 6 && home.currentAddress;
        const lines = isOpen
          ? {
              addressLine1: home.addressLine1,
              addressLine2: home.addressLine2,
              addressLine3: home.addressLine3,
            }
          : {};
        expect(address).to.deep.equal(
          pregAddress({
            nin: person.nin,
            postalType: address?.postalType ?? null,
            postalAddress: address?.postalAddress ?? null,
            ...lines,
          }),
        );
        const told = toldFields(read, lineage);
        expect(told).to.include.keys('addresses[0].postalType', 'addresses[0].st');
        const given = Object.keys(told).filter(
          (field) => field.startsWith('addresses') && told[field] !== null,
        );
        const named = [...lineage].filter(
          ([field, { blank }]) => field.startsWith('addresses') && blank === undefined,
        );
        expect(named.map(([field]) => field)).to.have.members(given);
      }),
      { numRuns: runs(150) },
    );
  });
});
