import type { AttributeMember, BuiltInType } from './schema-types.js';
import { isBuiltIn, type TypeTable } from './type-table.js';
import { TypedWriteError } from './typed-write-error.js';
import type { AttributeValue } from './typed-value.js';

/** What readers insist on. Tokens and URIs are taken as they are: XML Schema lets readers tidy their white space. */
const lexicalForms: Readonly<Record<BuiltInType, RegExp>> = {
  'xs:string': /^/,
  'xs:token': /^/,
  'xs:boolean': /^(?:true|false)$/,
  'xs:integer': /^[+-]?\d+$/,
  'xs:double': /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?$/,
  'xs:anyURI': /^/,
  'xs:base64Binary': /^[A-Za-z0-9+/]+={0,2}$/,
};

/**
 * An attribute's value as it is written.
 * @throws TypedWriteError when it is empty, not of the attribute's type, or not among the published codes
 */
export function attributeText(
  table: TypeTable,
  attribute: AttributeMember,
  value: Exclude<AttributeValue, undefined>,
  path: string,
): string {
  if (typeof value === 'object' && !attribute.list)
    throw new TypedWriteError('too-many', path, 'a list, where the attribute takes one value');
  const items = typeof value === 'object' ? value : [String(value)];
  for (const item of items) checkItem(table, attribute.type, item, path);
  return items.join(' ');
}

function checkItem(table: TypeTable, type: string, item: string, path: string): void {
  if (item.trim() === '') throw new TypedWriteError('empty', path, 'an empty value; leave the attribute out');
  if (!isBuiltIn(type)) {
    if (!table.codeValues(type).includes(item))
      throw new TypedWriteError('code-not-published', path, `not among the codes of ${type}`);
  } else if (!lexicalForms[type].test(item)) throw new TypedWriteError('not-a-value', path, `not an ${type}`);
}
