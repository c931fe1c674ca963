import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { runCommand, type CommandResult, type CommandSurroundings } from '../../support/command-line.js';
import { write } from '../../support/configuration-files.js';
import { withStore } from '../../support/opened-store.js';
import { freePorts } from '../../support/started-adapter.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const config = join(packageRoot(), 'config', 'sandbox.yaml');
const examples = join(packageRoot(), 'docs', 'examples');

/** The people of docs/examples, each as one line: reference, number, mask; and what became of them. */
const expected = [
  ['PAS-000001', '10', '000000000000'],
  ['PAS-000002', '11', '000000210000'],
  ['PAS-000003', '12', '100000222000'],
  ['PAS-000004', '20', '200002000100'],
  ['PAS-000005', '30', '000000000000'],
  ['PAS-000006', '11', '000000000100'],
  ['PAS-000007', '11', '000000333001'],
  ['PAS-000008', '10', '000022222000'],
  ['PAS-000009', '40', '000000000000'],
  ['PAS-000010', '50', '000000000000'],
  ['PAS-000011', '51', '000000000000'],
];

describe('preg-adapter filematch run', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(60_000);

  const newFolder = temporaryFolders();

  /** Runs it on a sandbox with its data and its results in a folder. */
  function runFile(
    folder: string,
    args: readonly string[],
    { environment = {}, ...surroundings }: CommandSurroundings = {},
  ): Promise<CommandResult> {
    return runCommand(['filematch', 'run', '--config', config, '--out', join(folder, 'out'), ...args], {
      ...surroundings,
      environment: { ...freePorts(join(folder, 'data')), ...environment },
    });
  }

  function delivered(folder: string, ending: string): string {
    const names = readdirSync(join(folder, 'out')).filter((name) => name.endsWith(ending));
    if (names.length !== 1) throw new Error(`${names.length} files end on ${ending}`);
    return readFileSync(join(folder, 'out', names[0] ?? ''), 'utf8');
  }

  it('matches a CSV file, writes result, rejects and receipt, and tells where they are', async () => {
    const folder = newFolder();
    const { code, out, err } = await runFile(folder, [join(examples, 'filematch.csv')]);
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.match(
      /^Job \w{26} is complete: 11 rows, 7 matched \(6 with changes\), 1 not found, 1 ambiguous, 2 rejected, 0 with technical errors\.\n/,
    );
    const told = /^ {2}(?:Result|Rejects|Receipt) +(.+)$/gm;
    const files = [...out.matchAll(told)].map(([, name = '']) => name);
    expect(files).to.have.length(3);
    for (const file of files) expect(statSync(file).isFile(), file).to.equal(true);
    const rows = delivered(folder, '.resultat.csv').split('\r\n').slice(1, -1);
    expect(rows.map((row) => row.split(';')).map((row) => [row[0], row[2], row[5]])).to.deep.equal(expected);
    expect(delivered(folder, '.avvist.csv').split('\r\n').slice(1, -1)).to.have.length(2);
    expect(JSON.parse(delivered(folder, '.kvittering.json'))).to.deep.include({
      state: 'COMPLETED',
      orgNumber: '999999999',
      format: 'csv',
    });
  });

  it('matches the same people in fixed width', async () => {
    const folder = newFolder();
    const { code, err } = await runFile(folder, [join(examples, 'filematch.txt')]);
    expect([code, err]).to.deep.equal([0, '']);
    const lines = delivered(folder, '.resultat.txt').split('\r\n').slice(0, -1);
    expect(lines.map((line) => line.length)).to.deep.equal(lines.map(() => 600));
    const rows = lines.filter((line) => line.startsWith('D'));
    expect(rows.map((row) => [row.slice(1, 21).trim(), row.slice(32, 34), row.slice(38, 50)])).to.deep.equal(
      expected,
    );
    expect(lines.at(-1)?.slice(0, 64)).to.equal(
      'T000000011000000007000000006000000001000000001000000002000000000',
    );
  });

  it('takes mode and reference for a file without a header', async () => {
    const folder = newFolder();
    await runFile(folder, [join(examples, 'filematch.csv'), '--mode', 'K', '--customer-ref', 'WASH-7']);
    const rows = delivered(folder, '.resultat.csv').split('\r\n').slice(1, -1);
    // No data of the person: nothing but the error code stands behind the mask.
    for (const row of rows) expect(row.split(';').slice(6, -1).join(''), row).to.equal('');
    expect(JSON.parse(delivered(folder, '.kvittering.json'))).to.have.property('customerRef', 'WASH-7');

    const changes = newFolder();
    await runFile(changes, [join(examples, 'filematch.csv'), '--mode', 'E']);
    const refs = delivered(changes, '.resultat.csv')
      .split('\r\n')
      .slice(1, -1)
      .map((row) => row.slice(0, 10));
    expect(refs).to.deep.equal(expected.map(([ref]) => ref).filter((ref) => ref !== 'PAS-000001'));
  });

  it('says so where the header of the file counts', async () => {
    const { code, err } = await runFile(newFolder(), [join(examples, 'filematch.txt'), '--mode', 'K']);
    expect([code, err]).to.deep.equal([0, 'The header of the file says mode V, which counts.\n']);
  });

  it('refuses the same content a second time, unless it is forced', async () => {
    const folder = newFolder();
    const file = join(examples, 'filematch.csv');
    const [, first = ''] = /Job (\w{26})/.exec((await runFile(folder, [file])).out) ?? [];
    const again = await runFile(folder, [write(folder, 'other-name.csv', readFileSync(file, 'utf8'))]);
    expect([again.code, again.out]).to.deep.equal([1, '']);
    expect(again.err).to.contain(`as job ${first} (E012)`);
    expect((await runFile(folder, [file, '--force'])).code).to.equal(0);
  });

  it('ends with 1 and the reason for a file that is rejected as a whole', async () => {
    const folder = newFolder();
    const fixed = readFileSync(join(examples, 'filematch.txt'), 'utf8').replace('T000000011', 'T000000012');
    const { code, out, err } = await runFile(folder, [write(folder, 'wrong-count.txt', fixed)]);
    expect([code, out]).to.deep.equal([1, '']);
    expect(err).to.match(/^Job \w{26}: the file was rejected and nothing was looked up \(E010\)\. [^\n]+\n$/);
    expect(JSON.parse(delivered(folder, '.kvittering.json'))).to.deep.include({
      state: 'REJECTED',
      errorCode: 'E010',
    });
  });

  for (const [what, args, sentence] of [
    ['a file that there is not', ['/none'], /^The file cannot be read \(ENOENT\)\.$/m],
    ['a folder', [examples], /^That is not a file\.$/m],
    ['no file', [], /missing required argument/],
    ['an unknown option', ['/none', '--nope'], /unknown option/],
    ['an unknown mode', ['/none', '--mode', 'X'], /Allowed choices are V, K, E/],
    [
      'a reference that is too long',
      ['/none', '--customer-ref', 'x'.repeat(21)],
      /longer than 20 characters/,
    ],
    ['a client that there is not', ['/none', '--client', 'nobody'], /There is no client nobody/],
  ] as const) {
    it(`ends with 2 for ${what}`, async () => {
      const { code, out, err } = await runFile(newFolder(), args);
      expect([code, out]).to.deep.equal([2, '']);
      expect(err).to.match(sentence);
    });
  }

  for (const [what, environment, sentence] of [
    [
      'may not speak filematch',
      { PREG_ADAPTER__CLIENTS__0__PROTOCOLS: 'hl7v3,hl7v2' },
      /does not have filematch/,
    ],
    ['is not enabled', { PREG_ADAPTER__CLIENTS__0__ENABLED: 'false' }, /is not enabled/],
  ] as const) {
    it(`ends with 2 for a client that ${what}, named or not`, async () => {
      const file = join(examples, 'filematch.csv');
      const named = await runFile(newFolder(), [file, '--client', 'epj-sandbox'], { environment });
      expect([named.code, named.out]).to.deep.equal([2, '']);
      expect(named.err).to.match(sentence);
      const any = await runFile(newFolder(), [file], { environment });
      expect([any.code, any.err]).to.deep.equal([
        2,
        'No client is enabled that speaks filematch; add it to protocols of one in clients[].\n',
      ]);
    });
  }

  it('leaves one audit entry for each row, as the client', async () => {
    const folder = newFolder();
    const { out } = await runFile(folder, [join(examples, 'filematch.csv')]);
    const [, job] = /Job (\w{26})/.exec(out) ?? [];
    const entries = withStore(join(folder, 'data'), ({ audit }) => [...audit.entries()]);
    expect(entries).to.have.length(11);
    for (const entry of entries) {
      expect(entry).to.deep.include({ clientId: 'epj-sandbox', protocol: 'filematch', operation: 'match' });
      expect(entry.detail).to.deep.include({ job, remoteAddress: 'localhost' });
    }
  });

  describe('when it is interrupted', () => {
    /** Slow enough to be interrupted between two batches. */
    const slow = {
      PREG_ADAPTER__FILEMATCH__ROWS_PER_BATCH: '1',
      PREG_ADAPTER__FILEMATCH__ROWS_PER_SECOND: '8',
    };
    const terminal = { isTTY: true, columns: 100 };

    function interrupt(text: string, signals: EventEmitter): void {
      if (/ [1-9] of 11 rows/.test(text)) signals.emit('SIGINT');
    }

    it('leaves the job where it stands, and the same command goes on to the same result', async () => {
      const folder = newFolder();
      const file = join(examples, 'filematch.csv');
      const first = await runFile(folder, [file], {
        environment: slow,
        terminal,
        onError: interrupt,
      });
      expect([first.code, first.out]).to.deep.equal([130, '']);
      const [, job = '', rows] =
        /\nInterrupted\. Job (\w{26}) stands at row (\d+) of 11\. The same command goes on/.exec(first.err) ??
        [];
      expect(Number(rows)).to.be.greaterThan(0).and.lessThan(11);
      expect(readdirSync(join(folder, 'out'))).to.deep.equal([]);

      const second = await runFile(folder, [file, '--mode', 'K']);
      expect([second.code, second.err]).to.deep.equal([
        0,
        `Going on with job ${job}, which was not finished.\nIt goes on as it was taken in: with mode V.\n`,
      ]);
      const whole = newFolder();
      await runFile(whole, [file]);
      for (const ending of ['.resultat.csv', '.avvist.csv']) {
        expect(delivered(folder, ending)).to.equal(delivered(whole, ending));
      }
      const entries = withStore(join(folder, 'data'), ({ audit }) => [...audit.entries()]);
      expect(entries).to.have.length(11);
    });

    it('says that nothing was done where there is no job yet', async () => {
      const folder = newFolder();
      const signals = new EventEmitter();
      signals.once('newListener', () => setImmediate(() => signals.emit('SIGINT')));
      const { code, err } = await runFile(folder, [join(examples, 'filematch.csv')], { signals });
      expect([code, err]).to.deep.equal([
        130,
        'Interrupted before the file was taken in; nothing was done.\n',
      ]);
    });

    it('waits while the job is paused, says how it goes on, and notices when it does', async () => {
      const folder = newFolder();
      const file = join(examples, 'filematch.csv');
      const interrupting = { environment: slow, terminal, onError: interrupt };
      const [, job = ''] = /Job (\w{26})/.exec((await runFile(folder, [file], interrupting)).err) ?? [];
      const operate = (command: string): Promise<CommandResult> =>
        runCommand(['filematch', command, '--config', config, job], {
          environment: freePorts(join(folder, 'data')),
        });
      expect((await operate('pause')).code).to.equal(0);
      let resumed: Promise<CommandResult> | undefined;
      const { code, err } = await runFile(folder, [file], {
        terminal,
        onError: (text) => {
          if (/ of 11 rows {2}paused/.test(text)) resumed ??= operate('resume');
        },
      });
      expect((await resumed)?.code).to.equal(0);
      expect(code).to.equal(0);
      expect(err).to.contain(`is paused: "preg-adapter filematch resume ${job}" lets it go on.\n`);
    });

    it('draws its progress on a terminal, in one line', async () => {
      const { code, err } = await runFile(newFolder(), [join(examples, 'filematch.csv')], {
        environment: slow,
        terminal,
      });
      expect(code).to.equal(0);
      expect(err)
        .to.match(/\r\[#+\.*\] +\d+ % {2}\d+ of 11 rows/)
        .and.to.contain('100 %');
      expect(err.match(/\n/g)).to.have.length(1);
      for (const drawn of err.split('\r')) expect(drawn.length).to.be.at.most(terminal.columns + 4);
      expect(err).not.to.match(/\d{11}|GRANBAR|PAS-/);
    });
  });
});
