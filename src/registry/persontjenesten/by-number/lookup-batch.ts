import type { SharedLookup } from './shared-lookup.js';

/** Lookups that go together, for as long as others may join. */
export class LookupBatch {
  readonly #lookups: SharedLookup[] = [];
  #isOpen = true;

  /**
   * @param most how many one call takes
   * @param send told once, with those of whom somebody still waits; never with none
   */
  constructor(
    private readonly most: number,
    private readonly send: (lookups: readonly SharedLookup[]) => void,
  ) {}

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many have joined so far. */
  get size(): number {
    return this.#lookups.length;
  }

  /** Sends it at once when one call takes no more. */
  add(lookup: SharedLookup): void {
    this.#lookups.push(lookup);
    if (this.#lookups.length >= this.most) this.close();
  }

  /** Lets nobody join any more, and sends it. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const wanted = this.#lookups.filter(({ signal }) => !signal.aborted);
    if (wanted.length > 0) this.send(wanted);
  }
}
