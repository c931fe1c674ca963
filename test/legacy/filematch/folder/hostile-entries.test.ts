import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { systemDisk, type Disk } from '../../../../src/legacy/filematch/folder/disk.js';
import { subfolders } from '../../../../src/legacy/filematch/folder/subfolders.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { temporaryFolders } from '../../../support/temporary-folder.js';
import { FolderBench } from './folder-bench.js';

const NAME = 'PFM_999888777_20260301_0001.csv';
const SECRET = 'somebody else’s secret';

describe('what somebody hostile puts into a drop folder', () => {
  let parent: string;
  let outside: string;
  let bench: FolderBench;

  afterEach(() => {
    // Whatever was tried: nothing beside the folder has changed.
    expect(readdirSync(parent).sort()).to.deep.equal(['elsewhere', 'epj']);
    expect(readdirSync(outside)).to.deep.equal([NAME]);
    expect(readFileSync(path.join(outside, NAME), 'utf8')).to.equal(SECRET);
    expect(bench.jobs.accepted.filter(({ text }) => text.includes(SECRET))).to.deep.equal([]);
  });

  // Behind the look at what is left, since it deletes that.
  const folder = temporaryFolders();

  beforeEach(() => {
    parent = folder();
    bench = new FolderBench(parent);
    mkdirSync(bench.path('inn'));
    outside = path.join(parent, 'elsewhere');
    mkdirSync(outside);
    writeFileSync(path.join(outside, NAME), SECRET);
  });

  const number = syntheticNumber();

  const names: Readonly<Record<string, { readonly name: string; readonly reason: string }>> = {
    'with a blank': { name: 'my register.csv', reason: 'characters' },
    'with a letter beyond A to Z': { name: 'pasienter_tromsø.csv', reason: 'characters' },
    'with a line break': { name: 'a\nb.csv', reason: 'characters' },
    'with a backslash': { name: 'a\\..\\..\\b.csv', reason: 'characters' },
    'with a tilde, like ours': {
      name: '01JBR8Q2W5N7K3M4P6T8V9X0YZ~0123456789abcdef~a.csv',
      reason: 'characters',
    },
    'that looks like an option': { name: '-rf.csv', reason: 'characters' },
    'that is too long': { name: `${'a'.repeat(117)}.csv`, reason: 'length' },
    'of a device': { name: 'con.csv', reason: 'device' },
    'of another device': { name: 'LPT1.old.txt', reason: 'device' },
    'with a number in it': { name: `liste_${number}.csv`, reason: 'number' },
    'with a divided number in it': { name: `${number.slice(0, 6)}-${number.slice(6)}.csv`, reason: 'number' },
    'with an extension that was not agreed': { name: 'register.xlsx', reason: 'extension' },
    'without an extension': { name: 'register', reason: 'extension' },
  };
  for (const [what, { name, reason }] of Object.entries(names)) {
    it(`is refused with a receipt when it is a name ${what}`, async () => {
      bench.put(name, 'content');
      const looker = bench.start();

      await looker.look(3);

      expect(bench.jobs.all).to.deep.equal([]);
      expect(bench.names('inn')).to.deep.equal([]);
      const { jobId } = bench.receipt();
      expect(bench.events.of.deliveredFileRefused).to.deep.equal([
        { clientId: 'epj', deliveryId: jobId, reason },
      ]);
      const [refused] = bench.refused();
      expect(refused).to.match(new RegExp(`^[A-Za-z0-9._-]+\\.${String(jobId)}(\\.[a-z]+)?$`));
      expect(readFileSync(bench.path('avvist', refused ?? ''), 'utf8')).to.equal('content');
      expect(looker.trouble).to.equal(undefined);
    });
  }

  it('is taken all the same when a name is as long as names may be', async () => {
    bench.put(`${'a'.repeat(116)}.csv`);

    await bench.start().look(2);

    expect(bench.jobs.all).to.have.length(1);
  });

  it('leaves no number in what is written about it', async () => {
    bench.put(`liste_${number}.csv`, 'content');

    await bench.start().look(2);

    expect(JSON.stringify(bench.receipt())).not.to.include(number);
    expect(bench.receipt()).to.include({ inputFile: 'liste_[number].csv' });
    expect(bench.names('avvist').join()).not.to.include(number);
    expect(JSON.stringify(bench.events.of)).not.to.include(number);
  });

  it('is moved away when its name is not even text', async function () {
    if (process.platform !== 'linux') this.skip();
    writeFileSync(
      Buffer.concat([Buffer.from(bench.path('inn') + path.sep), Buffer.from('f\xf8rste.csv', 'latin1')]),
      'content',
    );

    await bench.start().look(2);

    expect(bench.names('inn')).to.deep.equal([]);
    expect(bench.receipt()).to.include({ inputFile: 'f_rste.csv' });
    expect(bench.refused()).to.have.length(1);
  });

  it('is told of in presentable names alone', async () => {
    bench.put('<b>"a"\n\u202e.csv', 'content');

    await bench.start().look(2);

    expect(bench.receipt()).to.include({ inputFile: '_b__a___.csv' });
  });

  for (const [what, target] of Object.entries({
    'a file outside': (): string => path.join(outside, NAME),
    'a folder outside': (): string => outside,
    'nothing at all': (): string => path.join(parent, 'nowhere'),
  })) {
    it(`is a link to ${what}: the link is moved, and nothing is read`, async () => {
      symlinkSync(target(), bench.path('inn', NAME));

      await bench.start().look(3);

      expect(bench.jobs.all).to.deep.equal([]);
      expect(bench.receipt()).to.include({ reason: 'Dette er ikke en vanlig fil.' });
      const [refused] = bench.refused();
      expect(readlinkSync(bench.path('avvist', refused ?? ''))).to.equal(target());
    });
  }

  it('is a link that takes the place of a file after the look', async () => {
    const file = bench.put(NAME, 'harmless');
    const swapping: Disk = {
      ...systemDisk,
      move: (from, to) => {
        if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === true) {
          rmSync(file);
          symlinkSync(path.join(outside, NAME), file);
        }
        return systemDisk.move(from, to);
      },
    };

    await bench.start({ disk: swapping }).look(4);

    expect(bench.jobs.all).to.deep.equal([]);
    expect(bench.names('arbeid')).to.deep.equal([]);
    expect(bench.refused()).to.have.length(1);
  });

  it('is a link that takes the place of a file right before it is opened', async () => {
    bench.put(NAME, 'harmless');
    const swapping: Disk = {
      ...systemDisk,
      open: (place) => {
        const file = path.join(place.folder, place.name);
        rmSync(file);
        symlinkSync(path.join(outside, NAME), file);
        return systemDisk.open(place);
      },
    };

    await bench.start({ disk: swapping }).look(2);

    expect(bench.jobs.all).to.deep.equal([]);
  });

  it('is another name of a file outside', async () => {
    linkSync(path.join(outside, NAME), bench.path('inn', NAME));

    await bench.start().look(3);

    expect(bench.jobs.all).to.deep.equal([]);
    expect(bench.receipt()).to.include({ reason: 'Filen har flere navn (harde lenker).' });
  });

  it('is taken as soon as its other name is gone, as after a rename by linking', async () => {
    const draft = bench.put(`${NAME}.tmp`);
    linkSync(draft, bench.path('inn', NAME));
    const looker = bench.start();
    await looker.look();
    rmSync(draft);
    await looker.look(2);

    expect(bench.jobs.all).to.have.length(1);
    expect(bench.names('avvist')).to.deep.equal([]);
  });

  it('is a pipe, for whose other end nobody waits', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [bench.path('inn', NAME)]);
    // One that comes to lie in arbeid/ is looked at without opening it, too.
    mkdirSync(bench.path('arbeid'));
    execFileSync('mkfifo', [bench.path('arbeid', `01JBR8Q2W5N7K3M4P6T8V9X0YZ~0123456789abcdef~${NAME}`)]);

    await bench.start().look(2);

    expect(bench.jobs.all).to.deep.equal([]);
    expect(bench.names('inn')).to.deep.equal([]);
    expect(bench.refused()).to.have.length(2);
  });

  it('is a folder: it stays, and is told of once', async () => {
    mkdirSync(bench.path('inn', 'old'));
    writeFileSync(bench.path('inn', 'old', NAME), 'kept');
    bench.put(NAME);
    const looker = bench.start();

    await looker.look(4);

    expect(bench.jobs.all).to.have.length(1);
    expect(bench.names('inn')).to.deep.equal(['old']);
    expect(looker.trouble).to.equal('entries in inn/ or arbeid/ that can neither be taken nor moved away: 1');
    expect(bench.events.of.deliveredFilesLeft).to.deep.equal([{ clientId: 'epj', count: 1 }]);

    rmSync(bench.path('inn', 'old'), { recursive: true });
    await looker.look();
    expect(looker.trouble).to.equal(undefined);
  });

  for (const name of subfolders) {
    for (const [what, target] of Object.entries({
      'a link to a folder outside': (): string => outside,
      'a link to nowhere': (): string => path.join(parent, 'nowhere'),
    })) {
      it(`is ${name}/ as ${what}: nothing is done before it is gone`, async () => {
        bench.put(NAME);
        rmSync(bench.path(name), { recursive: true, force: true });
        symlinkSync(target(), bench.path(name));
        const looker = bench.start();

        await looker.look(3);

        expect(looker.trouble).to.equal(`${name}/ is a link or a file, and no folder`);
        expect(bench.jobs.all).to.deep.equal([]);
        expect(existsSync(path.join(parent, 'nowhere'))).to.equal(false);

        rmSync(bench.path(name));
        bench.put(NAME);
        await looker.look(2);
        expect(bench.jobs.all).to.have.length(1);
        expect(looker.trouble).to.equal(undefined);
      });
    }
  }

  it('is a file in arbeid/ with the id of a job of somebody else: it stays', async () => {
    const looker = bench.start();
    bench.put(NAME);
    await looker.look(2);
    const [job] = bench.jobs.all;
    bench.jobs.rename(job?.id ?? '', 'another-client');

    await looker.look(2);

    expect(bench.jobs.accepted).to.have.length(1);
    expect(bench.names('arbeid')).to.have.length(1);
  });

  it('is something in arbeid/ that nobody of us put there: it stays', async () => {
    mkdirSync(bench.path('arbeid'));
    writeFileSync(bench.path('arbeid', 'notes.txt'), 'mine');

    await bench.start().look(3);

    expect(bench.names('arbeid')).to.deep.equal(['notes.txt']);
    expect(bench.jobs.all).to.deep.equal([]);
  });
});
