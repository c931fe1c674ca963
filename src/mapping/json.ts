/** JSON as it comes from upstream, typed but trusted no further than its syntax. */
export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[];

/** A JSON object. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** Whether the value is an object, not a list and not null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is a list. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The member of that name, own members only. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The member of that name where it is an object. */
export function objectIn(object: JsonObject, name: string): JsonObject | undefined {
  const value = memberOf(object, name);
  return isJsonObject(value) ? value : undefined;
}

/** The text without surrounding blanks; undefined for anything that is not text or holds nothing else. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** The member of that name where it is text, without surrounding blanks. */
export function textIn(object: JsonObject, name: string): string | undefined {
  return textOf(memberOf(object, name));
}

/** Whether a parsed value is JSON through and through, however deep it is nested. */
export function isJsonValue(value: unknown): value is JsonValue {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'object' && next !== null) {
      for (const inner of Object.values(next)) open.push(inner);
    } else if (next !== null && !['string', 'number', 'boolean'].includes(typeof next)) {
      return false;
    }
  }
  return true;
}

/** What the text says in JSON; undefined when it is none. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return wasParsed(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The parser gives nothing but JSON: to look through all of an answer for something else would cost a quarter of parsing it. */
function wasParsed(value: unknown): value is JsonValue {
  return value !== undefined;
}
