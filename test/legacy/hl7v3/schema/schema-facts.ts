import { hl7Namespace } from '../../../../src/contract/hl7v3/code-systems.js';
import type { XmlElement } from '../../../../src/xml/element.js';

/** What a schema says of one complex or simple type, in a form that can be compared. */
export type TypeFacts = Readonly<Record<string, unknown>>;

/** Reads the named types of a schema document. The order of a repeated choice's alternatives means nothing, so they are sorted. */
export function schemaFacts(schema: XmlElement): ReadonlyMap<string, TypeFacts> {
  const types = schema.children.filter(({ localName }) => ['complexType', 'simpleType'].includes(localName));
  return new Map(types.map((type) => [attribute(type, 'name') ?? '', facts(type)]));
}

/** Reads the global elements: name, and the one element inside. */
export function wrapperFacts(schema: XmlElement): readonly unknown[] {
  return children(schema, 'element').map((outer) => ({
    outer: attribute(outer, 'name'),
    inner: descendants(outer)
      .filter(({ localName }) => localName === 'element')
      .map(elementFacts),
  }));
}

function facts(type: XmlElement): TypeFacts {
  if (type.localName === 'simpleType')
    return {
      base: children(type, 'restriction').map((restriction) => reference(restriction, 'base')),
      values: descendants(type).flatMap((node) => attribute(node, 'value') ?? []),
    };
  const [complexContent] = children(type, 'complexContent');
  const [extension] = complexContent === undefined ? [] : children(complexContent, 'extension');
  const body = extension ?? type;
  return {
    base: extension === undefined ? undefined : reference(extension, 'base'),
    abstract: attribute(type, 'abstract') === 'true',
    mixed: [type, complexContent].some((node) => node !== undefined && attribute(node, 'mixed') === 'true'),
    attributes: children(body, 'attribute').map(attributeFacts),
    particles: children(body, 'sequence').flatMap(({ children: particles }) => particles.map(particleFacts)),
  };
}

function particleFacts(particle: XmlElement): unknown {
  if (particle.localName === 'element') return elementFacts(particle);
  return {
    choice: [attribute(particle, 'minOccurs'), attribute(particle, 'maxOccurs')],
    alternatives: particle.children.map((element) => JSON.stringify(elementFacts(element))).sort(),
  };
}

function elementFacts(element: XmlElement): unknown {
  return {
    name: attribute(element, 'name'),
    type: reference(element, 'type'),
    occurs: [attribute(element, 'minOccurs'), attribute(element, 'maxOccurs')],
    nillable: attribute(element, 'nillable') === 'true',
  };
}

function attributeFacts(node: XmlElement): unknown {
  return {
    name: attribute(node, 'name'),
    type: reference(node, 'type'),
    listOf: descendants(node).flatMap((list) => reference(list, 'itemType') ?? []),
    required: attribute(node, 'use') === 'required',
    default: attribute(node, 'default'),
  };
}

/** A qualified name with its prefix resolved; the types' own namespace is left out. */
function reference(node: XmlElement, name: string): string | undefined {
  const [prefix, localName] = attribute(node, name)?.split(':') ?? [];
  if (prefix === undefined || localName === undefined) return undefined;
  const namespace = node.prefixes.get(prefix);
  return namespace === hl7Namespace ? localName : `{${namespace ?? ''}}${localName}`;
}

function attribute(node: XmlElement, name: string): string | undefined {
  return node.attributes.get(name);
}

function children(node: XmlElement, localName: string): readonly XmlElement[] {
  return node.children.filter((child) => child.localName === localName);
}

function descendants(node: XmlElement): readonly XmlElement[] {
  return node.children.flatMap((child) => [child, ...descendants(child)]);
}
