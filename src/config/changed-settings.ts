import { isDeepStrictEqual } from 'node:util';
import { formatPath } from './problems.js';

/**
 * Where two configurations differ, as `listeners.legacy.port` or `clients[lab].enabled`: items that have an id are told by it, also
 * where they came or went. Any other list that became longer or shorter is told as a whole, and so is one whose order is another.
 * Names settings alone, never what stands there.
 */
export function changedSettings(before: unknown, after: unknown): readonly string[] {
  return changedBelow('', before, after);
}

function changedBelow(place: string, before: unknown, after: unknown): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isPlainGroup(before) && isPlainGroup(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    // Absent or undefined is the same.
    return names.flatMap((name) =>
      changedBelow(place === '' ? formatPath([name]) : `${place}.${name}`, before[name], after[name]),
    );
  }
  if (isListOfGroups(before) && isListOfGroups(after)) {
    const [known, found] = [byId(before), byId(after)];
    if (known !== undefined && found !== undefined) return changedItems(place, known, found);
    if (before.length === after.length) {
      return before.flatMap((item, index) => changedBelow(`${place}[${index}]`, item, after[index]));
    }
  }
  return [place];
}

function changedItems(place: string, before: Items, after: Items): readonly string[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  const changed = ids.flatMap((id) => changedBelow(`${place}[${id}]`, before.get(id), after.get(id)));
  return changed.length === 0 ? [place] : changed;
}

type Items = ReadonlyMap<string, unknown>;

/** The items by their ids; undefined where some have none, or the same. */
function byId(list: readonly Readonly<Record<string, unknown>>[]): Items | undefined {
  const items = new Map<string, unknown>();
  for (const item of list) {
    const { id } = item;
    if (typeof id !== 'string' || items.has(id)) return undefined;
    items.set(id, item);
  }
  return items;
}

function isPlainGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isListOfGroups(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.every(isPlainGroup);
}
