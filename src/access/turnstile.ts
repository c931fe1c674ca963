import { Overloaded } from '../errors/errors.js';

/** Lets few in at a time and makes the others wait in line; when the line is full, it turns people away. */
export class Turnstile {
  #inside = 0;
  readonly #line: (() => void)[] = [];

  constructor(private readonly limits: { readonly inside: number; readonly waiting: number }) {}

  /** Runs the task when it is its turn. @throws Overloaded when too many wait already. */
  async pass<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#inside >= this.limits.inside) {
      if (this.#line.length >= this.limits.waiting) throw new Overloaded('too many logins at once');
      // The one who leaves hands its place over, so #inside stays as it is.
      await new Promise<void>((admit) => {
        this.#line.push(admit);
      });
    } else {
      this.#inside += 1;
    }
    try {
      return await task();
    } finally {
      const next = this.#line.shift();
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }
}
