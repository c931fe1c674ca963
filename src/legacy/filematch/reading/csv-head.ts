import type { CsvLayout } from '../layout/layout.js';
import type { InputField } from '../record.js';
import { splitFields } from './csv-fields.js';
import { decodeGuessing } from './decode.js';
import { longestLine } from './lines.js';

/** Which field stands in which column of a file, or why its first line is no head (E011). */
export type CsvHead =
  | { readonly fields: readonly InputField[] }
  | {
      /** For the receipt. Names no column of the file: where the head is missing, they are somebody's data. */
      readonly reason: string;
      /** Whether the line is a head at all. */
      readonly isHead: boolean;
    };

/** Reads the line that names the columns. All columns but those that every lookup needs may be absent. */
export function readCsvHead(octets: Buffer, layout: CsvLayout): CsvHead {
  if (octets.length >= longestHead) return { reason: noHead, isHead: false };
  const split = splitFields(decodeGuessing(octets), layout.delimiter);
  if (typeof split === 'string') return { reason: noHead, isHead: false };
  const names = split.map((name) => name.trim());
  const fields = names.map((name) => layout.input.find((column) => column.name === name)?.field);
  if (!fields.includes('ownRef')) return { reason: noHead, isHead: false };
  const strange = fields.flatMap((field, index) => (field === undefined ? [index + 1] : []));
  if (strange.length > 0)
    return { reason: `Ukjente kolonner i hodet: nummer ${strange.join(', ')}.`, isHead: true };
  const known = fields.filter((field) => field !== undefined);
  if (new Set(known).size < known.length)
    return { reason: 'En kolonne står to ganger i hodet.', isHead: true };
  const canSearch = known.includes('dateOfBirth') && known.includes('surname');
  return known.includes('nin') || canSearch
    ? { fields: known }
    : {
        reason: `Kolonner mangler: ${nameOf('nin', layout)}, eller ${nameOf('dateOfBirth', layout)} og ${nameOf('surname', layout)}.`,
        isHead: true,
      };
}

function nameOf(field: InputField, layout: CsvLayout): string {
  return layout.input.find((column) => column.field === field)?.name ?? field;
}

/** A line that was cut is no head. */
const longestHead = longestLine;

const noHead = 'Filen mangler hode.';
