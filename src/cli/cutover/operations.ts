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
