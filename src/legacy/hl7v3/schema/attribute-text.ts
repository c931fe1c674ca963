import type { AttributeMember, BuiltInType } from './schema-types.js';
import type { Place } from './place.js';
import { isBuiltIn, type TypeTable } from './type-table.js';
import { TypedWriteError } from './typed-write-error.js';
import type { AttributeValue } from './typed-value.js';

/** What readers insist on. Tokens and URIs are taken as they are: XML Schema lets readers tidy their white space. */
const lexicalForms: Readonly<Partial<Record<BuiltInType, RegExp>>> = {
  'xs:boolean': /^(?:true|false)$/,
  'xs:integer': /^[+-]?\d+$/,
  'xs:double': /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?$/,
  'xs:base64Binary': /^[A-Za-z0-9+/]+={0,2}$/,
};

/**
 * An attribute's value as it is written, before it is escaped.
 * @throws TypedWriteError when it is empty, not of the attribute's type, or not among the published codes
 */
export type AttributeText = (value: Exclude<AttributeValue, undefined>, place: Place) => string;

/** How the values of an attribute are written. */
export function attributeText(table: TypeTable, { name, type, list }: AttributeMember): AttributeText {
  const checkItem = isBuiltIn(type) ? lexicalCheck(name, type) : codeCheck(name, type, table);
  return (value, place) => {
    if (typeof value !== 'object') {
      const item = String(value);
      checkItem(item, place);
      return item;
    }
    if (!list)
      throw new TypedWriteError(
        'too-many',
        place.path(`@${name}`),
        'a list, where the attribute takes one value',
      );
    for (const item of value) checkItem(item, place);
    return value.join(' ');
  };
}

type ItemCheck = (item: string, place: Place) => void;

function lexicalCheck(name: string, type: BuiltInType): ItemCheck {
  const form = lexicalForms[type];
  return (item, place) => {
    requireFilled(name, item, place);
    if (form?.test(item) === false)
      throw new TypedWriteError('not-a-value', place.path(`@${name}`), `not an ${type}`);
  };
}

function codeCheck(name: string, type: string, table: TypeTable): ItemCheck {
  const codes = new Set(table.codeValues(type));
  return (item, place) => {
    if (codes.has(item)) return;
    requireFilled(name, item, place);
    throw new TypedWriteError('code-not-published', place.path(`@${name}`), `not among the codes of ${type}`);
  };
}

function requireFilled(name: string, item: string, place: Place): void {
  if (item.trim() === '')
    throw new TypedWriteError('empty', place.path(`@${name}`), 'an empty value; leave the attribute out');
}
