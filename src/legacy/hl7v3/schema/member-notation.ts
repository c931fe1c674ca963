import type { AttributeMember, ElementMember, Occurs, Particle } from './schema-types.js';

/** A line of the table's notation that cannot be read; the message shows it. */
export class NotationError extends Error {
  override readonly name = 'NotationError';
}

const occursBySign: ReadonlyMap<string, Occurs> = new Map([
  ['?', 'optional'],
  ['1', 'one'],
  ['*', 'many'],
]);
const elementForm = /^(?<name>[\w.-]+) (?<type>[\w.:]+) (?<sign>[?1*])(?<nil> nil)?$/;
const attributeForm =
  /^(?<name>\w+) (?<type>[\w.:]+)(?<list>\[\])?(?<required> required)?(?: = (?<value>.+))?$/;
const choiceForm = /^(?<kind>any|one) of \((?<alternatives>[^()]+)\)$/;
/** Commas between members, not those inside of a choice's parentheses. */
const separator = /, ?(?![^(]*\))/;

/**
 * Reads the ordered elements of a type: `id II *, one of (person .Person 1 nil, organization .Organization 1 nil)`.
 * A type name that begins with a dot belongs to `packageName`. Empty text gives no elements.
 * @throws NotationError
 */
export function parseElements(text: string, packageName?: string): readonly Particle[] {
  return splitMembers(text).map((item) => {
    const choice = choiceForm.exec(item)?.groups;
    if (choice === undefined) return parseElement(item, packageName);
    const alternatives = (choice['alternatives'] ?? '').split(', ');
    return {
      kind: 'choice',
      repeated: choice['kind'] === 'any',
      alternatives: alternatives.map((alternative) => parseElement(alternative, packageName)),
    };
  });
}

/**
 * Reads the attributes of a type: `use EntityNameUse[] required, isNotOrdered xs:boolean = false`.
 * @throws NotationError
 */
export function parseAttributes(text: string): readonly AttributeMember[] {
  return text.split(', ').map((item) => {
    const found = attributeForm.exec(item)?.groups;
    const { name, type } = found ?? {};
    if (found === undefined || name === undefined || type === undefined)
      throw new NotationError(`"${item}" is not an attribute`);
    return {
      name,
      type,
      list: found['list'] !== undefined,
      required: found['required'] !== undefined,
      default: found['value'],
    };
  });
}

function splitMembers(text: string): readonly string[] {
  return text === '' ? [] : text.split(separator);
}

function parseElement(item: string, packageName: string | undefined): ElementMember {
  const found = elementForm.exec(item)?.groups;
  const { name, type, sign } = found ?? {};
  const occurs = sign === undefined ? undefined : occursBySign.get(sign);
  if (found === undefined || name === undefined || type === undefined || occurs === undefined)
    throw new NotationError(`"${item}" is not an element`);
  if (type.startsWith('.') && packageName === undefined)
    throw new NotationError(`"${item}" is outside of a package`);
  return {
    kind: 'element',
    name,
    type: type.startsWith('.') ? `${packageName ?? ''}${type}` : type,
    occurs,
    nillable: found['nil'] !== undefined,
  };
}
