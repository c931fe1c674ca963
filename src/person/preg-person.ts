import type { CalendarDate } from './calendar-date.js';
import type { ForeignId, RecordedTelecom } from './help-number-record.js';
import type { NationalId } from './national-id.js';

/**
 * A person as PREG knew one: the data model that every legacy protocol is a rendering of.
 * Names are PREG's own (preg-xml-filematch-hl7v2 1.5) in camelCase; null is PREG's blank.
 * The last block holds what PREG's tables had outside of the XML contract.
 */
export interface PregPerson {
  readonly addresses: readonly PregAddress[];
  /** Country name in Norwegian, upper case. */
  readonly citizenship: string | null;
  /** Three digits of the DSF country list. */
  readonly citizenshipCode: string | null;
  /** D shared, M mother, F father, A others, U unknown. */
  readonly custody: string | null;
  readonly dateCitizenship: CalendarDate | null;
  readonly dateCustody: CalendarDate | null;
  readonly dateMaritalStatus: CalendarDate | null;
  readonly dateOfBirth: CalendarDate | null;
  readonly dateParentalResponsibility: CalendarDate | null;
  /** Since when `regStatus` holds; the day of death for 5, of emigration for 3, of the change for 6. */
  readonly dateStatus: CalendarDate | null;
  readonly dateWithoutLegalCapacity: CalendarDate | null;
  readonly dateWorkPermit: CalendarDate | null;
  readonly dufNo: string | null;
  readonly fathersNIN: string | null;
  readonly givenName: string | null;
  /** Code list 4.3. */
  readonly maritalStatus: number | null;
  readonly middleName: string | null;
  readonly mothersNIN: string | null;
  readonly nin: NationalId;
  /** The number that took the place of `nin`. */
  readonly newNIN: string | null;
  /** The number that `nin` took the place of. */
  readonly oldNIN: string | null;
  readonly parentalResponsibility: number | null;
  /** Code list 4.1. */
  readonly regStatus: number | null;
  readonly sn: string | null;
  readonly spouseNIN: string | null;
  /** DSF country code as a number: leading zeros are gone. */
  readonly statusCountryCode: number | null;
  readonly withoutLegalCapacity: string | null;
  readonly workPermit: string | null;

  /** Administrative gender. */
  readonly gender: 'F' | 'M' | null;
  /** Null when neither status nor death was delivered (Safety S7). */
  readonly deceased: boolean | null;
  readonly dateOfDeath: CalendarDate | null;
  /** Since when the current name holds. */
  readonly dateName: CalendarDate | null;
  /** The last day on which the register took something down of what is told; never of a protected person. */
  readonly dateRegistered: CalendarDate | null;
  /** Every number of the person that is out of use, newest first. */
  readonly supersededNINs: readonly NationalId[];
  /** The day on which each of these gave way, in their order; null, or missing at the end, where it is not known. */
  readonly datesSuperseded: readonly (CalendarDate | null)[];
  /** Numbers still in use that are less preferred than `nin`, such as a help number. */
  readonly alternativeNINs: readonly NationalId[];
  readonly childrensNINs: readonly string[];
  /** All citizenships, ISO 3166-1 alpha-3 as upstream writes them; the first is the one in `citizenship`. */
  readonly citizenships: readonly string[];
  /** Telephone numbers and mail addresses; known of people in the adapter's own register of help numbers alone. */
  readonly telecoms: readonly RecordedTelecom[];
  /** Numbers given abroad, such as passports; known of the same people. */
  readonly foreignIds: readonly ForeignId[];
}

/** One of PREG's addresses (preg-xml-filematch-hl7v2 1.6). */
export interface PregAddress {
  readonly addressLine1: string | null;
  readonly addressLine2: string | null;
  readonly addressLine3: string | null;
  readonly apartmentNumber: string | null;
  readonly basicStatisticalUnit: number | null;
  readonly cadastralNumber: string | null;
  readonly coAddress: string | null;
  readonly constituency: string | null;
  readonly country: string | null;
  readonly currentAddress: boolean;
  readonly dateAdrFrom: CalendarDate | null;
  readonly datePostalType: CalendarDate | null;
  readonly districtCode: string | null;
  readonly districtName: string | null;
  readonly houseLetter: string | null;
  readonly houseNumber: number | null;
  readonly municipality: string | null;
  readonly nin: NationalId;
  /** The street line, or the label that stands where a protected address would. */
  readonly postalAddress: string | null;
  readonly postalAddressValidFrom: CalendarDate | null;
  readonly postalCode: string | null;
  readonly postalPlace: string | null;
  /** Code list 4.2; 4, 6 and 7 are protected. */
  readonly postalType: number | null;
  readonly propertyNumber: string | null;
  readonly schoolDistrict: string | null;
  /** Municipality number, four digits. */
  readonly st: string | null;
  readonly streetName: string | null;
  readonly streetNumber: string | null;
  readonly xCoord: number | null;
  readonly yCoord: number | null;

  /** Which of the register's addresses the street fields tell of; null when they are all blank. */
  readonly source: 'residential' | 'present' | null;
  /** ISO 3166-1 alpha-3 of the street fields' country. */
  readonly countryCode: string | null;
  /** What `addressLine1..3` were composed from, for protocols that send the parts. */
  readonly mailing: MailingAddress | null;
}

/** The mailing address behind `addressLine1..3`, before it was cut to three lines. */
export interface MailingAddress {
  /** The lines above post code and place, in order. */
  readonly lines: readonly string[];
  readonly postalCode: string | null;
  readonly postalPlace: string | null;
  /** ISO 3166-1 alpha-3; null for Norway and where upstream tells none. */
  readonly countryCode: string | null;
  /** Where the person is abroad rather than where mail is sent. */
  readonly isForeignStay: boolean;
}
