import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';

const docs = join(packageRoot(), 'docs');
const page = readFileSync(join(docs, 'failure-modes.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|(?:-+\||\s*situation )/.test(line));
const PROOF = /\[[\w-]+\]\((\.\.\/test\/[\w./-]+\.test\.ts)\) “([^”]+)”/g;

/** Whether the source has a test, or a row of a table of tests, with that title; in a template, the part that does not vary. */
function hasTitle(source: string, title: string): boolean {
  const written = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'");
  return new RegExp(`(?:['"\`]|\\}|name: '?|\\[')${written}(?:['"\`]|\\$\\{)`).test(source);
}

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
    const situation = row.split('|')[1]?.trim() ?? '';
    it(`names a test that there is: ${situation}`, () => {
      const proofs = [...row.matchAll(PROOF)];
      expect(proofs, 'tests').to.have.length.greaterThan(0);
      for (const [, path = '', title = ''] of proofs) {
        const file = join(docs, path);
        expect(existsSync(file), path).to.equal(true);
        expect(hasTitle(readFileSync(file, 'utf8'), title), `${path} “${title}”`).to.equal(true);
      }
    });
  }
});
