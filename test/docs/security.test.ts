import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { cellsOf, exists, namedTestsIn } from './named-tests.js';

const OTHERS = ['Limits of the listeners', 'Clients that know no TLS 1.2', 'Dependencies', 'What is left'];

describe('docs/security.md', () => {
  const page = readFileSync(join(packageRoot(), 'docs', 'security.md'), 'utf8');
  const [, ...chapters] = page.split(/^## /m);
  const titles = chapters.map((chapter) => chapter.split('\n', 1).join(''));

  it('tells of each who might attack, and of what is left', () => {
    expect(titles).to.deep.equal([
      'Who listens or meddles between client and adapter',
      'Who reaches a listener without an account',
      'A client that goes beyond what it may',
      'Who stands in the place of HelseID, Persontjenesten or PREG',
      'Who gets hold of disk or backup',
      'Who runs the adapter',
      ...OTHERS,
    ]);
  });

  const threats = chapters
    .filter((_, index) => !OTHERS.includes(titles[index] ?? ''))
    .flatMap((chapter) => chapter.split('\n').filter((line) => /^\| (?!threat )\w/.test(line)));

  it('has threats', () => {
    expect(threats.length).to.be.greaterThan(30);
  });

  for (const threat of threats) {
    const [what = '', , proof = ''] = cellsOf(threat);
    it(`names tests that there are: ${what}`, () => {
      const tests = namedTestsIn(proof);
      expect(tests).to.have.length(proof.match(/\]\(\.\.\/test\//g)?.length ?? 0);
      expect(tests).to.have.length.greaterThan(0);
      expect(tests.filter((test) => !exists(test))).to.deep.equal([]);
    });
  }
});
