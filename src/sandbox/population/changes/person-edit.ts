import type { EventType } from '../../events/event-types.js';
import {
  elementsOf,
  isAlternateOnly,
  isCurrent,
  numberInUse,
  numbersOf,
  type JsonObject,
  type JsonValue,
  type PersonDocument,
} from '../person-document.js';
import { eventOfPart } from './part-events.js';

/** When something happens, and when the register writes it down. */
export interface Moment {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Date and time. */
  readonly registeredAt: string;
}

/** Content of an element; what is undefined is left out. */
export type Fields = Readonly<Record<string, JsonValue | undefined>>;

type Which = (element: JsonObject) => boolean;

const ABOUT_ELEMENTS: ReadonlySet<string> = new Set([
  'registeredAt',
  'isValid',
  'source',
  'reason',
  'validFrom',
  'validTo',
]);
const anyOne: Which = () => true;

/** A day as the register writes it. */
export function asDate(day: string): string {
  return `${day}T00:00:00Z`;
}

/** An element's content, without what is said about it (persontjenesten-api 8). */
export function contentOf(element: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(element).filter(([member]) => !ABOUT_ELEMENTS.has(member)));
}

/**
 * The next version of a document under construction. What is replaced becomes history: not current any more, without `validTo`
 * where a new value follows, with it where none does (persontjenesten-api 8).
 */
export class PersonEdit {
  readonly id: string;
  readonly #document: Record<string, JsonValue>;
  readonly #sequenceNumber: number;
  readonly #moment: Moment;
  readonly #changed = new Set<string>();
  readonly #announced: EventType[] = [];
  readonly #covered = new Set<string>();
  #coversAll = false;

  constructor(document: PersonDocument, moment: Moment) {
    this.id = document.id;
    this.#sequenceNumber = document.sequenceNumber;
    this.#document = { ...document };
    this.#moment = moment;
  }

  /** The document as it stands, with the sequence number of the last version. */
  get document(): PersonDocument {
    return { ...this.#document, id: this.id, sequenceNumber: this.#sequenceNumber };
  }

  /** Every number that finds the person, as it stands. */
  get numbers(): ReadonlySet<string> {
    return new Set(numbersOf(this.#document));
  }

  /** The number that others name the person by: the one in use. */
  get number(): string | undefined {
    return numberInUse(this.#document);
  }

  current(part: string): readonly JsonObject[] {
    return elementsOf(this.#document, part).filter(isCurrent);
  }

  /** Adds a current element in front of a part. */
  add(part: string, fields: Fields, reason?: string): void {
    this.#set(part, [this.#element(fields, reason), ...elementsOf(this.#document, part)]);
  }

  /** Makes the element the only current one. */
  replace(part: string, fields: Fields, reason?: string): void {
    const before = elementsOf(this.#document, part).map(asHistory);
    this.#set(part, [this.#element(fields, reason), ...before]);
  }

  /** Puts a new element in place of each current one that fits; what was becomes history. */
  alter(part: string, which: Which, change: (content: JsonObject) => Fields): void {
    const fits = (element: JsonObject): boolean => isCurrent(element) && which(element);
    const elements = elementsOf(this.#document, part);
    if (!elements.some(fits)) return;
    this.#set(
      part,
      elements.flatMap((element) =>
        fits(element) ? [this.#element(change(contentOf(element))), asHistory(element)] : [element],
      ),
    );
  }

  /** Ends current elements without putting others in their place; `change` is what ending alters in them. */
  end(part: string, which: Which = anyOne, change: JsonObject = {}): void {
    const fits = (element: JsonObject): boolean => isCurrent(element) && which(element);
    const elements = elementsOf(this.#document, part);
    if (!elements.some(fits)) return;
    const ended = { isValid: false, validTo: asDate(this.#moment.day), ...change };
    this.#set(
      part,
      elements.map((element) => (fits(element) ? { ...element, ...ended } : element)),
    );
  }

  /** Removes elements altogether: annulled information leaves no history. */
  annul(part: string, which: Which): void {
    const elements = elementsOf(this.#document, part);
    if (!elements.some(which)) return;
    this.#set(
      part,
      elements.filter((element) => !which(element)),
    );
  }

  /** Adds elements behind the others, as they are. */
  take(part: string, elements: readonly JsonObject[]): void {
    if (elements.length > 0) this.#set(part, [...elementsOf(this.#document, part), ...elements]);
  }

  /** Sets a part that is a single object. */
  put(part: string, fields: Fields): void {
    this.#set(part, this.#element(fields));
  }

  /** Has an event tell of the change, so that the parts named need none of their own; `all` for every part. */
  announce(type: EventType, covers: readonly string[] | 'all' = []): void {
    this.#announced.push(type);
    if (covers === 'all') this.#coversAll = true;
    else for (const part of covers) this.#covered.add(part);
  }

  /** The events of this version, in order: the announced ones, and one for each other part that changed. */
  events(): readonly EventType[] {
    const parts = this.#coversAll ? [] : [...this.#changed].filter((part) => !this.#covered.has(part));
    const types = [...this.#announced, ...parts.map(eventOfPart)];
    // The Population Register knows nothing of persons who have a help number only.
    if (types.length > 0 && this.#announced.length === 0 && isAlternateOnly(this.#document)) {
      return ['UpdatedAlternateIdentificationNumber'];
    }
    return types;
  }

  #set(part: string, value: JsonValue): void {
    this.#document[part] = value;
    this.#changed.add(part);
  }

  #element(fields: Fields, reason?: string): JsonObject {
    const element: Record<string, JsonValue> = { registeredAt: this.#moment.registeredAt, isValid: true };
    if (reason !== undefined) element['reason'] = reason;
    element['validFrom'] = asDate(this.#moment.day);
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) element[name] = value;
    }
    return element;
  }
}

function asHistory(element: JsonObject): JsonObject {
  return isCurrent(element) ? { ...element, isValid: false } : element;
}
