import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { logModules } from '../../src/operations/log-modules.js';

describe('the modules of log lines', () => {
  it('are those that lines name, and no other', () => {
    const folder = join(packageRoot(), 'src');
    const named = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .flatMap((source) => [...source.matchAll(/\bmodule(?:: | = )'([^']+)'/g)].map(([, name]) => name));
    expect([...new Set(named)].sort()).to.deep.equal([...logModules].sort());
  });
});
