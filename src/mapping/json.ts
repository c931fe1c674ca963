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

/** The text without surrounding blanks; undefined for anything that is not text or holds nothing else. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** Whether anything parsed by JSON.parse is JSON: always so, but the type checker has to be told. */
export function isJsonValue(value: unknown): value is JsonValue {
  if (typeof value === 'object' && value !== null) {
    return (Array.isArray(value) ? value : Object.values(value)).every(isJsonValue);
  }
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
