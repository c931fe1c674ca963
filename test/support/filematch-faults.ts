/** How an operation fails: before it has done anything, or when it has done everything and only the answer is lost. */
export type FaultMoment = 'before' | 'after';

/** Counts what is asked of a store, and makes it fail at one operation, once or from then on. */
export class Faults {
  #count = 0;
  #plan: { readonly at: number; readonly moment: FaultMoment; readonly error: () => Error } | undefined;
  #isFatal = false;
  #isDead = false;
  /** What was asked, in order. */
  readonly log: string[] = [];

  get count(): number {
    return this.#count;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** The operation with this number, from 1, fails, and nothing else. */
  failAt(at: number, moment: FaultMoment, error: () => Error): void {
    this.#plan = { at, moment, error };
    this.#isFatal = false;
  }

  /** From the operation with this number on nothing works any more, as if the process had been killed. */
  dieAt(at: number, moment: FaultMoment): void {
    this.#plan = { at, moment, error: () => new Error('dead') };
    this.#isFatal = true;
  }

  /** Another process begins. */
  revive(): void {
    this.#plan = undefined;
    this.#isDead = false;
  }

  /** Does an operation, or fails it. */
  during<Result>(name: string, work: () => Result): Result {
    if (this.#isDead) throw new Error('dead');
    this.#count += 1;
    this.log.push(name);
    const plan = this.#count === this.#plan?.at ? this.#plan : undefined;
    if (plan?.moment === 'before') this.#fail(plan.error);
    const result = work();
    if (plan?.moment === 'after') this.#fail(plan.error);
    return result;
  }

  #fail(error: () => Error): never {
    this.#isDead = this.#isFatal;
    throw error();
  }
}
