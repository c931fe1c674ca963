import { expect } from 'chai';
import { temporaryFolders } from '../../../support/temporary-folder.js';
import { FolderBench } from './folder-bench.js';
import { RememberedJobs } from './remembered-jobs.js';

const OTHER = 'fedcba9876543210';

describe('a drop folder that several processes look into', () => {
  const folder = temporaryFolders();
  let bench: FolderBench;

  beforeEach(() => {
    bench = new FolderBench(folder());
  });

  const deliver = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => {
      bench.put(`file-${index}.csv`, `content ${index}`, { agedSeconds: 100 + index });
      bench.put(`file-${index}.csv.ok`, '');
      return `content ${index}`;
    });

  it('gives every file to one of two with a store in common', async () => {
    const contents = deliver(12);
    const lookers = [bench.start({ ready: 'ok' }), bench.start({ ready: 'ok' })];

    await Promise.all(lookers.map((looker) => looker.look(4)));

    expect(bench.jobs.accepted.map(({ text }) => text)).to.have.members(contents);
    expect(bench.names('inn')).to.deep.equal([]);
    expect(bench.names('arbeid')).to.have.length(12);
    expect(bench.names('avvist')).to.deep.equal([]);
    expect(lookers.map(({ trouble }) => trouble)).to.deep.equal([undefined, undefined]);
  });

  it('gives every file to one of two with stores of their own', async () => {
    const contents = deliver(12);
    const others = new RememberedJobs();
    const lookers = [
      bench.start({ ready: 'ok' }),
      bench.start({ ready: 'ok', installation: OTHER, jobs: others }),
    ];

    await Promise.all(lookers.map((looker) => looker.look(4)));

    expect([...bench.jobs.accepted, ...others.accepted].map(({ text }) => text)).to.have.members(contents);
    expect(bench.names('inn')).to.deep.equal([]);
    expect(bench.names('avvist')).to.deep.equal([]);
  });

  it('refuses what is not taken once', async () => {
    for (let index = 0; index < 6; index += 1) bench.put(`my file ${index}.csv`);
    const lookers = [bench.start(), bench.start()];

    await Promise.all(lookers.map((looker) => looker.look(4)));

    expect(bench.refused()).to.have.length(6);
    expect(bench.names('avvist')).to.have.length(12);
    expect(bench.events.of.deliveredFileRefused).to.have.length(6);
  });

  it('leaves to the other one what it is taking in at this moment', async () => {
    bench.put('a.csv');
    const other = bench.start();
    let duringAcceptance: readonly unknown[] = ['never looked'];
    bench.jobs.onAccept = async (moment) => {
      if (moment === 'after') return;
      bench.jobs.onAccept = () => undefined;
      await other.look(4);
      duringAcceptance = [...bench.jobs.all];
    };

    await bench.start().look(2);

    expect(duringAcceptance).to.deep.equal([]);
    expect(bench.jobs.accepted).to.have.length(1);
    expect(bench.names('avvist')).to.deep.equal([]);
  });

  it('leaves to another installation what that has taken, also where this one knows of no such job', async () => {
    bench.put('a.csv');
    const others = new RememberedJobs();
    await bench.start({ installation: OTHER, jobs: others }).look(2);

    const looker = bench.start();
    await looker.look(4);

    expect(others.accepted).to.have.length(1);
    expect(bench.jobs.accepted).to.deep.equal([]);
    expect(bench.names('arbeid')).to.have.length(1);
    expect(looker.trouble).to.equal(undefined);
  });

  it('says when another installation seems never to come back for its files', async () => {
    bench.put('a.csv');
    await bench.start({ installation: OTHER, jobs: new RememberedJobs() }).look(2);
    bench.clock.advance(15 * 86_400_000);

    const looker = bench.start();
    await looker.look(2);

    expect(looker.trouble).to.equal(
      'files that another installation took have been in arbeid/ for longer than results are kept',
    );
    expect(bench.names('arbeid')).to.have.length(1);
  });
});
