import { expect } from 'chai';
import { MalformedRequest } from '../../../src/errors/errors.js';
import { parameter, queryWith, refusalOf, sought } from '../../support/find-candidates.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const A = syntheticNumber();
const B = syntheticNumber(1);
const NAME = '<personName><value>Ola</value></personName>';
const HL7 = 'codeSystem="2.16.840.1.113883.5.1"';
const VOLVEN = 'codeSystem="2.16.578.1.12.4.1.1.3101"';
const NATIONAL = 'root="2.16.578.1.12.4.1.4.1"';

describe('a FindCandidates query', () => {
  it('searches people with help numbers too, and at most a hundred', () => {
    const { criteria, numbers } = sought(NAME);
    expect(numbers).to.deep.equal([]);
    expect([criteria.withHelpNumbers, criteria.limit]).to.deep.equal([true, 100]);
  });

  for (const [value, limit] of [
    ['1', 1],
    ['007', 7],
    ['+7', 7],
    ['100', 100],
    ['101', 100],
    ['99999999999999999999', 100],
  ] as const) {
    it(`takes initialQuantity ${value} as ${String(limit)}`, () => {
      expect(sought(NAME, `<initialQuantity value="${value}"/>`).criteria.limit).to.equal(limit);
    });
  }

  it('takes an initialQuantity without a value for none', () => {
    expect(sought(NAME, '<initialQuantity nullFlavor="NI"/>').criteria.limit).to.equal(100);
  });

  for (const [attributes, gender] of [
    [`code="F" ${HL7}`, 'F'],
    [`code="M" ${HL7} displayName="Mann" codeSystemName="AdministrativeGender"`, 'M'],
    ['code="M"', 'M'],
    [`code="1" ${VOLVEN}`, 'M'],
    [`code="2" ${VOLVEN}`, 'F'],
  ] as const) {
    it(`takes the gender ${attributes}`, () => {
      const { criteria } = sought(parameter('personAdministrativeGender', '', attributes));
      expect(criteria.gender).to.equal(gender);
    });
  }

  for (const [value, deceased] of [
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ] as const) {
    it(`takes personDeceased ${value}`, () => {
      const { criteria } = sought(parameter('personDeceased', '', `value="${value}"`));
      expect(criteria.deceased).to.equal(deceased);
    });
  }

  it('takes the numbers of both parameters, each once, whatever their roots say', () => {
    const { numbers, numberParameter } = sought(
      parameter('personRoleId', '', `extension="${B}"`) +
        `<personId><value ${NATIONAL} extension="${A}"/><value root="2.16.578.1.12.4.1.4.2" extension="${A}"/></personId>` +
        parameter('personId', '', 'root="2.16.578.1.12.4.1.4.5" extension="209900000417"'),
    );
    expect(numbers).to.deep.equal([A, '209900000417', B]);
    expect(numberParameter).to.equal('personId');
  });

  it('counts a value that is told twice once', () => {
    const twice = `<personName><value><given>Ola</given></value><value use="L"><given> Ola </given></value></personName>`;
    expect(sought(twice + twice).criteria.name?.given).to.equal('Ola');
    const year = parameter('personBirthTime', '', 'value="1980"');
    const days = parameter('personBirthTime', '<low value="19800101"/><high value="1980"/>');
    expect(sought(year + days).criteria.birth?.to).to.equal('1980-12-31');
  });

  it('heeds no semantics text, no blanks and no status that everybody has', () => {
    const { criteria } = sought(
      '<personName><value>Ola</value><semanticsText>Person.name</semanticsText></personName>' +
        '<personBirthTime nullFlavor="UNK"/><personAdministrativeGender><value/></personAdministrativeGender>' +
        '<identifiedPersonTelecom><value use="H"/><semanticsText>x</semanticsText></identifiedPersonTelecom>' +
        '<mothersMaidenName xsi:nil="true"/><personId><value root="2.16.578.1.12.4.1.4.1" extension=""/></personId>' +
        '<identifiedPersonStatusCode><value code="active"/></identifiedPersonStatusCode>',
    );
    const given = Object.entries(criteria).filter(([, criterion]) => criterion !== undefined);
    expect(given.map(([name]) => name)).to.have.members(['name', 'withHelpNumbers', 'limit']);
  });

  it('takes settings that ask for what is done anyway', () => {
    const settings =
      '<queryId root="1.2" extension="q"/><statusCode code="new"/><modifyCode code="N"/>' +
      '<responseModalityCode code="R"/><responsePriorityCode code="I"/><initialQuantityCode code="RD"/>' +
      '<executionAndDeliveryTime/><matchCriterionList/><sortControl nullFlavor="NI"/>';
    expect(refusalOf(NAME, settings)).to.equal(undefined);
  });

  for (const [what, parameters, refusal] of [
    ['nothing', '', 'parameterList: holds nothing'],
    ['blank parameters alone', '<personName><value/></personName>', 'parameterList: holds nothing'],
    [
      'a status alone',
      parameter('identifiedPersonStatusCode', '', 'code="active"'),
      'parameterList: holds nothing',
    ],
    ['an unknown parameter that holds nothing', `${NAME}<hairColour/>`, 'parameterList: has an element'],
    [
      'an unknown parameter that is nil',
      `${NAME}<hairColour xsi:nil="true"/>`,
      'parameterList: has an element',
    ],
    [
      'a parameter that is nil and says something',
      `${NAME}<personBirthTime xsi:nil="true"><value value="1980"/></personBirthTime>`,
      'personBirthTime: is said to be nil and has content',
    ],
    [
      'a value that is nil and says something',
      `${NAME}<personBirthTime><value xsi:nil="true" value="1980"/></personBirthTime>`,
      'personBirthTime: is said to be nil and has content',
    ],
    ['an unknown parameter', `${NAME}<hairColour><value code="red"/></hairColour>`, 'parameterList: has an'],
    [
      'one of another namespace',
      '<personName xmlns="urn:x"><value>A</value></personName>',
      'parameterList: ',
    ],
    ['text between parameters', `${NAME}Per`, 'parameterList: has text'],
    ['text in a parameter', '<personName>Ola</personName>', 'personName: has text'],
    ['an attribute of a parameter', '<personName given="Ola"/>', 'personName: has an element or attribute'],
    [
      'an unknown element in a parameter',
      '<personName><values>A</values></personName>',
      'personName: has an',
    ],
    ['two names', NAME + parameter('personName', 'Per'), 'personName: has two values'],
    [
      'two birth times',
      '<personBirthTime><value value="1980"/><value value="1981"/></personBirthTime>',
      'personBirthTime: has two',
    ],
    [
      'both genders',
      '<personAdministrativeGender><value code="M"/><value code="F"/></personAdministrativeGender>',
      'personAdministrativeGender: has two',
    ],
    [
      'a gender that is neither',
      parameter('personAdministrativeGender', '', `code="UN" ${HL7}`),
      'has a code',
    ],
    ['a gender not known', parameter('personAdministrativeGender', '', `code="9" ${VOLVEN}`), 'has a code'],
    ['a gender of no system', parameter('personAdministrativeGender', '', `code="1" ${HL7}`), 'has a code'],
    [
      'a gender of another',
      parameter('personAdministrativeGender', '', 'code="F" codeSystem="1.2"'),
      'a code',
    ],
    ['a gender in words', parameter('personAdministrativeGender', '', 'displayName="Mann"'), 'has a code'],
    [
      'a gender with a translation',
      parameter('personAdministrativeGender', '<translation code="F"/>', 'code="M"'),
      'has an element',
    ],
    ['a death in doubt', parameter('personDeceased', '', 'value="maybe"'), 'personDeceased: is neither'],
    ['another status', parameter('identifiedPersonStatusCode', '', 'code="terminated"'), 'a code'],
    ['ten digits', parameter('personId', '', 'extension="0181804981"'), 'personId: is not a number'],
    ['a number without extension', parameter('personRoleId', '', NATIONAL), 'personRoleId: is not a number'],
    [
      'a passport',
      parameter('personId', '', `root="2.16.840.1.113883.4.330.616" extension="${A}"`),
      'personId: is of an authority',
    ],
    ['an id of the list', '<id root="1.2" extension="x"/>', 'id: cannot be searched by'],
    ...['groupId', 'otherIDsScopingOrganization'].map(
      (name) => [name, parameter(name, '', 'root="1.2"'), `${name}: cannot be searched by`] as const,
    ),
    ...['mothersMaidenName', 'personBirthPlaceName', 'personBirthPlaceAddress'].map(
      (name) => [name, parameter(name, 'Oslo'), `${name}: cannot be searched by`] as const,
    ),
    ['a telecom', parameter('identifiedPersonTelecom', '', 'value="tel:1"'), 'Telecom: cannot be searched'],
  ] as const) {
    it(`is refused with ${what}`, () => {
      expect(refusalOf(parameters)).to.contain(refusal);
    });
  }

  for (const [settings, refusal] of [
    ['<initialQuantity value="-1"/>', 'initialQuantity: is not a whole number'],
    ['<initialQuantity value="0"/>', 'initialQuantity: is not a whole number from 1'],
    ['<initialQuantity value="+00"/>', 'initialQuantity: is not a whole number from 1'],
    ['<hurry/>', 'queryByParameter: has an element'],
    ['<statusCode xmlns="urn:x"/>', 'queryByParameter: has an element'],
    ['<initialQuantity xsi:nil="true" value="5"/>', 'initialQuantity: is said to be nil'],
    ['<sortControl xsi:nil="1"><elementName value="x"/></sortControl>', 'sortControl: is said to be nil'],
    ['<initialQuantity value="1.5"/>', 'initialQuantity: is not a whole number'],
    ['<initialQuantity value="ten"/>', 'initialQuantity: is not a whole number'],
    ['<initialQuantity>10</initialQuantity>', 'initialQuantity: has text'],
    ['<initialQuantityCode code="BY"/>', 'initialQuantityCode: has a code'],
    ['<responsePriorityCode code="D"/>', 'responsePriorityCode: has a code'],
    ['<responseModalityCode code="B"/>', 'responseModalityCode: has a code'],
    ['<modifyCode code="M"/>', 'modifyCode: has a code'],
    ['<statusCode code="aborted"/>', 'statusCode: has a code'],
    ['<responseElementGroupId root="1.2"/>', 'responseElementGroupId: cannot'],
    ['<executionAndDeliveryTime value="2026"/>', 'executionAndDeliveryTime: cannot'],
    [
      '<matchCriterionList><minimumDegreeMatch><value value="80"/></minimumDegreeMatch></matchCriterionList>',
      'matchCriterionList: cannot',
    ],
    ['<sortControl><elementName>name</elementName></sortControl>', 'sortControl: cannot'],
    ['<anything value="1"/>', 'queryByParameter: has an element'],
  ] as const) {
    it(`is refused with ${settings}`, () => {
      expect(refusalOf(NAME, settings)).to.contain(refusal);
    });
  }

  it('is malformed with two lists', () => {
    expect(() => sought(`${NAME}</parameterList><parameterList>${NAME}`)).to.throw(MalformedRequest);
    expect(queryWith(NAME)).to.contain('<parameterList>');
  });
});
