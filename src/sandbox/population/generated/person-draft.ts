import type { JsonObject, JsonValue, PersonDocument } from '../person-document.js';
import { isoDay, type Day } from './day.js';
import type { Home } from './home.js';
import type { Gender } from './synthetic-numbers.js';

type Fields = Readonly<Record<string, JsonValue | undefined>>;

/** What is said about an entry besides its content. */
export interface EntryRemarks {
  readonly reason?: string;
  readonly source?: string;
}

interface Entry {
  readonly since: Day;
  current: boolean;
  until: Day | undefined;
  fields: Fields;
  readonly remarks: EntryRemarks;
}

/** A Person document under construction. Days become the register's date-times only when it is finished. */
export class PersonDraft {
  readonly born: Day;
  readonly gender: Gender;
  /** The number that others refer to the person by. */
  number = '';
  givenName = '';
  familyName = '';
  /** The day the person settled in the present home. */
  livesSince: Day;
  home: Home | undefined;
  readonly #midnight: string;
  readonly #lists = new Map<string, Entry[]>();
  readonly #objects = new Map<string, JsonObject>();

  /**
   * `midnight` is the clothing of dates: `T00:00:00Z` or `T00:00:00+01:00`. Real answers may have either
   * (persontjenesten-api 15.7), and a reader that converts zones goes wrong on the second.
   */
  constructor(born: Day, gender: Gender, midnight: string) {
    this.born = born;
    this.gender = gender;
    this.livesSince = born;
    this.#midnight = midnight;
  }

  /** A day as the register writes it. */
  date(day: Day): string {
    return isoDay(day) + this.#midnight;
  }

  /** Adds a current entry in front of a part. */
  add(part: string, since: Day, fields: Fields, remarks: EntryRemarks = {}): void {
    this.#entries(part).unshift({ since, current: true, until: undefined, fields, remarks });
  }

  /** Adds an entry that is no longer current. `until` is for entries that ended and were not replaced. */
  addPast(part: string, since: Day, fields: Fields, until?: Day): void {
    this.#entries(part).push({ since, current: false, until, fields, remarks: {} });
  }

  /** Makes the entry current; what was current before becomes history. */
  replace(part: string, since: Day, fields: Fields, remarks: EntryRemarks = {}): void {
    for (const entry of this.#entries(part)) entry.current = false;
    this.add(part, since, fields, remarks);
  }

  /**
   * Ends current entries of a part without putting others in their place.
   * `change` is what ending alters in them, `which` tells the ones that end (default all).
   */
  end(part: string, until: Day, change: Fields = {}, which: (fields: Fields) => boolean = () => true): void {
    for (const entry of this.#lists.get(part) ?? []) {
      if (!entry.current || !which(entry.fields)) continue;
      entry.current = false;
      entry.until = until;
      entry.fields = { ...entry.fields, ...change };
    }
  }

  /** Removes a part altogether: annulled information leaves no history. */
  annul(part: string): void {
    this.#lists.delete(part);
  }

  /** Whether the part has a current entry. */
  has(part: string): boolean {
    return (this.#lists.get(part) ?? []).some((entry) => entry.current) || this.#objects.has(part);
  }

  /** Sets a part that is a single object. */
  put(part: string, content: JsonObject): void {
    this.#objects.set(part, content);
  }

  /** Sets a part that is a single object with the six fields about itself. */
  putEntry(part: string, since: Day, fields: Fields): void {
    this.put(part, this.#render({ since, current: true, until: undefined, fields, remarks: {} }));
  }

  /** The finished document. */
  finish(id: string, sequenceNumber: number): PersonDocument {
    const parts: Record<string, JsonValue> = {};
    for (const [part, entries] of this.#lists) parts[part] = entries.map((entry) => this.#render(entry));
    for (const [part, content] of this.#objects) parts[part] = content;
    return { ...parts, id, sequenceNumber };
  }

  #entries(part: string): Entry[] {
    let entries = this.#lists.get(part);
    if (entries === undefined) {
      entries = [];
      this.#lists.set(part, entries);
    }
    return entries;
  }

  #render({ since, current, until, fields, remarks }: Entry): JsonObject {
    const day = isoDay(since);
    const element: Record<string, JsonValue> = { registeredAt: `${day}T08:15:00Z`, isValid: current };
    if (remarks.source !== undefined) element['source'] = remarks.source;
    if (remarks.reason !== undefined) element['reason'] = remarks.reason;
    element['validFrom'] = day + this.#midnight;
    if (until !== undefined) element['validTo'] = this.date(until);
    // Not Object.entries: this runs a dozen times for every person of the population.
    for (const name in fields) {
      const value = fields[name];
      if (value !== undefined) element[name] = value;
    }
    return element;
  }
}
