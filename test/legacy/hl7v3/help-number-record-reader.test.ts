import { expect } from 'chai';
import { MalformedRequest } from '../../../src/errors/errors.js';
import {
  readHelpNumberRecord,
  type ToldRecord,
} from '../../../src/legacy/hl7v3/help-number-record-reader.js';
import type { RecordedAddress } from '../../../src/person/help-number-record.js';
import { codes, message, the } from '../../support/hl7v3-message.js';
import { recordedAddress } from '../../support/help-numbers.js';
import { dayIn } from '../../support/preg-person.js';

const today = dayIn('2025-01-15');

type Read = ReturnType<typeof readHelpNumberRecord>;

/** Reads a role with that XML in it. */
function readRole(content: string): Read {
  const role = the(message(`<identifiedPerson>${content}</identifiedPerson>`), 'identifiedPerson');
  return readHelpNumberRecord(role, codes, today);
}

/** Reads a person with that XML in it. */
function read(content: string): Read {
  const inner = `<identifiedPerson>${content}</identifiedPerson>`;
  const [role] = message(`<identifiedPerson>${inner}</identifiedPerson>`).children;
  if (role === undefined) throw new Error('no role');
  return readHelpNumberRecord(role, codes, today);
}

function recordIn(content: string): ToldRecord['record'] {
  const told = read(content);
  if ('refused' in told) throw new Error(`refused: ${told.refused.map(({ text }) => text).join(' ')}`);
  return told.record;
}

/** `code text` of what is wrong. */
function problemsIn(told: Read): readonly string[] {
  if (!('refused' in told)) throw new Error('not refused');
  return told.refused.map(({ code, text }) => `${code} ${text}`);
}

/** What is said not to be kept, and the record that is. */
function lossesIn(content: string): readonly [readonly string[], ToldRecord['record']] {
  const told = read(content);
  if ('refused' in told) throw new Error('refused');
  expect(told.warnings.every(({ type, code }) => type === 'W' && code === 'NOPERSIST')).to.equal(true);
  return [told.warnings.map(({ text }) => text), told.record];
}

function addressIn(content: string): RecordedAddress | undefined {
  return recordIn(content).addresses?.[0];
}

describe('a person in a request', () => {
  it('of whom nothing is told leaves everything as it is', () => {
    for (const content of [
      '',
      '<name/><telecom/><addr/><birthTime/><asOtherIDs/><asCitizen/>',
      '<name xsi:nil="true"/><birthTime xsi:nil="true" value="1990"/><deceasedInd xsi:nil="1"/>',
      '<birthTime nullFlavor="UNK"/><administrativeGenderCode nullFlavor="ASKU"/><addr nullFlavor="NI"><city> </city></addr>',
    ]) {
      expect(recordIn(content), content).to.deep.equal({});
    }
  });

  for (const content of [
    '<birthTime value="20250115"/><deceasedTime value="20250115"/>',
    '<birthTime value="2025"/><deceasedTime value="20250101"/>',
    '<birthTime value="202501"/><deceasedTime value="20250103"/>',
    '<birthTime value="19800102"/><deceasedTime value="19800102"/>',
  ]) {
    it(`may have been born and have died on days that are possible: ${content}`, () => {
      expect(recordIn(content)).to.have.property('deceased', true);
    });
  }

  it('may be missing in its role, or nil', () => {
    for (const role of ['', '<identifiedPerson xsi:nil="true"/>']) {
      const [element] = message(`<identifiedPerson>${role}</identifiedPerson>`).children;
      if (element === undefined) throw new Error('no role');
      expect(readHelpNumberRecord(element, codes, today)).to.deep.equal({ record: {}, warnings: [] });
    }
  });

  describe('has a name', () => {
    for (const [what, content, name] of [
      [
        'of words in order',
        '<name><given>Ola</given><given>Per</given><family>Li</family></name>',
        ['Ola Per', null, 'Li'],
      ],
      [
        'with a middle name by qualifier, as the clients send it',
        '<name use="L"><given>Ola</given><family qualifier="MID">Ås</family><family>Li</family></name>',
        ['Ola', 'Ås', 'Li'],
      ],
      [
        'with a middle name among the given ones',
        '<name><given qualifier="MID">Per</given></name>',
        [null, 'Per', null],
      ],
      ['of a surname alone', '<name><family>Li</family></name>', [null, null, 'Li']],
      [
        'whatever blanks are in it',
        '<name><given>  Ola\n Per </given><family/></name>',
        ['Ola Per', null, null],
      ],
      ['in parts of any order', '<name><family>Li</family><given>Ola</given></name>', ['Ola', null, 'Li']],
      [
        'that is legal beside others',
        '<name use="OLD"><family>Ek</family></name><name use="C L"><family>Li</family></name>',
        [null, null, 'Li'],
      ],
    ] as const) {
      it(what, () => {
        const [given, middle, family] = name;
        expect(recordIn(content).name).to.deep.equal({ given, middle, family });
      });
    }

    it('and is not guessed at when none is the legal one', () => {
      expect(problemsIn(read('<name use="OLD"><family>Li</family></name>'))).to.deep.equal([
        'SYN106 None of the names is the legal one (use L).',
      ]);
    });

    it('in parts only', () => {
      expect(problemsIn(read('<name>Ola Li</name>'))).to.deep.equal([
        'SYN102 The element name has text outside of its parts.',
      ]);
    });
  });

  describe('has a gender', () => {
    for (const [code, gender] of [
      ['code="M" codeSystem="2.16.840.1.113883.5.1"', 'M'],
      ['code="F"', 'F'],
      ['code="UN"', null],
      ['code="1" codeSystem="2.16.578.1.12.4.1.1.3101"', 'M'],
      ['code="2" codeSystem="2.16.578.1.12.4.1.1.3101"', 'F'],
      ['code="0" codeSystem="2.16.578.1.12.4.1.1.3101"', null],
    ] as const) {
      it(`by ${code}`, () => {
        expect(recordIn(`<administrativeGenderCode ${code}/>`)).to.deep.equal({ gender });
      });
    }
  });

  it('has a birth date, as much of it as is known', () => {
    const births = ['1990', '199002', '19900210'].map(
      (value) => recordIn(`<birthTime value="${value}"/>`).birth,
    );
    expect(births).to.deep.equal(['1990', '1990-02', '1990-02-10']);
  });

  describe('is dead or alive', () => {
    for (const [content, record] of [
      ['<deceasedInd value="true"/>', { deceased: true }],
      ['<deceasedInd value="1"/>', { deceased: true }],
      ['<deceasedInd value="false"/>', { deceased: false, dateOfDeath: null }],
      ['<deceasedTime value="20240229"/>', { deceased: true, dateOfDeath: '2024-02-29' }],
      [
        '<deceasedInd value="true"/><deceasedTime value="20240229"/>',
        { deceased: true, dateOfDeath: '2024-02-29' },
      ],
    ] as const) {
      it(`by ${content}`, () => {
        expect(recordIn(content)).to.deep.equal(record);
      });
    }
  });

  describe('has an address', () => {
    const home = '<streetAddressLine>Vei 1</streetAddressLine>';
    for (const [what, content, kind] of [
      ['in Norway when nothing else is said', `<addr>${home}</addr>`, 'stay'],
      ['in Norway for TMP', `<addr use="TMP">${home}</addr>`, 'stay'],
      ['in Norway for WP, wherever it is', `<addr use="WP">${home}<country>POL</country></addr>`, 'stay'],
      ['in Norway for a home there', `<addr use="H">${home}<country>Norge</country></addr>`, 'stay'],
      ['in Norway for a home of no country', `<addr use="HP">${home}</addr>`, 'stay'],
      ['abroad for a home abroad', `<addr use="H">${home}<country>POL</country></addr>`, 'home-abroad'],
      ['abroad for another country', `<addr>${home}<country>Polen</country></addr>`, 'home-abroad'],
      ['for mail', `<addr use="PST">${home}<country>POL</country></addr>`, 'mail'],
      ['for mail first of all', `<addr use="H PST">${home}</addr>`, 'mail'],
    ] as const) {
      it(what, () => {
        expect(addressIn(content)?.kind).to.equal(kind);
      });
    }

    it('of all its parts', () => {
      const content =
        '<addr use="TMP"><streetName>Vei</streetName><houseNumber>1</houseNumber><buildingNumberSuffix>B</buildingNumberSuffix>' +
        '<additionalLocator>Oppgang 2</additionalLocator><postBox>Postboks 3</postBox><unitID>H0101</unitID><careOf>Noen</careOf>' +
        '<city>Trondheim</city><postalCode>7010</postalCode><county>5001</county><country>NOR</country><state>TX</state></addr>';
      expect(recordIn(content).addresses).to.deep.equal([
        recordedAddress({
          lines: ['Vei 1B', 'Oppgang 2', 'Postboks 3', 'H0101', 'TX'],
          postalCode: '7010',
          postalPlace: 'Trondheim',
          municipality: '5001',
          careOf: 'Noen',
          country: 'NOR',
        }),
      ]);
    });

    it('of one line for a street told twice, as our own replies do', () => {
      const content =
        '<addr><streetAddressLine>Vei 1B</streetAddressLine><streetName>VEI</streetName><houseNumber>1</houseNumber>' +
        '<buildingNumberSuffix>B</buildingNumberSuffix></addr>';
      expect(addressIn(content)?.lines).to.deep.equal(['Vei 1B']);
    });

    it('of plain text', () => {
      expect(addressIn('<addr>Vei 1,\n 7010 Trondheim</addr>')?.lines).to.deep.equal([
        'Vei 1, 7010 Trondheim',
      ]);
    });

    it('in the role too, after those of the person', () => {
      const told = readRole(`<addr><city>B</city></addr><telecom value="tel:2"/><name/>`);
      expect(told).to.deep.include({
        record: {
          addresses: [recordedAddress({ postalPlace: 'B' })],
          telecoms: [{ value: 'tel:2', use: null }],
        },
      });
    });
  });

  describe('has a telecom', () => {
    for (const [content, telecom] of [
      ['nullFlavor="NI" value="tel:+4700000000" use="MC"', { value: 'tel:+4700000000', use: 'MC' }],
      ['value="mailto:a@example.invalid"', { value: 'mailto:a@example.invalid', use: null }],
      ['value="+47 99 99 99 99" use="H MC"', { value: 'tel:+4799999999', use: 'H MC' }],
      ['value="a@example.invalid"', { value: 'mailto:a@example.invalid', use: null }],
    ] as const) {
      it(`by ${content}`, () => {
        expect(recordIn(`<telecom ${content}/>`).telecoms).to.deep.equal([telecom]);
      });
    }
  });

  it('has numbers given abroad, by their OIDs', () => {
    const content =
      '<asOtherIDs classCode="ACCESS"><id root="2.16.840.1.113883.4.330.616" extension="TEST1"/>' +
      '<id root="2.16.578.1.12.4.1.4.5" extension="209900000417"/><scopingOrganization xsi:nil="true"/></asOtherIDs>';
    expect(recordIn(content).foreignIds).to.deep.equal([
      { root: '2.16.840.1.113883.4.330.616', extension: 'TEST1' },
      { root: '2.16.578.1.12.4.1.4.5', extension: '209900000417' },
    ]);
  });

  it('has citizenships', () => {
    const nation = (code: string): string =>
      `<asCitizen><politicalNation><code code="${code}"/></politicalNation></asCitizen>`;
    expect(recordIn(nation('POL') + nation('nor')).citizenships).to.deep.equal(['POL', 'NOR']);
  });

  const refused: readonly (readonly [what: string, content: string, problem: string])[] = [
    ['a birth date that is none', '<birthTime value="19900230"/>', 'SYN102 The element birthTime'],
    [
      'an unknown gender',
      '<administrativeGenderCode code="X"/>',
      'SYN106 The element administrativeGenderCode',
    ],
    ['a death that is neither', '<deceasedInd value="yes"/>', 'SYN102 The element deceasedInd'],
    ['a month of death', '<deceasedTime value="202402"/>', 'SYN102 The element deceasedTime'],
    [
      'a death of the living',
      '<deceasedInd value="false"/><deceasedTime value="20240229"/>',
      'SYN102 The element deceasedTime contradicts',
    ],
    ['an unknown use of an address', '<addr use="RES"><city>A</city></addr>', 'SYN106 The element addr'],
    ['a birth tomorrow', '<birthTime value="20250116"/>', 'SYN102 The birthTime is a day to come.'],
    ['a birth next month', '<birthTime value="202502"/>', 'SYN102 The birthTime is a day to come.'],
    ['a birth next year', '<birthTime value="2026"/>', 'SYN102 The birthTime is a day to come.'],
    ['a death tomorrow', '<deceasedTime value="20250116"/>', 'SYN102 The deceasedTime is a day to come.'],
    [
      'a death before the birth',
      '<birthTime value="19800102"/><deceasedTime value="19800101"/>',
      'SYN102 The deceasedTime is before the birthTime.',
    ],
    [
      'a death before the year of birth',
      '<birthTime value="1980"/><deceasedTime value="19791231"/>',
      'SYN102 The deceasedTime is before the birthTime.',
    ],
    [
      'a confidential name',
      '<name use="L"><given>A</given></name><name use="L CONF"><given>B</given></name>',
      'SYN106 A confidential name',
    ],
    [
      'a confidential address of somebody else',
      '<contactParty><addr use="CONF"><city>A</city></addr></contactParty>',
      'SYN106 A confidential address',
    ],
    [
      'a level of protection that stands in the person',
      '<confidentialityCode code="V"/>',
      'SYN106 A person whose confidentialityCode is not N',
    ],
    [
      'a level of protection that is said to be nil',
      '<asEmployee><confidentialityCode xsi:nil="true" code="R"/></asEmployee>',
      'SYN106 A person whose confidentialityCode is not N',
    ],
    ['a confidential address', '<addr use="H CONF"><city>A</city></addr>', 'SYN106 A confidential address'],
    [
      'two cities in one address',
      '<addr><city>A</city><city>B</city></addr>',
      'SYN108 The element addr has more than one city',
    ],
    ['an unknown use of a telecom', '<telecom value="tel:1" use="X"/>', 'SYN106 The element telecom'],
    ['a telecom that is none', '<telecom value="ring me"/>', 'SYN102 The element telecom'],
    ['a telecom that is no URL', '<telecom value="mailto:a b@c"/>', 'SYN102 The element telecom'],
    ['an id without a root', '<asOtherIDs><id extension="1"/></asOtherIDs>', 'SYN102 An id in asOtherIDs'],
    ['an id without a number', '<asOtherIDs><id root="1.2"/></asOtherIDs>', 'SYN102 An id in asOtherIDs'],
    [
      'an id whose root is no OID',
      '<asOtherIDs><id root="pass" extension="1"/></asOtherIDs>',
      'SYN102 An id in asOtherIDs',
    ],
    [
      'a national number among the other ids',
      '<asOtherIDs><id root="2.16.578.1.12.4.1.4.1" extension="1"/></asOtherIDs>',
      'SYN102 A national, D- or help number',
    ],
    [
      'a country of two letters',
      '<asCitizen><politicalNation><code code="PL"/></politicalNation></asCitizen>',
      'SYN106 A citizenship',
    ],
    ['a long name', `<name><given>${'a'.repeat(201)}</given></name>`, 'SYN102 The element given is longer'],
    ['a long value', `<telecom value="tel:${'1'.repeat(200)}"/>`, 'SYN102 The element telecom is longer'],
    [
      'many addresses',
      '<addr><city>A</city></addr>'.repeat(21),
      'SYN108 There are more than 20 elements addr',
    ],
    [
      'many telecoms',
      '<telecom value="tel:1"/>'.repeat(21),
      'SYN108 There are more than 20 elements telecom',
    ],
    ['many names', '<name><given>A</given></name>'.repeat(21), 'SYN108 There are more than 20 elements name'],
    ['many other ids', '<asOtherIDs/>'.repeat(21), 'SYN108 There are more than 20 elements asOtherIDs'],
    ['many citizenships', '<asCitizen/>'.repeat(21), 'SYN108 There are more than 20 elements asCitizen'],
  ];
  for (const [what, content, problem] of refused) {
    it(`is refused for ${what}`, () => {
      const [first, ...more] = problemsIn(read(content));
      expect(first).to.contain(problem);
      expect(more).to.deep.equal([]);
    });
  }

  it('takes twenty of a kind', () => {
    expect(recordIn('<addr><city>A</city></addr>'.repeat(20)).addresses).to.have.length(20);
  });

  it('is refused when it asks for protection that nobody could give', () => {
    expect(problemsIn(readRole('<confidentialityCode code="R"/>'))).to.deep.equal([
      'SYN106 A person whose confidentialityCode is not N cannot be protected here.',
    ]);
    expect(readRole('<confidentialityCode code="N"/>')).to.deep.equal({ record: {}, warnings: [] });
  });

  it('is told everything that is wrong at once, each thing once', () => {
    const problems = problemsIn(
      read('<birthTime value="x"/><telecom value="x y"/><telecom value="z y"/><deceasedInd value="x"/>'),
    );
    expect(problems.map((problem) => problem.split(' ')[3])).to.deep.equal([
      'birthTime',
      'deceasedInd',
      'telecom',
    ]);
  });

  it('is malformed with two of what may stand once', () => {
    expect(() => read('<birthTime value="1990"/><birthTime value="1991"/>')).to.throw(MalformedRequest);
  });

  const losses: readonly (readonly [what: string, content: string, text: string])[] = [
    ...['desc', 'organDonorInd', 'multipleBirthInd', 'multipleBirthOrderNumber', 'maritalStatusCode'].map(
      (name) =>
        [
          name,
          `<${name} value="1">a</${name}>`,
          `The element ${name} in identifiedPerson is not kept.`,
        ] as const,
    ),
    [
      'a contact',
      '<contactParty><telecom value="tel:1"/></contactParty>',
      'The element contactParty in identifiedPerson is not kept.',
    ],
    [
      'a relative',
      '<personalRelationship><relationshipHolder><id root="1" extension="2"/></relationshipHolder></personalRelationship>',
      'The element personalRelationship in identifiedPerson is not kept.',
    ],
    [
      'an element that nobody knows',
      '<shoeSize value="43"/>',
      'An element of identifiedPerson that is not known here is not kept.',
    ],
    [
      'an element of another namespace',
      '<x:name xmlns:x="urn:x">A</x:name>',
      'An element of identifiedPerson that is not known here is not kept.',
    ],
    ['a title', '<name><prefix>Dr.</prefix></name>', 'The element prefix in name is not kept.'],
    [
      'a second name',
      '<name><given>A</given></name><name use="OLD"><given>B</given></name>',
      'A name beside the legal one is not kept.',
    ],
    ['a time of birth', '<birthTime value="199002101200"/>', 'The time of day in birthTime is not kept.'],
    [
      'a time of death',
      '<deceasedTime value="202402291200"/>',
      'The time of day in deceasedTime is not kept.',
    ],
    [
      'an unusable address',
      '<addr use="BAD"><city>A</city></addr>',
      'An address that is said to be unusable (use BAD) is not kept.',
    ],
    [
      'a census tract',
      '<addr><censusTract>1</censusTract></addr>',
      'The element censusTract in addr is not kept.',
    ],
    [
      'when a telephone is of use',
      '<telecom value="tel:1"><useablePeriod value="2024"/></telecom>',
      'The element useablePeriod in telecom is not kept.',
    ],
    [
      'who issued a passport',
      '<asOtherIDs><scopingOrganization><id root="1.2"/></scopingOrganization></asOtherIDs>',
      'The element scopingOrganization in asOtherIDs is not kept.',
    ],
    [
      'since when somebody is a citizen',
      '<asCitizen><effectiveTime><low value="2020"/></effectiveTime></asCitizen>',
      'The element effectiveTime in asCitizen is not kept.',
    ],
    [
      'the name of a nation',
      '<asCitizen><politicalNation><name>Polen</name></politicalNation></asCitizen>',
      'The element name in politicalNation is not kept.',
    ],
  ];
  for (const [what, content, text] of losses) {
    it(`is told that this is not kept: ${what}`, () => {
      expect(lossesIn(content)[0]).to.deep.equal([text]);
    });
  }

  it('is told so of the role too', () => {
    const told = readRole('<effectiveTime><low value="2020"/></effectiveTime><realmCode code="NO"/>');
    expect('warnings' in told && told.warnings.map(({ text }) => text)).to.deep.equal([
      'The element effectiveTime in identifiedPerson is not kept.',
    ]);
  });

  it('is not bothered with elements that say nothing', () => {
    const content =
      '<maritalStatusCode nullFlavor="NI"/><asEmployee classCode="EMP"><employerOrganization xsi:nil="true"/></asEmployee>' +
      '<guardian xsi:nil="true"/><name><given>A</given><validTime/></name>';
    expect(lossesIn(content)).to.deep.equal([[], { name: { given: 'A', middle: null, family: null } }]);
  });
});
