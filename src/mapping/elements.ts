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
  return list.flatMap((value, index) => (isJsonObject(value) ? [{ path: `${name}[${index}]`, value }] : []));
}

/** The elements that hold today, the newest `validFrom` first; without one, after those that have one. */
export function currentElements(content: JsonObject, name: string): readonly Located<JsonObject>[] {
  const elements = elementsOf(content, name);
  const certain = elements.filter(({ value }) => value['isValid'] === true);
  const current =
    certain.length > 0 ? certain : elements.filter(({ value }) => (value['isValid'] ?? null) === null);
  return newestFirst(current);
}

/** The elements that held once and no longer do, newest first. */
export function formerElements(content: JsonObject, name: string): readonly Located<JsonObject>[] {
  const elements = elementsOf(content, name);
  if (elements.length === 0) return elements;
  const current = new Set(currentElements(content, name).map(({ path }) => path));
  return newestFirst(elements.filter(({ path }) => !current.has(path)));
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
