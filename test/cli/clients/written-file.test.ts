import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { replaceText } from '../../../src/cli/clients/written-file.js';
import { CommandFailed } from '../../../src/cli/report.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { write } from '../../support/configuration-files.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

describe('a configuration that somebody else has changed meanwhile', () => {
  const newFolder = temporaryFolders();

  it('stays as it is, and nothing is left beside it', () => {
    const folder = newFolder();
    const file = write(folder, 'hospital.yaml', 'theirs');
    const change = { before: 'as read', after: 'ours', random: systemRandom };
    expect(() => {
      replaceText(file, change);
    }).to.throw(CommandFailed, /was changed by somebody else meanwhile: nothing was written/);
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).to.deep.equal(['theirs', ['hospital.yaml']]);
  });

  it('is told of with the place where files cannot be made', () => {
    const file = join(newFolder(), 'none', 'hospital.yaml');
    const change = { before: '', after: 'ours', random: systemRandom };
    expect(() => {
      replaceText(file, change);
    }).to.throw(CommandFailed, /cannot be written \(ENOENT\)/);
  });
});
