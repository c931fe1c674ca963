import { expect } from 'chai';
import fc from 'fast-check';
import { isJsonList, isJsonObject, type JsonObject } from '../../src/mapping/json.js';
import type { CalendarDate } from '../../src/person/calendar-date.js';
import type { PregAddress } from '../../src/person/preg-person.js';
import { isProtected } from '../../src/person/protection.js';
import {
  TODAY,
  day,
  element,
  everyFixture,
  fixture,
  mapped,
  onlyAddress,
  person,
  residence,
  street,
} from '../support/person-documents.js';

const YESTERDAY = day('2025-02-28');
const LEVELS = ['ClientAddress', 'Confidential', 'StrictlyConfidential', 'ALevelOfTomorrow'];
const LISTS = ['residentialAddress', 'presentAddress', 'postalAddress', 'foreignPostalAddress'];

/** The document of somebody who is protected since today. */
function protectedToday(document: JsonObject, protectionLevel: string): JsonObject {
  const protection = element({ validFrom: `${TODAY}T00:00:00Z`, protectionLevel });
  return { ...document, addressProtection: [protection] };
}

function everyAddress(document: JsonObject, on: CalendarDate | undefined): readonly PregAddress[] {
  return mapped(document, { on, addresses: 'all' }).person.addresses;
}

const anyDay = fc
  .date({ min: new Date('1950-01-01'), max: new Date('2025-12-31'), noInvalidDate: true })
  .map((date) => day(date.toISOString().slice(0, 10)));

describe('S1: the protection of today covers addresses of every date and of every history', () => {
  it('shows history where nothing protects, so that the rest of this file means something', () => {
    const document = fixture('01');
    expect(everyAddress(document, undefined)).to.have.length(3);
    expect(onlyAddress(mapped(document, { on: day('2010-01-01') }).person).streetName).to.be.a('string');
  });

  it('set today, it hides every day and every former address of everybody', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...everyFixture),
        fc.constantFrom(...LEVELS),
        fc.option(anyDay, { nil: undefined }),
        ({ document }, level, on) => {
          const hidden = protectedToday(document, level);
          const today = mapped(hidden).person.addresses;
          expect(today).to.have.length(1);
          expect(isProtected(today[0]?.postalType ?? null)).to.equal(true);
          expect(everyAddress(hidden, on)).to.deep.equal(today);
        },
      ),
    );
  });

  it('a level of any address, former or not, hides every day and every former address', () => {
    const withAddresses = everyFixture.filter(({ document }) =>
      LISTS.some((list) => isJsonList(document[list])),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...withAddresses),
        fc.constantFrom(...LEVELS),
        fc.nat(),
        fc.option(anyDay, { nil: undefined }),
        ({ document }, level, choice, on) => {
          const places = LISTS.flatMap((list) => {
            const elements = document[list];
            return isJsonList(elements) ? elements.map((_, index) => [list, index] as const) : [];
          });
          const [list, index] = places[choice % Math.max(places.length, 1)] ?? ['residentialAddress', 0];
          const elements = document[list];
          const leveled = (isJsonList(elements) ? elements : []).map((one, at) =>
            at === index && isJsonObject(one) ? { ...one, addressConfidentiality: level } : one,
          );
          const hidden = { ...document, [list]: leveled };
          const addresses = everyAddress(hidden, on);
          expect(addresses).to.have.length(1);
          expect(isProtected(addresses[0]?.postalType ?? null)).to.equal(true);
          expect(addresses).to.deep.equal(mapped(hidden).person.addresses);
        },
      ),
    );
  });

  it('lifted yesterday, it hides no more, but for addresses that have a level of their own', () => {
    const home = residence({ validFrom: '2010-01-01' });
    const lifted = element({
      isValid: false,
      validFrom: '2015-01-01',
      validTo: `${YESTERDAY}T00:00:00Z`,
      protectionLevel: 'Confidential',
    });
    const open = person({ addressProtection: [lifted], residentialAddress: [home] });
    for (const on of [undefined, YESTERDAY, day('2020-01-01')]) {
      expect(everyAddress(open, on)[0]).to.include({ postalType: 0, streetName: 'OPPDIKTET VEI' });
    }
    const former = {
      ...home,
      isValid: false,
      validFrom: '2015-01-01',
      addressConfidentiality: 'Confidential',
    };
    const once = person({
      addressProtection: [lifted],
      residentialAddress: [residence({ validFrom: YESTERDAY }), former],
    });
    for (const on of [undefined, YESTERDAY, day('2020-01-01')]) {
      expect(everyAddress(once, on).map(({ postalType }) => postalType)).to.deep.equal([7]);
    }
  });

  it('shows the open postal address of today alone, never one of the time before', () => {
    const box = (postBoxIdentification: string, members: JsonObject): JsonObject =>
      element({
        addressConfidentiality: 'Unclassified',
        postBoxAddress: { postBoxIdentification, city: { postalCode: '0034', cityName: 'Oslo' } },
        ...members,
      });
    const before = box('3', { isValid: false, validFrom: '2010-01-01', validTo: '2020-01-01' });
    const residentialAddress = [
      residence({ isValid: false, validFrom: '2010-01-01', validTo: '2020-01-01' }),
    ];
    const parts = { residentialAddress, postalAddress: [before] };
    const hidden = protectedToday(person(parts), 'StrictlyConfidential');
    expect(everyAddress(hidden, day('2015-01-01'))[0]).to.include({ addressLine1: null, addressLine2: null });
    const forwarding = box('7', { validFrom: '2020-01-01' });
    const forwarded = { ...hidden, postalAddress: [forwarding, before] };
    expect(everyAddress(forwarded, day('2015-01-01'))[0]).to.include({ addressLine1: 'POSTBOKS 7' });
  });

  it('tells no place of what it hides, and not how many addresses there were', () => {
    const { lineage, person: found } = mapped(protectedToday(fixture('01'), 'Confidential'), {
      on: day('2010-01-01'),
      addresses: 'all',
    });
    expect(found.addresses).to.have.length(1);
    const places = [...lineage].filter(([place]) => place.startsWith('addresses['));
    expect(places.every(([place]) => place.startsWith('addresses[0].'))).to.equal(true);
    const named = places.flatMap(([, { sources }]) => sources);
    expect(named.filter((place) => LISTS.some((list) => place.startsWith(list)))).to.deep.equal([]);
  });

  it('does not let the address of a day gone by stand for one that hides today', () => {
    const document = person({
      residentialAddress: [
        residence({ validFrom: '2024-01-01', addressConfidentiality: 'ClientAddress' }),
        residence({
          isValid: false,
          validFrom: '2010-01-01',
          streetAddress: street({ addressName: 'Gamleveien' }),
        }),
      ],
    });
    const [address, ...more] = everyAddress(document, day('2015-01-01'));
    expect(address).to.include({ postalType: 4, streetName: null });
    expect(more).to.deep.equal([]);
  });
});
