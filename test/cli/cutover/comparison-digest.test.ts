import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  comparisonDigest,
  comparisonDigests,
  type ComparisonGrounds,
} from '../../../src/cli/cutover/comparison-digest.js';
import { loadConfiguration } from '../../../src/config/load.js';
import { packageRoot } from '../../../src/config/package-root.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { hospital, twoClients } from './cutover-world.js';

describe('the digest of what answers are compared by', () => {
  const newFolder = temporaryFolders();
  const mappings = join(packageRoot(), 'mappings');
  const configured = (more = '') =>
    loadConfiguration({
      file: hospital(newFolder(), `${twoClients}${more}`),
      environment: {},
      clock: systemClock,
    });
  const digest = (change: Partial<ComparisonGrounds> = {}, clientId = 'epj'): string =>
    comparisonDigest({ configuration: configured(), folder: mappings, version: '1.0.0', ...change })(
      clientId,
    );

  it('is the same as long as nothing changes that is of account', () => {
    const guard = configured('  guard: { windowMinutes: 7 }\n');
    expect(digest({ configuration: guard }))
      .to.equal(digest())
      .and.to.match(/^[0-9a-f]{16}$/);
  });

  it('changes with the rules, the mapping, the adapter, and what the client may see', () => {
    const folder = newFolder();
    cpSync(mappings, folder, { recursive: true });
    expect(digest({ folder })).to.equal(digest());
    writeFileSync(join(folder, 'comparison.yaml'), '\n# a rule more', { flag: 'a' });
    const rich = configured('mapping: { fill: rich }\n');
    const both = configured();
    const restricted = {
      ...both,
      clients: both.clients.map((client) => ({ ...client, access: 'restricted' as const })),
    };
    const all = [
      digest(),
      digest({ folder }),
      digest({ configuration: rich }),
      digest({ version: '1.0.1' }),
      digest({ configuration: restricted }),
    ];
    expect(new Set(all)).to.have.property('size', all.length);
  });

  it('follows clients that change while the adapter runs, by the files that it began with', () => {
    const folder = newFolder();
    cpSync(mappings, folder, { recursive: true });
    const before = configured();
    const digests = comparisonDigests({ configuration: before, folder, version: '1.0.0' });
    const clients = before.clients.map((client) => ({ ...client, access: 'restricted' as const }));
    const after = { ...before, clients };
    const expected = digest({ configuration: after });
    expect(expected).to.not.equal(digest());
    writeFileSync(join(folder, 'comparison.yaml'), '\n# a rule more', { flag: 'a' });
    expect(digests(before)('epj')).to.equal(digest());
    expect(digests(after)('epj')).to.equal(expected);
  });

  it('is of each client by itself, and empty for one that there is not', () => {
    const both = configured();
    const clients = both.clients.map((client) =>
      client.id === 'epj' ? { ...client, access: 'restricted' as const } : client,
    );
    const changed = { ...both, clients };
    expect(digest({ configuration: changed }, 'pas')).to.equal(digest({}, 'pas'));
    expect(digest({}, 'gone')).to.equal('');
  });
});
