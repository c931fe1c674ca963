/** What stands in the map until it is taken out. */
interface Standing<Value> {
  value: Value | undefined;
}

/**
 * A map for what comes and goes with requests, in the order of coming. Unlike a `Map` it lets go of what is taken out: V8 keeps each
 * table that a `Map` has outgrown, and whatever stood in it then, until all memory is looked through, which costs more than the requests.
 */
export class PassingMap<Key, Value extends object> {
  readonly #standing = new Map<Key, Standing<Value>>();

  get size(): number {
    return this.#standing.size;
  }

  /** Which has been there for longest. */
  get first(): readonly [Key, Value] | undefined {
    for (const [key, { value }] of this.#standing) {
      if (value !== undefined) return [key, value];
    }
    return undefined;
  }

  get(key: Key): Value | undefined {
    return this.#standing.get(key)?.value;
  }

  /** Puts it in; another one of that key is let go, and its place in the order taken over. */
  set(key: Key, value: Value): void {
    const standing = this.#standing.get(key);
    if (standing === undefined) this.#standing.set(key, { value });
    else standing.value = value;
  }

  /** @returns whether it was there */
  delete(key: Key): boolean {
    const standing = this.#standing.get(key);
    if (standing === undefined) return false;
    standing.value = undefined;
    return this.#standing.delete(key);
  }

  /** Those that are there, the one that has been for longest first. */
  *values(): Generator<Value> {
    for (const { value } of this.#standing.values()) {
      if (value !== undefined) yield value;
    }
  }
}
