import type { XmlNode } from '../../../xml/element.js';
import { importNode, xmlSchemaNamespace } from '../../soap/xml-schema.js';
import {
  hl7v3Operations,
  wrapperNamespace,
  type Hl7v3Operation,
} from '../../../contract/hl7v3/operations.js';
import type { AttributeMember, ComplexType, ElementMember, Occurs, Particle } from './schema-types.js';
import { hl7Namespace } from '../../../contract/hl7v3/code-systems.js';
import { isBuiltIn, type TypeTable } from './type-table.js';

const bounds: Readonly<Record<Occurs, { readonly minOccurs: string; readonly maxOccurs: string }>> = {
  optional: { minOccurs: '0', maxOccurs: '1' },
  one: { minOccurs: '1', maxOccurs: '1' },
  many: { minOccurs: '0', maxOccurs: 'unbounded' },
};

/** The schema of the HL7 types (`?xsd=xsd1`): everything in the table, under the published names. */
export function hl7Schema(table: TypeTable): XmlNode {
  const complexTypes = Array.from(table.complexTypes.values(), (type) => complexTypeNode(table, type));
  const codes = Array.from(table.codes, ([name, values]) => codeTypeNode(name, values));
  return schemaNode(hl7Namespace, [...complexTypes, ...codes]);
}

/**
 * The schema of the operations' wrappers (`?xsd=xsd0`).
 * @param hl7SchemaLocation where the HL7 schema is found; left out when both stand in one document
 */
export function wrapperSchema(hl7SchemaLocation?: string): XmlNode {
  return schemaNode(
    wrapperNamespace,
    [
      importNode({ namespace: hl7Namespace, schemaLocation: hl7SchemaLocation }),
      ...hl7v3Operations.flatMap(wrapperNodes),
    ],
    { 'xmlns:hl7': hl7Namespace },
  );
}

function schemaNode(
  targetNamespace: string,
  content: readonly XmlNode[],
  moreNamespaces: Readonly<Record<string, string>> = {},
): XmlNode {
  return {
    name: 'xs:schema',
    attributes: {
      'xmlns:xs': xmlSchemaNamespace,
      'xmlns:tns': targetNamespace,
      ...moreNamespaces,
      elementFormDefault: 'qualified',
      targetNamespace,
    },
    content,
  };
}

function wrapperNodes(operation: Hl7v3Operation): XmlNode[] {
  return [
    wrapperNode(operation.name, operation.requestElement, operation.requestType),
    wrapperNode(`${operation.name}Response`, `${operation.name}Result`, operation.replyType),
  ];
}

function wrapperNode(outer: string, inner: string, type: string): XmlNode {
  const innerNode = {
    name: 'xs:element',
    attributes: { ...bounds.optional, name: inner, type: `hl7:${type}` },
  };
  return {
    name: 'xs:element',
    attributes: { name: outer },
    content: [{ name: 'xs:complexType', content: [{ name: 'xs:sequence', content: [innerNode] }] }],
  };
}

function complexTypeNode(table: TypeTable, type: ComplexType): XmlNode {
  const members = [
    ...(type.particles.length === 0
      ? []
      : [{ name: 'xs:sequence', content: type.particles.map(particleNode) }]),
    ...type.attributes.map(attributeNode),
  ];
  return {
    name: 'xs:complexType',
    attributes: {
      name: type.name,
      ...(type.abstract ? { abstract: 'true' } : {}),
      ...(type.mixed ? { mixed: 'true' } : {}),
    },
    content: type.base === undefined ? members : [extensionNode(table, type.base, members)],
  };
}

/** `mixed` stands here when it is inherited, and on the type when the type introduces it, as in the published schema. */
function extensionNode(table: TypeTable, base: string, members: readonly XmlNode[]): XmlNode {
  const extension = { name: 'xs:extension', attributes: { base: `tns:${base}` }, content: members };
  return {
    name: 'xs:complexContent',
    attributes: table.flatten(base).mixed ? { mixed: 'true' } : {},
    content: [extension],
  };
}

function particleNode(particle: Particle): XmlNode {
  if (particle.kind === 'element') return elementNode(particle);
  return {
    name: 'xs:choice',
    attributes: particle.repeated ? bounds.many : bounds.one,
    content: particle.alternatives.map(elementNode),
  };
}

function elementNode(member: ElementMember): XmlNode {
  return {
    name: 'xs:element',
    attributes: {
      ...bounds[member.occurs],
      name: member.name,
      ...(member.nillable ? { nillable: 'true' } : {}),
      type: typeReference(member.type),
    },
  };
}

function attributeNode(attribute: AttributeMember): XmlNode {
  const attributes = {
    ...(attribute.default === undefined ? {} : { default: attribute.default }),
    name: attribute.name,
    ...(attribute.list ? {} : { type: typeReference(attribute.type) }),
    ...(attribute.required ? { use: 'required' } : {}),
  };
  if (!attribute.list) return { name: 'xs:attribute', attributes };
  const list = { name: 'xs:list', attributes: { itemType: typeReference(attribute.type) } };
  return { name: 'xs:attribute', attributes, content: [{ name: 'xs:simpleType', content: [list] }] };
}

function codeTypeNode(name: string, values: readonly string[]): XmlNode {
  const restriction = {
    name: 'xs:restriction',
    attributes: { base: 'xs:string' },
    content: values.map((value) => ({ name: 'xs:enumeration', attributes: { value } })),
  };
  return { name: 'xs:simpleType', attributes: { name }, content: [restriction] };
}

function typeReference(type: string): string {
  return isBuiltIn(type) ? type : `tns:${type}`;
}
