import { targets } from '../../mapping/targets.js';
import type { PregPerson } from '../../person/preg-person.js';

const ADDRESSES = 'addresses.';

/** Rows of a person, and those of an address by its field. */
const ofPerson = new Set([...targets.keys()].filter((row) => !row.startsWith(ADDRESSES)));
const ofAddress = new Map(
  [...targets.keys()].flatMap((row) =>
    row.startsWith(ADDRESSES) ? [[row.slice(ADDRESSES.length), row] as const] : [],
  ),
);

/** Adds the rows of mappings/person.yaml by which something is told of a person: those whose fields are not blank. */
export function addToldFields(person: PregPerson, told: Set<string>): void {
  for (const [field, value] of Object.entries(person)) {
    if (ofPerson.has(field) && isTold(value)) told.add(field);
  }
  for (const address of person.addresses) {
    for (const [field, value] of Object.entries(address)) {
      const row = ofAddress.get(field);
      if (row !== undefined && isTold(value)) told.add(row);
    }
  }
}

function isTold(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== '';
}
