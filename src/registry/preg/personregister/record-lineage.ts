import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import type { FieldOrigin, Lineage } from '../../../person/lineage.js';
import { LineageOnDemand } from '../../../person/lineage-on-demand.js';
import type { PregAddress, PregPerson } from '../../../person/preg-person.js';

const NOTHING_TOLD = 'PREG tells nothing';

/** A person's record, and those of the addresses that are told of. */
export interface PersonRecords {
  readonly person: ReadRecord;
  readonly addresses: readonly ReadRecord[];
}

/**
 * Which fields PREG told, and by which members. What a record does not even hold as nil is not told: so with two members of
 * an address that there were not yet in version 2016.
 * @param person as it was read, with one address for each record of one
 */
export function recordLineage(records: PersonRecords, person: PregPerson): Lineage {
  return new LineageOnDemand(
    () =>
      new Map([
        ...personOrigins(records.person, person),
        ...records.addresses.flatMap((record, index) => {
          const address = person.addresses[index];
          return address === undefined ? [] : addressOrigins(record, address, index);
        }),
      ]),
  );
}

function personOrigins(record: ReadRecord, person: PregPerson): readonly (readonly [string, FieldOrigin])[] {
  const told = Object.entries(person).flatMap(([field, value]) =>
    record.holds(memberOf(field)) && field !== 'addresses'
      ? [[field, originOf(field, memberOf(field), value)] as const]
      : [],
  );
  // There is no member for a death: it is a status with its day (contract 1.5), unless that is the status of a number.
  const death =
    person.deceased !== null
      ? ([
          ['deceased', originOf('deceased', 'RegStatus', person.deceased)],
          ['dateOfDeath', originOf('dateOfDeath', 'DateStatus', person.dateOfDeath)],
        ] as const)
      : [];
  return [...told, ...death];
}

function addressOrigins(
  record: ReadRecord,
  address: PregAddress,
  index: number,
): readonly (readonly [string, FieldOrigin])[] {
  return Object.entries(address).flatMap(([field, value]) => {
    const member = memberOf(field);
    if (!record.holds(member)) return [];
    const origin = originOf(`addresses.${field}`, `Addresses[${String(index)}].${member}`, value);
    return [[`addresses[${String(index)}].${field}`, origin] as const];
  });
}

/** Fields are named as the contract's members, but for the first letter. */
function memberOf(field: string): string {
  return field === 'nin' ? 'NIN' : field.charAt(0).toUpperCase() + field.slice(1);
}

function originOf(row: string, source: string, value: unknown): FieldOrigin {
  return value === null ? { row, sources: [], blank: NOTHING_TOLD } : { row, sources: [source] };
}
