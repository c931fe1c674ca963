/**
 * What the typed writer takes: plain nested values, named as on the wire, in any order.
 *
 * - `'@name'`: an attribute. Text, a whole number, a boolean, or codes in a list for list attributes (`use`, `qualifier`).
 * - `name`: a child element; one value, or several in a list. `nil` stands for `xsi:nil="true"`.
 * - `'#text'`: character data, in types that hold text. A type with nothing but text can be given as the text itself.
 * - `parts`: what goes into a repeated choice, in exactly this order: the parts of a name or an address.
 *
 * `undefined` and empty lists mean that the member is absent. Empty or blank text is refused, never left out in
 * silence: the caller leaves out what has no value.
 */
export interface TypedStructure {
  readonly [attribute: `@${string}`]: AttributeValue;
  readonly '#text'?: string | undefined;
  readonly parts?: readonly TypedPart[] | undefined;
  readonly [member: string]: MemberValue;
}

/** Stands for an element with `xsi:nil="true"` and no content. */
export const nil = Symbol('xsi:nil');
export type Nil = typeof nil;

/** The value of an attribute. */
export type AttributeValue = string | number | boolean | readonly string[] | undefined;

/** The value of one element. */
export type ElementValue = string | TypedStructure | Nil;

/** A piece of a name or address: `['given', 'KARI']`, `['family', { '@qualifier': 'MID' }, 'LI']`, or plain text. */
export type TypedPart =
  | string
  | readonly [name: string, content: string | TypedStructure]
  | readonly [name: string, attributes: TypedStructure, text: string];

/** Whatever a structure's member can be. */
export type MemberValue = AttributeValue | ElementValue | readonly ElementValue[] | readonly TypedPart[];
