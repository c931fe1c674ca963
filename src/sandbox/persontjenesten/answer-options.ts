import { isInformationPart, type InformationPart } from './information-parts.js';
import type { View } from './person-view.js';
import { badParameter } from './problem.js';

/**
 * What the query asks to see: `informationParts` (at least one, each a value of its own) and `includeHistory`.
 * Throws Problem 400.
 */
export function viewAsked(query: URLSearchParams, access: View['access']): View {
  const names = query.getAll('informationParts');
  if (names.length === 0) throw badParameter('informationParts', 'At least one is required.');
  const parts = new Set<InformationPart>();
  for (const name of names) {
    if (!isInformationPart(name))
      throw badParameter('informationParts', 'A value is not one of the known ones.');
    parts.add(name);
  }
  return { parts, includeHistory: flag(query, 'includeHistory'), access };
}

/** A boolean of the query; false when it is absent. Throws Problem 400. */
export function flag(query: URLSearchParams, name: string): boolean {
  const values = query.getAll(name).map((value) => value.toLowerCase());
  if (values.length > 1 || values.some((value) => value !== 'true' && value !== 'false')) {
    throw badParameter(name, 'Either true or false.');
  }
  return values[0] === 'true';
}
