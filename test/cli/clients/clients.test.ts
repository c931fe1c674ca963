import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parsePasswordHash, verifyPassword } from '../../../src/access/password-hash.js';
import { loadConfiguration } from '../../../src/config/load.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { openClientSecret } from '../../../src/store/client-secrets.js';
import { loadOrCreateKeys } from '../../../src/store/key-files.js';
import { Sealer } from '../../../src/store/sealer.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { someHash, write } from '../../support/configuration-files.js';
import { withStore } from '../../support/opened-store.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const yaml = (folder: string): string => `# Our hospital
data: { directory: ${join(folder, 'data')} }
sandbox: {}
clients:
  - id: epj # in every ward
    name: EPJ Sentrum
    username: epj-user
    passwordHash: ${someHash}
    protocols: [hl7v3, hl7v2]
    organisation: { parent: 999999999, child: 888888888 }
    profile: minimal
  # The laboratory
  - id: lab
    username: lab
    passwordHash: ${someHash}
    previousPasswordHash: ${someHash}
    enabled: false
    protocols: [hl7v3]
    organisation: { parent: 999999999 }
profiles:
  minimal: { groups: [identity, names], access: restricted }
`;

describe('preg-adapter clients', function () {
  this.timeout(20_000);

  const newFolder = temporaryFolders();
  let folder: string;
  let config: string;
  beforeEach(() => {
    folder = newFolder();
    config = write(folder, 'hospital.yaml', yaml(folder));
    chmodSync(config, 0o600);
  });

  const text = (): string => readFileSync(config, 'utf8');
  const load = () => loadConfiguration({ file: config, environment: {}, clock: systemClock });
  const clients = (
    args: readonly string[],
    more: Parameters<typeof runCommand>[1] = {},
  ): Promise<CommandResult> => runCommand(['clients', ...args, '--config', config], more);
  const audited = () =>
    withStore(join(folder, 'data'), (store) =>
      [...store.audit.entries()].map(({ operation, outcome, clientId, detail }) => ({
        operation,
        outcome,
        clientId,
        scope: detail.scope,
        settings: detail.settings,
      })),
    );
  const addPas = (args: readonly string[] = [], more: Parameters<typeof runCommand>[1] = {}) =>
    clients(['add', 'pas', '--protocols', 'hl7v3, hl7v2', '--organisation', '999999999', ...args], {
      input: 'hush 1\n',
      ...more,
    });
  const filesBeside = (): readonly string[] => readdirSync(folder).filter((name) => name !== 'data');

  describe('list', () => {
    it('tells who may ask, by what, for whom and how much', async () => {
      const { code, out } = await clients(['list']);
      expect(code).to.equal(0);
      expect(out.split('\n').map((line) => line.split(/ {2,}/))).to.deep.equal([
        ['CLIENT', 'STATE', 'PROTOCOLS', 'ORGANISATION', 'ACCESS', 'PROFILE', 'PASSWORD', 'NAME'],
        [
          'epj',
          'enabled',
          'hl7v3,hl7v2',
          '999999999/888888888',
          'restricted',
          'minimal',
          'hash',
          'EPJ Sentrum',
        ],
        ['lab', 'disabled', 'hl7v3', '999999999', 'full', 'complete', 'hash'],
        [''],
      ]);
    });

    it('tells the same as JSON, and no secret in either form', async () => {
      const { out } = await clients(['list', '--json']);
      const told: unknown = JSON.parse(out);
      expect(told).to.have.nested.property('clients[0].id', 'epj');
      expect(told).to.have.nested.property('clients[0].access', 'full');
      expect(told).to.have.nested.property('clients[0].effectiveAccess', 'restricted');
      expect(told).to.have.nested.property('clients[1].enabled', false);
      for (const said of [out, (await clients(['list'])).out, (await clients(['show', 'epj'])).out]) {
        expect(said).to.not.match(/scrypt|\$N=/);
      }
    });
  });

  describe('show', () => {
    it('tells what is set for one client', async () => {
      const { out } = await clients(['show', 'epj']);
      expect(out).to.match(/^access +restricted \(full for the client, narrowed by its profile\)$/m);
      expect(out).to.match(/^profile +minimal: identity, names$/m);
      expect(out).to.match(/^user name +epj-user$/m);
      expect(JSON.parse((await clients(['show', 'lab', '--json'])).out)).to.include({
        id: 'lab',
        enabled: false,
      });
      expect((await clients(['show', 'ris'])).err).to.equal('There is no client ris; there is epj, lab.\n');
    });
  });

  describe('add', () => {
    it('adds a client that can be checked in with, and keeps every comment and the mode of the file', async () => {
      const before = text();
      const { code, out, err } = await addPas([
        '--profile',
        'minimal',
        '--child',
        '888888888',
        '--name',
        'PAS',
      ]);
      expect([code, err]).to.deep.equal([0, '']);
      const file = join(folder, 'clients', 'pas.hash');
      expect(out).to.equal(
        `Client pas was added to ${config}. Its password is in ${file}, as a hash. It holds when the adapter reads its ` +
          'configuration again: send it SIGHUP (systemctl reload preg-adapter), or restart it.\n',
      );
      const [head = '', tail = ''] = before.split('profiles:');
      expect(text().startsWith(head)).to.equal(true);
      expect(text().endsWith(`profiles:${tail}`)).to.equal(true);
      expect(statSync(config).mode & 0o777).to.equal(0o600);
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect(statSync(join(folder, 'clients')).mode & 0o777).to.equal(0o700);
      const added = load().clients[2];
      expect(added).to.deep.include({
        id: 'pas',
        username: 'pas',
        name: 'PAS',
        enabled: true,
        protocols: ['hl7v3', 'hl7v2'],
        organisation: { parent: '999999999', child: '888888888' },
        profile: 'minimal',
      });
      const hash = parsePasswordHash(added?.passwordHash ?? '');
      expect(hash && (await verifyPassword('hush 1', hash))).to.equal(true);
      expect(filesBeside()).to.have.members(['hospital.yaml', 'clients']);
      expect(audited()).to.deep.equal([
        {
          operation: 'clients add',
          outcome: 'done',
          clientId: 'command-line',
          scope: { clientId: 'pas' },
          settings: ['clients[pas]'],
        },
      ]);
    });

    it('says what it may ask, from where, and how often', async () => {
      const { code, err } = await addPas([
        ...['--operations', 'GetDemographics, QBP^Q22', '--addresses', '10.30.4.0/22,2001:db8::1'],
        ...['--requests-per-second', '50'],
      ]);
      expect([code, err]).to.deep.equal([0, '']);
      expect(load().clients[2]).to.deep.include({
        operations: ['GetDemographics', 'QBP^Q22'],
        addresses: ['10.30.4.0/22', '2001:db8::1'],
        requestsPerSecond: 50,
      });
      expect((await clients(['show', 'pas'])).out).to.match(/^rate +50 requests a second, 100 at once$/m);
      const before = text();
      const refused = await clients(
        ['add', 'ris', '--protocols', 'hl7v3', '--organisation', '999999999', '--operations', 'GetPerson'],
        { input: 'x' },
      );
      expect(refused.err).to.contain('clients[3].operations[0]: found "GetPerson"');
      expect([refused.code, text()]).to.deep.equal([1, before]);
      const often = await clients(
        [
          'add',
          'ris',
          '--protocols',
          'hl7v3',
          '--organisation',
          '999999999',
          '--requests-per-second',
          'many',
        ],
        { input: 'x' },
      );
      expect(often.err).to.contain('clients[3].requestsPerSecond: found "many"');
    });

    it('lets a group read the password that reads the configuration, and nobody else', async () => {
      chmodSync(config, 0o640);
      await addPas();
      expect(statSync(join(folder, 'clients', 'pas.hash')).mode & 0o777).to.equal(0o640);
      expect(statSync(config).mode & 0o777).to.equal(0o640);
      chmodSync(config, 0o644);
      await clients(['add', 'ris', '--protocols', 'hl7v3', '--organisation', '999999999'], { input: 'x' });
      expect(statSync(join(folder, 'clients', 'ris.hash')).mode & 0o777).to.equal(0o600);
    });

    it('seals the password of a client that sends digests', async () => {
      const { code, err } = await addPas(['--sealed', '--disabled']);
      expect([code, err]).to.deep.equal([0, '']);
      const { sealingKeys } = loadOrCreateKeys(join(folder, 'data'), systemRandom);
      const added = load().clients[2];
      expect(openClientSecret(added?.sealedPassword ?? '', new Sealer(sealingKeys, systemRandom))).to.equal(
        'hush 1',
      );
      expect(added?.enabled).to.equal(false);
    });

    it('puts the hash where it is told to', async () => {
      await addPas(['--inline']);
      expect(text()).to.match(/^ {4}passwordHash: scrypt\$/m);
      expect(existsSync(join(folder, 'clients'))).to.equal(false);
      const file = join(folder, 'elsewhere');
      await clients(
        ['add', 'ris', '--protocols', 'hl7v3', '--organisation', '999999999', '--secret-file', file],
        {
          input: 'x',
        },
      );
      expect(text()).to.contain(`passwordHashFile: ${file}`);
      expect(load().clients.map(({ id }) => id)).to.deep.equal(['epj', 'lab', 'pas', 'ris']);
      expect((await addPas(['--inline', '--secret-file', file])).code).to.equal(1);
    });

    it('follows a link to the file, and leaves the link', async () => {
      mkdirSync(join(folder, 'linked'));
      const link = join(folder, 'linked', 'adapter.yaml');
      symlinkSync(config, link);
      const { code } = await runCommand(['clients', 'disable', 'epj', '--config', link]);
      expect(code).to.equal(0);
      expect(lstatSync(link).isSymbolicLink()).to.equal(true);
      expect(load().clients[0]?.enabled).to.equal(false);
    });

    it('adds the first client of a configuration', async () => {
      const first = `data: { directory: ${join(folder, 'data')} }\nsandbox: {}\n`;
      write(folder, 'hospital.yaml', first);
      expect((await addPas()).err).to.equal('');
      expect(text().startsWith(first)).to.equal(true);
      expect(load().clients.map(({ id }) => id)).to.deep.equal(['pas']);
    });

    for (const [what, args, complaint] of [
      [
        'an id that is taken',
        ['add', 'lab', '--protocols', 'hl7v3', '--organisation', '999999999'],
        /There is a client lab/,
      ],
      [
        'an id that is none',
        ['add', '../x', '--protocols', 'hl7v3', '--organisation', '999999999'],
        /clients\[2\]\.id: found "\.\.\/x"/,
      ],
      [
        'a user name that is taken',
        ['add', 'pas', '--username', 'lab', '--protocols', 'hl7v3', '--organisation', '999999999'],
        /clients\[2\]\.username: found the same as in clients\[1\]/,
      ],
      [
        'a protocol that there is not',
        ['add', 'pas', '--protocols', 'hl7v4', '--organisation', '999999999'],
        /clients\[2\]\.protocols\[0\]/,
      ],
      [
        'an organisation that is none',
        ['add', 'pas', '--protocols', 'hl7v3', '--organisation', '99999999'],
        /clients\[2\]\.organisation\.parent/,
      ],
      [
        'a profile that there is not',
        ['add', 'pas', '--protocols', 'hl7v3', '--organisation', '999999999', '--profile', 'mine'],
        /clients\[2\]\.profile: found "mine"/,
      ],
    ] as const) {
      it(`refuses ${what}, and leaves nothing behind`, async () => {
        const before = text();
        const { code, out, err } = await clients(args, { input: 'hush 1' });
        expect([code, out]).to.deep.equal([1, '']);
        expect(err).to.match(complaint);
        expect(err).to.not.contain('hush');
        expect(text()).to.equal(before);
        expect(filesBeside()).to.deep.equal(['hospital.yaml']);
        expect(existsSync(join(folder, 'data', 'preg-adapter.sqlite'))).to.equal(false);
      });
    }

    it('refuses a password file that is there, and does not touch it', async () => {
      const file = write(folder, 'clients/pas.hash', 'somebody’s');
      const before = text();
      const { code, err } = await addPas();
      expect(code).to.equal(1);
      expect(err).to.contain(`There is a file ${file} already`);
      expect([readFileSync(file, 'utf8'), text()]).to.deep.equal(['somebody’s', before]);
      expect(readdirSync(join(folder, 'clients'))).to.deep.equal(['pas.hash']);
    });

    it('refuses an empty password and a configuration that has other problems', async () => {
      expect((await addPas([], { input: '' })).err).to.match(/^Standard input is empty/);
      write(folder, 'hospital.yaml', text().replace('profile: minimal', 'profile: none'));
      const { code, err } = await addPas();
      expect(code).to.equal(1);
      expect(err).to.contain('clients[0].profile');
      expect(filesBeside()).to.deep.equal(['hospital.yaml']);
    });

    it('takes the secret back where the change cannot be put on record', async () => {
      const before = text();
      write(folder, 'data', 'in the way');
      const { code } = await addPas();
      expect(code).to.equal(1);
      expect(text()).to.equal(before);
      expect(existsSync(join(folder, 'clients', 'pas.hash'))).to.equal(false);
    });
  });

  describe('enable and disable', () => {
    it('switch a client in the file, change nothing else, and are audited', async () => {
      const before = text();
      const { code, out, err } = await clients(['disable', 'epj']);
      expect([code, err]).to.deep.equal([0, '']);
      expect(out).to.match(/^Client epj is disabled in .*hospital\.yaml\. It holds when .*SIGHUP/);
      expect(text()).to.equal(before.replace('# in every ward\n', '# in every ward\n    enabled: false\n'));
      expect((await clients(['enable', 'lab'])).code).to.equal(0);
      expect(load().clients.map(({ enabled }) => enabled)).to.deep.equal([false, true]);
      expect(audited().map(({ operation, scope, settings }) => [operation, scope, settings])).to.deep.equal([
        ['clients disable', { clientId: 'epj' }, ['clients[epj].enabled']],
        ['clients enable', { clientId: 'lab' }, ['clients[lab].enabled']],
      ]);
    });

    it('say so when there is nothing to do, and write nothing', async () => {
      const before = text();
      expect((await clients(['disable', 'lab'])).out).to.match(/^Client lab is disabled in .* already\.\n$/);
      expect(text()).to.equal(before);
      expect(audited()).to.deep.equal([]);
    });

    it('refuse somebody unknown, and what the environment decides', async () => {
      expect((await clients(['disable', 'ris'])).err).to.equal(
        'There is no client ris; there is epj, lab.\n',
      );
      const before = text();
      const environment = { PREG_ADAPTER__CLIENTS__0__ENABLED: 'true' };
      const { code, err } = await clients(['disable', 'epj'], { environment });
      expect(code).to.equal(1);
      expect(err).to.match(/^The environment sets clients\[\]\.enabled of epj/);
      expect(text()).to.equal(before);
    });

    it('name a file that has to be changed by hand', async () => {
      const repeated = text()
        .replace('# in every ward', '# in every ward\n    enabled: &off false')
        .replace('enabled: false\n    protocols: [hl7v3]\n', 'enabled: *off\n    protocols: [hl7v3]\n');
      write(folder, 'hospital.yaml', repeated);
      const { code, err } = await clients(['enable', 'lab']);
      expect([code, text()]).to.deep.equal([1, repeated]);
      expect(err).to.match(/^.*hospital\.yaml has to be changed by hand: /);
    });
  });
});
