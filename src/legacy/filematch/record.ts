import type { CalendarDate } from '../../person/calendar-date.js';

/**
 * What stands in the rows of a Filematch file, whatever the encoding: one logical record behind fixed-width and CSV files
 * (preg-xml-filematch-hl7v2 2.3 and 2.4).
 */

/** What the sender tells of a person, in the contract's order. */
export const inputFields = [
  'ownRef',
  'nin',
  'dateOfBirth',
  'surname',
  'givenName',
  'middleName',
  'street',
  'postalCode',
  'municipality',
  'sex',
] as const;
export type InputField = (typeof inputFields)[number];

/** What is told of each row, in the contract's order. */
export const outputFields = [
  'ownRef',
  'ninIn',
  'matchStatus',
  'matchMethod',
  'candidates',
  'changeMask',
  'nin',
  'idType',
  'newNin',
  'oldNin',
  'surname',
  'givenName',
  'middleName',
  'dateOfBirth',
  'sex',
  'regStatus',
  'regStatusDate',
  'statusCountry',
  'maritalStatus',
  'maritalStatusDate',
  'citizenship',
  'postalType',
  'postalTypeDate',
  'coAddress',
  'postalAddress',
  'apartmentNumber',
  'postalCode',
  'postalPlace',
  'municipality',
  'municipalityName',
  'districtCode',
  'addressFrom',
  'addressLine1',
  'addressLine2',
  'addressLine3',
  'postalCountry',
  'spouseNin',
  'mothersNin',
  'fathersNin',
  'custody',
  'errorCode',
] as const;
export type OutputField = (typeof outputFields)[number];

/** The fields of both directions that hold a day: `YYYY-MM-DD` in memory, and as the layout says in files. */
export const dateFields = [
  'dateOfBirth',
  'regStatusDate',
  'maritalStatusDate',
  'postalTypeDate',
  'addressFrom',
] as const satisfies readonly (InputField | OutputField)[];

/** Why a row or a file was not processed (preg-xml-filematch-hl7v2 2.7). */
export const filematchErrorCodes = [
  'E001',
  'E002',
  'E003',
  'E004',
  'E005',
  'E006',
  'E007',
  'E008',
  'E009',
  'E010',
  'E011',
  'E012',
  'E900',
  'E901',
  'E902',
] as const;
export type FilematchErrorCode = (typeof filematchErrorCodes)[number];

/** V: match and full result; K: status and mask alone; E: as V, but rows without a change are left out. */
export const modes = ['V', 'K', 'E'] as const;
export type Mode = (typeof modes)[number];

/** The character sets of files. */
export const charsets = ['ISO-8859-1', 'windows-1252', 'UTF-8'] as const;
export type Charset = (typeof charsets)[number];

/** A row as it was read. Text is as received but for blanks around it, of which references keep theirs; what is blank is empty. */
export interface InputRow {
  /** Place among the rows of data, from 1. */
  readonly number: number;
  /** Line in the file, from 1, for the rejects. */
  readonly line: number;
  readonly ownRef: string;
  readonly nin: string;
  readonly dateOfBirth: CalendarDate | null;
  readonly surname: string;
  readonly givenName: string;
  readonly middleName: string;
  readonly street: string;
  readonly postalCode: string;
  readonly municipality: string;
  readonly sex: string;
  /** What is wrong with its form: then the other fields hold what could be read, and it is rejected (status 52). */
  readonly problem: Extract<FilematchErrorCode, 'E003' | 'E005' | 'E006' | 'E007'> | null;
}

/** What stands at the head of a file: of a file without a header, what its door or its client's settings say. */
export interface FileHeader {
  /** Nine digits. */
  readonly orgNumber: string;
  /** The sender's reference of the job, echoed; may be empty. */
  readonly customerRef: string;
  /** `yyyymmddhhmmss` as received, echoed; empty where the file does not tell. */
  readonly createdAt: string;
  readonly mode: Mode;
}

/** What is told of a row: text as it is written but for days, `YYYY-MM-DD`. A field that is absent is blank. */
export type OutputRow = Readonly<Partial<Record<OutputField, string>>>;

/** How many rows came to what (preg-xml-filematch-hl7v2 2.4, output trailer). */
export interface Totals {
  /** Rows written. */
  readonly recordCount: number;
  /** Status 10–29. */
  readonly matched: number;
  /** The mask has a 1 or a 2. */
  readonly changed: number;
  /** Status 40–49. */
  readonly noMatch: number;
  /** Status 30–39 and 60. */
  readonly ambiguous: number;
  /** Status 50–59. */
  readonly rejected: number;
  /** Status 90–99. */
  readonly technical: number;
}

/** The whole file is refused and nothing is looked up. Holds no data of the file. */
export class FileRejected extends Error {
  /** @param reason a sentence for the receipt, in Norwegian like the contract's texts */
  constructor(
    readonly errorCode: FilematchErrorCode,
    readonly reason: string,
  ) {
    super(`${errorCode}: ${reason}`);
    this.name = 'FileRejected';
  }
}
