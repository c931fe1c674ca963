/** What a value has that its type forbids, or lacks that its type demands. */
export type WriteProblem =
  | 'unknown-type'
  | 'unknown-member'
  | 'not-a-value'
  | 'code-not-published'
  | 'empty'
  | 'too-many'
  | 'missing'
  | 'not-nillable';

/**
 * A reply that would break the published schema or a known client: a programming error in a renderer.
 * The message names the place and the rule, never the value, which may be a person's.
 */
export class TypedWriteError extends Error {
  override readonly name = 'TypedWriteError';

  constructor(
    readonly problem: WriteProblem,
    /** Element and attribute names from the root, separated by `/`. */
    readonly path: string,
    explanation: string,
  ) {
    super(`${path}: ${explanation}`);
  }
}
