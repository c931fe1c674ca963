import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';

const folder = join(packageRoot(), 'bench');
const listed = z
  .array(z.strictObject({ name: z.string(), what: z.string().endsWith('.'), duration: z.string().min(1) }))
  .parse(JSON.parse(readFileSync(join(folder, 'measurements.json'), 'utf8')));

describe('the list of measurements', () => {
  it('names those that there are', () => {
    const support = ['setting.ts'];
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !support.includes(name));
    expect(listed.map(({ name }) => `${name}.ts`).sort()).to.deep.equal(files.sort());
  });
});
