/** How many callers wait out a delay, in all and by address. */
export class DelayedCallers {
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  from(address: string): number {
    return this.#byAddress.get(address) ?? 0;
  }

  /** @returns the way out, to be taken once. */
  enter(address: string): () => void {
    this.#total += 1;
    this.#byAddress.set(address, this.from(address) + 1);
    return () => {
      this.#total -= 1;
      const left = this.from(address) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    };
  }
}
