import { currentAmong, elementsOf, everyAmong, formerAmong, newestFirst, type Located } from './elements.js';
import type { JsonObject } from './json.js';

/** The elements of an object's lists. Each list is gone through once, however many ask; an index lives no longer than one translation. */
export class ElementIndex {
  readonly #lists = new Map<string, IndexedList>();

  constructor(readonly object: JsonObject) {}

  /** All elements, in the document's order. */
  all(name: string): readonly Located<JsonObject>[] {
    return this.#list(name).all;
  }

  /** The elements that hold today, the newest first. */
  current(name: string): readonly Located<JsonObject>[] {
    return this.#list(name).current;
  }

  /** The elements that held once and no longer do, the newest first. */
  former(name: string): readonly Located<JsonObject>[] {
    return this.#list(name).former;
  }

  /** The elements that hold today, then the former ones. */
  every(name: string): readonly Located<JsonObject>[] {
    return this.#list(name).every;
  }

  #list(name: string): IndexedList {
    const known = this.#lists.get(name);
    if (known !== undefined) return known;
    const list = new IndexedList(elementsOf(this.object, name));
    this.#lists.set(name, list);
    return list;
  }
}

class IndexedList {
  #current: readonly Located<JsonObject>[] | undefined;
  #every: readonly Located<JsonObject>[] | undefined;

  constructor(readonly all: readonly Located<JsonObject>[]) {}

  get current(): readonly Located<JsonObject>[] {
    this.#current ??= newestFirst(currentAmong(this.all));
    return this.#current;
  }

  get former(): readonly Located<JsonObject>[] {
    return newestFirst(formerAmong(this.all));
  }

  get every(): readonly Located<JsonObject>[] {
    this.#every ??= everyAmong(this.all);
    return this.#every;
  }
}
