import type { XmlNode } from '../../../xml/element.js';
import { attributeText } from './attribute-text.js';
import type { ChoiceMember, ElementMember, FlatType } from './schema-types.js';
import { isBuiltIn, type TypeTable } from './type-table.js';
import { TypedWriteError } from './typed-write-error.js';
import {
  nil,
  type AttributeValue,
  type ElementValue,
  type MemberValue,
  type TypedPart,
  type TypedStructure,
} from './typed-value.js';

const xsiNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
const xsiType = '@xsi:type';

/**
 * Writes a value as an element of one of the table's types: attributes and children in the published order, whatever
 * their order in the value. Children get no prefix, so the HL7 namespace must be the default one where they stand.
 *
 * @param name qualified name of the element itself, as written
 * @throws TypedWriteError for whatever the type does not allow, and for what is known to break old clients: empty
 *   attributes, empty parts, names and addresses without parts (contract preg-hl7v3, 2.2)
 */
export function writeTyped(
  table: TypeTable,
  name: string,
  typeName: string,
  value: TypedStructure | string,
): XmlNode {
  return new Writer(table).element(name, typeName, value, name);
}

class Writer {
  constructor(private readonly table: TypeTable) {}

  element(name: string, declaredType: string, value: TypedStructure | string, path: string): XmlNode {
    if (isBuiltIn(declaredType)) return { name, content: [plainText(value, path)] };
    const structure: TypedStructure = typeof value === 'string' ? { '#text': value } : value;
    const type = this.#actualType(declaredType, structure, path);
    checkMembers(type, structure, path);
    const attributes = this.#attributes(type, structure, path);
    const content = [
      ...text(structure, path),
      ...type.particles.flatMap((particle) =>
        particle.kind === 'element'
          ? this.#children(particle, structure, path)
          : this.#choice(type, particle, structure, path),
      ),
    ];
    const written = { name, attributes, content };
    checkNotEmpty(type, structure, written, path);
    return written;
  }

  #actualType(declaredType: string, structure: TypedStructure, path: string): FlatType {
    const named = structure[xsiType] ?? declaredType;
    if (typeof named !== 'string' || !this.table.complexTypes.has(named))
      throw new TypedWriteError('unknown-type', path, 'xsi:type names no type of the table');
    if (named !== declaredType && !this.table.extends(named, declaredType))
      throw new TypedWriteError('unknown-type', path, `${named} does not extend ${declaredType}`);
    const type = this.table.flatten(named);
    if (type.abstract)
      throw new TypedWriteError('unknown-type', path, `${named} is abstract and needs xsi:type`);
    return type;
  }

  #attributes(type: FlatType, structure: TypedStructure, path: string): Record<string, string> {
    const written: Record<string, string> = {};
    if (structure[xsiType] !== undefined) {
      written['xmlns:xsi'] = xsiNamespace;
      written['xsi:type'] = type.name;
    }
    for (const [key, attribute] of type.attributeKeys) {
      const value = structure[key];
      if (value !== undefined && !isEmptyList(value))
        written[attribute.name] = attributeText(this.table, attribute, value, `${path}/${key}`);
      else if (attribute.required && !attribute.list)
        throw new TypedWriteError('missing', `${path}/${key}`, 'a required attribute');
    }
    return written;
  }

  #children(member: ElementMember, structure: TypedStructure, path: string): XmlNode[] {
    const given = structure[member.name];
    if (!isPresent(given) && member.occurs !== 'one') return [];
    const at = `${path}/${member.name}`;
    const values = elementValues(given, at);
    if (values.length === 0)
      throw new TypedWriteError(
        'missing',
        at,
        member.nillable ? 'required; nil may stand for it' : 'required',
      );
    if (values.length > 1 && member.occurs !== 'many')
      throw new TypedWriteError('too-many', at, 'may occur once only');
    return values.map((value) => this.#child(member, value, at));
  }

  #child(member: ElementMember, value: ElementValue, path: string): XmlNode {
    if (value !== nil) return this.element(member.name, member.type, value, path);
    if (!member.nillable) throw new TypedWriteError('not-nillable', path, 'may not be nil');
    return { name: member.name, attributes: { 'xmlns:xsi': xsiNamespace, 'xsi:nil': 'true' }, content: [] };
  }

  #choice(
    type: FlatType,
    choice: ChoiceMember,
    structure: TypedStructure,
    path: string,
  ): (XmlNode | string)[] {
    if (choice.repeated && structure.parts !== undefined)
      return structure.parts.map((part) => this.#part(type, choice, part, path));
    const given = choice.alternatives.filter((member) => isPresent(structure[member.name]));
    if (choice.repeated) return given.flatMap((member) => this.#children(member, structure, path));
    if (given.length > 1) throw new TypedWriteError('too-many', path, `only one of ${names(choice)}`);
    if (given.length === 0 && choice.alternatives.every((member) => member.occurs === 'one'))
      throw new TypedWriteError('missing', path, `one of ${names(choice)} is required`);
    return given.flatMap((member) => this.#children(member, structure, path));
  }

  #part(type: FlatType, choice: ChoiceMember, part: TypedPart, path: string): XmlNode | string {
    if (typeof part === 'string') return this.#textPart(type, part, `${path}/parts`);
    const [name, content, partText] = part;
    const member = choice.alternatives.find((alternative) => alternative.name === name);
    if (member === undefined)
      throw new TypedWriteError('unknown-member', `${path}/parts`, 'a part that the type does not have');
    const value =
      partText === undefined || typeof content === 'string' ? content : { ...content, '#text': partText };
    return this.element(member.name, member.type, value, `${path}/${member.name}`);
  }

  #textPart(type: FlatType, part: string, path: string): string {
    if (type.mixed) return nonBlank(part, path);
    throw new TypedWriteError('not-a-value', path, `${type.name} holds no text`);
  }
}

function checkMembers(type: FlatType, structure: TypedStructure, path: string): void {
  for (const member of Object.keys(structure))
    if (!isMember(type, structure, member))
      throw new TypedWriteError('unknown-member', `${path}/${member}`, `not a member of ${type.name}`);
}

/**
 * Alternatives of a repeated choice are given by name or in `parts`, never both; in types that hold text, in `parts`
 * alone: the order of a name's or an address's parts is part of what it says.
 */
function isMember(type: FlatType, structure: TypedStructure, member: string): boolean {
  if (member === xsiType) return true;
  if (member.startsWith('@')) return type.attributes.has(member.slice(1));
  if (member === '#text') return type.mixed;
  if (member === 'parts') return type.repeatedElements.size > 0;
  const inParts = type.mixed || structure.parts !== undefined;
  return type.elements.has(member) || (!inParts && type.repeatedElements.has(member));
}

/** An element of a data type that says nothing breaks readers that index into its text, so it is left out instead. */
function checkNotEmpty(type: FlatType, structure: TypedStructure, written: XmlNode, path: string): void {
  if (type.section !== 'data') return;
  const nothing = written.content?.length === 0;
  const empty = type.mixed
    ? nothing || (type.repeatedElements.size > 0 && !hasPartsOrText(structure))
    : nothing && Object.keys(written.attributes ?? {}).length === 0;
  if (empty) throw new TypedWriteError('empty', path, 'nothing in it; leave the element out');
}

function hasPartsOrText(structure: TypedStructure): boolean {
  return structure['#text'] !== undefined || (structure.parts ?? []).length > 0;
}

function text(structure: TypedStructure, path: string): string[] {
  const given = structure['#text'];
  return given === undefined ? [] : [nonBlank(given, path)];
}

function plainText(value: TypedStructure | string, path: string): string {
  if (typeof value === 'string') return nonBlank(value, path);
  throw new TypedWriteError('not-a-value', path, 'takes text alone');
}

function nonBlank(given: string, path: string): string {
  if (given.trim() === '') throw new TypedWriteError('empty', path, 'blank text; leave the element out');
  return given;
}

function elementValues(value: MemberValue, path: string): ElementValue[] {
  if (value === undefined) return [];
  const list = isList(value) ? value : [value];
  return list.map((item) => {
    if (isElementValue(item)) return item;
    throw new TypedWriteError('not-a-value', path, 'not the value of an element');
  });
}

function isElementValue(value: unknown): value is ElementValue {
  return (
    typeof value === 'string' ||
    value === nil ||
    (typeof value === 'object' && value !== null && !Array.isArray(value))
  );
}

function isList(value: MemberValue): value is Extract<MemberValue, readonly unknown[]> {
  return Array.isArray(value);
}

function isEmptyList(value: AttributeValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isPresent(value: MemberValue): boolean {
  return value !== undefined && !(isList(value) && value.length === 0);
}

function names(choice: ChoiceMember): string {
  return choice.alternatives.map((member) => member.name).join(', ');
}
