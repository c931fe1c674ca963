import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { configuredLayouts, filematchProblems } from '../../../src/cli/filematch/configured-layouts.js';
import { ConfigurationError } from '../../../src/config/problems.js';
import { loadConfiguration } from '../../../src/config/load.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { smallest, write } from '../../support/configuration-files.js';
import { rejectionOf } from '../../support/rejection.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

describe('layouts and drop folders in the configuration', () => {
  const newFolder = temporaryFolders();

  function configured(environment: Readonly<Record<string, string>>) {
    const file = write(newFolder(), 'c.yaml', smallest);
    return loadConfiguration({ file, environment, clock: systemClock });
  }

  it('are as the adapter brings them, unless told otherwise', async () => {
    const configuration = configured({});
    expect([...(await configuredLayouts(configuration)).keys()]).to.deep.equal(['pfm-fixed', 'pfm-csv']);
    expect(await filematchProblems(configuration)).to.deep.equal([]);
  });

  it('are refused where a client names one that there is not, which is named', async () => {
    const configuration = configured({ PREG_ADAPTER__CLIENTS__0__FILEMATCH__LAYOUTS: 'pfm-csv,pfm-fixd' });
    const problem = {
      path: 'clients[0].filematch.layouts[1]',
      found: '"pfm-fixd", which no layout file has',
      expected: 'perhaps pfm-fixed',
    };
    const error = await rejectionOf(configuredLayouts(configuration));
    expect(error).to.be.instanceOf(ConfigurationError).and.to.have.deep.property('problems', [problem]);
    expect(await filematchProblems(configuration)).to.deep.equal([problem]);
  });

  it('are a problem where a drop folder is not there or a file, which keeps nothing from starting', async () => {
    const folder = newFolder();
    const drop = join(folder, 'drop');
    const withFolder = (place: string) =>
      configured({
        PREG_ADAPTER__CLIENTS__0__PROTOCOLS: 'hl7v3,filematch',
        PREG_ADAPTER__CLIENTS__0__FILEMATCH__FOLDER: place,
      });
    const problemOf = async (place: string) => {
      const [problem] = await filematchProblems(withFolder(place));
      return problem && [problem.path, problem.found];
    };
    const path = 'clients[0].filematch.folder';
    expect(await problemOf(drop)).to.deep.equal([path, 'a folder that is not there']);
    expect(await problemOf(write(folder, 'file', 'x'))).to.deep.equal([path, 'something that is no folder']);
    await configuredLayouts(withFolder(drop));
    mkdirSync(drop);
    expect(await problemOf(drop)).to.equal(undefined);
  });

  it('name the file that is no layout', async () => {
    const file = write(newFolder(), 'own.json', '{"name":"own"}');
    const configuration = configured({ PREG_ADAPTER__FILEMATCH__LAYOUT_FILES: file });
    expect(String(await rejectionOf(configuredLayouts(configuration)))).to.contain(file);
    expect(String(await rejectionOf(filematchProblems(configuration)))).to.contain(file);
  });
});
