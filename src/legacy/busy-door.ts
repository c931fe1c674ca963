import type { Protocol } from '../access/legacy-client.js';
import type { LegacyHttpHead, LegacyHttpResponse } from './http.js';
import type { Refusing } from './overload/refusals.js';

/** What is looked at of a request that there is no time for. */
export type BusyHead = Pick<LegacyHttpHead, 'method' | 'headers'>;

/** How a door refuses those whom there is no time for, in the terms of its protocol. It must cost next to nothing. */
export interface BusyDoor {
  readonly protocol: Protocol;
  /** The answer to a request whose body nobody reads. */
  refuse(head: BusyHead, refusing: Refusing): LegacyHttpResponse;
  /** The answer to one whose body is there; where a protocol cannot answer without it. */
  readonly refuseRead?: (body: Uint8Array, refusing: Refusing) => LegacyHttpResponse;
}

/** The answer of HTTP itself: for who asks for something else than an answer of the protocol, and for what is at no door. */
export const bareBusy: LegacyHttpResponse = { status: 503, headers: { 'Retry-After': '1' }, body: '' };
