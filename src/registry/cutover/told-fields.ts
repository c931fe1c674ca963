import { targets } from '../../mapping/targets.js';
import { blankAddress } from '../../person/blank-address.js';
import { blankPerson } from '../../person/blank-person.js';
import type { PregAddress, PregPerson } from '../../person/preg-person.js';

const ADDRESSES = 'addresses.';

/** Rows of a person, and those of an address by its field. Gone through for each person: a list of each person's own is dearer. */
const ofPerson = [...targets.keys()].filter(isFieldOfPerson);
const ofAddress = [...targets.keys()]
  .filter((row) => row.startsWith(ADDRESSES))
  .map((row) => ({ row, field: row.slice(ADDRESSES.length) }))
  .filter((entry): entry is { row: string; field: keyof PregAddress } => isFieldOfAddress(entry.field));

/** Adds the rows of mappings/person.yaml by which something is told of a person: those whose fields are not blank. */
export function addToldFields(person: PregPerson, told: Set<string>): void {
  for (const field of ofPerson) {
    if (isTold(person[field])) told.add(field);
  }
  for (const address of person.addresses) {
    for (const { row, field } of ofAddress) {
      if (isTold(address[field])) told.add(row);
    }
  }
}

function isFieldOfPerson(row: string): row is keyof PregPerson {
  return row === 'nin' || row in blankPerson;
}

function isFieldOfAddress(field: string): field is keyof PregAddress {
  return field === 'nin' || field in blankAddress;
}

function isTold(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== '';
}
