import type { PregAddress } from '../../../person/preg-person.js';
import type { SearchHit } from '../../search.js';
import type { Source } from '../route.js';
import type { ComparedRow, PresenceRow, FieldRow } from './compared-row.js';
import type { RawValue } from './normal-value.js';

/** An address, and where it stands in the person's list. */
export interface PlacedAddress {
  readonly address: PregAddress;
  readonly index: number;
}

/** What one register says. */
export interface Side {
  /** Who it is about; undefined where the register knows nobody. */
  readonly hit: SearchHit | undefined;
  /** The address that it is about, for what is of an address. */
  readonly placed: PlacedAddress | undefined;
  readonly raw: RawValue;
  /** In the form in which it is compared; null for a blank. */
  readonly normal: string | null;
}

/** What differs, before it is known whether that was to be expected. */
export interface Difference<Row extends ComparedRow = ComparedRow> {
  readonly row: Row;
  readonly sides: Readonly<Record<Source, Side>>;
}

/** Whether what differs is a value rather than whether something is there. */
export function isOfField(difference: Difference): difference is Difference<FieldRow> {
  return difference.row.of !== 'answer';
}

export type PresenceDifference = Difference<PresenceRow>;
