import type { CalendarDate } from './calendar-date.js';

/**
 * What is known of a person who has nothing but a help number (felles hjelpenummer): as a hospital told it, since no
 * population register knows the person. Every part may be missing: the patient may be unconscious.
 */
export interface HelpNumberRecord {
  readonly name: RecordedName;
  readonly gender: 'F' | 'M' | null;
  /** The day, or as much of it as is known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly birth: string | null;
  readonly deceased: boolean | null;
  readonly dateOfDeath: CalendarDate | null;
  /** In the order in which they were told. */
  readonly addresses: readonly RecordedAddress[];
  readonly telecoms: readonly RecordedTelecom[];
  /** Numbers given abroad, such as passports. */
  readonly foreignIds: readonly ForeignId[];
  /** ISO 3166-1 alpha-3. */
  readonly citizenships: readonly string[];
}

/** Names as told, words separated by one blank; null for what is not known. */
export interface RecordedName {
  readonly given: string | null;
  readonly middle: string | null;
  readonly family: string | null;
}

/** An address as told. */
export interface RecordedAddress {
  /** The stay in Norway, the home abroad, or where mail goes. */
  readonly kind: 'stay' | 'home-abroad' | 'mail';
  readonly lines: readonly string[];
  readonly postalCode: string | null;
  readonly postalPlace: string | null;
  /** Municipality, by number or name as told. */
  readonly municipality: string | null;
  readonly careOf: string | null;
  /** Country as told: a code or a name. */
  readonly country: string | null;
}

/** A telephone number or mail address, as a URL: `tel:…`, `mailto:…`. */
export interface RecordedTelecom {
  readonly value: string;
  /** HL7's code of use, such as MC or H; null when none was told. */
  readonly use: string | null;
}

/** A number of another authority: its OID and the number. */
export interface ForeignId {
  readonly root: string;
  readonly extension: string;
}
