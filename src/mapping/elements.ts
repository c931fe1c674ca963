/**
 * Which elements of a list count today. Every list element carries `isValid` and `validFrom`
 * (persontjenesten-api 8): `isValid: true` first; null or absent counts only when no element says true.
 */
import { isJsonList, isJsonObject, memberOf, textIn, type JsonObject, type JsonValue } from './json.js';

/** A value and where in the document it stood, such as `name[0].givenName`. */
export interface Located<Value extends JsonValue = JsonValue> {
  readonly path: string;
  readonly value: Value;
}

/** Whether there is an object at that place. */
export function isLocatedObject(located: Located | undefined): located is Located<JsonObject> {
  return isJsonObject(located?.value);
}

/** A member of an object, with where it stands; null for one that is not there. */
export function memberAt({ path, value }: Located<JsonObject>, name: string): Located {
  return { path: `${path}.${name}`, value: memberOf(value, name) ?? null };
}

/** All elements of a list that are objects, in the document's order. A single object counts as a list of one. */
export function elementsOf(content: JsonObject, name: string): readonly Located<JsonObject>[] {
  const list = memberOf(content, name);
  if (isJsonObject(list)) return [{ path: name, value: list }];
  if (!isJsonList(list)) return [];
  const elements: Located<JsonObject>[] = [];
  for (const [index, value] of list.entries()) {
    if (isJsonObject(value)) elements.push({ path: `${name}[${index}]`, value });
  }
  return elements;
}

/** The elements that hold today, the newest `validFrom` first; without one, after those that have one. */
export function currentElements(content: JsonObject, name: string): readonly Located<JsonObject>[] {
  return newestFirst(currentAmong(elementsOf(content, name)));
}

function currentAmong(elements: readonly Located<JsonObject>[]): readonly Located<JsonObject>[] {
  const certain = elements.filter(({ value }) => value['isValid'] === true);
  return certain.length > 0 ? certain : elements.filter(({ value }) => (value['isValid'] ?? null) === null);
}

/** The elements that held once and no longer do, newest first. */
export function formerElements(content: JsonObject, name: string): readonly Located<JsonObject>[] {
  return everyElement(content, name).former;
}

/** All elements: those that hold today and those that no longer do, each the newest first. */
export function everyElement(
  content: JsonObject,
  name: string,
): Readonly<Record<'current' | 'former', readonly Located<JsonObject>[]>> {
  const elements = elementsOf(content, name);
  const current = currentAmong(elements);
  const isCurrent = new Set(current);
  const former =
    current.length === elements.length ? [] : elements.filter((element) => !isCurrent.has(element));
  return { current: newestFirst(current), former: newestFirst(former) };
}

/** Elements by `validFrom`, the newest first; without one, after those that have one. */
export function newestFirst(elements: readonly Located<JsonObject>[]): readonly Located<JsonObject>[] {
  if (elements.length < 2) return elements;
  const validFrom = ({ value }: Located<JsonObject>): string => textIn(value, 'validFrom') ?? '';
  return elements.toSorted((a, b) => {
    const left = validFrom(a);
    const right = validFrom(b);
    return left === right ? 0 : left < right ? 1 : -1;
  });
}
