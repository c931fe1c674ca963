import type { NorwegianTime } from './norwegian-time.js';

/** A value that was read. Nil and absent are both null. */
export type ReadValue = string | number | boolean | NorwegianTime | ReadRecord | readonly ReadValue[] | null;

/**
 * The values of a record that was read, by member. Each method throws TypeError when the type has no such member or one
 * of another kind, which is a mistake of the author, not of the sender.
 */
export class ReadRecord {
  readonly #values: ReadonlyMap<string, ReadValue>;

  /**
   * @param hasUnknownMembers whether the record held elements that are no members of its type, nil ones included; those
   *   in the records below it count for them alone
   * @param there the members that the record held, as a value or as nil
   */
  constructor(
    values: ReadonlyMap<string, ReadValue>,
    readonly hasUnknownMembers: boolean,
    private readonly there: ReadonlySet<string> = new Set(),
  ) {
    this.#values = values;
  }

  /** Whether the record held the member, be it as nil: what is absent was not told at all. */
  holds(member: string): boolean {
    return this.there.has(member);
  }

  /** Text as it was sent, white space included. */
  text(member: string): string | null {
    const value = this.#get(member);
    if (value === null || typeof value === 'string') return value;
    throw otherKind(member);
  }

  /** An int or a decimal. */
  number(member: string): number | null {
    const value = this.#get(member);
    if (value === null || typeof value === 'number') return value;
    throw otherKind(member);
  }

  flag(member: string): boolean | null {
    const value = this.#get(member);
    if (value === null || typeof value === 'boolean') return value;
    throw otherKind(member);
  }

  time(member: string): NorwegianTime | null {
    const value = this.#get(member);
    if (value === null) return null;
    if (typeof value === 'object' && 'instant' in value) return value;
    throw otherKind(member);
  }

  record(member: string): ReadRecord | null {
    const value = this.#get(member);
    if (value === null || value instanceof ReadRecord) return value;
    throw otherKind(member);
  }

  /** The texts of a list of texts. */
  texts(member: string): readonly (string | null)[] | null {
    return this.#list(member, (item) => item === null || typeof item === 'string');
  }

  /** The records of a list of records. */
  records(member: string): readonly (ReadRecord | null)[] | null {
    return this.#list(member, (item) => item === null || item instanceof ReadRecord);
  }

  #list<Item extends ReadValue>(
    member: string,
    is: (item: ReadValue) => item is Item,
  ): readonly Item[] | null {
    const value = this.#get(member);
    if (value === null) return null;
    if (isList(value) && value.every(is)) return value;
    throw otherKind(member);
  }

  #get(member: string): ReadValue {
    const value = this.#values.get(member);
    if (value === undefined) throw new TypeError(`no member ${member}`);
    return value;
  }
}

function isList(value: ReadValue): value is readonly ReadValue[] {
  return Array.isArray(value);
}

function otherKind(member: string): TypeError {
  return new TypeError(`${member} is of another kind`);
}
