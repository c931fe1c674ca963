import type { BlankStringAs } from '../blank-text.js';

/** What is left to the installation to say about answers. */
export interface AnswerSettings {
  readonly blankStringAs: BlankStringAs;
  /** How a number that is none is answered: as one that nobody has, or with a fault (contract 1.8). */
  readonly malformedNumber: MalformedNumber;
  /** Whose record an old number gets: its own, as PREG kept it, or the one in use ("Decided" 1). */
  readonly supersededLookup: SupersededLookup;
  /** The page of a search that asks for none. */
  readonly resultsPerPage: number;
}

export type MalformedNumber = 'nil' | 'fault';
export type SupersededLookup = 'own-record' | 'current-record';

/** The setting in the terms of the waist. */
export function recordOf(supersededLookup: SupersededLookup): 'asked' | 'current' {
  return supersededLookup === 'own-record' ? 'asked' : 'current';
}
