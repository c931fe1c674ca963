/** JSON values, as a Person document is made of. */
export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[];

/** A JSON object. */
export interface JsonObject {
  readonly [member: string]: JsonValue;
}

/**
 * A whole Person document as the sandbox stores it: every information part, history included
 * (persontjenesten-api 8 and 12). What a caller gets of it is decided by `viewOf`.
 */
export interface PersonDocument extends JsonObject {
  /** Opaque, at most 64 characters. */
  readonly id: string;
  /** Number of the event that made this version. */
  readonly sequenceNumber: number;
}

/** One entry of a part that is a list, or a part that is a single object. */
export type PartElement = JsonObject;

/** Whether the value is an object, not a list and not null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is a list. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The objects of a part: the entries of a list, or the part itself; none when it is missing. */
export function elementsOf(document: JsonObject, part: string): readonly PartElement[] {
  const value = document[part];
  if (isJsonList(value)) return value.filter(isJsonObject);
  return isJsonObject(value) ? [value] : [];
}

/** Whether an element is current. One that does not say counts as current (persontjenesten-api 8). */
export function isCurrent(element: PartElement): boolean {
  return element['isValid'] !== false;
}

/** The text of a member; undefined for anything else. */
export function textAt(object: JsonObject | undefined, member: string): string | undefined {
  const value = object?.[member];
  return typeof value === 'string' ? value : undefined;
}

/** The object in a member; undefined for anything else. */
export function objectAt(object: JsonObject | undefined, member: string): JsonObject | undefined {
  const value = object?.[member];
  return isJsonObject(value) ? value : undefined;
}

/** Every number that finds the person: national, D- and alternate numbers, superseded ones too, and DUF. */
export function numbersOf(document: JsonObject): readonly string[] {
  const numbers = new Set<string>();
  for (const part of ['norwegianIdentificationNumber', 'immigrationAuthoritiesIdentificationNumber']) {
    for (const element of elementsOf(document, part)) {
      const number = textAt(element, 'identificationNumber');
      if (number !== undefined) numbers.add(number);
    }
  }
  return [...numbers];
}

/** The number that others name the person by: the one in use. Undefined for a person without any number. */
export function numberInUse(document: JsonObject): string | undefined {
  const listed = elementsOf(document, 'norwegianIdentificationNumber');
  const inUse = listed.find((element) => isCurrent(element) && element['status'] !== 'Discontinued');
  return textAt(inUse ?? listed[0], 'identificationNumber') ?? numbersOf(document)[0];
}

/** Whether the person is known by alternate numbers only. */
export function isAlternateOnly(document: JsonObject): boolean {
  const numbers = elementsOf(document, 'norwegianIdentificationNumber');
  return (
    numbers.length > 0 &&
    numbers.every((number) => number['identificationNumberType'] === 'AlternateIdentificationNumber')
  );
}
