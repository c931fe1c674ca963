import { setImmediate } from 'node:timers/promises';
import type { EventSink } from '../../operations/events.js';
import type { HelpNumberRecord } from '../../person/help-number-record.js';
import { isNationalId, kindOf, NationalIdKind, type NationalId } from '../../person/national-id.js';
import type { PregPerson } from '../../person/preg-person.js';
import type { Caller } from '../person-registry.js';
import type { SearchHit, SearchQuery } from '../search.js';
import { fits } from './fits.js';
import type { HelpNumberEntry, HelpNumberRepository } from './help-number-repository.js';
import { pregPersonOf, type HelpNumberMapping } from './preg-person-of.js';
import { traitsSought } from './traits.js';

/** What reading the register takes. */
export interface OwnPeopleParts {
  readonly repository: HelpNumberRepository;
  readonly mapping: HelpNumberMapping;
  readonly events: EventSink;
}

/** By the number that answers, those for which it does; the last one linked first. */
export type LinkedNumbers = ReadonlyMap<NationalId, readonly NationalId[]>;

/** Reads the adapter's own register of help numbers in the terms of the waist. */
export class OwnPeople {
  constructor(private readonly parts: OwnPeopleParts) {}

  /** What is known of a number that was given out here. @throws StoreFailed, as everything here */
  find(number: NationalId): HelpNumberEntry | undefined {
    return isOfHelpNumberForm(number) ? this.parts.repository.find(number) : undefined;
  }

  /** The same of many; of numbers that were not given out here there is nothing. */
  findAll(numbers: readonly NationalId[]): ReadonlyMap<NationalId, HelpNumberEntry> {
    const own = numbers.filter(isOfHelpNumberForm);
    return own.length === 0 ? new Map() : this.parts.repository.findAll(own);
  }

  /** A person of this register. */
  hit(
    number: NationalId,
    record: HelpNumberRecord,
    superseded: readonly NationalId[],
    { correlationId }: Pick<Caller, 'correlationId'>,
  ): SearchHit {
    const { person, lineage, cut } = pregPersonOf(record, number, superseded, this.parts.mapping);
    for (const row of cut) this.parts.events.emit('valueCut', { correlationId, row });
    return { person, lineage };
  }

  /** A person of this register as the register stands. */
  current({ number, record }: HelpNumberEntry, caller: Caller): SearchHit {
    return this.hit(number, record, this.parts.repository.supersededBy(number), caller);
  }

  /** The numbers given out here that people of another register answer for. */
  linkedTo(people: readonly PregPerson[]): LinkedNumbers {
    return this.parts.repository.supersededByEach([...new Set(people.flatMap(numbersOf))]);
  }

  /**
   * A person of another register, with the numbers given out here that the person answers for (preg-hl7v3 4.2).
   * @param numbers what {@link linkedTo} gave for people with this one among them
   */
  withLinkedNumbers(
    { person, lineage }: SearchHit,
    numbers: LinkedNumbers = this.linkedTo([person]),
  ): SearchHit {
    if (numbers.size === 0) return { person, lineage };
    const linked = numbersOf(person).flatMap((number) => numbers.get(number) ?? []);
    if (linked.length === 0) return { person, lineage };
    const origin = lineage.get('supersededNINs');
    const sources = [...(origin?.sources ?? []), 'help-number register'];
    return {
      person: { ...person, supersededNINs: [...new Set([...person.supersededNINs, ...linked])] },
      lineage: new Map(lineage).set('supersededNINs', { row: 'supersededNINs', sources }),
    };
  }

  /**
   * Everybody whom the criteria fit and whose number is not superseded. Others get their turn between two pages.
   * @throws StoreFailed, or what the signal aborts with
   */
  async search(query: SearchQuery, caller: Caller): Promise<readonly SearchHit[]> {
    const traits = traitsSought(query);
    const hits: SearchHit[] = [];
    for (let after: number | undefined = 0; after !== undefined;) {
      const { entries, next } = this.parts.repository.people(traits, after);
      for (const entry of entries) {
        if (fits(entry.record, query, this.parts.mapping.countries)) hits.push(this.current(entry, caller));
      }
      after = next;
      if (after !== undefined) {
        await setImmediate();
        caller.signal.throwIfAborted();
      }
    }
    return hits;
  }
}

/**
 * PREG's own record of a linked number: the person's data, and the number that answers now. The numbers that the person
 * had before are told by that person's record.
 */
export function supersededRecord({ person, lineage }: SearchHit, nin: NationalId): SearchHit {
  const sources = ['help-number register'];
  const blank = 'a linked number took the place of none';
  return {
    person: {
      ...person,
      nin,
      newNIN: person.nin,
      oldNIN: null,
      supersededNINs: [],
      addresses: person.addresses.map((address) => ({ ...address, nin })),
    },
    lineage: new Map([
      ...lineage,
      ['nin', { row: 'nin', sources }],
      ['newNIN', { row: 'newNIN', sources }],
      ['oldNIN', { row: 'oldNIN', sources: [], blank }],
      ['supersededNINs', { row: 'supersededNINs', sources: [], blank }],
    ]),
  };
}

/** Numbers of other kinds are given out elsewhere, and need not be sought. */
function isOfHelpNumberForm(number: NationalId): boolean {
  return kindOf(number) === NationalIdKind.HelpNumber;
}

/** Every number that a person has or had. */
export function numbersOf(person: PregPerson): readonly NationalId[] {
  const { nin, supersededNINs, alternativeNINs, dufNo } = person;
  const duf = dufNo !== null && isNationalId(dufNo) ? [dufNo] : [];
  return [...new Set([nin, ...supersededNINs, ...alternativeNINs, ...duf])];
}
