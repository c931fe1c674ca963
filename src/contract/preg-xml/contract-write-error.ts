/** What a value has that its type forbids, or lacks that its type demands. */
export type ContractWriteProblem = 'unknown-member' | 'missing' | 'not-nillable' | 'not-a-value';

/**
 * A message that would break the published contract: a programming error in a renderer.
 * The message names the place and the rule, never the value, which may be a person's.
 */
export class ContractWriteError extends Error {
  override readonly name = 'ContractWriteError';

  constructor(
    readonly problem: ContractWriteProblem,
    /** Element names from the root, separated by `/`. */
    readonly path: string,
    explanation: string,
  ) {
    super(`${path}: ${explanation}`);
  }
}
