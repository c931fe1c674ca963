import type { XmlNode } from '../../../xml/element.js';
import { xmlSchemaNamespace } from '../../soap/xml-schema.js';

/** Namespace of what .NET's serializer adds to every service's schemas. */
export const serializationNamespace = 'http://schemas.microsoft.com/2003/10/Serialization/';

/** XML Schema's types that have an element of their own there, in .NET's order. */
const plainTypes = [
  'anyType',
  'anyURI',
  'base64Binary',
  'boolean',
  'byte',
  'dateTime',
  'decimal',
  'double',
  'float',
  'int',
  'long',
  'QName',
  'short',
  'string',
  'unsignedByte',
  'unsignedInt',
  'unsignedLong',
  'unsignedShort',
];

/** .NET's own simple types, by the type they restrict and the facets that do so. */
const ownTypes = [
  { name: 'char', base: 'xs:int', facets: [] },
  {
    name: 'duration',
    base: 'xs:duration',
    facets: [
      ['pattern', String.raw`\-?P(\d*D)?(T(\d*H)?(\d*M)?(\d*(\.\d*)?S)?)?`],
      ['minInclusive', '-P10675199DT2H48M5.4775808S'],
      ['maxInclusive', 'P10675199DT2H48M5.4775807S'],
    ],
  },
  {
    name: 'guid',
    base: 'xs:string',
    facets: [['pattern', String.raw`[\da-fA-F]{8}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{12}`]],
  },
] as const;

const attributes = [
  ['FactoryType', 'xs:QName'],
  ['Id', 'xs:ID'],
  ['Ref', 'xs:IDREF'],
] as const;

/** The schema that .NET serves with every service; generated clients expect it beside the others. */
export function serializationSchema(): XmlNode {
  return {
    name: 'xs:schema',
    attributes: {
      'xmlns:xs': xmlSchemaNamespace,
      'xmlns:tns': serializationNamespace,
      attributeFormDefault: 'qualified',
      elementFormDefault: 'qualified',
      targetNamespace: serializationNamespace,
    },
    content: [
      ...plainTypes.map((name) => elementNode(name, `xs:${name}`)),
      ...ownTypes.flatMap(({ name, base, facets }) => [
        elementNode(name, `tns:${name}`),
        {
          name: 'xs:simpleType',
          attributes: { name },
          content: [
            {
              name: 'xs:restriction',
              attributes: { base },
              content: facets.map(([facet, value]) => ({ name: `xs:${facet}`, attributes: { value } })),
            },
          ],
        },
      ]),
      ...attributes.map(([name, type]) => ({ name: 'xs:attribute', attributes: { name, type } })),
    ],
  };
}

function elementNode(name: string, type: string): XmlNode {
  return { name: 'xs:element', attributes: { name, nillable: 'true', type } };
}
