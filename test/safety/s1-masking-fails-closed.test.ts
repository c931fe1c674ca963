import { expect } from 'chai';
import { informationPartsFor } from '../../src/mapping/information-parts.js';
import { isJsonList, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { PregAddress } from '../../src/person/preg-person.js';
import {
  OWN_NUMBER,
  addressWith,
  element,
  everyFixture,
  fixture,
  mapped,
  mappings,
  onlyAddress,
  person,
  residence,
  street,
} from '../support/person-documents.js';

const LABELS = new Map([
  [4, 'Sperret adr. klientadr.'],
  [6, 'Sperret adresse'],
  [7, 'Sperret adr. fortrolig'],
]);

/** A masked address, field by field ("Decided" 4). */
function masked(
  postalType: number,
  lines: readonly (string | null)[] = [],
): Record<keyof PregAddress, unknown> {
  return {
    postalType,
    postalAddress: LABELS.get(postalType),
    nin: OWN_NUMBER,
    currentAddress: true,
    addressLine1: lines[0] ?? null,
    addressLine2: lines[1] ?? null,
    addressLine3: lines[2] ?? null,
    apartmentNumber: null,
    basicStatisticalUnit: null,
    cadastralNumber: null,
    coAddress: null,
    constituency: null,
    country: null,
    countryCode: null,
    dateAdrFrom: null,
    datePostalType: null,
    districtCode: null,
    districtName: null,
    houseLetter: null,
    houseNumber: null,
    mailing: null,
    municipality: null,
    postalAddressValidFrom: null,
    postalCode: null,
    postalPlace: null,
    propertyNumber: null,
    schoolDistrict: null,
    source: null,
    st: null,
    streetName: null,
    streetNumber: null,
    xCoord: null,
    yCoord: null,
  };
}

const city = { postalCode: '0034', cityName: 'Oslo' };

/** An address of each kind that carries a level, as upstream nests it. */
const addressKinds: readonly (readonly [list: string, members: JsonObject])[] = [
  ['residentialAddress', { streetAddress: street() }],
  ['presentAddress', { streetAddress: street(), stayElsewhere: 'Commuter' }],
  ['sharedResidence', { streetAddress: street() }],
  ['postalAddress', { postBoxAddress: { postBoxIdentification: 'Postboks 7', city } }],
  ['foreignPostalAddress', { foreignAddress: { addressName: 'Made Up Road 1', countryCode: 'SE' } }],
  ['preferredContactAddress', { freeformContactAddress: { addressLine: ['Et sted'] } }],
];

/** Everything open: a residence with all details, and mail to a box. */
const open: JsonObject = {
  addressProtection: [element({ protectionLevel: 'Unclassified' })],
  residentialAddress: [
    residence({ urbanDistrictCode: '030102', urbanDistrictName: 'Bydel', basicStatisticalUnit: 1417 }),
  ],
  postalAddress: [
    element({
      addressConfidentiality: 'Unclassified',
      validFrom: '2021-01-01',
      postBoxAddress: { postBoxIdentification: '909', city },
    }),
  ],
};

function protectedBy(level: JsonValue | undefined): JsonObject {
  return { ...open, addressProtection: [element({ protectionLevel: level })] };
}

const levels = [
  ['ClientAddress', 4],
  ['Confidential', 7],
  ['StrictlyConfidential', 6],
] as const;

describe('S1: masking fails closed', () => {
  it('shows an open address, so that the rest of this file means something', () => {
    const address = addressWith(open);
    expect(address).to.include({ postalType: 0, streetName: 'OPPDIKTET VEI', st: '0301', country: 'NORGE' });
    expect(address.mailing?.lines).to.deep.equal(['POSTBOKS 909']);
  });

  describe('the level of the person', () => {
    for (const [level, postalType] of levels) {
      it(`${level} hides every field but the label of PostalType ${postalType}`, () => {
        const lines = postalType === 6 ? ['POSTBOKS 909', '0034 OSLO'] : [];
        expect(addressWith(protectedBy(level))).to.deep.equal(masked(postalType, lines));
      });
    }

    it('hides although the register holds no address', () => {
      expect(
        addressWith({ addressProtection: [element({ protectionLevel: 'Confidential' })] }),
      ).to.deep.equal(masked(7));
    });

    it('counts when nothing says whether it is current, and not once it has ended', () => {
      const level = { protectionLevel: 'Confidential' };
      expect(addressWith({ ...open, addressProtection: [level] }).postalType).to.equal(7);
      expect(addressWith({ ...open, addressProtection: [{ ...level, isValid: null }] }).postalType).to.equal(
        7,
      );
      expect(
        addressWith({
          ...open,
          addressProtection: [element({ protectionLevel: 'Unclassified' }), { ...level, isValid: null }],
        }).postalType,
      ).to.equal(7);
      expect(addressWith({ ...open, addressProtection: [{ ...level, isValid: false }] }).postalType).to.equal(
        0,
      );
    });
  });

  describe('the level of an address', () => {
    for (const [list, members] of addressKinds) {
      for (const [level, postalType] of levels) {
        it(`${level} on ${list} alone masks the whole person`, () => {
          const parts = { ...open, [list]: [element({ ...members, addressConfidentiality: level })] };
          expect(addressWith(parts)).to.deep.equal(masked(postalType));
        });
      }

      it(`a former ${list} keeps its level`, () => {
        const former = { ...members, isValid: false, addressConfidentiality: 'Confidential' };
        const current = open[list];
        const parts = { ...open, [list]: [...(isJsonList(current) ? current : []), former] };
        expect(addressWith(parts)).to.deep.equal(masked(7));
      });
    }
  });

  it('lets the highest level win, wherever it stands', () => {
    for (const [first, second, expected] of [
      ['ClientAddress', 'Confidential', 7],
      ['Confidential', 'ClientAddress', 7],
      ['Confidential', 'StrictlyConfidential', 6],
      ['StrictlyConfidential', 'ClientAddress', 6],
      ['Unclassified', 'ClientAddress', 4],
      ['ClientAddress', 'Unclassified', 4],
      ['ClientAddress', 'ABrandNewLevel', 6],
    ] as const) {
      const parts = {
        ...protectedBy(first),
        presentAddress: [element({ addressConfidentiality: second })],
      };
      expect(addressWith(parts).postalType, `${first} and ${second}`).to.equal(expected);
    }
  });

  describe('what cannot be read', () => {
    const unreadable: readonly (readonly [string, JsonValue])[] = [
      ['a level that nobody knows', 'TopSecret'],
      ['a level in another case', 'unclassified'],
      ['a level with blanks around', ' Unclassified '],
      ['an empty level', ''],
      ['a number', 7],
      ['a flag', false],
      ['an object', { code: 'Unclassified' }],
      ['a list', ['Unclassified']],
      ['a name that every object has', 'constructor'],
    ];

    for (const [what, level] of unreadable) {
      it(`${what} masks as strictly confidential, and even the postal address is hidden`, () => {
        expect(addressWith(protectedBy(level)), 'person').to.deep.equal(masked(6));
        const parts = { ...open, sharedResidence: [element({ addressConfidentiality: level })] };
        expect(addressWith(parts), 'address').to.deep.equal(masked(6));
      });
    }

    it('a current protection element without level is an unknown level', () => {
      expect(addressWith(protectedBy(null))).to.deep.equal(masked(6));
      expect(addressWith(protectedBy(undefined))).to.deep.equal(masked(6));
      expect(addressWith({ ...open, addressProtection: {} })).to.deep.equal(masked(6));
    });

    it('an address that states no level adds none', () => {
      expect(
        addressWith({ ...open, residentialAddress: [residence({ addressConfidentiality: null })] })
          .postalType,
      ).to.equal(0);
    });

    const malformed: readonly (readonly [string, JsonValue])[] = [
      ['text', 'Unclassified'],
      ['a number', 0],
      ['a flag', false],
      ['a list of texts', ['Unclassified']],
      ['a list of lists', [[{ protectionLevel: 'Unclassified', addressConfidentiality: 'Unclassified' }]]],
      ['a list with a flaw', [element({ protectionLevel: 'Unclassified' }), 3]],
    ];

    for (const list of ['addressProtection', ...addressKinds.map(([name]) => name)]) {
      for (const [what, value] of malformed) {
        it(`${list} that is ${what} masks as strictly confidential`, () => {
          expect(addressWith({ ...open, [list]: value })).to.deep.equal(masked(6));
        });
      }
    }

    it('is reported without leaving the translation', () => {
      expect(mapped(person(protectedBy('TopSecret'))).unmapped).to.deep.include({
        row: 'addresses.postalType',
        value: 'TopSecret',
      });
    });
  });

  describe('the open postal address of the strictly confidential', () => {
    const strict = protectedBy('StrictlyConfidential');

    it('is composed like any other, and what is cut is told', () => {
      const owner = 'Kontoret som sender posten videre til rette vedkommende';
      const parts = {
        ...strict,
        postalAddress: [
          element({
            addressConfidentiality: 'Unclassified',
            postBoxAddress: { postBoxOwner: owner, postBoxIdentification: '1', city },
          }),
        ],
      };
      const { person: translated, cut } = mapped(person(parts));
      expect(onlyAddress(translated)).to.deep.equal(
        masked(6, ['KONTORET SOM SENDER POSTEN VID', 'POSTBOKS 1', '0034 OSLO']),
      );
      expect(cut).to.deep.equal(['addresses.addressLine1']);
    });

    it('is hidden unless it is said to be open', () => {
      for (const level of [
        null,
        'ClientAddress',
        'Confidential',
        'StrictlyConfidential',
        'Odd',
        0,
      ] as const) {
        const parts = {
          ...strict,
          postalAddress: [
            element({
              addressConfidentiality: level,
              postBoxAddress: { postBoxIdentification: '909', city },
            }),
          ],
        };
        expect(addressWith(parts), String(level)).to.deep.equal(masked(6));
      }
    });

    it('is never a foreign address, a stay abroad or a former postal address', () => {
      for (const parts of [
        {
          postalAddress: null,
          foreignPostalAddress: [element({ foreignAddress: { addressName: 'Road 1', countryCode: 'SE' } })],
        },
        {
          postalAddress: null,
          presentAddress: [element({ foreignAddress: { addressName: 'Road 1', countryCode: 'SE' } })],
        },
        {
          postalAddress: [
            { isValid: false, postBoxAddress: { postBoxIdentification: '909', city } },
            element({}),
          ],
        },
      ]) {
        expect(addressWith({ ...strict, ...parts })).to.deep.equal(masked(6));
      }
    });
  });

  describe('the fixture persons', () => {
    for (const { name, document, cells } of everyFixture) {
      const label = [...LABELS.values()].find((text) => cells.join('|').includes(text));
      if (label === undefined) continue;
      it(`${name} shows no address but "${label}"`, () => {
        const address = onlyAddress(mapped(document).person);
        const postalType = [...LABELS].find(([, text]) => text === label)?.[0] ?? 0;
        const lines = [address.addressLine1, address.addressLine2, address.addressLine3];
        expect(address).to.deep.equal({ ...masked(postalType, lines), nin: address.nin });
        if (!name.startsWith('30-')) expect(lines).to.deep.equal([null, null, null]);
      });
    }

    it('include one whose forwarding address is open', () => {
      expect(onlyAddress(mapped(fixture('30')).person)).to.include({
        addressLine1: 'SYNTETISK VIDERESENDING',
        addressLine2: 'POSTBOKS 909',
        addressLine3: '0034 OSLO',
      });
    });
  });

  it('asks for AddressProtection with every part that holds an address', () => {
    const { fields } = mappings;
    for (const group of fieldGroups) {
      for (const fill of ['faithful', 'rich'] as const) {
        const parts = informationPartsFor(fields, new Set([group]), fill);
        const holdsAddress = parts.some((part) => fields.addressParts.includes(part));
        expect(parts.includes('AddressProtection'), `${group} ${fill}`).to.equal(holdsAddress);
      }
    }
    for (const part of fields.addressParts) {
      const table = { ...fields, rows: fields.rows.map((row) => ({ ...row, parts: [part] })) };
      expect(informationPartsFor(table, new Set(['names']), 'faithful'), part).to.include(
        'AddressProtection',
      );
    }
  });
});
