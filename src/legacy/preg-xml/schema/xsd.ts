import type { XmlNode } from '../../../xml/element.js';
import { importNode, xmlSchemaNamespace, type ImportedSchema } from '../../soap/xml-schema.js';
import {
  isPrimitive,
  type Contract,
  type ListType,
  type Member,
  type RecordType,
} from '../../../contract/preg-xml/contract.js';
import { serializationNamespace } from './serialization-schema.js';

/** Where the schema of a namespace is found; undefined when it stands in the same document. */
export type SchemaLocation = (namespace: string) => string | undefined;

/**
 * The schema of one of the contract's namespaces: the wrappers of operations, if it is the service's, then every type
 * with an element of its own name, as .NET writes them.
 */
export function contractSchema(contract: Contract, namespace: string, location: SchemaLocation): XmlNode {
  const types = [...contract.types.values()].filter((type) => type.namespace === namespace);
  const wrappers =
    namespace === contract.namespace
      ? [...contract.operations.values()].flatMap(({ request, reply }) => [request, reply])
      : [];
  const writer = new SchemaWriter(contract);
  const content = [
    ...wrappers.map((wrapper) => writer.wrapperElement(wrapper)),
    ...types.flatMap((type) => [writer.complexType(type), writer.typeElement(type)]),
  ];
  const prefixes = [...contract.namespaces].map(([prefix, uri]) => [`xmlns:${prefix}`, uri] as const);
  return {
    name: 'xs:schema',
    attributes: {
      'xmlns:xs': xmlSchemaNamespace,
      ...Object.fromEntries(prefixes),
      elementFormDefault: 'qualified',
      targetNamespace: namespace,
    },
    content: [...importsOf([...wrappers, ...types], namespace, location).map(importNode), ...content],
  };
}

/** The other namespaces that the types speak of, in the order of first mention. */
function importsOf(
  types: readonly (RecordType | ListType)[],
  namespace: string,
  location: SchemaLocation,
): readonly ImportedSchema[] {
  const mentioned = types.flatMap((type) => [
    ...membersOf(type).flatMap((member) => (isPrimitive(member.type) ? [] : [member.type.namespace])),
    ...(type.kind === 'record' && type.keyValuePair ? [serializationNamespace] : []),
  ]);
  return [...new Set(mentioned)]
    .filter((other) => other !== namespace)
    .map((other) => ({ namespace: other, schemaLocation: location(other) }));
}

function membersOf(type: RecordType | ListType): readonly Member[] {
  return type.kind === 'list' ? [type.item] : type.members;
}

class SchemaWriter {
  readonly #prefixes: ReadonlyMap<string, string>;

  constructor(contract: Contract) {
    this.#prefixes = new Map(Array.from(contract.namespaces, ([prefix, uri]) => [uri, prefix]));
  }

  wrapperElement(wrapper: RecordType): XmlNode {
    const type = { name: 'xs:complexType', content: [this.#sequence(wrapper)] };
    return { name: 'xs:element', attributes: { name: wrapper.name }, content: [type] };
  }

  complexType(type: RecordType | ListType): XmlNode {
    const annotations = type.kind === 'record' && type.keyValuePair ? [keyValuePairAnnotation()] : [];
    return {
      name: 'xs:complexType',
      attributes: { name: type.name },
      content: [...annotations, this.#sequence(type)],
    };
  }

  typeElement(type: RecordType | ListType): XmlNode {
    return {
      name: 'xs:element',
      attributes: { name: type.name, nillable: 'true', type: this.#reference(type) },
    };
  }

  #sequence(type: RecordType | ListType): XmlNode {
    const bounds = type.kind === 'list' ? { minOccurs: '0', maxOccurs: 'unbounded' } : { minOccurs: '0' };
    const required = type.kind === 'record' && type.keyValuePair;
    return {
      name: 'xs:sequence',
      content: membersOf(type).map((member) => ({
        name: 'xs:element',
        attributes: {
          ...(required ? {} : bounds),
          name: member.name,
          ...(member.nillable ? { nillable: 'true' } : {}),
          type: this.#reference(member.type),
        },
      })),
    };
  }

  #reference(type: Member['type']): string {
    if (isPrimitive(type)) return `xs:${type}`;
    return `${this.#prefixes.get(type.namespace) ?? ''}:${type.name}`;
  }
}

/** By this .NET's generators know their own KeyValuePair<string, string>, instead of making a class of that name. */
function keyValuePairAnnotation(): XmlNode {
  const parameter = {
    name: 'GenericParameter',
    attributes: { Name: 'string', Namespace: xmlSchemaNamespace },
  };
  const genericType = {
    name: 'GenericType',
    attributes: {
      xmlns: serializationNamespace,
      Name: 'KeyValuePairOf{0}{1}{#}',
      Namespace: 'http://schemas.datacontract.org/2004/07/System.Collections.Generic',
    },
    content: [parameter, parameter],
  };
  const valueType = {
    name: 'IsValueType',
    attributes: { xmlns: serializationNamespace },
    content: ['true'],
  };
  return {
    name: 'xs:annotation',
    content: [{ name: 'xs:appinfo', content: [genericType, valueType] }],
  };
}
