import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { cellsOf, exists, namedTestsIn, rowsOf } from './named-tests.js';

const ITEMS = 65;

describe('docs/quality.md', () => {
  const page = readFileSync(join(packageRoot(), 'docs', 'quality.md'), 'utf8');
  const rows = rowsOf(page, /^\d+$/);

  it('has a row for each item, in their order', () => {
    const numbers = rows.map((row) => Number(cellsOf(row)[0]));
    expect(numbers).to.deep.equal(Array.from({ length: ITEMS }, (_, index) => index + 1));
  });

  it('names no test outside of the form that is checked', () => {
    for (const row of rows) {
      const links = row.match(/\]\(\.\.\/test\//g) ?? [];
      expect(namedTestsIn(row), cellsOf(row)[0]).to.have.length(links.length);
    }
  });

  for (const row of rows) {
    const [number, item = '', proof = ''] = cellsOf(row);
    it(`${number ?? ''}: names tests that there are, or says why there is none: ${item}`, () => {
      const tests = namedTestsIn(proof);
      if (!/\bNo test: [A-Z]?\w[^.]{20,}\./.test(proof)) expect(tests).to.have.length.greaterThan(0);
      expect(tests.filter((test) => !exists(test))).to.deep.equal([]);
    });
  }
});
