import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { errorCode } from '../../../../src/errors/error-code.js';
import { systemDisk } from '../../../../src/legacy/filematch/folder/disk.js';
import { rejectionOf } from '../../../support/rejection.js';
import { temporaryFolders } from '../../../support/temporary-folder.js';

describe('the disk under drop folders', () => {
  const folders = temporaryFolders();
  let folder: string;

  beforeEach(() => {
    folder = folders();
  });

  it('opens no link, wherever it leads', async () => {
    writeFileSync(path.join(folder, 'target'), 'secret');
    symlinkSync('target', path.join(folder, 'link'));

    const error = await rejectionOf(systemDisk.open({ folder, name: 'link' }));

    expect(errorCode(error)).to.equal('ELOOP');
  });

  it('does not wait for the other end of a pipe', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);

    const file = await systemDisk.open({ folder, name: 'pipe' });

    expect((await file.look()).kind).to.equal('other');
    await file.close();
  });

  it('says what there is, and nothing of what there is not', async () => {
    writeFileSync(path.join(folder, 'file'), 'four');
    symlinkSync('file', path.join(folder, 'link'));
    mkdirSync(path.join(folder, 'folder'));
    const kindOf = async (name: string): Promise<string | undefined> =>
      (await systemDisk.look({ folder, name }))?.kind;

    expect(await kindOf('file')).to.equal('file');
    expect(await kindOf('link')).to.equal('link');
    expect(await kindOf('folder')).to.equal('folder');
    expect(await kindOf('nothing')).to.equal(undefined);
    expect((await systemDisk.look({ folder, name: 'file' }))?.size).to.equal(4n);
    expect(await systemDisk.lookAtFolder(path.join(folder, 'nothing'))).to.equal(undefined);
  });

  it('tells who moved or removed something from who came too late', async () => {
    writeFileSync(path.join(folder, 'a'), '');
    const a = { folder, name: 'a' };
    const b = { folder, name: 'b' };

    expect(await systemDisk.move(a, b)).to.equal(true);
    expect(await systemDisk.move(a, b)).to.equal(false);
    expect(await systemDisk.remove(b)).to.equal(true);
    expect(await systemDisk.remove(b)).to.equal(false);
  });

  it('makes a folder where there is none, but not its parent', async () => {
    await systemDisk.makeFolder(path.join(folder, 'inn'));
    await systemDisk.makeFolder(path.join(folder, 'inn'));
    const error = await rejectionOf(systemDisk.makeFolder(path.join(folder, 'gone', 'inn')));

    expect(readdirSync(folder)).to.deep.equal(['inn']);
    expect(errorCode(error)).to.equal('ENOENT');
  });

  it('leaves the old file and no draft where a new one cannot be written', async () => {
    writeFileSync(path.join(folder, 'file'), 'old');
    const broken = function* (): Iterable<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('broken');
    };

    await rejectionOf(systemDisk.write({ folder, name: 'file' }, broken()));

    expect(readdirSync(folder)).to.deep.equal(['file']);
    expect(readFileSync(path.join(folder, 'file'), 'utf8')).to.equal('old');
  });
});
