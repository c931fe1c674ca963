import type { XmlNode } from '../../xml/element.js';

/** Namespace of XML Schema, bound to `xs` in all our schemas. */
export const xmlSchemaNamespace = 'http://www.w3.org/2001/XMLSchema';

/** A schema that another one speaks of. */
export interface ImportedSchema {
  readonly namespace: string;
  /** Where it is found; left out when both stand in one document. */
  readonly schemaLocation?: string | undefined;
}

/** An `xs:import`. */
export function importNode({ namespace, schemaLocation }: ImportedSchema): XmlNode {
  return {
    name: 'xs:import',
    attributes: { ...(schemaLocation === undefined ? {} : { schemaLocation }), namespace },
  };
}

/** What stands in `wsdl:types` when the schemas are documents of their own. */
export function importingSchema(targetNamespace: string, schemas: readonly ImportedSchema[]): XmlNode {
  return {
    name: 'xs:schema',
    attributes: { 'xmlns:xs': xmlSchemaNamespace, targetNamespace },
    content: schemas.map(importNode),
  };
}
