import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { temporaryFolders } from '../../../support/temporary-folder.js';
import { FolderBench } from './folder-bench.js';

const DAY = 86_400_000;
const OLD = '01JBR8Q2W5N7K3M4P6T8V9X0YZ';

describe('what lies in avvist/', () => {
  const folder = temporaryFolders();
  let bench: FolderBench;

  beforeEach(async () => {
    bench = new FolderBench(folder());
    bench.put('my register.csv', 'content');
    await bench.start().look(2);
    expect(bench.names('avvist')).to.have.length(2);
  });

  it('is kept as long as results are', async () => {
    bench.clock.advance(14 * DAY - 60_000);

    await bench.start().look();

    expect(bench.names('avvist')).to.have.length(2);
  });

  it('is deleted after that, file and receipt', async () => {
    bench.clock.advance(14 * DAY + 60_000);

    await bench.start().look();

    expect(bench.names('avvist')).to.deep.equal([]);
  });

  it('is deleted when its receipt was never finished', async () => {
    writeFileSync(bench.path('avvist', `.ukjent.${OLD}.kvittering.json.tmp`), '{"jobId"');

    await bench.start().look();

    expect(bench.names('avvist')).to.have.length(2);
  });

  it('is kept from the day of the refusal, whenever the file was claimed', async () => {
    bench.put('good.csv', 'good');
    await bench.start().look(2);
    const [job] = bench.jobs.all;
    bench.put('again.csv', 'good');
    const looker = bench.start();
    bench.jobs.onAccept = () => {
      throw new Error('not today');
    };
    await looker.look(2);
    bench.jobs.onAccept = () => undefined;
    bench.clock.advance(20 * DAY);

    await bench.start().look(3);

    expect(bench.receipt()).to.include({ errorCode: 'E012', earlierJobId: job?.id });
    expect(bench.refused()).to.have.length(1);
  });

  it('is left to the jobs where it is a job’s', async () => {
    bench.put('good.csv', 'good');
    await bench.start().look(2);
    const id = bench.jobs.all[0]?.id ?? '';
    bench.jobs.end(id, 'REJECTED');
    await bench.start().look();
    const receipt = `good.${id}.kvittering.json`;
    writeFileSync(
      bench.path('avvist', receipt),
      JSON.stringify({ jobId: id, state: 'REJECTED', finishedAt: '2026-03-01T13:00:00+01:00' }),
    );
    bench.clock.advance(30 * DAY);

    await bench.start().look();

    expect(bench.names('avvist')).to.deep.equal([`good.${id}.csv`, receipt]);
  });

  const strangers: Readonly<Record<string, string>> = {
    'no JSON': 'hello',
    'JSON of another kind': '[]',
    'the receipt of another id': JSON.stringify({
      ...{ jobId: OLD.replace('Z', 'Y'), state: 'REJECTED', finishedAt: '2025-01-01T12:00:00+01:00' },
    }),
    'the receipt of a result': JSON.stringify({
      ...{ jobId: OLD, state: 'COMPLETED', finishedAt: '2025-01-01T12:00:00+01:00' },
    }),
    'a receipt that tells no time': JSON.stringify({ jobId: OLD, state: 'REJECTED' }),
    'far too long': `${' '.repeat(100_000)}${JSON.stringify({
      ...{ jobId: OLD, state: 'REJECTED', finishedAt: '2025-01-01T12:00:00+01:00' },
    })}`,
  };
  for (const [what, text] of Object.entries(strangers)) {
    it(`is kept for ever where we did not put it there: ${what}`, async () => {
      const mine = [`mine.${OLD}.csv`, `mine.${OLD}.kvittering.json`];
      for (const name of mine) writeFileSync(bench.path('avvist', name), text);
      bench.clock.advance(100 * DAY);

      const looker = bench.start();
      await looker.look();

      expect(bench.names('avvist')).to.deep.equal(mine);
      expect(readFileSync(bench.path('avvist', mine[1] ?? ''), 'utf8')).to.equal(text);
      expect(looker.trouble).to.equal(undefined);
    });
  }

  it('is kept when it is a folder, whatever its name', async () => {
    const { jobId } = bench.receipt();
    mkdirSync(bench.path('avvist', `x.${String(jobId)}.d`));
    bench.clock.advance(15 * DAY);

    await bench.start().look();

    expect(bench.names('avvist')).to.deep.equal([`x.${String(jobId)}.d`]);
  });
});
