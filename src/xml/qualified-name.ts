import type { XmlElement } from './element.js';

/** A name in a namespace; the empty namespace is none. */
export interface QualifiedName {
  readonly namespace: string;
  readonly localName: string;
}

/**
 * The qualified name that stands in a value (such as `xsi:type`), by the prefixes in scope at the element;
 * undefined when it is not a name or its prefix is unbound. A value without prefix takes the default namespace.
 */
export function resolveQualifiedName(value: string, scope: XmlElement): QualifiedName | undefined {
  const match = /^[ \t\r\n]*(?:([^\s:]+):)?([^\s:]+)[ \t\r\n]*$/.exec(value);
  if (match === null) return undefined;
  const [, prefix, localName] = match;
  if (localName === undefined) return undefined;
  if (prefix === undefined) return { namespace: scope.prefixes.get('') ?? '', localName };
  const namespace = scope.prefixes.get(prefix);
  return namespace === undefined ? undefined : { namespace, localName };
}
