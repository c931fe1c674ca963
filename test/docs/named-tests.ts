import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';

/** A test as a page of docs/ names it: `[name](../test/….test.ts) “title”`. */
export interface NamedTest {
  /** As the page has it, `../test/….test.ts`. */
  readonly path: string;
  readonly title: string;
}

const NAMED = /\[[\w.-]+\]\((\.\.\/test\/[\w./-]+\.test\.ts)\) “([^”]+)”/g;

/** The tests that a piece of a page of docs/ names. */
export function namedTestsIn(text: string): readonly NamedTest[] {
  return [...text.matchAll(NAMED)].map(([, path = '', title = '']) => ({ path, title }));
}

/** Whether there is a test, a group of tests or a row of a table of tests of that title; of a template, the part that does not vary. */
export function exists({ path, title }: NamedTest): boolean {
  const file = join(packageRoot(), 'docs', path);
  return existsSync(file) && hasTitle(readFileSync(file, 'utf8'), title);
}

/** The rows of tables whose first cell is what the pattern says. */
export function rowsOf(page: string, firstCell = /^(?!-+$|\s*situation\s*$)/): readonly string[] {
  return page.split('\n').filter((line) => line.startsWith('|') && firstCell.test(cellsOf(line)[0] ?? ''));
}

/** The cells of a row, without the blanks around them. */
export function cellsOf(row: string): readonly string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function hasTitle(source: string, title: string): boolean {
  const written = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'");
  return new RegExp(`(?:['"\`]|\\}|name: '?|\\[')${written}(?:['"\`]|\\$\\{)`).test(source);
}
