import type { NationalId } from '../../person/national-id.js';

/**
 * What is left of the hits of a search, until its client asks for more (DSC): the port of the store, which seals it. Bounded
 * for each client, and forgotten after a while. Every operation throws StoreFailed for trouble.
 */
export interface Continuations {
  /**
   * Keeps what is left, and gives the pointer that tells it (DSC-1). A client that has too many loses its oldest.
   */
  keep(rest: RestOfHits): string;
  /** What is left under a pointer of that client; undefined when there is no such pointer, or it is too old. */
  find(clientId: string, pointer: string): RestOfHits | undefined;
  /** Forgets a pointer of that client. @returns whether there was one */
  end(clientId: string, pointer: string): boolean;
  /** Forgets what that client began under a query tag. @returns how many there were */
  endQuery(clientId: string, queryTag: string): number;
}

/** What is left of the hits of a search. Numbers alone: people are looked up anew when they are told (Safety S10). */
export interface RestOfHits {
  readonly clientId: string;
  /** QPD-2 or QRD-4 of the first message. */
  readonly queryTag: string;
  /** A digest of what was asked, so that a pointer is good for its own query alone. */
  readonly queryDigest: string;
  /** Those who have not been told yet, in the order of the search. */
  readonly numbers: readonly NationalId[];
  /** How many people fit in all, told or not (Safety S4). */
  readonly total: number;
  /** How many have been told. */
  readonly told: number;
  /** Whether an address was searched by, so that whoever is protected by now is left out (Safety S2). */
  readonly byAddress: boolean;
}
