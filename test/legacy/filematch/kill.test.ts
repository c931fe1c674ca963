import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { SPOOL_FOLDER } from '../../../src/store/spool-folder.js';
import { RunningProgram, type Ending } from '../../support/adapter-program.js';
import { long } from '../../support/long-runs.js';
import { withStore } from '../../support/opened-store.js';
import { freePorts } from '../../support/started-adapter.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const KILLS = long ? 50 : 10;

/** Enough rows to be killed in their midst, and a batch for every few of them. */
const ROWS = long ? 20_000 : 4_000;
const ROWS_PER_BATCH = 20;

/** The people of docs/examples again and again, each row with a reference of its own. */
function largeFile(): string {
  const lines = readFileSync(join(packageRoot(), 'docs', 'examples', 'filematch.txt'), 'latin1').split(
    /\r?\n/,
  );
  const people = lines.filter((line) => line.startsWith('D'));
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const person = people[index % people.length] ?? '';
    return `D${`ROW-${index + 1}`.padEnd(20)}${person.slice(21)}`;
  });
  const trailer = `T${String(ROWS).padStart(9, '0')}`.padEnd(250);
  return [lines[0] ?? '', ...rows, trailer, ''].join('\r\n');
}

interface Outcome {
  /** Without the id of the job and the time of its register, which are the job's own. */
  readonly result: string;
  readonly rejects: string;
  readonly audited: readonly string[];
}

describe('preg-adapter filematch run, killed', function () {
  this.timeout(long ? 30 * 60_000 : 5 * 60_000);

  const newFolder = temporaryFolders();

  function start(folder: string, file: string): RunningProgram {
    const config = join(packageRoot(), 'config', 'sandbox.yaml');
    return RunningProgram.adapter(
      ['filematch', 'run', file, '--config', config, '--out', join(folder, 'out')],
      {
        environment: {
          ...freePorts(join(folder, 'data')),
          PREG_ADAPTER__FILEMATCH__ROWS_PER_BATCH: String(ROWS_PER_BATCH),
        },
      },
    );
  }

  async function finish(folder: string, file: string): Promise<void> {
    const program = start(folder, file);
    const { code } = await program.ended;
    expect(code, program.stderr).to.equal(0);
  }

  /** Kills it when its sealed result has become so long, and some milliseconds have passed, unless it ends before. */
  async function kill(folder: string, file: string, length: number): Promise<Ending> {
    const program = start(folder, file);
    const over = new AbortController();
    const ended = program.ended.finally(() => {
      over.abort();
    });
    while (!over.signal.aborted && sealedResult(folder) < length) await sleep(2);
    await Promise.race([sleep(Math.random() * 30), ended]);
    program.signal('SIGKILL');
    return ended;
  }

  /** How long the sealed result is that the folder's one job has written so far. */
  function sealedResult(folder: string): number {
    const spool = join(folder, 'data', SPOOL_FOLDER);
    const [job] = existsSync(spool) ? readdirSync(spool) : [];
    return job === undefined
      ? 0
      : (statSync(join(spool, job, 'result'), { throwIfNoEntry: false })?.size ?? 0);
  }

  function outcome(folder: string): Outcome {
    const out = join(folder, 'out');
    const names = readdirSync(out);
    expect(names, 'one result, its rejects and its receipt').to.have.length(3);
    const read = (ending: string): Buffer =>
      readFileSync(join(out, names.find((name) => name.endsWith(ending)) ?? ''));
    const receipt: unknown = JSON.parse(read('.kvittering.json').toString());
    const [, id = ''] =
      /\.(\w{26})\.resultat\.txt$/.exec(names.find((name) => name.includes('resultat')) ?? '') ?? [];
    const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
    expect(receipt).to.include({
      jobId: id,
      state: 'COMPLETED',
      outputSha256: sha256(read('.resultat.txt')),
      rejectSha256: sha256(read('.avvist.csv')),
    });
    const result = read('.resultat.txt').toString('latin1');
    expect(result.slice(60, 86)).to.equal(id);
    return {
      result: result.slice(0, 60) + result.slice(100),
      rejects: read('.avvist.csv').toString('latin1'),
      audited: audited(folder).map((entry) => entry.replace(id, 'ID')),
    };
  }

  /** The audit trail so far. */
  function audited(folder: string): readonly string[] {
    const data = join(folder, 'data');
    if (!existsSync(data)) return [];
    return withStore(data, ({ audit }) =>
      [...audit.entries()].map(({ protocol, operation, outcome: came, detail }) =>
        [protocol, operation, came, detail.job].join(' '),
      ),
    );
  }

  it(`comes to the same, octet for octet, and audits each row once, after ${KILLS} kills at random moments`, async () => {
    const undisturbed = newFolder();
    const file = join(undisturbed, 'register.txt');
    writeFileSync(file, largeFile(), 'latin1');
    await finish(undisturbed, file);
    const total = sealedResult(undisturbed);
    const expected = outcome(undisturbed);
    expect(expected.audited).to.have.length(ROWS);

    const folder = newFolder();
    const kills: string[] = [];
    for (let part = 0; part < KILLS; part += 1) {
      // One kill in each part of the way, the first one as soon as it has begun.
      const length = Math.round((total * (part + (part === 0 ? 0 : Math.random()))) / KILLS);
      const { signal } = await kill(folder, file, length);
      kills.push(`at ${length} of ${total}: ${signal ?? 'ended before'}, row ${audited(folder).length}`);
    }
    const where = kills.join('; ');
    expect(kills.filter((each) => each.includes('SIGKILL')).length, where).to.be.at.least(KILLS / 2);
    if (kills.at(-1)?.includes('SIGKILL') === true) await finish(folder, file);
    const found = outcome(folder);
    expect(found.audited, where).to.deep.equal(expected.audited);
    expect(found.rejects, where).to.equal(expected.rejects);
    expect(found.result === expected.result, where).to.equal(true);
  });
});
