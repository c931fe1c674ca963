/** One attempt and what became of it. */
export interface Row {
  readonly item: number;
  readonly title: string;
  readonly tried: string;
  readonly came: string;
  readonly verdict: Verdict;
}

export type Verdict = 'held' | 'BREACH' | 'not tried';

/** The line above the rows of an item. */
export function headingOf({ number, title }: { readonly number: number; readonly title: string }): string {
  return `${String(number).padStart(2)} ${title}`;
}

/** A row as a line. */
export function rowAsText({ verdict, tried, came }: Row): string {
  return `   ${verdict.padEnd(9)}  ${tried.padEnd(62)}  ${came}`;
}

/** The end of the table. */
export function summary(rows: readonly Row[]): string {
  const count = (verdict: Verdict): number => rows.filter((row) => row.verdict === verdict).length;
  const breached = [...new Set(rows.filter(({ verdict }) => verdict === 'BREACH').map(({ item }) => item))];
  return [
    `${rows.length} attempts: ${count('held')} held, ${count('BREACH')} breached, ${count('not tried')} not tried.`,
    ...(breached.length === 0 ? [] : [`Breached: ${breached.join(', ')}.`]),
  ].join('\n');
}

/** The same as a table in Markdown. */
export function asMarkdown(rows: readonly Row[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return [
    '| item | tried | came back | verdict |',
    '|---|---|---|---|',
    ...rows.map(
      ({ item, tried, came, verdict }) => `| ${item} | ${cell(tried)} | ${cell(came)} | ${verdict} |`,
    ),
  ].join('\n');
}
