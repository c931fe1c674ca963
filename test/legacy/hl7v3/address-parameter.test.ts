import { expect } from 'chai';
import type { SoughtAddress } from '../../../src/registry/search.js';
import { parameter, refusalOf, sought } from '../../support/find-candidates.js';

const ADDRESS = 'identifiedPersonAddress';

function addressIn(content: string, attributes = ''): SoughtAddress | undefined {
  const other = '<personBirthTime><value value="1980"/></personBirthTime>';
  const { address } = sought(parameter(ADDRESS, content, attributes) + other).criteria;
  if (address === undefined) return undefined;
  return Object.fromEntries(Object.entries(address).filter(([, text]) => text !== undefined));
}

describe('the parameter identifiedPersonAddress', () => {
  for (const [what, content, address] of [
    [
      'street line and post code, as the 2011 client sends them',
      '<streetAddressLine>Prøveveien 1</streetAddressLine><postalCode>7010</postalCode>',
      { street: 'Prøveveien 1', postalCode: '7010' },
    ],
    [
      'place, municipality and country, as the 2021 client sends them',
      '<streetAddressLine>Prøveveien 1</streetAddressLine><postalCode>7010</postalCode><city>Trondheim</city><county>5001</county><country>NOR</country>',
      {
        street: 'Prøveveien 1',
        postalCode: '7010',
        postalPlace: 'Trondheim',
        municipality: '5001',
        country: 'NOR',
      },
    ],
    ['a municipality by name', '<county>Nord  Fron</county>', { municipalityName: 'Nord Fron' }],
    ['a delivery line as street', '<deliveryAddressLine>A 1</deliveryAddressLine>', { street: 'A 1' }],
    [
      'street, number and letter in parts',
      '<streetName>Storgata</streetName><houseNumber>17</houseNumber><buildingNumberSuffix>B</buildingNumberSuffix>',
      { street: 'Storgata 17B' },
    ],
    [
      'the number as a number',
      '<houseNumberNumeric>17</houseNumberNumeric><streetName>Storgata</streetName>',
      { street: 'Storgata 17' },
    ],
    ['a street without number', '<streetName>Storgata</streetName>', { street: 'Storgata' }],
    [
      'one street told twice',
      '<streetAddressLine>Storgata 1</streetAddressLine><streetName>Storgata</streetName><houseNumber>1</houseNumber>',
      { street: 'Storgata 1' },
    ],
    ['a country by two letters', '<country>se</country>', { country: 'SWE' }],
    ['a country by its Norwegian name', '<country>Sverige</country>', { country: 'SWE' }],
    [
      'parts beside empty ones and punctuation',
      '<postalCode>7010</postalCode><delimiter>, </delimiter><city/><careOf> </careOf><useablePeriod/>',
      { postalCode: '7010' },
    ],
  ] as const) {
    it(`takes ${what}`, () => {
      expect(addressIn(content)).to.deep.equal(address);
    });
  }

  for (const [use, kind] of [
    ['H', 'home'],
    ['HP', 'residential'],
    ['HP H', 'residential'],
    ['TMP', 'present'],
    ['WP', 'present'],
  ] as const) {
    it(`takes use="${use}" for the ${kind} address`, () => {
      expect(addressIn('<postalCode>7010</postalCode>', `use="${use}"`)).to.deep.equal({
        postalCode: '7010',
        kind,
      });
    });
  }

  it('is not given by a use or blank parts alone', () => {
    expect(addressIn('<streetAddressLine/><postalCode> </postalCode>', 'use="H"')).to.equal(undefined);
  });

  for (const [what, content, attributes, refusal] of [
    ...['PST', 'HV', 'BAD', 'CONF', 'DIR', 'PUB', 'PHYS', 'RES', 'HP TMP', 'H PST'].map(
      (use) =>
        [`use="${use}"`, '<city>Oslo</city>', `use="${use}"`, `${ADDRESS}: has a use that cannot`] as const,
    ),
    ...['additionalLocator', 'careOf', 'censusTract', 'direction', 'precinct', 'postBox', 'state'].map(
      (part) => [part, `<${part}>1</${part}>`, '', `${ADDRESS}: has a part that cannot`] as const,
    ),
    ...['unitID', 'unitType', 'streetNameBase', 'streetNameType', 'deliveryMode'].map(
      (part) => [part, `<${part}>1</${part}>`, '', `${ADDRESS}: has a part that cannot`] as const,
    ),
    ['a period', '<useablePeriod value="1980"/>', '', `${ADDRESS}: has a part that cannot`],
    ['a delimiter with digits', '<delimiter>7010</delimiter>', '', `${ADDRESS}: has a part that cannot`],
    ['text without parts', 'Storgata 1', '', `${ADDRESS}: has text outside`],
    ['an unknown part', '<town>Oslo</town>', '', `${ADDRESS}: has an element`],
    ['an unknown part in a part', '<city><b>Oslo</b></city>', '', `${ADDRESS} city: has an element`],
    ['two post codes', '<postalCode>7010</postalCode><postalCode>7011</postalCode>', '', 'two values'],
    [
      'two street lines',
      '<streetAddressLine>A 1</streetAddressLine><deliveryAddressLine>B 2</deliveryAddressLine>',
      '',
      'two values',
    ],
    [
      'a line and parts that differ',
      '<streetAddressLine>A 1</streetAddressLine><streetName>B</streetName>',
      '',
      'streetAddressLine: has two values',
    ],
    ['a number without street', '<houseNumber>1</houseNumber>', '', 'without a street name'],
    [
      'a letter without number',
      '<streetName>A</streetName><buildingNumberSuffix>B</buildingNumberSuffix>',
      '',
      'letter without a number',
    ],
    ['a foreign post code', '<postalCode>S-11122</postalCode>', '', 'postalCode: is not a Norwegian'],
    ['a municipality number of three digits', '<county>301</county>', '', 'county: is neither'],
    ['an unknown country', '<country>Ruritania</country>', '', 'country: is not a country'],
    ['a country that is no more', '<country>XXQ</country>', '', 'country: is not a country'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(refusalOf(parameter(ADDRESS, content, attributes))).to.contain(refusal);
    });
  }
});
