import type { NationalId } from '../../person/national-id.js';

/**
 * The hits of searches whose clients may ask for more of them (DSC): the port of the store, which seals them. Bounded for each
 * client, and forgotten after a while. Every operation throws StoreFailed for trouble.
 */
export interface Continuations {
  /** Keeps hits until then, and gives the name that tells them. A client that has too many loses those it asked for longest ago. */
  keep(hits: KeptHits, until: Date): string;
  /**
   * The hits of that client under a name, which are kept until then from now on; undefined when there are none, or it is too
   * late.
   */
  find(clientId: string, name: string, until: Date): KeptHits | undefined;
  /** Forgets what that client asked for under a query tag. @returns how many searches that were */
  endQuery(clientId: string, queryTag: string): number;
}

/** The hits of a search. Numbers alone: people are looked up anew when they are told (Safety S10). */
export interface KeptHits {
  readonly clientId: string;
  /** QPD-2 or QRD-4. */
  readonly queryTag: string;
  /** A digest of what was asked, so that hits are told to their own query alone. */
  readonly queryDigest: string;
  /** In the order of the search, those that were told at once included. */
  readonly numbers: readonly NationalId[];
  /** How many people fit in all, also beyond those that can be told (Safety S4). */
  readonly total: number;
  /** Whether an address was searched by, so that whoever is protected by now is left out (Safety S2). */
  readonly byAddress: boolean;
}
