/** How far back the rate looks, in milliseconds. */
const MEMORY_MILLISECONDS = 30_000;

interface Sample {
  readonly at: number;
  readonly rows: number;
}

/** How fast rows are done at the moment: what was done long ago, or by an earlier process, does not count. */
export class Throughput {
  readonly #samples: Sample[] = [];

  /** Notes how many rows are done at an instant, in milliseconds. */
  note(at: number, rows: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && rows < last.rows) this.#samples.length = 0;
    if (last?.rows === rows) return;
    this.#samples.push({ at, rows });
    while ((this.#samples[1]?.at ?? at) < at - MEMORY_MILLISECONDS) this.#samples.shift();
  }

  /** Begins anew, for work that has stood still for a reason. */
  forget(): void {
    this.#samples.length = 0;
  }

  /** Rows a second at an instant, falling while nothing is done; undefined before there is enough to tell. */
  at(now: number): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || first === last || now <= first.at) return undefined;
    return ((last.rows - first.rows) * 1_000) / (now - first.at);
  }
}
