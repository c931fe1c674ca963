import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { runCommand, type CommandResult, type CommandSurroundings } from '../../support/command-line.js';
import { write } from '../../support/configuration-files.js';
import { listeningReceiver, type ListeningReceiver } from '../../support/listening-receiver.js';
import { withStore } from '../../support/opened-store.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../../support/sandboxed-adapter.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { secretsOf } from '../../privacy/known-secrets.js';
import { Traces } from '../../privacy/traces.js';

const config = join(packageRoot(), 'config', 'sandbox.yaml');
/** Persons of fixtures/persons. */
const [granbar, other] = ['11868426235', '08879245436'];
const KEY_FILES = ['preg-adapter.sandbox-key.pem', 'preg-adapter.sealing.key', 'preg-adapter.pseudonym.key'];

describe('telling a receiver of changes, from the sandbox to its socket', function () {
  // A whole adapter with its sandbox.
  this.timeout(120_000);

  const newFolder = temporaryFolders();
  let receiver: ListeningReceiver;
  let adapter: SandboxedAdapter;
  let settings: Record<string, string>;
  let traces: Traces;
  let isStopped = false;

  before(async () => {
    traces = new Traces();
    receiver = await listeningReceiver();
    settings = {
      PREG_ADAPTER__EVENTS__ENABLED: 'true',
      PREG_ADAPTER__EVENTS__POLL_SECONDS: '1',
      PREG_ADAPTER__HL7V2__NOTIFICATIONS__ENABLED: 'true',
      PREG_ADAPTER__HL7V2__NOTIFICATIONS__RECEIVERS__0__ID: 'pas',
      PREG_ADAPTER__HL7V2__NOTIFICATIONS__RECEIVERS__0__CLIENT: 'epj-sandbox',
      PREG_ADAPTER__HL7V2__NOTIFICATIONS__RECEIVERS__0__HOST: '127.0.0.1',
      PREG_ADAPTER__HL7V2__NOTIFICATIONS__RECEIVERS__0__PORT: String(receiver.port),
      PREG_ADAPTER__HL7V2__NOTIFICATIONS__RECEIVERS__0__APPLICATION: 'PAS',
    };
    adapter = await startSandboxedAdapter(settings);
    await adapter.says(/the log of changes begins here/);
  });

  after(async () => {
    if (!isStopped) await adapter.stop();
    await receiver.stop();
  });

  async function command(
    args: readonly string[],
    surroundings: CommandSurroundings = {},
  ): Promise<CommandResult> {
    const environment = {
      ...settings,
      PREG_ADAPTER__DATA__DIRECTORY: adapter.dataDirectory,
      PREG_ADAPTER__SANDBOX__PORT: '0',
    };
    const result = await runCommand([...args, '--config', config], { environment, ...surroundings });
    if (surroundings.terminal === undefined) traces.add(args.slice(0, 2).join(' '), JSON.stringify(result));
    return result;
  }

  it('begins with nobody', async () => {
    expect((await command(['subscriptions', 'list'])).out).to.equal('Nobody is followed.\n');
    expect((await command(['subscriptions', 'count', '-r', 'pas'])).out).to.equal('0\n');
  });

  it('loads nothing from a file with lines that hold no number, and names them by their places', async () => {
    const file = write(newFolder(), 'numbers.txt', `${granbar}\nGranbar, Trollfløytevegen\n`);
    const { code, out, err } = await command(['subscriptions', 'load', file, '-r', 'pas']);
    expect([code, out]).to.deep.equal([1, '']);
    expect(err).to.equal(
      'Line 2 holds no number of 11 or 12 digits. Nothing was loaded; --skip-bad loads the others.\n',
    );
  });

  it('knows the receivers of the configuration, and no others', async () => {
    const file = write(newFolder(), 'numbers.txt', `${granbar}\n`);
    const { code, err } = await command(['subscriptions', 'load', file, '-r', 'ris']);
    expect([code, err]).to.deep.equal([1, 'There is no receiver ris; there is pas.\n']);
    expect((await command(['subscriptions', 'load', 'nowhere.txt', '-r', 'pas'])).err).to.equal(
      'nowhere.txt cannot be read (ENOENT).\n',
    );
  });

  it('follows the people of a file', async () => {
    const file = write(newFolder(), 'numbers.csv', `number;name\n${granbar};Granbar\n${other};x\n`);
    const { code, out } = await command(['subscriptions', 'load', file, '-r', 'pas', '--replace']);
    expect([code, out]).to.deep.equal([0, 'pas: 2 numbers in the file, 2 new, 0 followed no more.\n']);
    expect((await command(['subscriptions', 'count', '-r', 'pas'])).out).to.equal('2\n');
  });

  it('sends what happens to them, within seconds', async () => {
    adapter.sandbox.changes.apply({ type: 'name', nin: granbar, familyName: 'Prøveplan' });
    await receiver.hears(1);
    expect(receiver.messages[0]).to.match(/\|ADT\^A31\^ADT_A05\|/);
    expect(receiver.messages[0]).to.contain('PRØVEPLAN');
  });

  it('sends nothing of others', async () => {
    adapter.sandbox.changes.apply({ type: 'name', nin: '07916604801', familyName: 'Andre' });
    adapter.sandbox.changes.apply({ type: 'name', nin: other, familyName: 'Etterpå' });
    await receiver.hears(2);
    expect(receiver.messages.join()).to.not.contain('ANDRE');
  });

  it('sends a merger when a number gives way to one that no event told before', async () => {
    adapter.sandbox.changes.apply({ type: 'new-number', nin: granbar });
    await receiver.hears(3);
    expect(receiver.messages[2]).to.match(/\|ADT\^A40\^ADT_A39\|/);
    expect(receiver.messages[2]).to.match(new RegExp(`\rMRG\\|${granbar}\\^`));
    await adapter.says(/a receiver took a message.*ADT\^A40/);
    const { out } = await command(['subscriptions', 'list']);
    const [receiverId, all, byFile, byLookup, inPlace, gaveWay] = out.split('\n')[1]?.split(/ +/) ?? [];
    expect([receiverId, all, byFile, byLookup, inPlace, gaveWay]).to.deep.equal([
      'pas',
      '3',
      '2',
      '0',
      '1',
      '1',
    ]);
  });

  it('keeps what is refused until somebody has looked at it', async () => {
    receiver.answer = 'AR';
    adapter.sandbox.changes.apply({ type: 'name', nin: other, familyName: 'Avvist' });
    await receiver.hears(4);
    await adapter.says(/messages to a receiver were given up/);
    receiver.answer = 'AA';
    const { out } = await command(['notifications', 'list']);
    const [, line = ''] = out.split('\n');
    const [id = '', ...rest] = line.split(/ {2,}/);
    expect(rest).to.include.members(['pas', 'record', 'A31', 'refused', 'no']);
    const health = async (): Promise<string> => (await fetch(`${adapter.operationsUrl}/health/ready`)).text();
    expect(await health()).to.contain('1 message given up that nobody has looked at');
    const shown = await command(['notifications', 'show', id]);
    expect(shown.out).to.match(/Problem +refused\n/);
    expect(await health()).to.match(/"notifications":\{"status":"ok","reason":"0 messages waiting"\}/);
    traces.add('health', await health());
    expect((await command(['notifications', 'show', id, '--number'])).err).to.equal(
      'A number is shown on a terminal alone, so that it is written nowhere.\n',
    );
    const terminal = { isTTY: true, columns: 100 };
    const told = await command(['notifications', 'show', id, '--number'], { terminal });
    expect(told.out).to.match(new RegExp(`Number +${other}\n`));
    expect((await command(['notifications', 'retry', id])).out).to.equal(`Notification ${id} sent again.\n`);
    await receiver.hears(5);
    expect(receiver.messages[4]).to.contain('AVVIST');
    await adapter.says(/(a receiver took a message[^]*){4}/);
    expect((await command(['notifications', 'list'])).out).to.equal('Nothing was given up.\n');
    expect((await command(['notifications', 'list', '--waiting'])).out).to.equal('Nothing waits.\n');
  });

  it('says what cannot be done', async () => {
    expect((await command(['notifications', 'show', '999'])).err).to.equal('There is no notification 999.\n');
    expect((await command(['notifications', 'retry'])).err).to.equal(
      'Name one of them by its id, or all by --all.\n',
    );
    expect((await command(['notifications', 'discard', '--all'])).out).to.equal('0 of 0 deleted.\n');
    expect((await command(['notifications', 'show', 'all'])).code).to.equal(1);
  });

  it('deletes nothing that was not given up, and tells of nobody any more when the list is cleared', async () => {
    receiver.answer = 'AE';
    adapter.sandbox.changes.apply({ type: 'name', nin: other, familyName: 'Ventende' });
    await receiver.hears(6);
    await adapter.says(/a receiver did not take a message/);
    const { out } = await command(['notifications', 'list', '--waiting']);
    const [, id = ''] = /^(\d+)/m.exec(out) ?? [];
    expect((await command(['notifications', 'discard', id])).err).to.equal(
      `Notification ${id} was not given up; who is not followed any more is not told of.\n`,
    );
    expect((await command(['subscriptions', 'clear', '-r', 'pas'])).out).to.equal(
      'pas: 3 numbers followed no more.\n',
    );
    expect((await command(['notifications', 'list', '--waiting'])).out).to.equal('Nothing waits.\n');
    receiver.answer = 'AA';
  });

  it('says which receivers are in the configuration no more, and clears them', async () => {
    withStore(adapter.dataDirectory, ({ subscriptions }) => {
      subscriptions.load('gone', [syntheticNumber()], subscriptions.beginLoad('gone'), { anew: false });
    });
    expect((await command(['subscriptions', 'list'])).out).to.match(/\ngone \(not configured\) +1 /);
    expect((await command(['subscriptions', 'clear', '-r', 'gone'])).out).to.equal(
      'gone: 1 number followed no more.\n',
    );
  });

  it('leaves everything in the audit trail', () => {
    const operations = withStore(adapter.dataDirectory, ({ audit }) => {
      const entries = [...audit.entries()];
      traces.add('audit', JSON.stringify(entries));
      return entries.map(({ clientId, operation, detail }) =>
        [clientId, operation, detail.count].filter((part) => part !== null && part !== undefined).join(' '),
      );
    });
    expect(operations).to.include.members([
      'command-line subscriptions load --replace 2',
      'command-line subscriptions clear 3',
      'command-line subscriptions clear 1',
      'command-line notifications list',
      'command-line notifications show',
      'command-line notifications show --number',
      'command-line notifications retry',
      'epj-sandbox subscription',
      'epj-sandbox ADT^A31',
      'epj-sandbox ADT^A40',
    ]);
  });

  it('leaves no number, name or address anywhere but at the receiver', async () => {
    traces.add('log', adapter.log());
    await adapter.running.stop();
    mkdirSync(adapter.dataDirectory, { recursive: true });
    traces.addFolder(adapter.dataDirectory, KEY_FILES);
    expect(readFileSync(adapter.certificateFile, 'utf8')).to.contain('BEGIN');
    await adapter.stop();
    isStopped = true;
    const secrets = secretsOf([granbar, other], []);
    expect(secrets.numbers).to.include.members([granbar, other]);
    expect(
      traces.found({ ...secrets, words: [...secrets.words, 'PRØVEPLAN', 'ETTERPÅ', 'VENTENDE'] }),
    ).to.deep.equal([]);
  });
});
