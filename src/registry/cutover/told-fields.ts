import { targets } from '../../mapping/targets.js';
import type { PregPerson } from '../../person/preg-person.js';

const ADDRESSES = 'addresses.';

const ofPerson = [...targets.keys()].filter((row) => !row.startsWith(ADDRESSES));
const ofAddress = [...targets.keys()].flatMap((row) =>
  row.startsWith(ADDRESSES) ? [{ row, field: row.slice(ADDRESSES.length) }] : [],
);

/** The rows of mappings/person.yaml by which something is told of a person: those whose fields are not blank. */
export function toldFields(person: PregPerson, told = new Set<string>()): Set<string> {
  const fields = new Map<string, unknown>(Object.entries(person));
  for (const row of ofPerson) {
    if (isTold(fields.get(row))) told.add(row);
  }
  for (const address of person.addresses) {
    const its = new Map<string, unknown>(Object.entries(address));
    for (const { row, field } of ofAddress) {
      if (isTold(its.get(field))) told.add(row);
    }
  }
  return told;
}

function isTold(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== '';
}
