import { escapeAttribute, escapeText } from '../../../xml/escape.js';
import { elementMarkup, markedUp, type ElementMarkup } from '../../../xml/markup.js';
import { WrittenXml } from '../../../xml/written-xml.js';
import {
  compileType,
  type CompiledElement,
  type CompiledMember,
  type CompiledParts,
  type CompiledType,
} from './compiled-type.js';
import { Place } from './place.js';
import type { ChoiceMember } from './schema-types.js';
import { isBuiltIn, type TypeTable } from './type-table.js';
import { TypedWriteError } from './typed-write-error.js';
import {
  nil,
  type ElementValue,
  type MemberValue,
  type TypedPart,
  type TypedStructure,
} from './typed-value.js';

const xsiType = '@xsi:type';

/**
 * Writes values as elements of the table's types: attributes and children in the published order, whatever their order
 * in the value. Elements get no prefix, so the HL7 namespace must be the default one where they stand.
 *
 * Types are compiled when they are first written, and a message becomes text in one pass over its values.
 */
export class TypedWriter {
  readonly #types = new Map<string, CompiledType>();
  readonly #roots = new Map<string, ElementMarkup>();

  constructor(private readonly table: TypeTable) {}

  /**
   * @param name qualified name of the element itself, as written
   * @throws TypedWriteError for whatever the type does not allow, and for what is known to break old clients: empty
   *   attributes, empty parts, names and addresses without parts (contract preg-hl7v3, 2.2)
   */
  write(name: string, typeName: string, value: TypedStructure | string): WrittenXml {
    const markup = this.#rootMarkup(name);
    const place = new Place(name);
    return new WrittenXml(
      isBuiltIn(typeName)
        ? markedUp(markup, '', plainText(value, place))
        : this.#structure(markup, typeName, value, place),
    );
  }

  /** Messages are few, and written over and over. */
  #rootMarkup(name: string): ElementMarkup {
    const known = this.#roots.get(name);
    if (known !== undefined) return known;
    const markup = elementMarkup(name);
    this.#roots.set(name, markup);
    return markup;
  }

  #structure(
    markup: ElementMarkup,
    declaredType: string,
    value: TypedStructure | string,
    place: Place,
  ): string {
    const structure: TypedStructure = typeof value === 'string' ? { '#text': value } : value;
    const type = this.#actualType(declaredType, structure, place);
    const given = givenMembers(type, structure, place);
    requireWhole(type, structure, place);
    let attributes = structure[xsiType] === undefined ? '' : type.typeAttributes;
    let content = '';
    for (const member of given) {
      switch (member.kind) {
        case 'attribute':
          attributes += `${member.start}${escapeAttribute(member.text(structure[member.key] ?? '', place))}"`;
          break;
        case 'text':
          content += escapeText(nonBlank(structure['#text'] ?? '', place));
          break;
        case 'parts':
          for (const part of structure.parts ?? []) content += this.#part(type, member, part, place);
          break;
        case 'element':
          place.enter(member.key);
          for (const each of elementValues(member, structure[member.key], place)) {
            content += this.#element(member, each, place);
          }
          place.leave();
      }
    }
    requireContent(type, structure, { attributes, content }, place);
    return markedUp(markup, attributes, content);
  }

  #actualType(declaredType: string, structure: TypedStructure, place: Place): CompiledType {
    const named = structure[xsiType] ?? declaredType;
    const type = typeof named === 'string' ? this.#compiled(named) : undefined;
    if (type === undefined)
      throw new TypedWriteError('unknown-type', place.path(), 'xsi:type names no type of the table');
    const { name, abstract } = type.flat;
    if (name !== declaredType && !this.table.extends(name, declaredType))
      throw new TypedWriteError('unknown-type', place.path(), `${name} does not extend ${declaredType}`);
    if (abstract)
      throw new TypedWriteError('unknown-type', place.path(), `${name} is abstract and needs xsi:type`);
    return type;
  }

  #compiled(name: string): CompiledType | undefined {
    const known = this.#types.get(name);
    if (known !== undefined || !this.table.complexTypes.has(name)) return known;
    const type = compileType(this.table, name);
    this.#types.set(name, type);
    return type;
  }

  #element(element: CompiledElement, value: ElementValue, place: Place): string {
    const { member, markup } = element;
    if (value === nil) {
      if (member.nillable) return markedUp(markup, element.nilAttributes, '');
      throw new TypedWriteError('not-nillable', place.path(), 'may not be nil');
    }
    return element.hasBuiltInType
      ? markedUp(markup, '', plainText(value, place))
      : this.#structure(markup, member.type, value, place);
  }

  #part(type: CompiledType, { alternatives }: CompiledParts, part: TypedPart, place: Place): string {
    if (typeof part === 'string') return textPart(type, part, place);
    const [name, content, partText] = part;
    const element = alternatives.get(name);
    if (element === undefined)
      throw new TypedWriteError('unknown-member', place.path('parts'), 'a part that the type does not have');
    const value =
      partText === undefined || typeof content === 'string' ? content : { ...content, '#text': partText };
    place.enter(name);
    const written = this.#element(element, value, place);
    place.leave();
    return written;
  }
}

/** The members that have a value, in the order of the type. */
function givenMembers(
  type: CompiledType,
  structure: TypedStructure,
  place: Place,
): readonly CompiledMember[] {
  const given: CompiledMember[] = [];
  let isInOrder = true;
  let last = -1;
  for (const key of Object.keys(structure)) {
    const member = type.members.get(key);
    if (member === undefined || isMisplacedPart(type, member, structure)) {
      if (key === xsiType) continue;
      throw new TypedWriteError('unknown-member', place.path(key), `not a member of ${type.flat.name}`);
    }
    if (!isPresent(structure[key])) continue;
    if (member.order < last) isInOrder = false;
    last = member.order;
    given.push(member);
  }
  return isInOrder ? given : given.sort((one, other) => one.order - other.order);
}

/**
 * Alternatives of a repeated choice are given by name or in `parts`, never both; in types that hold text, in `parts`
 * alone: the order of a name's or an address's parts is part of what it says.
 */
function isMisplacedPart(type: CompiledType, member: CompiledMember, structure: TypedStructure): boolean {
  return member.kind === 'element' && member.isPart && (type.flat.mixed || structure.parts !== undefined);
}

function requireWhole(type: CompiledType, structure: TypedStructure, place: Place): void {
  for (const { key } of type.requiredAttributes)
    if (!isPresent(structure[key]))
      throw new TypedWriteError('missing', place.path(key), 'a required attribute');
  for (const { name, nillable } of type.requiredElements)
    if (!isPresent(structure[name]))
      throw new TypedWriteError(
        'missing',
        place.path(name),
        nillable ? 'required; nil may stand for it' : 'required',
      );
  for (const choice of type.choices) requireOneOf(choice, structure, place);
}

function requireOneOf(choice: ChoiceMember, structure: TypedStructure, place: Place): void {
  const given = choice.alternatives.filter(({ name }) => isPresent(structure[name]));
  if (given.length > 1) throw new TypedWriteError('too-many', place.path(), `only one of ${names(choice)}`);
  if (given.length === 0 && choice.alternatives.every(({ occurs }) => occurs === 'one'))
    throw new TypedWriteError('missing', place.path(), `one of ${names(choice)} is required`);
}

/** An element of a data type that says nothing breaks readers that index into its text, so it is left out instead. */
function requireContent(
  { flat, members }: CompiledType,
  structure: TypedStructure,
  { attributes, content }: { readonly attributes: string; readonly content: string },
  place: Place,
): void {
  if (flat.section !== 'data') return;
  const empty = flat.mixed
    ? content === '' || (members.has('parts') && !hasPartsOrText(structure))
    : content === '' && attributes === '';
  if (empty) throw new TypedWriteError('empty', place.path(), 'nothing in it; leave the element out');
}

function hasPartsOrText(structure: TypedStructure): boolean {
  return structure['#text'] !== undefined || (structure.parts ?? []).length > 0;
}

function textPart({ flat }: CompiledType, part: string, place: Place): string {
  if (!flat.mixed)
    throw new TypedWriteError('not-a-value', place.path('parts'), `${flat.name} holds no text`);
  return escapeText(nonBlank(part, place, 'parts'));
}

function plainText(value: TypedStructure | string, place: Place): string {
  if (typeof value === 'string') return escapeText(nonBlank(value, place));
  throw new TypedWriteError('not-a-value', place.path(), 'takes text alone');
}

function nonBlank(given: string, place: Place, ...inside: readonly string[]): string {
  if (given.trim() === '')
    throw new TypedWriteError('empty', place.path(...inside), 'blank text; leave the element out');
  return given;
}

function elementValues(
  { member }: CompiledElement,
  value: MemberValue,
  place: Place,
): readonly ElementValue[] {
  const list = isList(value) ? value : [value];
  if (list.length > 1 && member.occurs !== 'many')
    throw new TypedWriteError('too-many', place.path(), 'may occur once only');
  return list.map((item) => {
    if (isElementValue(item)) return item;
    throw new TypedWriteError('not-a-value', place.path(), 'not the value of an element');
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

function isPresent(value: MemberValue): boolean {
  return value !== undefined && !(isList(value) && value.length === 0);
}

function names(choice: ChoiceMember): string {
  return choice.alternatives.map((member) => member.name).join(', ');
}
