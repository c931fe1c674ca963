import type { NationalId } from '../person/national-id.js';
import type { Caller } from './person-registry.js';

/**
 * The part of the waist that tells under which id changes of a person are told. Nothing but numbers is asked for, and only about
 * those who are given.
 */
export interface PersonReferences {
  /**
   * Ids by number, as {@link Change} has them, at most a hundred at a time; of whom nobody knows there is none.
   * @throws AdapterError for trouble with any of them
   */
  referencesOf(numbers: readonly NationalId[], caller: Caller): Promise<ReadonlyMap<NationalId, string>>;
}
