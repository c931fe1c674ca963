/** A line of CSV, without its ending. Quotes stand only where a reader needs them. */
export function csvLine(fields: readonly string[], delimiter: string): string {
  return fields.map((field) => (needsQuotes(field, delimiter) ? quoted(field) : field)).join(delimiter);
}

function needsQuotes(field: string, delimiter: string): boolean {
  return field !== '' && (field.includes(delimiter) || troublesome.test(field));
}

/** Quotes, line breaks, and blanks at the ends, which readers may drop. */
const troublesome = /["\r\n]|^\s|\s$/;

function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}
