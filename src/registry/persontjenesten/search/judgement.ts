import { currentElements } from '../../../mapping/elements.js';
import { textIn, type JsonObject } from '../../../mapping/json.js';
import type { Mappings } from '../../../mapping/person-mapper.js';
import type { PregPerson } from '../../../person/preg-person.js';
import { protectionOf } from '../../../person/protection.js';
import { fitsName } from '../../told-person.js';
import { addressCriteria, isByAddress, soughtAddressOf, type CheckedCriteria } from './checked-criteria.js';
import { livesThere } from './places.js';

/** A person whom upstream found, as delivered and as translated. */
export interface Delivered {
  readonly document: JsonObject;
  readonly person: PregPerson;
}

/** The rows of the mapping whose information parts a criterion is judged by; addresses have parts of their own. */
const judgedRows: ReadonlyMap<string, readonly string[]> = new Map([
  ['given', ['givenName']],
  ['middle', ['middleName']],
  ['family', ['sn']],
  ['full', ['givenName', 'middleName', 'sn']],
  ['deceased', ['deceased']],
  ['death', ['dateOfDeath']],
]);

/** Decides of the people whom upstream found what upstream did not: the criteria that are left, and protection. */
export class Judgement {
  readonly #byAddress: boolean;

  /** @param left the criteria that upstream was not asked to judge, or not wholly */
  constructor(
    private readonly criteria: CheckedCriteria,
    private readonly left: ReadonlySet<string>,
    private readonly mappings: Mappings,
  ) {
    this.#byAddress = isByAddress(criteria);
  }

  /** Whether anybody whom upstream found may have to be left out. */
  get isNeeded(): boolean {
    return this.left.size > 0 || this.#byAddress;
  }

  /** The information parts that it takes, whatever is shown. */
  get informationParts(): readonly string[] {
    const { rows, addressParts, protectionPart } = this.mappings.fields;
    const targets = [...this.left].flatMap((name) => judgedRows.get(name) ?? []);
    return [
      ...rows.filter(({ target }) => targets.includes(target)).flatMap(({ parts }) => parts),
      ...(this.#byAddress ? [...addressParts, protectionPart] : []),
    ];
  }

  /** Whether the person is told of. Nobody who is protected is found by an address, whatever else fits (Safety S2). */
  includes({ document, person }: Delivered): boolean {
    if (this.#byAddress && protectionOf(person) !== null) return false;
    return this.#fitsName(document) && this.#fitsDeath(person) && this.#fitsAddress(document);
  }

  #fitsName(document: JsonObject): boolean {
    const parts = (['given', 'middle', 'family', 'full'] as const).filter((name) => this.left.has(name));
    if (parts.length === 0) return true;
    const sought = Object.fromEntries(parts.map((part) => [part, this.criteria[part]]));
    return currentElements(document, 'name').some(({ value }) =>
      fitsName(
        {
          given: textIn(value, 'givenName') ?? null,
          middle: textIn(value, 'middleName') ?? null,
          family: textIn(value, 'familyName') ?? null,
        },
        sought,
      ),
    );
  }

  #fitsDeath({ deceased, dateOfDeath }: PregPerson): boolean {
    const { deceased: sought, death } = this.criteria;
    // Whoever is not known to be dead is not dead: people with a help number alone have no status.
    if (this.left.has('deceased') && (deceased ?? false) !== sought) return false;
    if (!this.left.has('death')) return true;
    if (dateOfDeath === null) return false;
    return (
      (death?.from === undefined || dateOfDeath >= death.from) &&
      (death?.to === undefined || dateOfDeath <= death.to)
    );
  }

  /** One address has to fit all criteria, so those that upstream judged are judged again with those it could not. */
  #fitsAddress(document: JsonObject): boolean {
    if (!addressCriteria.some((name) => this.left.has(name))) return true;
    return livesThere(document, soughtAddressOf(this.criteria), this.mappings.countries);
  }
}
