import type { FieldTable } from '../mapping/field-table.js';
import { blankPerson } from '../person/blank-person.js';
import type { FieldGroup } from '../person/field-groups.js';
import type { FieldOrigin, Lineage } from '../person/lineage.js';
import { LineageOnDemand } from '../person/lineage-on-demand.js';
import type { PregPerson } from '../person/preg-person.js';
import type { SearchHit } from '../registry/search.js';

/** What an access profile leaves of a person: fields that it does not grant are blank, and nothing else changes. */
export class VisibleFields {
  readonly #hidden: ReadonlySet<string>;
  /** What stands in place of the hidden fields. */
  readonly #blanks: Partial<PregPerson>;

  constructor(fields: FieldTable, visible: ReadonlySet<FieldGroup>) {
    // Granted row by row; the addresses count as one field.
    const granted = new Set<string>();
    const refused = new Set<string>();
    for (const { target, group } of fields.rows)
      (visible.has(group) ? granted : refused).add(fieldOf(target));
    const isHidden = (name: string): boolean => refused.has(name) || !granted.has(name);
    const blanks = Object.entries(blankPerson).filter(([name]) => isHidden(name));
    this.#hidden = new Set(blanks.map(([name]) => name));
    this.#blanks = Object.fromEntries(blanks);
  }

  /** Whether the profile grants a field of a person. */
  shows(field: keyof PregPerson): boolean {
    return !this.#hidden.has(field);
  }

  /** The same of a row of the mapping, such as `sn` or `addresses.st`. */
  showsTarget(target: string): boolean {
    return !this.#hidden.has(fieldOf(target));
  }

  /** The person as the profile shows it. */
  of({ person, lineage }: SearchHit): SearchHit {
    return { person: this.#personOf(person), lineage: this.#lineageOf(lineage) };
  }

  #personOf(person: PregPerson): PregPerson {
    return this.#hidden.size === 0 ? person : { ...person, ...this.#blanks };
  }

  #lineageOf(lineage: Lineage): Lineage {
    if (this.#hidden.size === 0) return lineage;
    return new LineageOnDemand(
      () => new Map([...lineage].map(([place, origin]) => [place, this.#originOf(place, origin)])),
    );
  }

  #originOf(place: string, origin: FieldOrigin): FieldOrigin {
    const isHidden = this.#hidden.has(fieldOf(place));
    return isHidden ? { row: origin.row, sources: [], blank: 'outside the access profile' } : origin;
  }
}

/** The field of a person that a target or a place such as `addresses[0].st` is in. */
function fieldOf(place: string): string {
  const end = place.search(/[.[]/);
  return end < 0 ? place : place.slice(0, end);
}
