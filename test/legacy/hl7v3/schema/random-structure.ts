import type {
  AttributeMember,
  ChoiceMember,
  ElementMember,
} from '../../../../src/legacy/hl7v3/schema/schema-types.js';
import { isBuiltIn, type TypeTable } from '../../../../src/legacy/hl7v3/schema/type-table.js';
import {
  nil,
  type ElementValue,
  type MemberValue,
  type TypedPart,
  type TypedStructure,
} from '../../../../src/legacy/hl7v3/schema/typed-value.js';

/** A random whole number from 0 up to, and without, `count`. */
export type Draw = (count: number) => number;

const sampleTexts: Readonly<Record<string, string>> = {
  'xs:string': 'tekst',
  'xs:token': 'NO',
  'xs:boolean': 'true',
  'xs:integer': '7',
  'xs:double': '0.5',
  'xs:anyURI': 'tel:+4700000000',
  'xs:base64Binary': 'AAAA',
};

/** A random value of a type, members in the table's order: some optional ones, all required ones, data never empty. */
export function randomStructure(table: TypeTable, typeName: string, draw: Draw, depth = 0): TypedStructure {
  const type = table.flatten(typeName);
  const members: Record<string, MemberValue> = {};
  for (const attribute of type.attributes.values())
    if (type.section === 'data' || attribute.required || draw(2) === 0)
      members[`@${attribute.name}`] = attributeValue(table, attribute, draw);
  const wanted = (): boolean => depth < 12 && draw(1 + depth) === 0;
  for (const particle of type.particles) {
    if (particle.kind === 'choice' && particle.repeated) {
      if (type.mixed || wanted()) members['parts'] = [randomPart(table, particle, draw, depth)];
    } else {
      const member = particle.kind === 'element' ? particle : pick(particle.alternatives, draw);
      if (member.occurs === 'one' || wanted()) members[member.name] = occurrences(table, member, draw, depth);
    }
  }
  if (type.mixed && members['parts'] === undefined) members['#text'] = 'tekst';
  return asStructure(members);
}

/** The same value with the members of every structure in another order. */
export function shuffled(value: TypedStructure, draw: Draw): TypedStructure {
  const rest = Object.entries(value);
  const members: [string, MemberValue][] = [];
  while (rest.length > 0) members.push(...rest.splice(draw(rest.length), 1));
  return asStructure(
    Object.fromEntries(members.map(([name, member]) => [name, shuffledMember(member, draw)])),
  );
}

function shuffledMember(member: MemberValue, draw: Draw): MemberValue {
  if (isStructure(member)) return shuffled(member, draw);
  if (!isElementList(member)) return member;
  return member.map((item) => (isStructure(item) ? shuffled(item, draw) : item));
}

function occurrences(
  table: TypeTable,
  member: ElementMember,
  draw: Draw,
  depth: number,
): readonly ElementValue[] {
  const count = member.occurs === 'many' ? 1 + draw(2) : 1;
  return Array.from({ length: count }, () => elementValue(table, member, draw, depth));
}

function elementValue(table: TypeTable, member: ElementMember, draw: Draw, depth: number): ElementValue {
  if (isBuiltIn(member.type)) return sampleTexts[member.type] ?? '';
  if (member.nillable && (depth > 12 || draw(4) === 0)) return nil;
  if (!table.complexType(member.type).abstract) return randomStructure(table, member.type, draw, depth + 1);
  return { '@xsi:type': 'INT', '@value': draw(100) };
}

function randomPart(table: TypeTable, choice: ChoiceMember, draw: Draw, depth: number): TypedPart {
  const member = pick(choice.alternatives, draw);
  return [member.name, randomStructure(table, member.type, draw, depth + 1)];
}

function attributeValue(
  table: TypeTable,
  attribute: AttributeMember,
  draw: Draw,
): string | readonly string[] {
  if (isBuiltIn(attribute.type)) return sampleTexts[attribute.type] ?? '';
  const code = pick(table.codeValues(attribute.type), draw);
  return attribute.list ? [code] : code;
}

function pick<T>(items: readonly T[], draw: Draw): T {
  const item = items[draw(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

function asStructure(members: Readonly<Record<string, MemberValue>>): TypedStructure {
  if (hasAttributeValues(members)) return members;
  throw new Error('an attribute with a structure for a value');
}

function hasAttributeValues(members: Readonly<Record<string, MemberValue>>): members is TypedStructure {
  return Object.entries(members).every(([name, value]) => !name.startsWith('@') || !isStructure(value));
}

function isStructure(value: MemberValue | TypedPart): value is TypedStructure {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Parts keep their order, so a list of them is not one of elements. */
function isElementList(value: MemberValue): value is readonly ElementValue[] {
  return Array.isArray(value) && !value.some((item) => Array.isArray(item) || typeof item === 'string');
}
