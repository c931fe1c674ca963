/** The shapes of the HL7 v3 type table: XML Schema's complex types, reduced to what the old service's schema uses. */

/** How often an element may occur: 0..1, exactly once, or 0..n. */
export type Occurs = 'optional' | 'one' | 'many';

/** An element of a complex type, in the namespace of the table. */
export interface ElementMember {
  readonly kind: 'element';
  readonly name: string;
  readonly type: string;
  readonly occurs: Occurs;
  /** Whether `xsi:nil` may stand for the content. */
  readonly nillable: boolean;
}

/** Alternatives: exactly one of them, or, when `repeated`, any number of them in any order. */
export interface ChoiceMember {
  readonly kind: 'choice';
  readonly repeated: boolean;
  readonly alternatives: readonly ElementMember[];
}

/** One step of a type's sequence. */
export type Particle = ElementMember | ChoiceMember;

/** XML Schema's own types, as far as the table uses them: for attributes, and a few elements. */
export const builtInTypes = [
  'xs:string',
  'xs:token',
  'xs:boolean',
  'xs:integer',
  'xs:double',
  'xs:anyURI',
  'xs:base64Binary',
] as const;
export type BuiltInType = (typeof builtInTypes)[number];

/** An attribute of a complex type; attributes have no namespace. */
export interface AttributeMember {
  readonly name: string;
  /** A built-in type or the name of a code type. */
  readonly type: string;
  /** A list of values of the type, separated by spaces. */
  readonly list: boolean;
  readonly required: boolean;
  /** What a reader takes an absent attribute for. */
  readonly default: string | undefined;
}

/** `data`: a data type; `message`: the type of a wrapper's inner element; `class`: everything between the two. */
export type TypeSection = 'data' | 'message' | 'class';

/** A complex type as published: its own members only, those of `base` come before them. */
export interface ComplexType {
  readonly name: string;
  readonly section: TypeSection;
  readonly base: string | undefined;
  /** Appears on the wire through `xsi:type` only. */
  readonly abstract: boolean;
  /** The type introduces text content; types that extend it have it too. */
  readonly mixed: boolean;
  readonly attributes: readonly AttributeMember[];
  readonly particles: readonly Particle[];
}

/** A complex type with all that it inherits, base first. */
export interface FlatType {
  readonly name: string;
  readonly section: TypeSection;
  readonly abstract: boolean;
  readonly mixed: boolean;
  readonly attributes: ReadonlyMap<string, AttributeMember>;
  readonly particles: readonly Particle[];
}
