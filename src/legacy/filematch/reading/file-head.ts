import type { Layout } from '../layout/layout.js';
import { FileRejected } from '../record.js';
import { readCsvHead } from './csv-head.js';
import { splitFields } from './csv-fields.js';
import { decodeGuessing } from './decode.js';
import { readFixedHead, type FixedHead } from './fixed-head.js';
import { charactersOf } from './fixed-rows.js';
import type { Line } from './lines.js';

/** The layout that a file has, and what its head says; null where its kind of head says nothing, or it has none. */
export interface FileHead {
  readonly layout: Layout;
  readonly head: FixedHead | null;
}

/**
 * Finds the layout that fits a file, by its first line that is not blank.
 * @param layouts in order of preference
 * @throws FileRejected E011 with the reason of the layout that comes nearest
 */
export function readFileHead(first: Line, layouts: readonly Layout[]): FileHead {
  if (isUtf16(first.octets))
    throw new FileRejected('E011', 'Filen er i UTF-16; bruk ISO-8859-1, Windows-1252 eller UTF-8.');
  const reasons: string[] = [];
  for (const layout of layouts) {
    const reading = readingBy(layout, first);
    if (!('reason' in reading)) return { layout, head: reading.head };
    if (reading.isHead) reasons.push(reading.reason);
  }
  throw new FileRejected('E011', reasons[0] ?? 'Filen mangler hode, eller har et ukjent format.');
}

type HeadReading =
  { readonly head: FixedHead | null } | { readonly reason: string; readonly isHead: boolean };

function readingBy(layout: Layout, first: Line): HeadReading {
  if (layout.encoding === 'fixed' && layout.input.header !== null) return readFixedHead(first.octets, layout);
  if (layout.encoding === 'csv' && layout.headerLine) {
    const reading = readCsvHead(first.octets, layout);
    return 'reason' in reading ? reading : { head: null };
  }
  return looksLikeRow(layout, first) ? { head: null } : { reason: 'Filen mangler hode.', isHead: false };
}

/** Of a layout without head the first line is a row, and has to look like one. */
function looksLikeRow(layout: Layout, { octets, tooLong }: Line): boolean {
  const text = decodeGuessing(octets);
  if (tooLong) return false;
  if (layout.encoding === 'csv') return splitFields(text, layout.delimiter).length === layout.input.length;
  return charactersOf(text).length === layout.input.length;
}

function isUtf16([first, second]: Buffer): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
