import type { LegacyClient } from '../../access/legacy-client.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { Route } from '../../registry/cutover/route.js';
import type { MessageHeader } from './message/header.js';

/**
 * The way of one message, whatever carries it: octets in, octets out. Every message leaves an audit entry before its answer
 * leaves; where that fails the answer is withheld and an error sent in its place.
 */
export interface Hl7v2Endpoint {
  /** Never rejects: what goes wrong is an acknowledgement that says so. */
  answer(octets: Uint8Array, origin: MessageOrigin): Promise<Hl7v2Reply>;
  /**
   * Refuses a message that is longer than is taken (AR), by as much of its beginning as was kept: its header at least, if it
   * has one. Audited as any other. Never rejects.
   */
  refuseTooLarge(beginning: Uint8Array, origin: MessageOrigin): Promise<Hl7v2Reply>;
  /**
   * Refuses a message that there is no time for (AE), by its header alone: nobody is told apart, nothing of it is read and nothing put on
   * record, so that it costs next to nothing. Never throws.
   */
  refuseBusy(octets: Uint8Array, correlationId: CorrelationId): Hl7v2Reply;
}

/** Where a message came from. */
export interface MessageOrigin {
  readonly remoteAddress: string;
  /** The route that a tester wants for this message, where the carrier can tell. */
  readonly wantedRoute?: Route | undefined;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /**
   * Who asks, as the connection and the header tell.
   * @throws NotAuthenticated when they tell nobody that is known
   */
  identify(header: MessageHeader): LegacyClient;
}

/** A message back, ready to be sent; without the frame of MLLP. */
export interface Hl7v2Reply {
  readonly octets: Uint8Array;
  /** As HTTP names it: `8859/1` is `iso-8859-1`. */
  readonly charsetLabel: string;
}
