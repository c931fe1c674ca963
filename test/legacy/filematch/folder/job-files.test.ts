import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { systemDisk, type Disk } from '../../../../src/legacy/filematch/folder/disk.js';
import { createFolderDelivery } from '../../../../src/legacy/filematch/folder/job-files.js';
import { FolderUnusable, type OutputFile } from '../../../../src/legacy/filematch/jobs/delivery.js';
import type { Job, JobState } from '../../../../src/legacy/filematch/jobs/job.js';
import type { Receipt } from '../../../../src/legacy/filematch/jobs/receipt.js';
import { rejectionOf } from '../../../support/rejection.js';
import { temporaryFolders } from '../../../support/temporary-folder.js';
import { fileJob } from './file-job.js';

const ID = '01KJMMAC8G7S2MRMTTC5M6YXKX';
const STEM = `PFM_999888777_20260301_0001.${ID}`;
const CLAIM = `${ID}~0123456789abcdef~PFM_999888777_20260301_0001.csv`;

describe('delivering results to folders', () => {
  const folder = temporaryFolders();
  let base: string;
  const delivery = createFolderDelivery();

  beforeEach(() => {
    base = folder();
    for (const name of ['inn', 'arbeid', 'ut', 'avvist']) mkdirSync(path.join(base, name));
    writeFileSync(path.join(base, 'arbeid', CLAIM), 'original');
    writeFileSync(path.join(base, 'arbeid', `${ID.replace('X', 'Y')}~0123456789abcdef~a.csv`), 'another’s');
  });

  const job = (state: JobState = 'RUNNING', changes: Partial<Job> = {}): Job =>
    fileJob(ID, { directory: base }, { state, ...changes });
  const receipt = (state: string): Receipt => ({
    jobId: ID,
    state,
    inputFile: 'PFM_999888777_20260301_0001.csv',
    receivedAt: '2026-03-01T13:00:00+01:00',
    errorCode: undefined,
  });
  const file = (name: string, ...pieces: readonly string[]): OutputFile => ({
    name,
    content: async function* () {
      for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
    },
  });
  const result = file(`${STEM}.resultat.csv`, 'ownRef\r\n', 'A\r\n');
  const rejects = file(`${STEM}.avvist.csv`, 'lineNumber\r\n');
  const names = (subfolder: string): readonly string[] => readdirSync(path.join(base, subfolder)).sort();
  const text = (subfolder: string, name: string): string =>
    readFileSync(path.join(base, subfolder, name), 'utf8');
  const claims = (): readonly string[] => names('arbeid').filter((name) => name.startsWith(ID));

  it('puts result, rejects and receipt into ut/', async () => {
    await delivery.deliver(job(), [result, rejects], receipt('COMPLETED'));

    expect(names('ut')).to.deep.equal([
      `${STEM}.avvist.csv`,
      `${STEM}.kvittering.json`,
      `${STEM}.resultat.csv`,
    ]);
    expect(text('ut', `${STEM}.resultat.csv`)).to.equal('ownRef\r\nA\r\n');
    expect(text('ut', `${STEM}.kvittering.json`)).to.equal(
      [
        '{',
        `  "jobId": "${ID}",`,
        '  "state": "COMPLETED",',
        '  "inputFile": "PFM_999888777_20260301_0001.csv",',
        '  "receivedAt": "2026-03-01T13:00:00+01:00"',
        '}',
        '',
      ].join('\n'),
    );
    expect(claims()).to.deep.equal([CLAIM]);
  });

  it('keeps what it delivers from strangers', async () => {
    await delivery.deliver(job(), [result], receipt('COMPLETED'));

    for (const name of names('ut')) expect(statSync(path.join(base, 'ut', name)).mode & 0o007).to.equal(0);
  });

  for (const state of ['REJECTED', 'FAILED'] as const) {
    it(`puts the receipt of a job that is ${state} into avvist/, and its original beside it`, async () => {
      await delivery.deliver(job(), [], receipt(state));
      await delivery.settle(job(state));

      expect(names('ut')).to.deep.equal([]);
      expect(names('avvist')).to.deep.equal([`${STEM}.csv`, `${STEM}.kvittering.json`]);
      expect(text('avvist', `${STEM}.csv`)).to.equal('original');
      expect(names('arbeid')).to.have.length(1);
    });
  }

  it('takes back the result of a job that ended while that was being delivered', async () => {
    const broken: OutputFile = {
      name: rejects.name,
      content: async function* () {
        yield await Promise.resolve(Buffer.from('half'));
        throw new Error('cancelled');
      },
    };
    await rejectionOf(delivery.deliver(job(), [result, broken], receipt('COMPLETED')));
    writeFileSync(path.join(base, 'ut', 'another.csv'), '');
    expect(names('ut')).to.deep.equal([`${STEM}.resultat.csv`, 'another.csv'].sort());

    await delivery.deliver(job('FAILED'), [], receipt('FAILED'));
    await delivery.settle(job('FAILED'));

    expect(names('ut')).to.deep.equal(['another.csv']);
    expect(names('avvist')).to.deep.equal([`${STEM}.csv`, `${STEM}.kvittering.json`]);
  });

  it('delivers in order, the receipt last, and each file under its name only when it is whole', async () => {
    const seen: string[] = [];
    const writing: Disk = {
      ...systemDisk,
      write: async (place, content) => {
        const watched = async function* (): AsyncIterable<Uint8Array> {
          for await (const piece of content) {
            expect(existsSync(path.join(place.folder, place.name))).to.equal(false);
            yield piece;
          }
        };
        await systemDisk.write(place, watched());
        seen.push(place.name);
      },
    };

    await createFolderDelivery(writing).deliver(job(), [result, rejects], receipt('COMPLETED'));

    expect(seen).to.deep.equal([`${STEM}.resultat.csv`, `${STEM}.avvist.csv`, `${STEM}.kvittering.json`]);
  });

  it('hides what is not whole yet, and leaves none of it behind', async () => {
    const broken: OutputFile = {
      name: result.name,
      content: async function* () {
        yield await Promise.resolve(Buffer.from('half'));
        for (const name of names('ut')) expect(name).to.match(/^\..*\.tmp$/);
        throw new Error('the seal is broken');
      },
    };

    const error = await rejectionOf(delivery.deliver(job(), [broken], receipt('COMPLETED')));

    expect(error.message).to.equal('the seal is broken');
    expect(names('ut')).to.deep.equal([]);
  });

  it('delivers again over what an earlier end left', async () => {
    writeFileSync(path.join(base, 'ut', `.${result.name}.tmp`), 'half');
    writeFileSync(path.join(base, 'ut', result.name), 'of another attempt');

    await delivery.deliver(job(), [result], receipt('COMPLETED'));

    expect(names('ut')).to.deep.equal([`${STEM}.kvittering.json`, result.name]);
    expect(text('ut', result.name)).to.equal('ownRef\r\nA\r\n');
  });

  it('writes to no file that a link in ut/ points to', async () => {
    const outside = path.join(folder(), 'outside');
    writeFileSync(outside, 'untouched');
    symlinkSync(outside, path.join(base, 'ut', result.name));
    symlinkSync(outside, path.join(base, 'ut', `.${result.name}.tmp`));

    await delivery.deliver(job(), [result], receipt('COMPLETED'));

    expect(readFileSync(outside, 'utf8')).to.equal('untouched');
    expect(text('ut', result.name)).to.equal('ownRef\r\nA\r\n');
  });

  it('deletes the original of a job that completed', async () => {
    await delivery.settle(job('COMPLETED'));
    await delivery.settle(job('COMPLETED'));

    expect(claims()).to.deep.equal([]);
    expect(names('arbeid')).to.have.length(1);
    expect(names('avvist')).to.deep.equal([]);
  });

  it('takes back what it said of a job that had failed when that completes', async () => {
    await delivery.deliver(job(), [], receipt('FAILED'));
    await delivery.settle(job('FAILED'));
    writeFileSync(path.join(base, 'avvist', 'another.csv'), '');

    await delivery.deliver(job(), [result], receipt('COMPLETED'));
    await delivery.settle(job('COMPLETED'));

    expect(names('avvist')).to.deep.equal(['another.csv']);
    expect(names('ut')).to.have.length(2);
  });

  it('deletes all there is of a job, drafts included, and nothing of others', async () => {
    await delivery.deliver(job(), [result, rejects], receipt('COMPLETED'));
    await delivery.deliver(job(), [], receipt('FAILED'));
    writeFileSync(path.join(base, 'ut', `.${result.name}.tmp`), 'half');
    writeFileSync(path.join(base, 'ut', 'notes.txt'), '');

    await delivery.discard(job('COMPLETED'));
    await delivery.discard(job('COMPLETED'));

    expect(names('ut')).to.deep.equal(['notes.txt']);
    expect(names('avvist')).to.deep.equal([]);
    expect(claims()).to.deep.equal([]);
    expect(names('arbeid')).to.have.length(1);
  });

  for (const [what, ruin] of Object.entries({
    'ut/ is gone': (): string => path.join(folder(), 'gone'),
    'there is no drop folder': (): string => '/nonexistent/epj',
  })) {
    it(`waits where ${what}`, async () => {
      const error = await rejectionOf(
        delivery.deliver(fileJob(ID, { directory: ruin() }), [result], receipt('COMPLETED')),
      );

      expect(error).to.be.instanceOf(FolderUnusable);
      expect(error.cause).to.equal(undefined);
    });
  }

  it('waits where ut/ leads elsewhere', async () => {
    const elsewhere = folder();
    const other = path.join(folder(), 'epj');
    mkdirSync(other);
    symlinkSync(elsewhere, path.join(other, 'ut'));

    const error = await rejectionOf(
      delivery.deliver(fileJob(ID, { directory: other }), [result], receipt('COMPLETED')),
    );

    expect(error.message).to.equal('ut/ is a link or a file, and no folder');
    expect(readdirSync(elsewhere)).to.deep.equal([]);
  });

  it('waits where there is no room, without naming the file', async () => {
    const full: Disk = {
      ...systemDisk,
      write: () =>
        Promise.reject(
          Object.assign(new Error(`ENOSPC: no space left on device, write '${result.name}'`), {
            ...{ code: 'ENOSPC', syscall: 'write' },
          }),
        ),
    };

    const error = await rejectionOf(
      createFolderDelivery(full).deliver(job(), [result], receipt('COMPLETED')),
    );

    expect(error).to.be.instanceOf(FolderUnusable);
    expect(error).to.include({ reason: 'the drop folder is full', code: 'ENOSPC' });
    expect(error.cause).to.equal(undefined);
  });

  describe('of the command line', () => {
    const commandLineJob = (directory: string): Job =>
      fileJob(ID, { directory }, { door: 'command-line', state: 'COMPLETED' });

    it('puts everything into the very folder, and leaves it there', async () => {
      const out = folder();
      const finished = commandLineJob(out);
      await delivery.deliver(finished, [result, rejects], receipt('COMPLETED'));
      await delivery.settle(finished);
      await delivery.discard(finished);

      expect(readdirSync(out).sort()).to.deep.equal([
        `${STEM}.avvist.csv`,
        `${STEM}.kvittering.json`,
        `${STEM}.resultat.csv`,
      ]);
    });

    it('puts the receipt of what failed there, too', async () => {
      const out = folder();
      await delivery.deliver(commandLineJob(out), [], receipt('FAILED'));

      expect(readdirSync(out)).to.deep.equal([`${STEM}.kvittering.json`]);
    });

    it('waits where the folder is gone', async () => {
      const error = await rejectionOf(
        delivery.deliver(commandLineJob('/nonexistent/out'), [result], receipt('COMPLETED')),
      );

      expect(error.message).to.equal('the folder of the result is not there');
    });
  });

  it('has nothing to do for what is fetched', async () => {
    const fetched = fileJob(ID, {}, { door: 'http', state: 'COMPLETED' });

    await delivery.deliver(fetched, [result], receipt('COMPLETED'));
    await delivery.settle(fetched);
    await delivery.discard(fetched);

    expect(names('ut')).to.deep.equal([]);
    expect(claims()).to.deep.equal([CLAIM]);
  });
});
