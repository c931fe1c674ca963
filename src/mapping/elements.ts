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

/** The elements that held once and no longer do, newest first. */
export function formerElements(content: JsonObject, name: string): readonly Located<JsonObject>[] {
  return newestFirst(formerAmong(elementsOf(content, name)));
}

/** Those of a list's elements that hold today. */
export function currentAmong(elements: readonly Located<JsonObject>[]): readonly Located<JsonObject>[] {
  const holds = holdsAmong(elements);
  return elements.every(holds) ? elements : elements.filter(holds);
}

/** Those of a list's elements that no longer hold. */
export function formerAmong(elements: readonly Located<JsonObject>[]): readonly Located<JsonObject>[] {
  const holds = holdsAmong(elements);
  return elements.filter((element) => !holds(element));
}

/** A list's elements: those that hold today and those that no longer do, each the newest first. */
export function everyAmong(elements: readonly Located<JsonObject>[]): readonly Located<JsonObject>[] {
  const current = currentAmong(elements);
  if (current.length === elements.length) return newestFirst(current);
  return [...newestFirst(current), ...newestFirst(formerAmong(elements))];
}

/** What tells an element that holds from others of its list. */
function holdsAmong(elements: readonly Located<JsonObject>[]): (element: Located<JsonObject>) => boolean {
  return elements.some(saysItHolds) ? saysItHolds : saysNothing;
}

function saysItHolds({ value }: Located<JsonObject>): boolean {
  return value['isValid'] === true;
}

function saysNothing({ value }: Located<JsonObject>): boolean {
  return (value['isValid'] ?? null) === null;
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
