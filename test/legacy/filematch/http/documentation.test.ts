import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../../src/config/package-root.js';
import { refusals } from '../../../../src/legacy/filematch/http/problem-table.js';

describe('docs/filematch.md', () => {
  const text = readFileSync(join(packageRoot(), 'docs', 'filematch.md'), 'utf8');

  it('has the refusals of HTTP, each with its status and title, and no other', () => {
    const section = /^## HTTP$(?<section>[^]*?)(?=^## |(?![^]))/m.exec(text)?.groups?.['section'] ?? '';
    const rows = section.split('\n').filter((line) => /^\| `[\w-]+` \| \d/.test(line));
    expect(rows).to.deep.equal(
      Object.entries(refusals).map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`),
    );
  });
});
