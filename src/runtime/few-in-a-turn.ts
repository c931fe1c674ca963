/**
 * Lets a few pass in each turn of the event loop, in order, however many come at once: whoever passes goes on to work for
 * milliseconds, and others, such as those who ask for health, want their turn too.
 */
export class FewInATurn {
  readonly #waiting: (() => void)[] = [];
  #left: number;
  #isCounting = false;

  constructor(private readonly few: number) {
    this.#left = few;
  }

  /** Resolves when one may pass. */
  async pass(): Promise<void> {
    this.#count();
    if (this.#left > 0) {
      this.#left -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** From the first who passes until a turn in which nobody did. */
  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => {
      this.#isCounting = false;
      const next = this.#waiting.splice(0, this.few);
      this.#left = this.few - next.length;
      if (next.length > 0) this.#count();
      for (const pass of next) pass();
    });
  }
}
