import type { FieldTable } from '../mapping/field-table.js';
import { blankPerson } from '../person/blank-person.js';
import type { FieldGroup } from '../person/field-groups.js';
import type { Lineage } from '../person/lineage.js';
import type { PregPerson } from '../person/preg-person.js';
import type { SearchHit } from '../registry/search.js';

/** What an access profile leaves of a person: fields that it does not grant are blank, and nothing else changes. */
export class VisibleFields {
  readonly #hidden: ReadonlySet<string>;

  constructor(fields: FieldTable, visible: ReadonlySet<FieldGroup>) {
    // Granted row by row; the addresses count as one field.
    const granted = new Set<string>();
    const refused = new Set<string>();
    for (const { target, group } of fields.rows)
      (visible.has(group) ? granted : refused).add(fieldOf(target));
    const isHidden = (name: string): boolean => refused.has(name) || !granted.has(name);
    this.#hidden = new Set(Object.keys(blankPerson).filter(isHidden));
  }

  /** Whether the profile grants a field of a person. */
  shows(field: keyof PregPerson): boolean {
    return !this.#hidden.has(field);
  }

  /** The person as the profile shows it. */
  of({ person, lineage }: SearchHit): SearchHit {
    return { person: this.#personOf(person), lineage: this.#lineageOf(lineage) };
  }

  #personOf(person: PregPerson): PregPerson {
    const blanks = Object.entries(blankPerson).filter(([name]) => this.#hidden.has(name));
    return { ...person, ...Object.fromEntries(blanks) };
  }

  #lineageOf(lineage: Lineage): Lineage {
    if (this.#hidden.size === 0) return lineage;
    return new Map(
      [...lineage].map(([place, origin]) => [
        place,
        this.#hidden.has(fieldOf(place))
          ? { row: origin.row, sources: [], blank: 'outside the access profile' }
          : origin,
      ]),
    );
  }
}

/** The field of a person that a target or a place such as `addresses[0].st` is in. */
function fieldOf(place: string): string {
  const end = place.search(/[.[]/);
  return end < 0 ? place : place.slice(0, end);
}
