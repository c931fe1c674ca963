import type { PregPerson } from '../../person/preg-person.js';
import type { BlankStringAs } from './blank-text.js';
import { personRecord } from './person-record.js';
import type { DataRecord } from '../../contract/preg-xml/data-value.js';

/** One page of the people found. */
export interface SearchPage {
  readonly persons: readonly PregPerson[];
  /** Counts from 1. */
  readonly page: number;
  /** At least 1. */
  readonly resultsPerPage: number;
  /** On all pages. */
  readonly totalResults: number;
}

/** The page as the contract's `SearchResult` with its `Status` (contract 1.4, Q7): a search that was served is always OK. */
export function searchResultRecord(found: SearchPage, blankStringAs: BlankStringAs): DataRecord {
  const { persons, page, resultsPerPage, totalResults } = found;
  return {
    Persons: persons.map((person) => personRecord(person, blankStringAs)),
    Status: {
      Code: 0,
      CurrentPage: page,
      Message: 'OK',
      Reason: null,
      ResultsPerPage: resultsPerPage,
      TotalPages: Math.ceil(totalResults / resultsPerPage),
      TotalResults: totalResults,
    },
  };
}

/** A search that was not served, for clients that read it from the `Status` (Q7). */
export function refusedSearchRecord(reason: string): DataRecord {
  return {
    Persons: [],
    Status: {
      Code: 1,
      CurrentPage: 0,
      Message: 'REFUSED',
      Reason: reason,
      ResultsPerPage: 0,
      TotalPages: 0,
      TotalResults: 0,
    },
  };
}
