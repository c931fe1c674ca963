import { expect } from 'chai';
import { loadTypeTable, parseTypeTable } from '../../../../src/legacy/hl7v3/schema/load-type-table.js';
import { hl7v3Operations } from '../../../../src/contract/hl7v3/operations.js';
import {
  elementsOf,
  TypeTableError,
  type TypeTable,
} from '../../../../src/legacy/hl7v3/schema/type-table.js';
import { typeTablePath } from './places.js';

describe('the HL7 v3 type table that is shipped', () => {
  let table: TypeTable;

  before(async () => {
    table = await loadTypeTable(typeTablePath);
  });

  it('has the messages of all six operations', () => {
    expect(hl7v3Operations).to.have.length(6);
    for (const { requestType, replyType } of hl7v3Operations) {
      expect(table.complexType(requestType).section, requestType).to.equal('message');
      expect(table.complexType(replyType).section, replyType).to.equal('message');
    }
  });

  it('puts inherited members first', () => {
    expect(elementNames('CE')).to.deep.equal(['originalText', 'qualifier', 'translation']);
    expect([...table.flatten('IVL_TS').attributes.keys()]).to.deep.equal(['nullFlavor', 'value', 'operator']);
    expect(elementNames('PRPA_IN101308NO01').slice(0, 5)).to.deep.equal([
      'realmCode',
      'typeId',
      'templateId',
      'id',
      'creationTime',
    ]);
    expect(elementNames('PRPA_IN101308NO01').slice(-2)).to.deep.equal([
      'acknowledgement',
      'controlActProcess',
    ]);
  });

  it('lets text content be inherited', () => {
    expect(table.flatten('adxp.city').mixed).to.equal(true);
    expect(table.flatten('PN').mixed).to.equal(true);
    expect(table.flatten('II').mixed).to.equal(false);
  });

  it('knows which type extends which', () => {
    expect(table.extends('IVL_TS', 'ANY')).to.equal(true);
    expect(table.extends('IVL_TS', 'IVL_TS')).to.equal(true);
    expect(table.extends('ANY', 'IVL_TS')).to.equal(false);
  });

  it('keeps free the names that the typed writer gives a meaning of its own', () => {
    const names = [...table.complexTypes.values()].flatMap(({ particles }) => particles.flatMap(elementsOf));
    expect(names.map(({ name }) => name)).not.to.include('parts');
  });

  it('refuses a name that it does not have', () => {
    expect(() => table.complexType('PRPA_MT101303')).to.throw(TypeTableError, 'PRPA_MT101303');
    expect(() => table.codeValues('Colour')).to.throw(TypeTableError, 'Colour');
  });

  function elementNames(type: string): readonly string[] {
    return table
      .flatten(type)
      .particles.flatMap(elementsOf)
      .map(({ name }) => name);
  }
});

describe('reading a type table', () => {
  const rest = 'messages: {}\nclassHead: id II ?\n';
  const minimal = `codes: { Mood: EVN RQO }\ndataTypes: { II: { attributes: root xs:string } }\n${rest}`;

  it('resolves names within a package and puts the common head first', () => {
    const table = parse(`${minimal}classes:
  P:
    Outer: { elements: 'inner .Inner 1 nil, one of (a II ?, b .Inner 1)' }
    Inner: { attributes: 'mood Mood[] required, root xs:string = x' }`);
    expect(table.complexType('P.Outer').particles).to.deep.equal([
      { kind: 'element', name: 'id', type: 'II', occurs: 'optional', nillable: false },
      { kind: 'element', name: 'inner', type: 'P.Inner', occurs: 'one', nillable: true },
      {
        kind: 'choice',
        repeated: false,
        alternatives: [
          { kind: 'element', name: 'a', type: 'II', occurs: 'optional', nillable: false },
          { kind: 'element', name: 'b', type: 'P.Inner', occurs: 'one', nillable: false },
        ],
      },
    ]);
    expect(table.complexType('P.Inner').attributes).to.deep.equal([
      { name: 'mood', type: 'Mood', list: true, required: true, default: undefined },
      { name: 'root', type: 'xs:string', list: false, required: false, default: 'x' },
    ]);
  });

  for (const [defect, classes, place] of [
    ['an element without cardinality', '{ P: { A: { elements: id II } } }', 'table.yaml: P.A: "id II"'],
    ['an attribute without type', '{ P: { A: { attributes: mood } } }', 'table.yaml: P.A: "mood"'],
    [
      'an unknown element type',
      '{ P: { A: { elements: id XX ? } } }',
      'table.yaml: P.A, element id: type XX',
    ],
    [
      'an unknown attribute type',
      '{ P: { A: { attributes: m Xx } } }',
      'table.yaml: P.A, attribute m: type Xx',
    ],
    ['an unknown base', '{ P: { A: { base: XX } } }', 'table.yaml: P.A: base XX'],
    [
      'a type that extends itself',
      '{ P: { A: { base: P.B }, B: { base: P.A } } }',
      'table.yaml: P.A extends itself',
    ],
    ['an unknown key', '{ P: { A: { element: id II ? } } }', 'table.yaml: classes.P.A'],
    ['what is not YAML', '{', 'table.yaml: '],
  ] as const)
    it(`names the place of ${defect}`, () => {
      expect(() => parse(`${minimal}classes: ${classes}`)).to.throw(TypeTableError, place);
    });

  it('refuses a type that is there twice', () => {
    const twice = minimal.replace('messages: {}', 'messages: { II: {} }');
    expect(() => parse(`${twice}classes: {}`)).to.throw(TypeTableError, 'II is there twice');
  });

  it('refuses a package-relative name outside of a package', () => {
    const loose = minimal.replace('attributes: root xs:string', 'elements: id .II ?');
    expect(() => parse(`${loose}classes: {}`)).to.throw(TypeTableError, 'outside of a package');
  });

  function parse(text: string): TypeTable {
    return parseTypeTable(text, 'table.yaml');
  }
});
