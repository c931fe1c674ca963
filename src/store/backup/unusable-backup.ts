/** A folder that is no backup, or one that does not fit. `message` is one plain sentence for the operator. */
export class UnusableBackup extends Error {
  readonly code = 'unusable-backup';

  constructor(
    readonly folder: string,
    /** The end of the sentence. */
    readonly reason: string,
    cause?: unknown,
  ) {
    super(`the backup in ${folder} cannot be used: ${reason}`, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
  }
}
