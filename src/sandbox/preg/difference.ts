import type { PregPerson } from '../../person/preg-person.js';

/** A way in which the old register tells of a person otherwise than the new one. */
export interface Difference {
  /** What a comparison should make of it: nothing at all, something that has a reason, or something that nobody can explain. */
  readonly expectation: 'equal' | 'expected' | 'unexplained';
  /**
   * The person as the old register tells of it, who is nobody to a register that does not know the number; undefined for a
   * person of whom this cannot be.
   */
  readonly of: (person: PregPerson) => PregPerson | 'nobody' | undefined;
}
