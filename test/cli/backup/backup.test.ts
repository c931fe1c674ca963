import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { DATABASE_FILE, openDatabase } from '../../../src/store/database.js';
import { migrations } from '../../../src/store/migrations.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { write } from '../../support/configuration-files.js';
import { getDemographicsRequest } from '../../support/get-demographics-request.js';
import { post, type Destination } from '../../support/https-post.js';
import { withStore } from '../../support/opened-store.js';
import { programs } from '../../support/programs.js';
import { freePorts, served } from '../../support/started-adapter.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const config = join(packageRoot(), 'config', 'sandbox.yaml');
const csv = join(packageRoot(), 'docs', 'examples', 'filematch.csv');
const CALLERS = 4;

describe('preg-adapter backup and restore', function () {
  // Programs that start, on a busy machine; nothing here is about speed.
  this.timeout(60_000);

  const run = programs();
  const command = (data: string, ...args: readonly string[]): Promise<CommandResult> =>
    runCommand([...args, '--config', config], { environment: freePorts(data) });

  it('copy a store that is in use, and bring it back whole: every answer from before has its entry, and a job goes on to its result', async () => {
    const folder = run.folder();
    const [data, drop, out] = [join(folder, 'data'), join(folder, 'drop'), join(folder, 'backup')];
    mkdirSync(join(drop, 'inn'), { recursive: true });
    const environment = {
      PREG_ADAPTER__CLIENTS__0__FILEMATCH__FOLDER: drop,
      PREG_ADAPTER__FILEMATCH__POLL_SECONDS: '1',
      PREG_ADAPTER__FILEMATCH__ROWS_PER_BATCH: '1',
    };
    const first = run.start(data, { ...environment, PREG_ADAPTER__FILEMATCH__ROWS_PER_SECOND: '1' });
    const { service } = await served(first, data);
    const load = new Load(service);
    write(drop, 'people.tmp', readFileSync(csv, 'utf8'));
    renameSync(join(drop, 'people.tmp'), join(drop, 'inn', 'people.csv'));
    await first.says(/the rows of a Filematch job are looked up/);
    await load.answered(10);

    const before = [...load.numbers];
    const made = await command(data, 'backup', '--out', out);
    expect([made.code, made.err]).to.deep.equal([0, '']);
    expect(made.out).to.match(/^Backup made in .+: \d files, \d+ KiB, schema version \d+\.$/m);
    expect(made.out).to.contain('The database is whole, and the audit trail is as it was written.');
    const [, noted = ''] = /To note outside: (\d+:[0-9a-f]{32})/.exec(made.out) ?? [];
    await load.answered(load.numbers.length + 10);

    const inUse = await command(data, 'restore', out, '--force', '--help-numbers', 'none-lost');
    expect([inUse.code, inUse.err]).to.deep.equal([
      1,
      `data.directory ${data} cannot be used: its store is in use; stop the adapter, and whatever command works on it.\n`,
    ]);
    first.signal('SIGKILL');
    await first.ended;
    await load.end();

    const unsaid = await command(data, 'restore', out, '--force');
    expect([unsaid.code, unsaid.out]).to.deep.equal([1, '']);
    expect(unsaid.err).to.contain('--help-numbers').and.contain('Nothing was changed.');
    const refused = await command(data, 'restore', out, '--help-numbers', 'none-lost');
    expect(refused.code).to.equal(1);
    expect(refused.err).to.contain('--force');
    const restored = await command(data, 'restore', out, '--force', '--help-numbers', 'none-lost');
    expect([restored.code, restored.err]).to.deep.equal([0, '']);
    expect(restored.out).to.match(/The store that was there before is now in .+before-restore-/);
    const verified = await command(data, 'audit', 'verify', '--known', noted);
    expect(verified.out).to.contain('The audit trail is whole.');
    expect(verified.out).to.contain('The entry that was noted is there as it was.');
    withStore(data, ({ audit }) => {
      const without = before.filter((number) => [...audit.bySubject(number)].length !== 1);
      expect(without, 'answers from before that left no entry').to.deep.equal([]);
      const operations = [...audit.entries()].map(({ operation }) => operation);
      expect(operations.slice(-2)).to.deep.equal(['restore', 'audit verify']);
      expect(operations).to.include('backup');
    });

    const second = run.start(data, environment);
    await served(second, data);
    await second.says(/a Filematch job completed/);
    expect(readdirSync(join(drop, 'ut')).filter((name) => name.includes('.resultat.'))).to.have.length(1);
    second.signal('SIGTERM');
    expect(await second.ended).to.deep.equal({ code: 0, signal: null });
  });

  it('tell that the audit trail of the store was touched, and keep the copy', async () => {
    const folder = run.folder();
    const [data, out] = [join(folder, 'data'), join(folder, 'backup')];
    await runCommand(['lookup', '--config', config], {
      environment: freePorts(data),
      input: '11868426235\n',
    });
    const database = new BetterSqlite3(join(data, DATABASE_FILE));
    database.exec("UPDATE audit_entry SET operation = 'nothing'");
    database.close();
    const made = await command(data, 'backup', '--out', out);
    expect(made.code).to.equal(1);
    expect(made.err).to.contain('The audit trail is not as it was written');
    expect(readdirSync(out)).to.include('manifest.json');
    // What was wrong when it was made does not keep it from being restored.
    const restored = await command(data, 'restore', out, '--force', '--help-numbers', 'new-series');
    expect(restored.code).to.equal(0);
  });

  it('do not touch a store of an older version, and check-store tries on a copy what an upgrade does', async () => {
    const data = run.folder();
    openDatabase(data, migrations.slice(0, -2)).close();
    const made = await command(data, 'backup', '--out', join(data, 'backup'));
    expect(made.err).to.contain('is from an older version of preg-adapter. Make the backup with that one');
    const checked = await command(data, 'check-store');
    expect([checked.code, checked.err]).to.deep.equal([0, '']);
    expect(checked.out).to.contain(`The database is whole, at schema version ${migrations.length - 2}.`);
    expect(checked.out).to.contain(`would bring it to version ${migrations.length}: `);
    expect(readdirSync(data).sort()).to.deep.equal([DATABASE_FILE]);
    const database = new BetterSqlite3(join(data, DATABASE_FILE));
    expect(database.pragma('user_version', { simple: true })).to.equal(migrations.length - 2);
    database.close();

    openDatabase(data).close();
    const after = await command(data, 'check-store');
    expect(after.out).to.contain('would change nothing of its schema');
  });

  it('check-store refuses what is damaged or from a newer version, in one sentence', async () => {
    const data = run.folder();
    expect((await command(data, 'check-store')).err).to.equal(
      `data.directory ${data} cannot be used: there is no database in it.\n`,
    );
    const database = openDatabase(data);
    database.pragma(`user_version = ${migrations.length + 1}`);
    database.close();
    const newer = await command(data, 'check-store');
    expect([newer.code, newer.err]).to.satisfy(
      ([code, err]: [number, string]) => code === 1 && err.includes('start the newer program'),
    );
    write(data, DATABASE_FILE, 'not a database, but long enough to be one'.repeat(200));
    expect((await command(data, 'check-store')).err).to.contain('is not an SQLite database');
  });
});

/** Callers who ask for ever new numbers until the adapter is gone or they are told to end. */
class Load {
  readonly numbers: ReturnType<typeof syntheticNumber>[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #callers: Promise<unknown>;
  readonly #waiting = new Set<() => void>();
  #next = 0;
  #over = false;

  constructor(private readonly service: Destination) {
    this.#callers = Promise.all(Array.from({ length: CALLERS }, () => this.#call()));
  }

  async answered(count: number): Promise<void> {
    while (this.numbers.length < count && !this.#over) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.#callers;
    this.#agent.destroy();
  }

  async #call(): Promise<void> {
    while (!this.#over) {
      const number = syntheticNumber(this.#next);
      this.#next += 1;
      const question = getDemographicsRequest({ numbers: [number], now: new Date() });
      const answer = await post({ ...this.service, agent: this.#agent }, question).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status === 200) this.numbers.push(number);
      for (const tell of this.#waiting) tell();
      this.#waiting.clear();
    }
  }
}
