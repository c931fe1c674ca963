import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { runCommand } from '../../support/command-line.js';
import { smallest, someHash, write } from '../../support/configuration-files.js';
import { freePorts } from '../../support/started-adapter.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

describe('drop folders of two clients', function () {
  // A sandbox may come up; nothing here is about speed.
  this.timeout(60_000);

  const newFolder = temporaryFolders();

  /** A configuration whose second client has a folder that the first one's leads to. */
  function linked(target: string): { readonly folder: string; readonly config: string } {
    const folder = newFolder();
    mkdirSync(join(folder, 'files', 'ut'), { recursive: true });
    symlinkSync(join(folder, 'files'), join(folder, 'link'));
    const one = `protocols: [filematch]\n    filematch: { folder: ${join(folder, 'link')} }`;
    const other = `  - { id: b, username: b, passwordHash: "${someHash}", protocols: [filematch], organisation: { parent: "999999999" }, filematch: { folder: ${join(folder, target)} } }\n`;
    const config = write(folder, 'c.yaml', smallest.replace('protocols: [hl7v3]', one) + other);
    return { folder, config };
  }

  for (const [what, target, found] of [
    ['one folder', 'files', 'the same as in clients[0].filematch.folder'],
    ['one within the other', 'files/ut', 'within the one in clients[0].filematch.folder, or around it'],
  ] as const) {
    it(`that are ${what} behind a link are told by check-config, and refused at the start`, async () => {
      const { folder, config } = linked(target);
      const environment = freePorts(join(folder, 'data'));
      const checked = await runCommand(['check-config', '--config', config], { environment });
      expect(checked.code).to.equal(1);
      expect(checked.err).to.contain('clients[1].filematch.folder').and.to.contain(found);
      const csv = join(packageRoot(), 'docs', 'examples', 'filematch.csv');
      const out = join(folder, 'out');
      const started = await runCommand(['filematch', 'run', csv, '--config', config, '--out', out], {
        environment,
      });
      expect(started.code).to.not.equal(0);
      expect(started.err).to.contain('clients[1].filematch.folder').and.to.contain(found);
    });
  }
});
