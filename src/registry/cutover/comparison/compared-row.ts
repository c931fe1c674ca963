import { blankAddress } from '../../../person/blank-address.js';
import { blankPerson } from '../../../person/blank-person.js';
import type { PregAddress, PregPerson } from '../../../person/preg-person.js';

/** The forms in which values are compared; what each of them leaves out is told in docs/cutover-comparison.md. */
export const forms = [
  'number',
  'numbers',
  'items',
  'days',
  'code',
  'quantity',
  'day',
  'flag',
  'name',
  'street',
  'careOf',
] as const;
export type Form = (typeof forms)[number];

export type PersonField = Exclude<keyof PregPerson, 'addresses'>;
/** `source` and `mailing` follow from the other fields. */
export type AddressField = Exclude<keyof PregAddress, 'source' | 'mailing'>;

const personFields: ReadonlySet<string> = new Set(['nin', ...Object.keys(blankPerson)]);
const addressFields: ReadonlySet<string> = new Set(['nin', ...Object.keys(blankAddress)]);

/** Where a value stands in a person, or in one of the person's addresses. */
export type Place =
  | { readonly of: 'person'; readonly field: PersonField }
  | { readonly of: 'address'; readonly field: AddressField };

/**
 * What a difference can be in besides the fields: whether somebody or an address is there at all, how many there are, and the
 * address for mail where it is not told in PREG's three lines.
 */
export const otherRows = ['person', 'addresses', 'addresses.mailing', 'hits', 'total'] as const;
export type OtherRow = (typeof otherRows)[number];

/** What is known of a row whatever it is about. */
interface Row {
  /** By which differences name it: the target of the row in mappings/person.yaml, or one of {@link otherRows}. */
  readonly name: string;
  readonly isIdentity: boolean;
  /** The days since when it holds, the most telling first. */
  readonly since: readonly Place[];
}

/** A field, and how it is compared. */
interface ComparedField extends Row {
  readonly form: Form;
  /** Whether nothing but zeros means that nothing is known. */
  readonly isZeroBlank: boolean;
  /** How many characters PREG's field had room for, where something else may have more. */
  readonly length: number | undefined;
  /** The name of the fields that say something together. */
  readonly together: string | undefined;
  /** Whether it is about somebody else, of whom it is not known here whether they are protected. */
  readonly isOfRelative: boolean;
}

export type PersonRow = ComparedField & Extract<Place, { of: 'person' }>;
export type AddressRow = ComparedField & Extract<Place, { of: 'address' }>;

export interface PresenceRow extends Row {
  readonly of: 'answer';
  readonly name: OtherRow;
}

export type FieldRow = PersonRow | AddressRow;
export type ComparedRow = FieldRow | PresenceRow;

/** What the targets of address rows begin with. */
export const ADDRESS_PREFIX = 'addresses.';

/** Whose field a target is; undefined for what is no field that is compared. */
export function placeOf(target: string): Place | undefined {
  const name = target.startsWith(ADDRESS_PREFIX) ? target.slice(ADDRESS_PREFIX.length) : undefined;
  if (name === undefined) return isPersonField(target) ? { of: 'person', field: target } : undefined;
  return isAddressField(name) ? { of: 'address', field: name } : undefined;
}

function isPersonField(name: string): name is PersonField {
  return personFields.has(name) && name !== 'addresses';
}

function isAddressField(name: string): name is AddressField {
  return addressFields.has(name) && name !== 'source' && name !== 'mailing';
}
