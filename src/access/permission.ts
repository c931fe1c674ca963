import { NotAuthorised } from '../errors/errors.js';
import type { LegacyClient, Protocol } from './legacy-client.js';

/**
 * Lets a client in that has proven who it is, by a protocol and from an address.
 * @throws NotAuthorised, which tells the client no more than that
 */
export function requireAdmitted(
  { protocols, addresses }: LegacyClient,
  protocol: Protocol,
  remoteAddress: string,
): void {
  if (!protocols.has(protocol)) throw new NotAuthorised('the client may not use this protocol');
  if (addresses?.has(remoteAddress) === false) {
    throw new NotAuthorised('the client may not ask from this address');
  }
}

/** Lets a client ask by an operation, as the audit trail names it. @throws NotAuthorised */
export function requireOperation(client: LegacyClient, operation: string): void {
  if (!mayAskBy(client, operation)) throw new NotAuthorised('the client may not use this operation');
}

/** Whether a client may ask by an operation of its protocols. */
export function mayAskBy({ operations }: LegacyClient, operation: string): boolean {
  return operations?.has(operation) ?? true;
}
