import { createRequire } from 'node:module';

/** An attribute as saxes tells it: its namespace is known once the whole tag has been read. */
export interface SaxAttribute {
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  readonly value: string;
}

/** A start tag with its namespaces resolved. The records have no prototype, so any name is safe as a key. */
export interface SaxTag {
  readonly local: string;
  readonly uri: string;
  readonly attributes: Readonly<Record<string, SaxAttribute & { readonly uri: string }>>;
  /** The prefixes that the tag itself declares. */
  readonly ns: Readonly<Record<string, string>>;
}

/** The part of saxes that the reader uses. Without an `error` handler, the first error is thrown. */
export interface SaxParser {
  on(event: 'xmldecl', handler: (declaration: { readonly version?: string }) => void): void;
  on(event: 'opentagstart', handler: (tag: { readonly name: string }) => void): void;
  on(event: 'attribute', handler: (attribute: SaxAttribute) => void): void;
  on(event: 'opentag', handler: (tag: SaxTag) => void): void;
  on(event: 'closetag' | 'processinginstruction', handler: () => void): void;
  on(event: 'text' | 'cdata', handler: (data: string) => void): void;
  write(text: string): SaxParser;
  close(): SaxParser;
}

interface SaxesModule {
  readonly SaxesParser: new (options: {
    xmlns: true;
    defaultXMLVersion: '1.0';
    forceXMLVersion: true;
  }) => SaxParser;
}

function isSaxesModule(value: unknown): value is SaxesModule {
  return (
    typeof value === 'object' &&
    value !== null &&
    'SaxesParser' in value &&
    typeof value.SaxesParser === 'function'
  );
}

/** Loaded past the compiler, because the declarations that saxes 6 ships do not compile under exactOptionalPropertyTypes. */
const saxes: unknown = createRequire(import.meta.url)('saxes');

/** A saxes parser for one XML 1.0 document with namespaces. */
export function newSaxParser(): SaxParser {
  if (!isSaxesModule(saxes)) throw new TypeError('saxes has no SaxesParser');
  return new saxes.SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
}
