/** Why a record cannot be split: a quote that is not closed in it, or text beside a field in quotes. */
export type CsvFlaw = 'open' | 'broken';

/**
 * Splits a record at its delimiters. A field that begins with a quote ends with the next quote that is not doubled; elsewhere a
 * quote is a letter like others (RFC 4180, but for that).
 */
export function splitFields(record: string, delimiter: string): readonly string[] | CsvFlaw {
  if (!record.includes('"')) return record.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ; at += 1) {
    let end: number;
    if (record[at] === '"') {
      const close = closingQuote(record, at + 1);
      if (close === -1) return 'open';
      end = close + 1;
      if (end < record.length && record[end] !== delimiter) return 'broken';
      fields.push(record.slice(at + 1, close).replaceAll('""', '"'));
    } else {
      end = record.indexOf(delimiter, at);
      if (end === -1) end = record.length;
      fields.push(record.slice(at, end));
    }
    if (end >= record.length) return fields;
    at = end;
  }
}

function closingQuote(record: string, from: number): number {
  let close = record.indexOf('"', from);
  while (close !== -1 && record[close + 1] === '"') close = record.indexOf('"', close + 2);
  return close;
}
