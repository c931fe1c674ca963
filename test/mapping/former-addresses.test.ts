import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import type { PregAddress } from '../../src/person/preg-person.js';
import {
  day,
  element,
  everyFixture,
  fixture,
  mapped,
  person,
  residence,
  street,
} from '../support/person-documents.js';

function home(addressName: string, validFrom: string, members: JsonObject = {}): JsonObject {
  return residence({ validFrom, streetAddress: street({ addressName }), isValid: false, ...members });
}

function box(postBoxIdentification: string, validFrom: string, members: JsonObject = {}): JsonObject {
  return element({
    addressConfidentiality: 'Unclassified',
    validFrom,
    isValid: false,
    postBoxAddress: { postBoxIdentification, city: { postalCode: '0034', cityName: 'Oslo' } },
    ...members,
  });
}

function all(parts: JsonObject, on?: string): readonly PregAddress[] {
  const options = on === undefined ? {} : { on: day(on) };
  return mapped(person(parts), { addresses: 'all', ...options }).person.addresses;
}

/** What tells addresses apart. */
function told(addresses: readonly PregAddress[]): readonly unknown[] {
  return addresses.map(({ currentAddress, streetName, addressLine1 }) => [
    currentAddress,
    streetName ?? addressLine1,
  ]);
}

describe('former addresses', () => {
  const homes = {
    residentialAddress: [
      home('Andre vei', '2010-01-01'),
      home('Tredje vei', '2020-01-01', { isValid: true }),
      home('Første vei', '2000-01-01'),
    ],
  };

  it('follow the current one, the newest first', () => {
    expect(told(all(homes))).to.deep.equal([
      [true, 'TREDJE VEI'],
      [false, 'ANDRE VEI'],
      [false, 'FØRSTE VEI'],
    ]);
  });

  it('are not told unless they are wanted', () => {
    expect(told(mapped(person(homes)).person.addresses)).to.deep.equal([[true, 'TREDJE VEI']]);
  });

  it('are those before the day that is told of', () => {
    expect(told(all(homes, '2019-12-31'))).to.deep.equal([
      [true, 'ANDRE VEI'],
      [false, 'FØRSTE VEI'],
    ]);
    expect(told(all(homes, '1999-12-31'))).to.deep.equal([]);
  });

  it('are told when there is no current one', () => {
    expect(
      told(all({ residentialAddress: [home('Siste vei', '2000-01-01', { validTo: '2019-10-01' })] })),
    ).to.deep.equal([[false, 'SISTE VEI']]);
  });

  it('have every field that the rows fill, and an origin for each', () => {
    const { person: found, lineage } = mapped(fixture('01'), { addresses: 'all' });
    expect(found.addresses).to.have.length(3);
    const [current, former] = found.addresses;
    expect(Object.keys(former ?? {})).to.have.members(Object.keys(current ?? {}));
    expect(former).to.include({ dateAdrFrom: '2006-08-15', postalType: 0, country: 'NORGE', nin: found.nin });
    expect(lineage.get('addresses[1].streetName')?.sources).to.deep.equal([
      'residentialAddress[1].streetAddress.addressName',
    ]);
    expect(lineage.get('addresses[2].currentAddress')).to.deep.equal({
      row: 'addresses.currentAddress',
      sources: [],
    });
  });

  it('for mail stand by themselves', () => {
    const parts = {
      ...homes,
      postalAddress: [box('7', '2021-01-01', { isValid: true }), box('3', '2005-05-05')],
    };
    expect(told(all(parts))).to.deep.equal([
      [true, 'TREDJE VEI'],
      [false, 'ANDRE VEI'],
      [false, 'POSTBOKS 3'],
      [false, 'FØRSTE VEI'],
    ]);
    const [current, ...former] = all(parts);
    expect(current?.mailing?.lines).to.deep.equal(['POSTBOKS 7']);
    expect(former.map(({ mailing }) => mailing?.lines)).to.deep.equal([undefined, ['POSTBOKS 3'], undefined]);
  });

  it('leave out a stay besides a home, as today does, and tell one of somebody without a home', () => {
    const stay = home('Hytteveien', '2012-01-01', { validTo: '2013-01-01' });
    expect(told(all({ ...homes, presentAddress: [stay] }))).to.deep.equal(told(all(homes)));
    expect(told(all({ presentAddress: [stay] }))).to.deep.equal([[false, 'HYTTEVEIEN']]);
    const before = home('Hytteveien', '1990-01-01', { validTo: '1991-01-01' });
    expect(told(all({ ...homes, presentAddress: [before] })).at(-1)).to.deep.equal([false, 'HYTTEVEIEN']);
  });

  it('abroad give way to a postal address of their day', () => {
    const abroad = element({
      addressConfidentiality: 'Unclassified',
      isValid: false,
      validFrom: '2006-01-01',
      validTo: '2007-01-01',
      foreignAddress: { addressName: 'Made Up Road 1', countryCode: 'SE' },
    });
    expect(told(all({ foreignPostalAddress: [abroad] }))).to.deep.equal([[false, 'MADE UP ROAD 1']]);
    expect(told(all({ presentAddress: [abroad] }))).to.deep.equal([[false, 'MADE UP ROAD 1']]);
    expect(
      told(
        all({
          foreignPostalAddress: [abroad],
          postalAddress: [box('7', '2005-01-01', { validTo: '2008-01-01' })],
        }),
      ),
    ).to.deep.equal([[false, 'POSTBOKS 7']]);
  });

  it('that nobody lived at a place of show the municipality alone', () => {
    const [former] = all({
      residentialAddress: [
        {
          ...residence({ isValid: false }),
          streetAddress: null,
          unknownResidence: { municipalityNumber: '0301' },
        },
      ],
    });
    expect(former).to.include({ postalType: 5, st: '0301', municipality: null, currentAddress: false });
  });

  it('have the kind of stay of their own day', () => {
    const commuting = element({
      stayElsewhere: 'Commuter',
      validFrom: '2022-01-01',
      addressConfidentiality: 'Unclassified',
    });
    const addresses = all({ ...homes, presentAddress: [commuting] });
    expect(addresses.map(({ postalType }) => postalType)).to.deep.equal([8, 0, 0]);
  });

  it('without a beginning come last', () => {
    const parts = {
      residentialAddress: [...homes.residentialAddress, { ...home('Ukjent vei', ''), validFrom: null }],
    };
    expect(told(all(parts)).at(-1)).to.deep.equal([false, 'UKJENT VEI']);
  });

  it('leave the current one, the first, as it is without them', () => {
    for (const { name, document } of everyFixture) {
      const current = mapped(document).person.addresses;
      const every = mapped(document, { addresses: 'all' }).person.addresses;
      expect(every.slice(0, current.length), name).to.deep.equal(current);
      expect(
        every.slice(current.length).every(({ currentAddress }) => !currentAddress),
        name,
      ).to.equal(true);
    }
  });
});
