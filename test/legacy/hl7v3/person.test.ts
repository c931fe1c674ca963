import { expect } from 'chai';
import type { Quirks } from '../../../src/access/legacy-client.js';
import type { MailingAddress, PregAddress, PregPerson } from '../../../src/person/preg-person.js';
import type { XmlElement } from '../../../src/xml/element.js';
import { all, attributesOf, childNames, reread, the } from '../../support/hl7v3-message.js';
import { demographicsBody } from '../../support/hl7v3-reply.js';
import { dayIn, pregAddress, pregPerson } from '../../support/preg-person.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { noQuirks } from '../../support/quirks.js';

const NIN = syntheticNumber();
const own = { root: '2.16.578.1.12.4.1.4.1', extension: NIN };

/** The outer identifiedPerson. */
function roleOf(known: Partial<PregPerson>, quirks?: Quirks): XmlElement {
  const [role] = all(reread(demographicsBody(pregPerson(known), quirks)), 'identifiedPerson');
  if (role === undefined) throw new Error('no role');
  return role;
}

/** The inner identifiedPerson. */
function personOf(known: Partial<PregPerson>, quirks?: Quirks): XmlElement {
  return the(roleOf(known, quirks), 'identifiedPerson');
}

/** Addresses as `use: part=text …`. */
function addressesOf(address: Partial<PregAddress>, quirks?: Quirks): readonly string[] {
  return all(personOf({ addresses: [pregAddress(address)] }, quirks), 'addr').map((addr) => {
    const parts = addr.children.map(({ localName, text }) => `${localName}=${text}`);
    return `${addr.attributes.get('use') ?? ''}: ${parts.join(' ')}`;
  });
}

const home: Partial<PregAddress> = {
  postalType: 0,
  source: 'residential',
  postalAddress: 'OPPDIKTET VEI 5B',
  postalCode: '0585',
  postalPlace: 'OSLO',
  st: '0301',
  streetName: 'OPPDIKTET VEI',
  houseNumber: 5,
  houseLetter: 'B',
  apartmentNumber: 'H0101',
  coAddress: 'C/O NOEN',
  countryCode: 'NOR',
};
const parts =
  'streetAddressLine=OPPDIKTET VEI 5B postalCode=0585 city=OSLO county=0301 streetName=OPPDIKTET VEI houseNumber=5 buildingNumberSuffix=B unitID=H0101 careOf=C/O NOEN country=NOR';
const mailing: MailingAddress = {
  lines: ['C/O NOEN', 'POSTBOKS 1'],
  postalCode: '0101',
  postalPlace: 'OSLO',
  countryCode: null,
  isForeignStay: false,
};

describe('a person in HL7 v3', () => {
  it('of whom nothing is known has a number, and nothing else', () => {
    const role = roleOf({});
    expect(childNames(role)).to.deep.equal(['id', 'statusCode', 'identifiedPerson']);
    expect(attributesOf(the(personOf({}), 'id'))).to.deep.equal(own);
    expect(childNames(personOf({}))).to.deep.equal(['id']);
  });

  it('of whom all is known has everything in the order of the schema', () => {
    const person = personOf({
      givenName: 'A',
      gender: 'F',
      dateOfBirth: dayIn('1950-01-01'),
      deceased: true,
      dateOfDeath: dayIn('2020-02-29'),
      addresses: [pregAddress({ ...home, mailing })],
      maritalStatus: 2,
      citizenships: ['NOR', 'SWE'],
      dufNo: '209900000417',
      mothersNIN: syntheticNumber(1),
      fathersNIN: syntheticNumber(2),
      spouseNIN: syntheticNumber(3),
      childrensNINs: [syntheticNumber(4), syntheticNumber(5)],
    });
    expect(childNames(person)).to.deep.equal([
      ...[
        'id',
        'name',
        'administrativeGenderCode',
        'birthTime',
        'deceasedInd',
        'deceasedTime',
        'addr',
        'addr',
      ],
      ...['maritalStatusCode', 'asCitizen', 'asCitizen', 'asOtherIDs'],
      ...Array.from({ length: 5 }, () => 'personalRelationship'),
    ]);
    expect(attributesOf(the(person, 'birthTime'))).to.deep.equal({ value: '19500101' });
    expect(attributesOf(the(person, 'deceasedTime'))).to.deep.equal({ value: '20200229' });
    expect(all(person, 'politicalNation').map((nation) => attributesOf(the(nation, 'code')))).to.deep.equal([
      { code: 'NOR', codeSystem: '1.0.3166.1.2.3' },
      { code: 'SWE', codeSystem: '1.0.3166.1.2.3' },
    ]);
  });

  it('is dead, alive, or neither where nobody knows', () => {
    const told = [true, false, null].map((deceased) =>
      all(personOf({ deceased }), 'deceasedInd').map((indicator) => indicator.attributes.get('value')),
    );
    expect(told).to.deep.equal([['true'], ['false'], []]);
  });

  it('carries former numbers as obsolete and other ones in use as active', () => {
    const role = roleOf({ supersededNINs: [syntheticNumber(1)], alternativeNINs: [syntheticNumber(2)] });
    expect(childNames(role).at(-1)).to.equal('identifiedBy');
    expect(
      all(role, 'otherIdentifiedPerson').map((other) => [
        the(other, 'id').attributes.get('extension'),
        the(other, 'statusCode').attributes.get('code'),
      ]),
    ).to.deep.equal([
      [syntheticNumber(1), 'obsolete'],
      [syntheticNumber(2), 'active'],
    ]);
  });

  it('has a DUF number among the other ids, but no number of another form', () => {
    expect(attributesOf(the(the(personOf({ dufNo: '209900000417' }), 'asOtherIDs'), 'id'))).to.deep.equal({
      root: '2.16.578.1.12.4.1.4.5',
      extension: '209900000417',
    });
    expect(all(personOf({ dufNo: '2099' }), 'asOtherIDs')).to.deep.equal([]);
  });

  it('has its telephones and mail addresses, with their use where it is known', () => {
    const telecoms = [
      { value: 'tel:+4799999999', use: 'H MC' },
      { value: 'mailto:noen@example.invalid', use: null },
      { value: ' ', use: 'H' },
    ];
    expect(all(personOf({ telecoms }), 'telecom').map(attributesOf)).to.deep.equal([
      { value: 'tel:+4799999999', use: 'H MC' },
      { value: 'mailto:noen@example.invalid' },
    ]);
    const addresses = [pregAddress({ postalType: 7 })];
    expect(all(personOf({ telecoms, addresses }), 'telecom'), 'of a protected person').to.deep.equal([]);
  });

  it('has numbers given abroad among the other ids, of an organization that is not told', () => {
    const passport = { root: '2.16.840.1.113883.4.330.616', extension: 'TEST00000' };
    const person = personOf({ foreignIds: [passport, { ...passport, extension: '' }] });
    const otherIds = the(person, 'asOtherIDs');
    expect(attributesOf(the(otherIds, 'id'))).to.deep.equal(passport);
    expect(the(otherIds, 'scopingOrganization').attributes.size).to.equal(1);
  });

  it('has relatives by number, each in its role, and none without a number that is one', () => {
    const person = personOf({
      mothersNIN: syntheticNumber(1),
      fathersNIN: '53818840132',
      spouseNIN: 'unknown',
      childrensNINs: [syntheticNumber(2), ''],
    });
    expect(
      all(person, 'personalRelationship').map((relation) => [
        the(relation, 'code').attributes.get('code'),
        ...Object.values(attributesOf(the(the(relation, 'relationshipHolder'), 'id'))),
      ]),
    ).to.deep.equal([
      ['MTH', '2.16.578.1.12.4.1.4.1', syntheticNumber(1)],
      ['FTH', '2.16.578.1.12.4.1.4.2', '53818840132'],
      ['CHILD', '2.16.578.1.12.4.1.4.1', syntheticNumber(2)],
    ]);
  });

  it('keeps a marital status that no table has, without a text', () => {
    const attributes = attributesOf(the(personOf({ maritalStatus: 42 }), 'maritalStatusCode'));
    expect(attributes).to.deep.equal({ code: '42', codeSystem: '2.16.578.1.12.4.1.1.3303' });
  });
});

describe('a name in HL7 v3', () => {
  it('has a part for each word: given, middle as family with MID, family', () => {
    const name = the(
      personOf({
        givenName: ' KARI  ANNE\u00a0LISE',
        middleName: 'LI MO',
        sn: 'VON DEN BERG',
        dateName: dayIn('2001-02-03'),
      }),
      'name',
    );
    expect(attributesOf(name)).to.deep.equal({ use: 'L' });
    expect(
      name.children.map(({ localName, text, attributes }) => [
        localName,
        attributes.get('qualifier') ?? '',
        text,
      ]),
    ).to.deep.equal([
      ...['KARI', 'ANNE', 'LISE'].map((word) => ['given', '', word]),
      ...['LI', 'MO'].map((word) => ['family', 'MID', word]),
      ...['VON', 'DEN', 'BERG'].map((word) => ['family', '', word]),
      ['validTime', '', ''],
    ]);
    expect(attributesOf(the(name, 'low'))).to.deep.equal({ value: '20010203' });
  });

  it('may be of one word', () => {
    expect(childNames(the(personOf({ sn: 'Å' }), 'name'))).to.deep.equal(['family']);
  });

  it('is left out when there is no word in it, whatever date it has', () => {
    const known = { givenName: ' ', middleName: '', sn: null, dateName: dayIn('2001-02-03') };
    expect(all(personOf(known), 'name')).to.deep.equal([]);
  });

  it('may have a hundred words', () => {
    expect(all(personOf({ givenName: 'ORD '.repeat(100) }), 'given')).to.have.length(100);
  });
});

describe('an address in HL7 v3', () => {
  it('is HP for a home, with what clients show first', () => {
    expect(addressesOf(home)).to.deep.equal([`HP: ${parts}`]);
  });

  it('is TMP for a stay that stands in for the home', () => {
    expect(addressesOf({ ...home, source: 'present' })).to.deep.equal([`TMP: ${parts}`]);
  });

  it('is of the municipality by name where no number was told', () => {
    const told = { source: 'present', municipality: 'TRONDHEIM', postalPlace: 'TRONDHEIM' } as const;
    expect(addressesOf(told)).to.deep.equal(['TMP: city=TRONDHEIM county=TRONDHEIM']);
  });

  it('is PST for where mail goes, after the home', () => {
    expect(addressesOf({ ...home, mailing })).to.deep.equal([
      `HP: ${parts}`,
      'PST: streetAddressLine=C/O NOEN streetAddressLine=POSTBOKS 1 postalCode=0101 city=OSLO',
    ]);
  });

  it('is H for a stay abroad', () => {
    const abroad = { ...mailing, countryCode: 'SWE', isForeignStay: true, lines: [], postalCode: null };
    expect(addressesOf({ mailing: abroad })).to.deep.equal(['H: city=OSLO country=SWE']);
  });

  it('leaves out parts that are missing or blank, and itself when none is left', () => {
    expect(addressesOf({ postalCode: '0585', postalAddress: ' ', st: '' })).to.deep.equal([
      'HP: postalCode=0585',
    ]);
    expect(addressesOf({ postalAddress: ' ' })).to.deep.equal([]);
    const empty = { ...mailing, lines: ['', ' '], postalCode: null, postalPlace: '' };
    expect(addressesOf({ mailing: empty })).to.deep.equal([]);
  });

  for (const [postalType, code] of [
    [4, 'R'],
    [6, 'V'],
    [7, 'R'],
  ] as const) {
    it(`is never told for PostalType ${postalType}, whatever stands in it, and the record is ${code}`, () => {
      const address = { ...home, mailing, postalType, addressLine1: 'POSTBOKS 1' };
      expect(addressesOf(address)).to.deep.equal([]);
      const confidentiality = the(roleOf({ addresses: [pregAddress(address)] }), 'confidentialityCode');
      expect(attributesOf(confidentiality)).to.deep.equal({ code, codeSystem: '2.16.840.1.113883.5.25' });
    });
  }

  for (const postalType of [0, 1, 2, 3, 5, 8, null]) {
    it(`leaves the record without confidentiality for PostalType ${postalType ?? 'none'}`, () => {
      const role = roleOf({ addresses: [pregAddress({ ...home, postalType })] });
      expect(all(role, 'confidentialityCode')).to.deep.equal([]);
    });
  }

  it('is of the municipality alone without a fixed abode, or nothing for a client that cannot read that', () => {
    const nowhere = { postalType: 5, st: '0301' };
    expect(addressesOf(nowhere)).to.deep.equal(['HP: county=0301']);
    expect(addressesOf(nowhere, { ...noQuirks, noFixedAbode: 'omit' })).to.deep.equal([]);
    expect(addressesOf(home, { ...noQuirks, noFixedAbode: 'omit' })).to.deep.equal([`HP: ${parts}`]);
  });
});
