import { isDeepStrictEqual } from 'node:util';
import { formatPath } from './problems.js';

/**
 * Where two configurations differ, as `listeners.legacy.port` or `clients[0].enabled`; a list that became longer or shorter is
 * told as a whole. Names settings alone, never what stands there.
 */
export function changedSettings(before: unknown, after: unknown): readonly string[] {
  return changedBelow([], before, after);
}

function changedBelow(path: readonly PropertyKey[], before: unknown, after: unknown): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isPlainGroup(before) && isPlainGroup(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    // Absent or undefined is the same.
    return names.flatMap((name) => changedBelow([...path, name], before[name], after[name]));
  }
  if (isListOfGroups(before) && isListOfGroups(after) && before.length === after.length) {
    return before.flatMap((item, index) => changedBelow([...path, index], item, after[index]));
  }
  return [formatPath(path)];
}

function isPlainGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isListOfGroups(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.every(isPlainGroup);
}
