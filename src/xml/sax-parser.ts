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

/** What the reader is told while a document is read. An error that a handler throws ends the reading. */
export interface SaxHandlers {
  readonly xmldecl: (declaration: { readonly version?: string }) => void;
  readonly processinginstruction: () => void;
  /** An element's name alone is known, nothing of it resolved. */
  readonly opentagstart: (tag: { readonly name: string }) => void;
  readonly attribute: (attribute: SaxAttribute) => void;
  readonly opentag: (tag: SaxTag) => void;
  readonly closetag: () => void;
  /** Character data, CDATA included. */
  readonly text: (data: string) => void;
}

/**
 * Has saxes read one XML 1.0 document with namespaces.
 *
 * Listened to is only what the text can hold. Each handler is one property more that is added to the parser under a
 * computed name, and at the seventh V8 (as of Node.js 20) goes over to keeping the parser in a hash table; saxes asks it
 * for several properties for every character, and so takes three times as long.
 * @throws Error of saxes for the first thing that is not well-formed; whatever a handler throws
 */
export function parseWithSaxes(text: string, handlers: SaxHandlers): void {
  if (!isSaxesModule(saxes)) throw new TypeError('saxes has no SaxesParser');
  const parser = new saxes.SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  parser.on('opentagstart', handlers.opentagstart);
  parser.on('attribute', handlers.attribute);
  parser.on('opentag', handlers.opentag);
  parser.on('closetag', handlers.closetag);
  parser.on('text', handlers.text);
  if (text.includes('<?')) parser.on('xmldecl', handlers.xmldecl);
  // Behind the declaration, where the text begins with one.
  if (text.includes('<?', text.startsWith('<?xml ') ? 1 : 0)) {
    parser.on('processinginstruction', handlers.processinginstruction);
  }
  if (text.includes('<![CDATA[')) parser.on('cdata', handlers.text);
  parser.write(text).close();
}
