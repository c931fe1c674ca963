import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { appendFile, copyFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { StoreFailed } from '../../src/errors/errors.js';
import type { Spool, SpoolFile } from '../../src/legacy/filematch/jobs/spool.js';
import type { Extent } from '../../src/legacy/filematch/jobs/job.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { prepareDataDirectory } from '../../src/store/data-directory.js';
import { SealedFiles } from '../../src/store/sealed-files.js';
import { Sealer } from '../../src/store/sealer.js';
import {
  LEFT_FREE,
  SPOOL_FOLDER,
  spoolFolderIn,
  temporarySpoolFolder,
} from '../../src/store/spool-folder.js';
import { SealBroken, UnknownSealingKey } from '../../src/store/store-errors.js';
import { runs } from '../support/long-runs.js';
import { memoryStore } from '../support/memory-store.js';
import { rejectionOf } from '../support/rejection.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore, sealingKey } from './store-fixture.js';

const job = '01JQ0000000000000000000001';
const otherJob = '01JQ0000000000000000000002';
const nothing: Extent = { pieces: 0, length: 0 };
const files = ['input', 'result', 'rejects'] as const;

describe('the sealed files', () => {
  const folder = temporaryFolders();
  const spoolIn = (directory: string, keys = ['k1']): Spool =>
    new SealedFiles(spoolFolderIn(directory), new Sealer(keys.map(sealingKey), systemRandom), systemRandom);
  const fileIn = (directory: string, file: string, id = job): string =>
    path.join(directory, SPOOL_FOLDER, id, file);

  it('give back the pieces in order, whatever is in them', async () => {
    const spool = spoolIn(folder());
    const pieces = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(100_000, 7), Buffer.from('æøå')];
    const extent = await written(spool, pieces);
    expect(extent.pieces).to.equal(4);
    expect(await read(spool, extent)).to.deep.equal(pieces);
  });

  it('can be read while they are written, as far as they counted', async () => {
    const spool = spoolIn(folder());
    await spool.create(job);
    const writer = await spool.append(job, 'result', nothing);
    await writer.append(Buffer.from('one'));
    const extent = await writer.sync();
    await writer.append(Buffer.from('two'));
    expect(await read(spool, extent, 'result')).to.deep.equal([Buffer.from('one')]);
    await writer.close();
  });

  it('need not be there where nothing counts', async () => {
    const spool = spoolIn(folder());
    expect(await read(spool, nothing)).to.deep.equal([]);
  });

  it('are kept apart from each other and from those of other jobs', async () => {
    const spool = spoolIn(folder());
    const extents = new Map<string, Extent>();
    for (const id of [job, otherJob]) {
      for (const file of files)
        extents.set(id + file, await written(spool, [Buffer.from(id + file)], file, id));
    }
    for (const id of [job, otherJob]) {
      for (const file of files) {
        const [piece] = await read(spool, extents.get(id + file) ?? nothing, file, id);
        expect(String(piece)).to.equal(id + file);
      }
    }
  });

  it('are for their owner only, below a folder that the data folder knows as its own', async () => {
    const before = process.umask(0);
    try {
      const directory = folder();
      const spool = spoolIn(directory);
      await written(spool, [Buffer.from('one')]);
      const claim = spool.claim(job);
      claim?.isFirst('ref', 1);
      const mode = (name: string): number => statSync(name).mode & 0o777;
      expect(mode(path.join(directory, SPOOL_FOLDER))).to.equal(0o700);
      expect(mode(fileIn(directory, '.'))).to.equal(0o700);
      const names = readdirSync(fileIn(directory, '.'));
      expect(names).to.include.members(['input', 'claim', 'references']);
      for (const name of names) expect(mode(fileIn(directory, name)), name).to.equal(0o600);
      claim?.release();
      expect(() => {
        prepareDataDirectory(directory);
      }).not.to.throw();
    } finally {
      process.umask(before);
    }
  });

  it('have nothing readable in them', async () => {
    const directory = folder();
    await written(spoolIn(directory), [Buffer.from('a name that is nobody’s')]);
    expect(readFileSync(fileIn(directory, 'input')).includes('name')).to.equal(false);
  });

  it('are opened with a former key as long as that key is there', async () => {
    const directory = folder();
    const extent = await written(spoolIn(directory, ['k1']), [Buffer.from('one')]);
    const writer = await spoolIn(directory, ['k2', 'k1']).append(job, 'input', extent);
    await writer.append(Buffer.from('two'));
    const both = await writer.sync();
    await writer.close();
    expect(await read(spoolIn(directory, ['k2', 'k1']), both)).to.have.length(2);
    expect(await rejectionOf(read(spoolIn(directory, ['k2']), both))).to.be.instanceOf(UnknownSealingKey);
  });

  describe('of which only the beginning counts', () => {
    it('are read that far, whatever comes after', async () => {
      const directory = folder();
      const spool = spoolIn(directory);
      const extent = await written(spool, [Buffer.from('one')]);
      await appendFile(fileIn(directory, 'input'), Buffer.alloc(50, 255));
      expect(await read(spool, extent)).to.deep.equal([Buffer.from('one')]);
    });

    it('are cut before they are written to', async () => {
      const directory = folder();
      const spool = spoolIn(directory);
      const extent = await written(spool, [Buffer.from('one')]);
      await appendFile(fileIn(directory, 'input'), Buffer.alloc(50, 255));
      const writer = await spool.append(job, 'input', extent);
      expect(statSync(fileIn(directory, 'input')).size).to.equal(extent.length);
      await writer.append(Buffer.from('two'));
      const both = await writer.sync();
      await writer.close();
      expect(statSync(fileIn(directory, 'input')).size).to.equal(both.length);
      expect(await read(spool, both)).to.deep.equal([Buffer.from('one'), Buffer.from('two')]);
    });

    it('give back what counted, however often writing was broken off', async () => {
      const step = fc.oneof(
        fc.record({ kind: fc.constant('append' as const), piece: fc.uint8Array({ maxLength: 300 }) }),
        fc.constant({ kind: 'sync' as const }),
        fc.record({ kind: fc.constant('crash' as const), torn: fc.uint8Array({ maxLength: 80 }) }),
        fc.record({ kind: fc.constant('cut' as const), to: fc.nat() }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const directory = folder();
          const spool = spoolIn(directory);
          await spool.create(job);
          /** Each state that was synced, what a checkpoint may name. */
          const kept: { readonly extent: Extent; readonly pieces: readonly Buffer[] }[] = [
            { extent: nothing, pieces: [] },
          ];
          let counts: (typeof kept)[number] = { extent: nothing, pieces: [] };
          let added: Buffer[] = [];
          let writer = await spool.append(job, 'result', nothing);
          const again = async (): Promise<void> => {
            await writer.close();
            added = [...counts.pieces];
            writer = await spool.append(job, 'result', counts.extent);
          };
          for (const each of steps) {
            if (each.kind === 'append') {
              await writer.append(each.piece);
              added.push(Buffer.from(each.piece));
            } else if (each.kind === 'sync') {
              counts = { extent: await writer.sync(), pieces: [...added] };
              kept.push(counts);
            } else if (each.kind === 'crash') {
              await appendFile(fileIn(directory, 'result'), each.torn);
              await again();
            } else {
              const index = each.to % kept.length;
              kept.splice(index + 1);
              counts = kept[index] ?? counts;
              await again();
            }
            expect(await read(spool, counts.extent, 'result')).to.deep.equal(counts.pieces);
          }
          await writer.close();
          expect(counts.extent.pieces).to.equal(counts.pieces.length);
        }),
        { numRuns: runs(40) },
      );
    }).timeout(60_000);
  });

  describe('that were tampered with', () => {
    const pieces = [Buffer.from('one'), Buffer.from('two two'), Buffer.from('three')];

    it('are refused, whichever octet was changed, and give nothing that was changed', async () => {
      const directory = folder();
      const spool = spoolIn(directory);
      const extent = await written(spool, pieces);
      const file = fileIn(directory, 'input');
      const sound = readFileSync(file);
      expect(sound.length).to.equal(extent.length);
      for (let place = 0; place < sound.length; place += 1) {
        const changed = Buffer.from(sound);
        changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
        writeFileSync(file, changed);
        const { got, error } = await readUntilTrouble(spool, extent);
        expect(isRefusal(error), `octet ${place}`).to.equal(true);
        expect(got).to.deep.equal(pieces.slice(0, got.length));
      }
      writeFileSync(file, sound);
      expect(await read(spool, extent)).to.deep.equal(pieces);
    });

    it('are refused when pieces were swapped, doubled or left out', async () => {
      const directory = folder();
      const spool = spoolIn(directory);
      // All of one length, so that the extent says nothing.
      const extent = await written(
        spool,
        ['one', 'two', 'six'].map((text) => Buffer.from(text)),
      );
      const file = fileIn(directory, 'input');
      const sound = readFileSync(file);
      const third = extent.length / 3;
      const [one, two, three] = [0, 1, 2].map((index) => sound.subarray(index * third, (index + 1) * third));
      if (one === undefined || two === undefined || three === undefined) throw new Error('three pieces');
      for (const order of [
        [two, one, three],
        [one, one, three],
        [one, three, two],
        [one, two, two],
      ]) {
        writeFileSync(file, Buffer.concat(order));
        expect((await readUntilTrouble(spool, extent)).error).to.be.instanceOf(SealBroken);
      }
      writeFileSync(file, Buffer.concat([one, two]));
      const claims = [
        { claimed: extent, readable: 0 },
        { claimed: { pieces: 3, length: 2 * third }, readable: 2 },
        { claimed: { pieces: 1, length: 2 * third }, readable: 1 },
      ];
      for (const { claimed, readable } of claims) {
        const { got, error } = await readUntilTrouble(spool, claimed);
        expect(error).to.be.instanceOf(SealBroken);
        expect(got).to.have.length(readable);
      }
    });

    it('are refused when what counts does not end with the piece that it says', async () => {
      const spool = spoolIn(folder());
      await spool.create(job);
      const writer = await spool.append(job, 'input', nothing);
      const ends: number[] = [];
      for (const piece of pieces) {
        await writer.append(piece);
        ends.push((await writer.sync()).length);
      }
      await writer.close();
      for (let length = 1; length <= (ends.at(-1) ?? 0); length += 1) {
        for (const count of [1, 2, 3]) {
          const { error } = await readUntilTrouble(spool, { pieces: count, length });
          const isTrue = ends[count - 1] === length;
          expect(error instanceof SealBroken, `${count} pieces in ${length} octets`).to.equal(!isTrue);
        }
      }
    });

    it('are refused when files were swapped, within a job or between jobs', async () => {
      const directory = folder();
      const spool = spoolIn(directory);
      const extent = await written(spool, [Buffer.from('one')], 'input', job);
      expect(await written(spool, [Buffer.from('two')], 'input', otherJob)).to.deep.equal(extent);
      await spool.create(job);
      await copyFile(fileIn(directory, 'input'), fileIn(directory, 'result'));
      expect((await readUntilTrouble(spool, extent, 'result')).error).to.be.instanceOf(SealBroken);
      await rename(fileIn(directory, 'input', otherJob), fileIn(directory, 'input'));
      expect((await readUntilTrouble(spool, extent)).error).to.be.instanceOf(SealBroken);
    });

    it('are refused when they are shorter than what counts, for reading and for writing', async () => {
      const directory = folder();
      const spool = spoolIn(directory);
      const extent = await written(spool, pieces);
      for (const length of [extent.length - 1, 3, 0]) {
        truncateSync(fileIn(directory, 'input'), length);
        const { got, error } = await readUntilTrouble(spool, extent);
        expect(error).to.be.instanceOf(SealBroken);
        expect(got).to.deep.equal([]);
        expect(await rejectionOf(spool.append(job, 'input', extent))).to.be.instanceOf(SealBroken);
      }
    });

    it('are not read into memory however long a piece is said to be', async () => {
      const directory = folder();
      const spool = spoolIn(directory);
      await written(spool, [Buffer.from('one')]);
      const length = 0xffff_ffff + 4;
      truncateSync(fileIn(directory, 'input'), length);
      const handle = openSync(fileIn(directory, 'input'), 'r+');
      writeSync(handle, Buffer.alloc(4, 255), 0, 4, 0);
      closeSync(handle);
      const { error } = await readUntilTrouble(spool, { pieces: 1, length });
      expect(error).to.be.instanceOf(SealBroken);
    });
  });

  it('are lost when one is gone from the folder of its job', async () => {
    const spool = spoolIn(folder());
    const extent = await written(spool, [Buffer.from('one')]);
    await spool.discard(job, 'input');
    expect(await rejectionOf(read(spool, extent))).to.be.instanceOf(SealBroken);
    expect(await rejectionOf(spool.append(job, 'input', extent))).to.be.instanceOf(SealBroken);
  });

  it('are not lost while the folder of their job is away, also when a claim has made another one in its place', async () => {
    const directory = folder();
    const spool = spoolIn(directory);
    const extent = await written(spool, [Buffer.from('one')]);
    const mounted = path.join(directory, SPOOL_FOLDER);
    await rename(mounted, `${mounted}.away`);
    const expectAway = async (): Promise<void> => {
      expect(await rejectionOf(read(spool, extent))).to.have.property('code', 'ENOENT');
      expect(await rejectionOf(spool.append(job, 'input', extent))).to.have.property('code', 'ENOENT');
    };
    await expectAway();
    spool.claim(job)?.release();
    await expectAway();
    await rename(mounted, `${mounted}.bare`);
    await rename(`${mounted}.away`, mounted);
    expect(await read(spool, extent)).to.deep.equal([Buffer.from('one')]);
  });

  describe('a writer', () => {
    it('is done for after an error', async () => {
      const spool = spoolIn(folder());
      await spool.create(job);
      const writer = await spool.append(job, 'input', nothing);
      await writer.append(Buffer.from('one'));
      const tooLarge = Buffer.alloc(16 * 1024 * 1024 + 1);
      const error = await rejectionOf(writer.append(tooLarge));
      expect(error).to.be.instanceOf(RangeError);
      expect(await rejectionOf(writer.append(Buffer.from('two')))).to.equal(error);
      expect(await rejectionOf(writer.sync())).to.equal(error);
      await writer.close();
      await writer.close();
    });

    it('leaves room on the disk for everything else', async () => {
      let free = LEFT_FREE;
      const place = spoolFolderIn(folder(), () => Promise.resolve(free));
      const spool = new SealedFiles(place, new Sealer([sealingKey('k1')], systemRandom), systemRandom);
      await spool.create(job);
      const writer = await spool.append(job, 'result', nothing);
      await writer.append(Buffer.from('one'));
      const extent = await writer.sync();
      free -= 1;
      // Whoever waits for a full disk waits for this one.
      expect(await rejectionOf(writer.append(Buffer.from('two')))).to.have.property('code', 'ENOSPC');
      await writer.close();
      free += 1;
      const next = await spool.append(job, 'result', extent);
      await next.append(Buffer.from('two'));
      expect(await read(spool, await next.sync(), 'result')).to.deep.equal([
        Buffer.from('one'),
        Buffer.from('two'),
      ]);
      await next.close();
    });

    it('takes the largest piece there may be', async () => {
      const spool = spoolIn(folder());
      const piece = Buffer.alloc(16 * 1024 * 1024, 1);
      const extent = await written(spool, [piece]);
      const [got] = await read(spool, extent);
      expect(got?.equals(piece)).to.equal(true);
    });
  });

  it('know the jobs that have a folder, and nothing else that lies there', async () => {
    const directory = folder();
    const spool = spoolIn(directory);
    expect(await spool.jobs()).to.deep.equal([]);
    await spool.create(job);
    await spool.create(otherJob);
    await spool.create(job);
    writeFileSync(path.join(directory, SPOOL_FOLDER, 'letter.txt'), '');
    expect([...(await spool.jobs())].sort()).to.deep.equal([job, otherJob]);
  });

  it('discard one file, or all of a job, and nothing where there is nothing', async () => {
    const directory = folder();
    const spool = spoolIn(directory);
    for (const id of [job, otherJob]) {
      for (const file of files) await written(spool, [Buffer.from('one')], file, id);
    }
    await spool.discard(job, 'input');
    await spool.discard(job, 'input');
    expect(readdirSync(fileIn(directory, '.')).sort()).to.deep.equal(['job', 'rejects', 'result']);
    await spool.discard(job);
    await spool.discard(job);
    expect(await spool.jobs()).to.deep.equal([otherJob]);
    expect(readdirSync(fileIn(directory, '.', otherJob))).to.have.length(4);
  });

  it('refuse what is no job id before it becomes part of a path', async () => {
    const directory = folder();
    const spool = spoolIn(directory);
    for (const id of [
      '..',
      '',
      '.',
      'a'.repeat(26),
      `../${SPOOL_FOLDER}/${job}`,
      `${job}/`,
      job.toLowerCase(),
      `8${job.slice(1)}`,
    ]) {
      expect(await rejectionOf(spool.create(id))).to.be.instanceOf(TypeError);
      expect(await rejectionOf(spool.append(id, 'input', nothing))).to.be.instanceOf(TypeError);
      expect(await rejectionOf(read(spool, nothing, 'input', id))).to.be.instanceOf(TypeError);
      expect(await rejectionOf(spool.discard(id))).to.be.instanceOf(TypeError);
      expect(() => spool.claim(id)).to.throw(TypeError);
    }
    expect(existsSync(path.join(directory, SPOOL_FOLDER))).to.equal(false);
  });

  it('of a store in memory last until it is closed', async () => {
    const store = memoryStore();
    const spool: Spool = store.spool;
    const extent = await written(spool, [Buffer.from('one')]);
    expect(await read(spool, extent)).to.deep.equal([Buffer.from('one')]);
    expect(spool.claim(job)?.isFirst('ref', 1)).to.equal(true);
    store.close();
    expect(await rejectionOf(spool.jobs())).to.be.instanceOf(StoreFailed);
    store.close();
  });

  it('in a folder for the time being are gone with it', async () => {
    const place = temporarySpoolFolder();
    const spool = new SealedFiles(place, new Sealer([sealingKey('k1')], systemRandom), systemRandom);
    await written(spool, [Buffer.from('one')]);
    const made = path.dirname(place.path());
    expect(statSync(made).mode & 0o777).to.equal(0o700);
    expect(readdirSync(made)).to.deep.equal([SPOOL_FOLDER]);
    spool.close();
    expect(existsSync(made)).to.equal(false);
  });

  it('of a store outlive it', async () => {
    const directory = folder();
    const before = openTestStore(directory);
    const extent = await written(before.spool, [Buffer.from('one')]);
    before.close();
    const after = openTestStore(directory);
    expect(await read(after.spool, extent)).to.deep.equal([Buffer.from('one')]);
    after.close();
  });
});

async function written(
  spool: Spool,
  pieces: readonly Uint8Array[],
  file: SpoolFile = 'input',
  id = job,
): Promise<Extent> {
  await spool.create(id);
  const writer = await spool.append(id, file, nothing);
  for (const piece of pieces) await writer.append(piece);
  const extent = await writer.sync();
  await writer.close();
  return extent;
}

async function read(
  spool: Spool,
  extent: Extent,
  file: SpoolFile = 'input',
  id = job,
): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of spool.read(id, file, extent)) pieces.push(Buffer.from(piece));
  return pieces;
}

async function readUntilTrouble(
  spool: Spool,
  extent: Extent,
  file: SpoolFile = 'input',
): Promise<{ readonly got: readonly Buffer[]; readonly error: unknown }> {
  const got: Buffer[] = [];
  try {
    for await (const piece of spool.read(job, file, extent)) got.push(Buffer.from(piece));
  } catch (error) {
    return { got, error };
  }
  return { got, error: undefined };
}

/** A changed key id is a key that is not there. */
function isRefusal(error: unknown): boolean {
  return error instanceof SealBroken || error instanceof UnknownSealingKey;
}
