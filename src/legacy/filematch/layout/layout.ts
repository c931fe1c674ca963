import type { InputField, OutputField } from '../record.js';
import type { HeaderField, OutputHeaderField, OutputTrailerField, TrailerField } from './fields.js';

/** What a file looks like, in both directions: where each field stands, and how days and lines are written. */
export type Layout = FixedLayout | CsvLayout;

/** How days are written. */
export const dateForms = ['yyyymmdd', 'ddmmyyyy', 'yyyy-mm-dd'] as const;
export type DateForm = (typeof dateForms)[number];

/** What fixed-width and CSV files have in common. */
export interface LayoutFacts {
  /** Unique; clients name layouts by it. */
  readonly name: string;
  /** Of the files that are written. */
  readonly extension: 'txt' | 'csv';
  /** As the header of a fixed-width file and the receipt tell it. */
  readonly format: { readonly name: string; readonly version: string };
  readonly dates: DateForm;
  /** Of the files that are written; both are read. */
  readonly lineEnding: 'crlf' | 'lf';
}

/** Records of fixed length that say what they are in their first characters. */
export interface FixedLayout extends LayoutFacts {
  readonly encoding: 'fixed';
  /** How the kinds of record are told apart. */
  readonly recordTypes: RecordTypes;
  readonly input: FixedRecords<HeaderField, InputField, TrailerField>;
  readonly output: FixedRecords<OutputHeaderField, OutputField, OutputTrailerField>;
}

export interface RecordTypes {
  readonly header: string;
  readonly detail: string;
  readonly trailer: string;
}

/** The records of one direction. Files without header or trailer have null. */
export interface FixedRecords<Header, Detail, Trailer> {
  /** Characters in a record, the line ending not counted. */
  readonly length: number;
  readonly header: readonly Place<Header>[] | null;
  readonly detail: readonly Place<Detail>[];
  readonly trailer: readonly Place<Trailer>[] | null;
}

/** Where a field stands: the first and the last of its positions, counted from 1 in characters. */
export interface Place<Field> {
  readonly field: Field | 'recordType' | 'filler';
  readonly from: number;
  readonly to: number;
}

/** Fields between delimiters. */
export interface CsvLayout extends LayoutFacts {
  readonly encoding: 'csv';
  /** One character of ASCII. */
  readonly delimiter: string;
  /** Whether the first line names the columns; what is read then has them in any order. */
  readonly headerLine: boolean;
  readonly input: readonly Column<InputField>[];
  readonly output: readonly Column<OutputField>[];
}

/** A column, and what the header line calls it. */
export interface Column<Field> {
  readonly field: Field;
  readonly name: string;
}
