import { appendFileSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { systemDisk, type Disk } from '../../../../src/legacy/filematch/folder/disk.js';
import { parseClaim } from '../../../../src/legacy/filematch/folder/file-names.js';
import { temporaryFolders } from '../../../support/temporary-folder.js';
import { FolderBench, INSTALLATION } from './folder-bench.js';

const NAME = 'PFM_999888777_20260301_0001.csv';

describe('a drop folder', () => {
  const folder = temporaryFolders();
  let bench: FolderBench;

  beforeEach(() => {
    bench = new FolderBench(folder());
  });

  const taken = (): readonly string[] => bench.jobs.accepted.map(({ file }) => file.fileName);

  it('gets the subfolders that are missing, and keeps what is there', async () => {
    bench.put(NAME);

    await bench.start().look();

    expect(bench.names('.')).to.deep.equal(['arbeid', 'avvist', 'inn', 'ut']);
    expect(bench.names('inn')).to.deep.equal([NAME]);
  });

  it('is left alone while its client may not bring files, and looked into once it may', async () => {
    let mayBring = false;
    bench.put(NAME);
    const looker = bench.start({ mayBring: () => mayBring });
    await looker.look(3);
    expect([bench.names('.'), bench.names('inn'), looker.state]).to.deep.equal([['inn'], [NAME], []]);
    mayBring = true;
    await looker.look(2);
    expect(taken()).to.deep.equal([NAME]);
    expect(looker.state).to.deep.equal([{ clientId: 'epj', trouble: null }]);
  });

  it('makes subfolders that are closed to strangers', async () => {
    await bench.start().look();

    expect(statSync(bench.path('inn')).mode & 0o007).to.equal(0);
  });

  it('hands a file in under the id that its name in arbeid/ bears', async () => {
    bench.put(NAME, 'ownRef;nin\r\nA;\r\n');

    await bench.start().look(2);

    const [accepted] = bench.jobs.accepted;
    expect(accepted?.text).to.equal('ownRef;nin\r\nA;\r\n');
    const { id, ...file } = accepted?.file ?? {};
    expect(file).to.deep.equal({
      clientId: 'epj',
      door: 'folder',
      fileName: NAME,
      mode: 'V',
      customerRef: '',
      remoteAddress: 'folder',
      directory: bench.base,
      forced: false,
    });
    expect(bench.names('inn')).to.deep.equal([]);
    expect(bench.names('arbeid').map((entry) => parseClaim(entry))).to.deep.equal([
      { id, installation: INSTALLATION, name: NAME, forced: false },
    ]);
  });

  it('takes files in the order in which they were written', async () => {
    bench.put('c.csv', '3', { agedSeconds: 60 });
    bench.put('a.csv', '1', { agedSeconds: 180 });
    bench.put('b.csv', '2', { agedSeconds: 120 });

    await bench.start().look(2);

    expect(taken()).to.deep.equal(['a.csv', 'b.csv', 'c.csv']);
  });

  it('takes a file once, however often it looks', async () => {
    bench.put(NAME);
    const looker = bench.start();

    await looker.look(5);

    expect(bench.jobs.accepted).to.have.length(1);
    expect(looker.trouble).to.equal(undefined);
  });

  it('takes the same name again with other content while the first is at work', async () => {
    const looker = bench.start();
    bench.put(NAME, 'first');
    await looker.look(2);
    bench.put(NAME, 'second');

    await looker.look(2);

    expect(bench.jobs.accepted.map(({ text }) => text)).to.deep.equal(['first', 'second']);
    expect(bench.names('arbeid')).to.have.length(2);
  });

  it('waits as long as the settings say between looks', async () => {
    const looker = bench.start();

    await looker.look(3);

    expect(looker.clock.sleeps).to.deep.equal([10_000, 10_000, 10_000]);
  });

  it('looks for the names of files with capitals in their extensions, too', async () => {
    bench.put('REGISTER.CSV');

    await bench.start().look(2);

    expect(taken()).to.deep.equal(['REGISTER.CSV']);
  });

  describe('with files that are still being written', () => {
    for (const name of [
      'a.csv.tmp',
      'a.csv.TMP',
      'a.csv.part',
      'a.csv.filepart',
      '.a.csv',
      '.in.a.csv.Xy2',
    ]) {
      it(`leaves ${name} alone`, async () => {
        bench.put(name);
        const looker = bench.start();

        await looker.look(3);

        expect(bench.names('inn')).to.deep.equal([name]);
        expect(looker.trouble).to.equal(undefined);
      });
    }

    it('takes one that was renamed when it was complete', async () => {
      const draft = bench.put(`${NAME}.tmp`);
      const looker = bench.start();
      await looker.look(2);
      renameSync(draft, bench.path('inn', NAME));
      await looker.look(2);

      expect(taken()).to.deep.equal([NAME]);
    });

    const changes: Readonly<Record<string, (file: string) => void>> = {
      'was longer': (file) => {
        const { atime, mtime } = statSync(file);
        appendFileSync(file, 'more');
        utimesSync(file, atime, mtime);
      },
      'was written at another time': (file) => {
        utimesSync(file, new Date(), new Date());
      },
      'was another one': (file) => {
        const { atime, mtime, size } = statSync(file);
        writeFileSync(`${file}.tmp`, 'x'.repeat(size));
        utimesSync(`${file}.tmp`, atime, mtime);
        renameSync(`${file}.tmp`, file);
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`waits for another look when the file ${what} than at the look before`, async () => {
        const file = bench.put(NAME);
        const looker = bench.start();
        await looker.look();
        change(file);
        await looker.look();
        expect(taken()).to.deep.equal([]);

        await looker.look();
        expect(taken()).to.deep.equal([NAME]);
      });
    }

    it('looks again before it takes one that was replaced after the look', async () => {
      const file = bench.put(NAME, 'old');
      const replacing: Disk = {
        ...systemDisk,
        move: (from, to) => {
          writeFileSync(`${file}.tmp`, 'newer');
          renameSync(`${file}.tmp`, file);
          return systemDisk.move(from, to);
        },
      };
      const looker = bench.start({ disk: replacing });
      await looker.look(2);
      expect(taken()).to.deep.equal([]);

      await looker.look(2);
      expect(bench.jobs.accepted.map(({ text }) => text)).to.deep.equal(['newer']);
    });

    it('takes back what it has read of a file that is written to meanwhile', async () => {
      bench.put(NAME, 'first');
      const looker = bench.start();
      bench.jobs.onAccept = (moment) => {
        if (moment === 'before')
          appendFileSync(bench.path('arbeid', bench.names('arbeid')[0] ?? ''), ' more');
        bench.jobs.onAccept = () => undefined;
      };
      await looker.look(2);
      expect(bench.jobs.accepted).to.deep.equal([]);
      expect(looker.trouble).to.equal(undefined);

      await looker.look(2);
      expect(bench.jobs.accepted.map(({ text }) => text)).to.deep.equal(['first more']);
    });
  });

  describe('where a marker says that a file is complete', () => {
    it('waits for the marker', async () => {
      bench.put(NAME);
      const looker = bench.start({ ready: 'ok' });
      await looker.look(3);
      expect(taken()).to.deep.equal([]);

      bench.put(`${NAME}.ok`, '');
      await looker.look();
      expect(taken()).to.deep.equal([NAME]);
    });

    for (const marker of [`${NAME}.ok`, NAME.replace('.csv', '.ok')]) {
      it(`takes ${marker} away with the file`, async () => {
        bench.put(NAME);
        bench.put(marker, '');

        await bench.start({ ready: 'ok' }).look(2);

        expect(taken()).to.deep.equal([NAME]);
        expect(bench.names('inn')).to.deep.equal([]);
        expect(bench.names('avvist')).to.deep.equal([]);
      });
    }

    it('does not take a file for complete that still grows beside its marker', async () => {
      const file = bench.put(NAME);
      bench.put(`${NAME}.ok`, '');
      const looker = bench.start({ ready: 'ok' });
      await looker.look();
      appendFileSync(file, 'more');
      await looker.look();
      expect(taken()).to.deep.equal([]);
    });

    it('takes nothing for a marker that is not empty', async () => {
      bench.put(NAME);
      bench.put(`${NAME}.ok`, 'sha256');

      await bench.start({ ready: 'ok' }).look(3);

      expect(taken()).to.deep.equal([]);
      expect(bench.names('inn')).to.deep.equal([NAME, `${NAME}.ok`]);
    });

    it('waits for the file of a marker that came first', async () => {
      bench.put(`${NAME}.ok`, '');
      const looker = bench.start({ ready: 'ok' });
      await looker.look(3);
      expect(bench.names('inn')).to.deep.equal([`${NAME}.ok`]);

      bench.put(NAME);
      await looker.look(2);
      expect(taken()).to.deep.equal([NAME]);
    });

    it('takes the marker away that nobody asked for, too', async () => {
      bench.put(NAME);
      bench.put(`${NAME}.ok`, '');

      await bench.start().look(2);

      expect(taken()).to.deep.equal([NAME]);
      expect(bench.names('inn')).to.deep.equal([]);
    });
  });

  describe('with content that was processed before', () => {
    const OTHER_NAME = 'register.csv';

    it('refuses it, with a receipt that names the earlier job', async () => {
      const looker = bench.start();
      bench.put(NAME, 'same');
      await looker.look(2);
      const [job] = bench.jobs.all;
      bench.put(OTHER_NAME, 'same');
      await looker.look(2);

      expect(bench.jobs.all).to.have.length(1);
      const { jobId, ...receipt } = bench.receipt();
      expect(receipt).to.deep.equal({
        state: 'REJECTED',
        inputFile: OTHER_NAME,
        inputSha256: job?.input.sha256,
        receivedAt: '2026-03-01T13:00:30+01:00',
        finishedAt: '2026-03-01T13:00:30+01:00',
        errorCode: 'E012',
        reason: 'Filen er behandlet før.',
        earlierJobId: job?.id,
      });
      expect(jobId).not.to.equal(job?.id);
      expect(bench.names('avvist')).to.deep.equal([
        `register.${String(jobId)}.csv`,
        `register.${String(jobId)}.kvittering.json`,
      ]);
      expect(bench.names('inn')).to.deep.equal([]);
      expect(bench.names('arbeid')).to.have.length(1);
      expect(bench.events.of.deliveredFileRefused).to.deep.equal([
        { clientId: 'epj', deliveryId: jobId, reason: 'processed-before' },
      ]);
    });

    it('takes it with a marker that asks for it, and takes the marker away', async () => {
      const looker = bench.start();
      bench.put(NAME, 'same');
      await looker.look(2);
      bench.put(`${NAME}.force`, '');
      bench.put(NAME, 'same');
      await looker.look(2);

      expect(bench.jobs.accepted.map(({ file }) => file.forced)).to.deep.equal([false, true]);
      expect(bench.names('inn')).to.deep.equal([]);
      expect(bench.names('avvist')).to.deep.equal([]);
    });

    it('does not take the marker of one file for another one’s', async () => {
      bench.put(`${NAME}.force`, '');
      bench.put(OTHER_NAME, 'same');

      await bench.start().look(2);

      expect(bench.jobs.accepted.map(({ file }) => file.forced)).to.deep.equal([false]);
      expect(bench.names('inn')).to.deep.equal([`${NAME}.force`]);
    });
  });

  it('refuses a file that is too large', async () => {
    bench.jobs.maxBytes = 10;
    bench.put(NAME, 'x'.repeat(11));
    const looker = bench.start();

    await looker.look(2);

    expect(bench.receipt()).to.include({ state: 'REJECTED', inputFile: NAME, reason: 'Filen er for stor.' });
    expect(bench.receipt()).not.to.have.any.keys('errorCode', 'inputSha256');
    expect(bench.refused()).to.have.length(1);
    expect(bench.names('arbeid')).to.deep.equal([]);
    expect(looker.trouble).to.equal(undefined);
  });

  it('hands in an empty file, which the jobs judge', async () => {
    bench.put(NAME, '');

    await bench.start().look(2);

    expect(bench.jobs.accepted.map(({ text }) => text)).to.deep.equal(['']);
  });

  it('hands in a file of many pieces whole', async () => {
    const text = Array.from({ length: 40_000 }, (_, row) => `A${row};`).join('\n');
    bench.put(NAME, text);

    await bench.start().look(2);

    expect(bench.jobs.accepted[0]?.text).to.equal(text);
  });

  it('deletes the original of a job that completed, and shows that of one that was rejected', async () => {
    bench.put('good.csv', 'good', { agedSeconds: 100 });
    bench.put('bad.csv', 'bad', { agedSeconds: 50 });
    const looker = bench.start();
    await looker.look(2);
    const [good, bad] = bench.jobs.all;
    bench.jobs.end(good?.id ?? '', 'COMPLETED');
    bench.jobs.end(bad?.id ?? '', 'REJECTED');

    await looker.look();

    expect(bench.names('arbeid')).to.deep.equal([]);
    expect(bench.names('avvist')).to.deep.equal([`bad.${bad?.id ?? ''}.csv`]);
  });

  it('stops in the middle of a file when it is told to, and takes that up at the next start', async () => {
    bench.put('a.csv', 'x'.repeat(300_000), { agedSeconds: 100 });
    bench.put('b.csv', 'other');
    const { folders, ending } = bench.startStoppable();
    bench.jobs.onAccept = () => {
      ending.abort();
    };
    await folders.run(ending.signal);
    expect(bench.jobs.all).to.deep.equal([]);
    expect(bench.names('inn')).to.deep.equal(['b.csv']);
    expect(bench.events.of.dropFolderChanged).to.deep.equal([]);

    bench.jobs.onAccept = () => undefined;
    await bench.start().look(2);
    expect(taken()).to.have.members(['a.csv', 'b.csv']);
    expect(bench.jobs.accepted.map(({ text }) => text.length)).to.have.members([300_000, 5]);
  });

  it('begins no other file once it is told to stop', async () => {
    bench.put('a.csv', '1', { agedSeconds: 100 });
    bench.put('b.csv', '2');
    const { folders, ending } = bench.startStoppable();
    bench.jobs.onAccept = (moment) => {
      if (moment === 'after') ending.abort();
    };

    await folders.run(ending.signal);

    expect(taken()).to.deep.equal(['a.csv']);
    expect(bench.names('inn')).to.deep.equal(['b.csv']);
  });

  it('begins nothing that lies there from before once it is told to stop', async () => {
    mkdirSync(bench.path('arbeid'));
    for (const digit of ['1', '2']) {
      const claim = `01JBR8Q2W5N7K3M4P6T8V9X0Y${digit}~${INSTALLATION}~a.csv`;
      writeFileSync(bench.path('arbeid', claim), '');
    }
    const { folders, ending } = bench.startStoppable();
    bench.jobs.onAccept = (moment) => {
      if (moment === 'after') ending.abort();
    };

    await folders.run(ending.signal);

    expect(bench.jobs.all).to.have.length(1);
    expect(bench.names('arbeid')).to.have.length(2);
  });

  it('takes nothing of what is gone by the time that it is taken', async () => {
    const file = bench.put(NAME);
    const vanishing: Disk = {
      ...systemDisk,
      move: (from, to) => {
        rmSync(file, { force: true });
        return systemDisk.move(from, to);
      },
    };
    const looker = bench.start({ disk: vanishing });

    await looker.look(3);

    expect(bench.jobs.all).to.deep.equal([]);
    expect(looker.trouble).to.equal(undefined);
  });
});
