/** Why a record cannot be split: a quote that is not closed in it, or text beside a field in quotes. */
export type CsvFlaw = 'open' | 'broken';

/**
 * Splits a record at its delimiters. A field that begins with a quote ends with the next quote that is not doubled; elsewhere a
 * quote is a letter like others (RFC 4180, but for that).
 */
export function splitFields(record: string, delimiter: string): readonly string[] | CsvFlaw {
  if (!record.includes('"')) return record.split(delimiter);
  const fields: string[] = [];
  const end = walk(record, delimiter, (from, to, isQuoted) => {
    fields.push(isQuoted ? record.slice(from + 1, to - 1).replaceAll('""', '"') : record.slice(from, to));
  });
  return end === 'closed' ? fields : end;
}

/** How a text ends that is part of a record, and how many fields end in it. */
export interface Reach {
  readonly end: CsvFlaw | 'closed';
  readonly fields: number;
}

/** How far a text goes in a record, from the beginning of one on. */
export function reachOf(text: string, delimiter: string): Reach {
  let fields = 0;
  const end = walk(text, delimiter, () => {
    fields += 1;
  });
  return { end, fields };
}

/** The same, from inside of a field in quotes on, which begins before the text. */
export function reachFromQuote(text: string, delimiter: string): Reach {
  return reachOf(`"${text}`, delimiter);
}

/** Tells where each field begins and ends, the quotes around it included. */
function walk(
  record: string,
  delimiter: string,
  field: (from: number, to: number, isQuoted: boolean) => void,
): CsvFlaw | 'closed' {
  for (let at = 0; ; at += 1) {
    const isQuoted = record[at] === '"';
    let end: number;
    if (isQuoted) {
      const close = closingQuote(record, at + 1);
      if (close === -1) return 'open';
      end = close + 1;
      if (end < record.length && record[end] !== delimiter) return 'broken';
    } else {
      end = record.indexOf(delimiter, at);
      if (end === -1) end = record.length;
    }
    field(at, end, isQuoted);
    if (end >= record.length) return 'closed';
    at = end;
  }
}

function closingQuote(record: string, from: number): number {
  let close = record.indexOf('"', from);
  while (close !== -1 && record[close + 1] === '"') close = record.indexOf('"', close + 2);
  return close;
}
