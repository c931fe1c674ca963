/** Undoes what was opened, the last first. What fails to close is told, and does not keep the rest open. */
export class Closing {
  readonly #steps: (() => Promise<void> | void)[] = [];

  /** Remembers how to undo a step that has just succeeded. */
  add(undo: () => Promise<void> | void): void {
    this.#steps.push(undo);
  }

  /** Undoes everything. @throws the first error, after all steps have been tried. */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let undo = this.#steps.pop(); undo !== undefined; undo = this.#steps.pop()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
