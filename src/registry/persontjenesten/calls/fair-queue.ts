import { PassingMap } from '../../../runtime/passing-map.js';

/** A place in the queue. */
export interface Place<Item> {
  readonly clientId: string;
  readonly item: Item;
}

/** The same with its neighbours in the queue of its client. */
class LinkedPlace<Item> implements Place<Item> {
  before: LinkedPlace<Item> | undefined;
  after: LinkedPlace<Item> | undefined;
  isTaken = true;

  constructor(
    readonly clientId: string,
    readonly item: Item,
  ) {}
}

interface ClientQueue<Item> {
  first: LinkedPlace<Item>;
  last: LinkedPlace<Item>;
  length: number;
}

/** First come, first served within a client, and the clients in turns. Every step takes the same time however many wait. */
export class FairQueue<Item> {
  /** In the order of their turns. */
  readonly #clients = new PassingMap<string, ClientQueue<Item>>();
  #size = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** How many of a client wait. */
  lengthOf(clientId: string): number {
    return this.#clients.get(clientId)?.length ?? 0;
  }

  /** The client of whom most wait; nobody when the queue is empty. */
  get longest(): { readonly clientId: string; readonly length: number } | undefined {
    let longest: ClientQueue<Item> | undefined;
    for (const queue of this.#clients.values()) {
      if (longest === undefined || queue.length > longest.length) longest = queue;
    }
    return longest && { clientId: longest.first.clientId, length: longest.length };
  }

  /** Whom a client has waiting for the shortest time. */
  newestOf(clientId: string): Place<Item> | undefined {
    return this.#clients.get(clientId)?.last;
  }

  push(clientId: string, item: Item): Place<Item> {
    const queue = this.#clients.get(clientId);
    const place = new LinkedPlace(clientId, item);
    if (queue === undefined) {
      this.#clients.set(clientId, { first: place, last: place, length: 1 });
    } else {
      place.before = queue.last;
      queue.last.after = place;
      queue.last = place;
      queue.length += 1;
    }
    this.#size += 1;
    return place;
  }

  /** Whose turn it is; taken out. */
  shift(): Item | undefined {
    const { first: next } = this.#clients;
    if (next === undefined) return undefined;
    const [clientId, queue] = next;
    const { first } = queue;
    this.remove(first);
    // The client's next turn is after everybody else's.
    if (this.#clients.delete(clientId) && queue.length > 0) this.#clients.set(clientId, queue);
    return first.item;
  }

  /** Takes somebody out of the middle. @returns whether the place was still in the queue */
  remove(place: Place<Item>): boolean {
    const queue = this.#clients.get(place.clientId);
    if (queue === undefined || !isLinked(place) || !place.isTaken) return false;
    place.isTaken = false;
    const { before, after } = place;
    if (before !== undefined) before.after = after;
    else if (after !== undefined) queue.first = after;
    if (after !== undefined) after.before = before;
    else if (before !== undefined) queue.last = before;
    // What it still knew would live on with it.
    place.before = undefined;
    place.after = undefined;
    queue.length -= 1;
    this.#size -= 1;
    if (queue.length === 0) this.#clients.delete(place.clientId);
    return true;
  }

  /** Everybody who waits, client by client. */
  get places(): readonly Place<Item>[] {
    const places: Place<Item>[] = [];
    for (const { first } of this.#clients.values()) {
      for (let place: LinkedPlace<Item> | undefined = first; place !== undefined; place = place.after) {
        places.push(place);
      }
    }
    return places;
  }
}

function isLinked<Item>(place: Place<Item>): place is LinkedPlace<Item> {
  return place instanceof LinkedPlace;
}
