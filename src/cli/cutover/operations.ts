import type { Protocol } from '../../access/legacy-client.js';
import { hl7v3Operations } from '../../contract/hl7v3/operations.js';

/** The operations of each protocol that people are asked for by, as the audit trail names them. */
export const operationsOf: Readonly<Record<Protocol, readonly string[]>> = {
  hl7v3: hl7v3Operations.map(({ name }) => name),
  'preg-xml': [
    'Search',
    'GetPerson',
    'GetPersons',
    'GetAddresses',
    'GetChildren',
    'GetIdentityChanges',
    'GetChanges',
    'GetAddressesAdvanced',
  ],
  hl7v2: ['QBP^Q22', 'QRY^A19'],
  filematch: ['match'],
};

/** What is passed on unread where it goes to PREG, or never asked of a register: nothing can be compared. */
const notCompared: ReadonlySet<string> = new Set([
  'AddPerson',
  'RevisePersonRecord',
  'LinkPersonRecords',
  'UnlinkPersonRecords',
  'GetIdentityChanges',
  'GetChanges',
  'GetAddressesAdvanced',
]);

/** Whether both registers can be asked by an operation, whatever the request. */
export function isComparable(operation: string): boolean {
  return !notCompared.has(operation);
}
