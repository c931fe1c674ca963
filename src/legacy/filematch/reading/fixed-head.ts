import { charsetCodes } from '../layout/charset-codes.js';
import type { FixedLayout, Place } from '../layout/layout.js';
import { charsets, modes, type Charset, type Mode } from '../record.js';
import { decodeGuessing } from './decode.js';
import { charactersOf } from './fixed-rows.js';
import type { FileRecord } from './records.js';

/** What the header record of a file says. What the layout has no place for, and what is left blank, is undefined. */
export interface FixedHead {
  /** Empty where it is left blank. */
  readonly orgNumber: string | undefined;
  readonly customerRef: string | undefined;
  readonly createdAt: string | undefined;
  readonly mode: Mode | undefined;
  readonly charset: Charset | undefined;
}

/** Or why the first record is no header of this layout (E011). */
export type FixedHeadReading =
  { readonly head: FixedHead } | { readonly reason: string; readonly isHead: boolean };

/** Reads the header record of a file. */
export function readFixedHead(octets: Buffer, layout: FixedLayout): FixedHeadReading {
  const { length, header } = layout.input;
  const text = charactersOf(decodeGuessing(octets));
  const told = (field: string): string | undefined => {
    const place = header?.find((candidate) => candidate.field === field);
    return place === undefined ? undefined : textAt(text, place);
  };
  const isMarked = told('recordType') === layout.recordTypes.header;
  if (!isMarked || !agrees(told('formatName'), layout.format.name))
    return { reason: 'Filen mangler hode.', isHead: false };
  const problem = problemOf(told, layout, text.length === length);
  if (problem !== undefined) return { reason: problem, isHead: true };
  return {
    head: {
      orgNumber: told('orgNumber'),
      customerRef: told('customerRef'),
      createdAt: told('createdAt'),
      mode: modes.find((mode) => mode === told('mode')),
      charset: charsetOf(told('charset')),
    },
  };
}

/** The number of rows that a trailer tells; undefined where it tells none. */
export function countIn({ octets }: FileRecord, { input }: FixedLayout): number | undefined {
  const text = octets.toString('latin1');
  const place = input.trailer?.find(({ field }) => field === 'recordCount');
  if (text.length !== input.length || place === undefined) return undefined;
  const count = textAt(text, place);
  return /^[0-9]{1,15}$/.test(count) ? Number(count) : undefined;
}

type Told = (field: string) => string | undefined;

function problemOf(told: Told, { format }: FixedLayout, isWhole: boolean): string | undefined {
  if (!agrees(told('formatVersion'), format.version)) return 'Hodet har en ukjent versjon av formatet.';
  if (!isWhole) return 'Hodet har feil lengde.';
  if (!agrees(told('direction'), 'I')) return 'Hodet har feil retning: filen er ikke en inndatafil.';
  if (!isBlankOr(told('mode'), modes)) return 'Hodet har en ukjent modus.';
  return isBlankOr(told('charset'), Object.values(charsetCodes))
    ? undefined
    : 'Hodet har et ukjent tegnsett.';
}

/** What the layout has no place for cannot disagree. */
function agrees(text: string | undefined, expected: string): boolean {
  return text === undefined || text === expected;
}

function isBlankOr(text: string | undefined, known: readonly string[]): boolean {
  return text === undefined || text === '' || known.includes(text);
}

function charsetOf(code: string | undefined): Charset | undefined {
  return charsets.find((charset) => charsetCodes[charset] === code);
}

function textAt(text: string | readonly string[], { from, to }: Place<string>): string {
  const found = text.slice(from - 1, to);
  return (typeof found === 'string' ? found : found.join('')).trim();
}
