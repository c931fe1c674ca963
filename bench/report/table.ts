/** Rows of texts with the columns aligned: the first to the left, the others to the right. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      widths
        .map((width, column) =>
          column === 0 ? (row[0] ?? '').padEnd(width) : (row[column] ?? '').padStart(width),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** A number with so many decimals; a dash for none. */
export function shown(value: number | undefined, decimals = 1): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(decimals);
}
