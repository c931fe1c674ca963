import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { cellsOf, exists, namedTestsIn, rowsOf } from './named-tests.js';

const page = readFileSync(join(packageRoot(), 'docs', 'failure-modes.md'), 'utf8');
const rows = rowsOf(page);

describe('docs/failure-modes.md', () => {
  it('has a row for each dependency', () => {
    const chapters = [...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    expect(chapters).to.deep.equal([
      'HelseID',
      'Persontjenesten',
      'The old PREG',
      'Event feed',
      'Store and disk',
      'Filematch jobs',
      'Receivers of HL7 v2',
      'Clock',
      'Network and proxy',
      'Certificates',
      'Clients',
      'Our own process and its memory',
    ]);
    expect(rows.length).to.be.greaterThan(50);
  });

  for (const row of rows) {
    it(`names a test that there is: ${cellsOf(row)[0] ?? ''}`, () => {
      const tests = namedTestsIn(row);
      expect(tests).to.have.length.greaterThan(0);
      expect(tests.filter((test) => !exists(test))).to.deep.equal([]);
    });
  }
});
