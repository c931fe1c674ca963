import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { runCommand, type CommandResult, type CommandSurroundings } from '../../support/command-line.js';
import { write } from '../../support/configuration-files.js';
import { withStore } from '../../support/opened-store.js';
import { freePorts } from '../../support/started-adapter.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../../support/sandboxed-adapter.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const config = join(packageRoot(), 'config', 'sandbox.yaml');
const csv = join(packageRoot(), 'docs', 'examples', 'filematch.csv');
const JOB = '01JBR8Q2W5N7K3M4P6T8V9X0YZ';

function filematch(
  data: string,
  args: readonly string[],
  { environment = {}, ...surroundings }: CommandSurroundings = {},
): Promise<CommandResult> {
  const [command = '', ...rest] = args;
  return runCommand(['filematch', command, '--config', config, ...rest], {
    ...surroundings,
    environment: { ...freePorts(data), ...environment },
  });
}

describe('preg-adapter filematch, for operators', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(60_000);

  const newFolder = temporaryFolders();

  describe('on jobs of the command line', () => {
    let data = '';
    let done = '';
    let standing = '';

    let folder = '';

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'preg-adapter-operate-'));
      data = join(folder, 'data');
      const out = join(folder, 'out');
      done = jobIn((await filematch(data, ['run', csv, '--out', out])).out);
      const other = write(folder, 'other.csv', `${readFileSync(csv, 'utf8')}PAS-000012;;;;;;;;;\n`);
      const interrupted = await filematch(data, ['run', other, '--out', out], {
        environment: {
          PREG_ADAPTER__FILEMATCH__ROWS_PER_BATCH: '1',
          PREG_ADAPTER__FILEMATCH__ROWS_PER_SECOND: '8',
        },
        terminal: { isTTY: true, columns: 100 },
        onError: (text, signals) => {
          if (/ [1-9] of 12 rows/.test(text)) signals.emit('SIGINT');
        },
      });
      standing = jobIn(interrupted.err);
    });

    after(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('are listed, the newest first, by name only on a terminal', async () => {
      const { code, out, err } = await filematch(data, ['list']);
      expect([code, err]).to.deep.equal([0, '']);
      const lines = out.trimEnd().split('\n').slice(1);
      expect(lines.map((line) => line.split(/ {2,}/))).to.have.length(2);
      expect(lines[0]).to.match(new RegExp(`^${standing} +epj-sandbox .* [1-9] of 12 +RUNNING$`));
      expect(lines[1]).to.match(new RegExp(`^${done} +epj-sandbox .* 11 of 11 +COMPLETED$`));
      expect(out).not.to.contain('.csv');
      const seen = await filematch(data, ['list', '--limit', '1'], {
        terminal: { isTTY: true, columns: 100 },
      });
      expect(seen.out.trimEnd().split('\n')).to.have.length(2);
      expect(seen.out).to.contain('other.csv');
    });

    it('are listed by client', async () => {
      expect((await filematch(data, ['list', '--client', 'epj-sandbox'])).out).to.contain(done);
      expect((await filematch(data, ['list', '--client', 'lab'])).out).to.equal('There are no jobs.\n');
    });

    it('are shown, whatever case the id is written in', async () => {
      const { code, out } = await filematch(data, ['show', done.toLowerCase()]);
      expect(code).to.equal(0);
      expect(out)
        .to.match(/^State +COMPLETED$/m)
        .and.to.match(/^Matched +7, 6 of them with changes$/m)
        .and.not.to.contain('.csv');
    });

    it('are not touched when they are over', async () => {
      for (const command of ['pause', 'resume', 'cancel']) {
        const { code, out, err } = await filematch(data, [command, done]);
        expect([code, out]).to.deep.equal([1, '']);
        expect(err).to.equal(`Job ${done} is COMPLETED: there is nothing to ${command}.\n`);
      }
    });

    it('stand while they are paused, and go on afterwards', async () => {
      expect((await filematch(data, ['remove', standing])).err).to.equal(
        `Job ${standing} is RUNNING: there is nothing to remove.\n`,
      );
      expect((await filematch(data, ['pause', standing])).code).to.equal(0);
      expect((await filematch(data, ['show', standing])).out).to.match(/^State +RUNNING, paused$/m);
      const resumed = await filematch(data, ['resume', standing]);
      expect(resumed.out).to.match(/goes on when "preg-adapter filematch run" is given the same file\.\n$/);
      expect((await filematch(data, ['show', standing])).out).to.match(/^State +RUNNING$/m);
    });

    it('leave in the audit trail what was wanted of them, and whether it was done', () => {
      const entries = withStore(data, ({ audit }) => [...audit.entries()]);
      const wanted = entries.filter(({ operation }) => operation?.startsWith('filematch ') === true);
      expect(wanted.slice(-3).map(({ operation, outcome }) => [operation, outcome])).to.deep.equal([
        ['filematch remove', 'refused'],
        ['filematch pause', 'done'],
        ['filematch resume', 'done'],
      ]);
      for (const { clientId, detail } of wanted.slice(-3)) {
        expect(clientId).to.equal('command-line');
        expect(detail).to.deep.equal({ remoteAddress: 'localhost', job: standing });
      }
    });

    it('are removed when they are over, and then are not known any more', async () => {
      expect((await filematch(data, ['remove', done])).out).to.equal(`Job ${done} is removed.\n`);
      expect((await filematch(data, ['show', done])).err).to.equal(`There is no job ${done}.\n`);
    });
  });

  for (const command of ['show', 'pause', 'resume', 'cancel', 'remove']) {
    it(`${command} tells a job that there is not from an id that is none`, async () => {
      const data = newFolder();
      const unknown = await filematch(data, [command, JOB]);
      expect([unknown.code, unknown.out, unknown.err]).to.deep.equal([1, '', `There is no job ${JOB}.\n`]);
      const none = await filematch(data, [command, 'O0']);
      expect([none.code, none.out]).to.deep.equal([2, '']);
      expect(none.err).to.contain('A job id has 26 letters and digits.');
    });
  }

  it('list says that there are no jobs', async () => {
    expect((await filematch(newFolder(), ['list'])).out).to.equal('There are no jobs.\n');
    expect((await filematch(newFolder(), ['list', '--limit', '0'])).code).to.equal(2);
  });

  describe('beside a running server', () => {
    let adapter: SandboxedAdapter;
    let drop = '';
    const known: string[] = [];

    before(async () => {
      drop = mkdtempSync(join(tmpdir(), 'preg-adapter-drop-'));
      mkdirSync(join(drop, 'inn'));
      adapter = await startSandboxedAdapter({
        PREG_ADAPTER__CLIENTS__0__FILEMATCH__FOLDER: drop,
        PREG_ADAPTER__FILEMATCH__POLL_SECONDS: '1',
        PREG_ADAPTER__FILEMATCH__ROWS_PER_BATCH: '1',
        PREG_ADAPTER__FILEMATCH__ROWS_PER_SECOND: '6',
      });
    });

    after(async () => {
      await adapter.stop();
      rmSync(drop, { recursive: true, force: true });
    });

    /** Delivers the example, with so many more rows that cannot be looked up, as clients do. @returns the job's id */
    async function delivered(name: string, more: number): Promise<string> {
      const rows = Array.from({ length: more }, (_, row) => `MORE-${row};;;;;;;;;\n`);
      write(drop, `${name}.tmp`, readFileSync(csv, 'utf8') + rows.join(''));
      renameSync(join(drop, `${name}.tmp`), join(drop, 'inn', name));
      const others = known.map((id) => `(?!${id})`).join('');
      const [, id = ''] = await adapter.says(
        new RegExp(String.raw`a Filematch job was accepted.*"jobId":"${others}(\w+)"`),
      );
      known.push(id);
      return id;
    }

    function linesWith(text: string): readonly string[] {
      return adapter
        .log()
        .split('\n')
        .filter((line) => line.includes(text));
    }

    async function shown(id: string): Promise<string> {
      return (await filematch(adapter.dataDirectory, ['show', id])).out;
    }

    it('hold its jobs up and let them go on, end them, and remove what it delivered', async () => {
      const data = adapter.dataDirectory;
      const first = await delivered('first.csv', 0);
      expect((await filematch(data, ['pause', first])).code).to.equal(0);
      const second = await delivered('second.csv', 1);
      // The next job of the client has its turn meanwhile, and needs longer than the first one would have.
      await adapter.says(
        new RegExp(
          `"jobId":"${second}".*a Filematch job completed|a Filematch job completed.*"jobId":"${second}"`,
        ),
      );
      expect(await shown(first)).to.match(/^State +(?:RECEIVED|VALIDATING|RUNNING), paused$/m);
      expect(linesWith('a Filematch job completed').join()).not.to.contain(first);

      expect((await filematch(data, ['resume', first])).out).to.equal(`Job ${first} goes on.\n`);
      await adapter.says(new RegExp(`a Filematch job completed.*"jobId":"${first}"`));
      expect(readdirSync(join(drop, 'ut')).filter((name) => name.includes(first))).to.have.length(3);
      let removed = await filematch(data, ['remove', first]);
      // Its original is put away after the result has been delivered.
      while (removed.err.includes('still being put away')) {
        await turn();
        removed = await filematch(data, ['remove', first]);
      }
      expect([removed.code, removed.err]).to.deep.equal([0, '']);
      expect(readdirSync(join(drop, 'ut')).filter((name) => name.includes(first))).to.deep.equal([]);

      const third = await delivered('third.csv', 2);
      expect((await filematch(data, ['cancel', third])).out).to.equal(`Job ${third} is cancelled.\n`);
      await adapter.says(new RegExp(`a Filematch job failed.*"jobId":"${third}"`));
      expect(await shown(third)).to.match(/^State +FAILED \(cancelled\)$/m);

      const health: unknown = await (await fetch(`${adapter.operationsUrl}/health/ready`)).json();
      expect(health).to.have.nested.property('checks.filematch.status', 'ok');
    });
  });
});

function jobIn(text: string): string {
  const [, id] = /Job (\w{26})/.exec(text) ?? [];
  if (id === undefined) throw new Error(`no job in: ${text}`);
  return id;
}
