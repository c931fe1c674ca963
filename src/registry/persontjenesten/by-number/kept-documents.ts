import type { JsonObject } from '../../../mapping/json.js';
import type { ChangedPerson } from '../../changes/change-log.js';

/** A document that is kept. */
export interface KeptDocument {
  readonly document: JsonObject;
  /** When it was asked for, in milliseconds: it is at least as new as that. */
  readonly askedAt: number;
  /** Whether its addresses have been taken out. */
  readonly isBare: boolean;
  /** The names under which events may tell of the person, as {@link namesOf} gives them. */
  readonly names: readonly string[];
}

/** Documents in memory: so many at most, the one that was asked for longest ago goes first; found by the person, too. */
export class KeptDocuments {
  /** In the order of their last use. */
  readonly #byKey = new Map<string, KeptDocument>();
  readonly #keysByName = new Map<string, Set<string>>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#byKey.size;
  }

  /** How many names are remembered, for who wants to know that none is left behind. */
  get names(): number {
    return this.#keysByName.size;
  }

  get(key: string): KeptDocument | undefined {
    return this.#byKey.get(key);
  }

  /** It was of use just now. */
  touch(key: string): void {
    const kept = this.#byKey.get(key);
    if (kept === undefined) return;
    this.#byKey.delete(key);
    this.#byKey.set(key, kept);
  }

  /** Keeps it in place of what was kept under that key. */
  put(key: string, kept: KeptDocument): void {
    this.drop(key);
    this.#byKey.set(key, kept);
    for (const name of kept.names) {
      const keys = this.#keysByName.get(name) ?? new Set();
      this.#keysByName.set(name, keys.add(key));
    }
    for (const oldest of this.#byKey.keys()) {
      if (this.#byKey.size <= this.most) break;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    const kept = this.#byKey.get(key);
    if (kept === undefined) return;
    this.#byKey.delete(key);
    for (const name of kept.names) {
      const keys = this.#keysByName.get(name);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysByName.delete(name);
    }
  }

  /** Lets go of everything about a person, whoever asked for it and by which number. */
  dropPerson(person: ChangedPerson): void {
    for (const name of namesOf(person)) {
      for (const key of [...(this.#keysByName.get(name) ?? [])]) this.drop(key);
    }
  }

  clear(): void {
    this.#byKey.clear();
    this.#keysByName.clear();
  }

  /** Puts in the place of each what is made of it; undefined lets go of it. None becomes any younger by it. */
  revise(how: (kept: KeptDocument) => KeptDocument | undefined): void {
    for (const [key, kept] of [...this.#byKey]) {
      const revised = how(kept);
      if (revised === undefined) this.drop(key);
      // A place that is filled already keeps its turn.
      else if (revised !== kept) this.#byKey.set(key, revised);
    }
  }
}

/** The names under which a person is told of: the id, and a number where there is one. */
export function namesOf({ personId, nin }: ChangedPerson): readonly string[] {
  return nin === null ? [`id ${personId}`] : [`id ${personId}`, nameOfNumber(nin)];
}

/** The name that a number is. */
export function nameOfNumber(nin: string): string {
  return `number ${nin}`;
}
