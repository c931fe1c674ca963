import { attributeMarkup, attributesMarkup, elementMarkup, type ElementMarkup } from '../../../xml/markup.js';
import { attributeText, type AttributeText } from './attribute-text.js';
import type { AttributeMember, ChoiceMember, ElementMember, FlatType, Particle } from './schema-types.js';
import { elementsOf, isBuiltIn, type TypeTable } from './type-table.js';

/**
 * A type as the writer needs it: whatever a structure may hold by its key, with its place in the published order and the
 * markup around its values, so that nothing has to be looked up in the table while a message is written.
 */
export interface CompiledType {
  readonly flat: FlatType;
  readonly members: ReadonlyMap<string, CompiledMember>;
  readonly requiredAttributes: readonly CompiledAttribute[];
  readonly requiredElements: readonly ElementMember[];
  /** Choices of exactly one. */
  readonly choices: readonly ChoiceMember[];
  /** The attributes that name the type where another one is declared. */
  readonly typeAttributes: string;
}

/** What a key of a structure stands for. Members are written in ascending order. */
export type CompiledMember = (CompiledAttribute | CompiledText | CompiledParts | CompiledElement) & {
  readonly order: number;
};

export interface CompiledAttribute {
  readonly kind: 'attribute';
  readonly key: `@${string}`;
  /** What stands in front of the value. */
  readonly start: string;
  readonly text: AttributeText;
}

/** The text of a type that holds text. */
export interface CompiledText {
  readonly kind: 'text';
  readonly key: '#text';
}

/** The alternatives of a repeated choice, in whatever order. */
export interface CompiledParts {
  readonly kind: 'parts';
  readonly key: 'parts';
  readonly alternatives: ReadonlyMap<string, CompiledElement>;
}

export interface CompiledElement {
  readonly kind: 'element';
  readonly key: string;
  readonly member: ElementMember;
  readonly hasBuiltInType: boolean;
  /** Whether it is an alternative of a repeated choice. */
  readonly isPart: boolean;
  readonly markup: ElementMarkup;
  /** The attributes of the element when it is nil. */
  readonly nilAttributes: string;
}

/** Compiles a type with all that it inherits. */
export function compileType(table: TypeTable, name: string): CompiledType {
  const flat = table.flatten(name);
  const attributes = [...flat.attributes.values()].map((attribute) => compileAttribute(table, attribute));
  const text: readonly CompiledText[] = flat.mixed ? [{ kind: 'text', key: '#text' }] : [];
  const inOrder = [...attributes, ...text, ...flat.particles.flatMap(compileParticle)];
  return {
    flat,
    members: new Map(inOrder.map((member, order) => [member.key, { ...member, order }])),
    requiredAttributes: attributes.filter(({ key }) => isRequired(flat.attributes.get(key.slice(1)))),
    requiredElements: flat.particles
      .filter((particle) => particle.kind === 'element')
      .filter(({ occurs }) => occurs === 'one'),
    choices: flat.particles.filter((particle) => particle.kind === 'choice').filter(isChoiceOfOne),
    typeAttributes: attributesMarkup({ 'xmlns:xsi': xsiNamespace, 'xsi:type': name }),
  };
}

const xsiNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

function compileAttribute(table: TypeTable, attribute: AttributeMember): CompiledAttribute {
  return {
    kind: 'attribute',
    key: `@${attribute.name}`,
    start: attributeMarkup(attribute.name),
    text: attributeText(table, attribute),
  };
}

function isRequired(attribute: AttributeMember | undefined): boolean {
  return attribute?.required === true && !attribute.list;
}

function isChoiceOfOne(choice: ChoiceMember): boolean {
  return !choice.repeated;
}

function compileParticle(particle: Particle): readonly (CompiledParts | CompiledElement)[] {
  const isPart = particle.kind === 'choice' && particle.repeated;
  const elements = elementsOf(particle).map((member) => compileElement(member, isPart));
  if (!isPart) return elements;
  const alternatives = new Map(elements.map((element) => [element.key, element]));
  return [{ kind: 'parts', key: 'parts', alternatives }, ...elements];
}

function compileElement(member: ElementMember, isPart: boolean): CompiledElement {
  return {
    kind: 'element',
    key: member.name,
    member,
    hasBuiltInType: isBuiltIn(member.type),
    isPart,
    markup: elementMarkup(member.name),
    nilAttributes: attributesMarkup({ 'xmlns:xsi': xsiNamespace, 'xsi:nil': 'true' }),
  };
}
