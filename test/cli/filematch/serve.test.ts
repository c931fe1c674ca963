import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import type { StoredAuditEntry } from '../../../src/store/audit-rows.js';
import { runCommand } from '../../support/command-line.js';
import { write } from '../../support/configuration-files.js';
import { get, post } from '../../support/https-post.js';
import { withStore } from '../../support/opened-store.js';
import { programs } from '../../support/programs.js';
import { freePorts, served } from '../../support/started-adapter.js';

const config = join(packageRoot(), 'config', 'sandbox.yaml');
const csv = join(packageRoot(), 'docs', 'examples', 'filematch.csv');

describe('preg-adapter start with Filematch', function () {
  // Programs that start, on a busy machine; nothing here is about speed.
  this.timeout(60_000);

  const run = programs();

  /** What the command line makes of the example. */
  async function expectedResult(): Promise<string> {
    const folder = run.folder();
    const out = join(folder, 'out');
    await runCommand(['filematch', 'run', csv, '--config', config, '--out', out], {
      environment: freePorts(join(folder, 'data')),
    });
    return resultIn(out);
  }

  it('tells its address, takes files there, and gives the result that the command line gives', async () => {
    const data = run.folder();
    const program = run.start(data);
    const { service } = await served(program, data);
    const { origin } = new URL(service.url);
    expect(program.stdout).to.contain(`  Filematch        ${origin}/filematch/jobs\n`);
    const headers = {
      'Content-Type': 'text/csv',
      Authorization: `Basic ${Buffer.from('epj-sandbox:epj-sandbox').toString('base64')}`,
    };
    const url = `${origin}/filematch/jobs?fileName=people.csv`;
    expect((await post({ ...service, url }, readFileSync(csv), headers)).status).to.equal(202);
    await program.says(/a Filematch job completed/);
    const [file] = withStore(data, ({ filematchJobs }) => filematchJobs.list({ limit: 2 }));
    expect(file?.door).to.equal('http');
    const { Authorization } = headers;
    const place = { ...service, url: `${origin}/filematch/jobs/${file?.id ?? ''}/result` };
    expect((await get(place, { Authorization })).text).to.equal(await expectedResult());
  });

  it('does not tell an address where no client may bring files, nor serves it', async () => {
    const data = run.folder();
    const program = run.start(data, { PREG_ADAPTER__CLIENTS__0__PROTOCOLS: 'hl7v3,hl7v2' });
    const { service } = await served(program, data);
    expect(program.stdout).not.to.contain('Filematch');
    const url = `${new URL(service.url).origin}/filematch/jobs`;
    expect((await post({ ...service, url }, '')).status).to.equal(404);
  });

  it('leaves jobs where they stand on SIGTERM, and goes on at the next start to the same result', async () => {
    const folder = run.folder();
    const [data, drop] = [join(folder, 'data'), join(folder, 'drop')];
    mkdirSync(join(drop, 'inn'), { recursive: true });
    const environment = {
      PREG_ADAPTER__CLIENTS__0__FILEMATCH__FOLDER: drop,
      PREG_ADAPTER__FILEMATCH__POLL_SECONDS: '1',
      PREG_ADAPTER__FILEMATCH__ROWS_PER_BATCH: '1',
    };
    const first = run.start(data, { ...environment, PREG_ADAPTER__FILEMATCH__ROWS_PER_SECOND: '4' });
    await served(first, data);
    write(drop, 'people.tmp', readFileSync(csv, 'utf8'));
    renameSync(join(drop, 'people.tmp'), join(drop, 'inn', 'people.csv'));
    await first.says(/the rows of a Filematch job are looked up/);
    first.signal('SIGTERM');
    expect(await first.ended).to.deep.equal({ code: 0, signal: null });
    expect(first.stderr).to.equal('');
    expect(readdirSync(join(drop, 'ut'))).to.deep.equal([]);
    expect(rowsAudited(data).length).to.be.lessThan(11);

    const second = run.start(data, environment);
    await served(second, data);
    await second.says(/a Filematch job completed/);
    expect(resultIn(join(drop, 'ut'))).to.equal(await expectedResult());
    expect(rowsAudited(data)).to.have.length(11);
    expect(readdirSync(join(drop, 'inn'))).to.deep.equal([]);
  });

  it('warns in its health while a drop folder is away, and is ready all the same', async () => {
    const folder = run.folder();
    const drop = join(folder, 'drop');
    mkdirSync(drop);
    const data = join(folder, 'data');
    const program = run.start(data, {
      PREG_ADAPTER__CLIENTS__0__FILEMATCH__FOLDER: drop,
      PREG_ADAPTER__FILEMATCH__POLL_SECONDS: '1',
    });
    const { operationsUrl } = await served(program, data);
    // The adapter may be making its subfolders at this moment.
    rmSync(drop, { recursive: true, maxRetries: 5 });
    await program.says(/a drop folder cannot be used/);
    const answer = await fetch(`${operationsUrl}/health/ready`);
    expect(answer.status).to.equal(200);
    expect(await answer.json())
      .to.have.nested.property('checks.filematch')
      .that.deep.equals({
        status: 'warning',
        reason: '0 jobs at work, 0 waiting; the drop folder is not there',
        causes: ['drop-folder epj-sandbox'],
      });
    mkdirSync(drop);
    await program.says(/a drop folder can be used again/);
    const again: unknown = await (await fetch(`${operationsUrl}/health/ready`)).json();
    expect(again).to.have.nested.property('checks.filematch.status', 'ok');
  });
});

function rowsAudited(data: string): readonly StoredAuditEntry[] {
  const entries = withStore(data, ({ audit }) => [...audit.entries()]);
  return entries.filter(({ operation }) => operation === 'match');
}

function resultIn(folder: string): string {
  const [name, ...others] = readdirSync(folder).filter((one) => one.includes('.resultat.'));
  if (name === undefined || others.length > 0) throw new Error('there is not one result');
  return readFileSync(join(folder, name), 'utf8');
}
