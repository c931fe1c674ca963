import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';

const outside = new Set(['node_modules', 'dist', 'data', 'coverage', '.git']);

function documents(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return outside.has(entry.name) ? [] : documents(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

describe('the documents', () => {
  const root = packageRoot();

  for (const document of documents(root)) {
    const name = document.slice(root.length + 1);
    it(`lead only to what exists: ${name}`, () => {
      const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)];
      const broken = links
        .map(([, target]) => target ?? '')
        .filter((target) => !existsSync(join(dirname(document), target)));
      expect(broken).to.deep.equal([]);
    });
  }

  it('give every dependency its line, and no other', () => {
    const manifest = z
      .object({
        dependencies: z.record(z.string(), z.string()),
        devDependencies: z.record(z.string(), z.string()),
      })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const installed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    const described = [
      ...readFileSync(join(root, 'docs', 'dependencies.md'), 'utf8').matchAll(/^\| ([^|]+) \|/gm),
    ]
      .flatMap(([, names]) => (names ?? '').split(','))
      .map((name) => name.trim())
      .filter((name) => name !== 'package' && !name.startsWith('---'));
    const isDescribed = (name: string): boolean =>
      described.includes(name) || (name.startsWith('@types/') && described.includes('@types/*'));
    expect(installed.filter((name) => !isDescribed(name))).to.deep.equal([]);
    expect(described.filter((name) => name !== '@types/*' && !installed.includes(name))).to.deep.equal([]);
  });
});
