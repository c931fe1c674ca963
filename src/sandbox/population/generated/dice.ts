/**
 * Repeatable randomness for the generated population: the same seed gives the same throws, on any computer.
 * It makes invented persons; it is no source of secrets. Algorithm: sfc32, with the seed spread by splitmix32.
 */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  /** Two whole numbers, so that each family has a sequence of its own. */
  constructor(seed: number, stream: number) {
    this.#a = spread(seed);
    this.#b = spread(stream + 0x9e3779b9);
    this.#c = spread(seed ^ Math.imul(stream + 1, 0x85ebca6b));
    for (let turn = 0; turn < 12; turn += 1) this.next();
  }

  /** The next whole number in 0 … 2³² − 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number in 0 … `limit` − 1. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  /** A whole number in `from` … `to`, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability * 2 ** 32;
  }

  /** One of the list, each as likely as the others. */
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** One of the list, each as likely as its weight says. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T {
    const total = list.reduce((sum, item) => sum + item.weight, 0);
    let left = (this.next() / 2 ** 32) * total;
    for (const item of list) {
      left -= item.weight;
      if (left < 0) return item;
    }
    return this.pick(list);
  }
}

function spread(value: number): number {
  let mixed = (value + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}
