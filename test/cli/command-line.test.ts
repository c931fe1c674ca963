import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { parsePasswordHash, verifyPassword } from '../../src/access/password-hash.js';
import { runCommandLine } from '../../src/cli/main.js';
import type { Environment } from '../../src/config/environment.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { openClientSecret, sealClientSecret } from '../../src/store/client-secrets.js';
import { loadOrCreateKeys } from '../../src/store/key-files.js';
import { Sealer } from '../../src/store/sealer.js';
import { someJwk, someKey, smallest, write } from '../support/configuration-files.js';
import { CountedRandom } from '../support/counted-random.js';
import { ManualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';

describe('command line', () => {
  const newFolder = temporaryFolders();

  it('explains itself', async () => {
    const { code, out, err } = await run(['--help']);
    expect([code, err]).to.deep.equal([0, '']);
    for (const command of [
      'start',
      'check-config',
      'lookup',
      'filematch',
      'hash-password',
      'seal-password',
      'rotate-helseid-key',
      'fixtures',
    ]) {
      expect(out).to.match(new RegExp(`^ {2}${command}\\b`, 'm'));
    }
    expect(out).to.contain('PREG_ADAPTER__');
  });

  it('tells its version', async () => {
    expect((await run(['--version'])).out).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  for (const args of [['launch'], ['check-config', '--nope'], ['fixtures', 'run', '--nope'], []]) {
    it(`shows the way after "${args.join(' ')}", with exit code 1`, async () => {
      const { code, out, err } = await run(args);
      expect([code, out]).to.deep.equal([1, '']);
      expect(err).to.match(/--help|Usage:/);
      expect(err).to.not.match(/\bat .*:\d+/);
    });
  }

  it('explains each command of filematch, and tells a wrong one by exit code 2', async () => {
    const { code, out } = await run(['filematch', '--help']);
    expect(code).to.equal(0);
    for (const command of ['run', 'list', 'show', 'pause', 'resume', 'cancel', 'remove', 'check-layout']) {
      expect(out).to.match(new RegExp(`^ {2}${command}\\b`, 'm'));
    }
    for (const args of [['wash'], ['run', '--nope'], []]) {
      expect((await run(['filematch', ...args])).code, args.join(' ')).to.equal(2);
    }
  });

  describe('hash-password', () => {
    for (const ending of ['', '\n', '\r\n']) {
      it(`hashes what is piped in, without the line break ${JSON.stringify(ending)}`, async () => {
        const { code, out } = await run(['hash-password'], { input: ` blåbær 1${ending}` });
        const hash = parsePasswordHash(out.trimEnd());
        expect(code).to.equal(0);
        expect(hash && (await verifyPassword(' blåbær 1', hash))).to.equal(true);
      });
    }

    for (const [what, input] of [
      ['nothing', ''],
      ['an empty line', '\n'],
      ['two lines', 'a\nb\n'],
      ['something endless', 'x'.repeat(100_000)],
    ] as const) {
      it(`refuses ${what} without repeating it`, async () => {
        const { code, out, err } = await run(['hash-password'], { input });
        expect([code, out]).to.deep.equal([1, '']);
        expect(err).to.match(/^Standard input [^\n]+\.\n$/);
      });
    }
  });

  describe('seal-password', () => {
    it('seals what is piped in with the sandbox’s own key, to be opened by it alone', async () => {
      const folder = newFolder();
      const file = write(folder, 'c.yaml', smallest.replace('directory: data', `directory: ${folder}/data`));
      const { code, out, err } = await run(['seal-password', '--config', file], { input: ' blåbær 1\n' });
      expect([code, err]).to.deep.equal([0, '']);
      const { sealingKeys } = loadOrCreateKeys(join(folder, 'data'), systemRandom);
      expect(openClientSecret(out.trimEnd(), new Sealer(sealingKeys, systemRandom))).to.equal(' blåbær 1');
    });

    it('seals with the first of the configured keys, whatever the configuration still lacks', async () => {
      const file = write(
        newFolder(),
        'c.yaml',
        `data: { directory: data }\nstore: { sealingKeys: [{ id: k1, key: ${someKey} }], pseudonymKey: ${someKey} }\n`,
      );
      const { code, out, err } = await run(['seal-password', '--config', file], { input: 'hush' });
      expect([code, err]).to.deep.equal([0, '']);
      const sealer = new Sealer([{ id: 'k1', key: Buffer.from(someKey, 'base64') }], systemRandom);
      expect(openClientSecret(out.trimEnd(), sealer)).to.equal('hush');
    });

    it('says so when there is no key, nothing to seal, or no configuration', async () => {
      const file = write(newFolder(), 'c.yaml', 'data: { directory: data }\n');
      const keyless = await run(['seal-password', '--config', file], { input: 'hush' });
      expect(keyless).to.deep.equal({
        code: 1,
        out: '',
        err: 'The configuration has no store.sealingKeys to seal with.\n',
      });
      const folder = newFolder();
      const good = write(folder, 'c.yaml', smallest.replace('directory: data', `directory: ${folder}/data`));
      expect((await run(['seal-password', '--config', good])).err).to.match(/^Standard input is empty/);
      expect((await run(['seal-password', '--config', '/none'])).err).to.contain('/none');
    });
  });

  describe('check-config', () => {
    it('opens sealed passwords where it has the keys, and names the client whose does not open', async () => {
      const hospital = (sealed: string): string => `
data: { directory: data }
listeners: { legacy: { plaintext: true } }
store: { sealingKeys: [{ id: k1, key: ${someKey} }], pseudonymKey: ${someKey} }
persontjenesten: { baseUrl: https://register.example.invalid }
helseid: { issuer: https://helseid.example.invalid, clientId: x, privateKey: '${someJwk}' }
clients:
  - id: lab
    username: lab
    sealedPassword: ${sealed}
    protocols: [hl7v3]
    organisation: { parent: 999999999 }
`;
      const seal = (id: string): string =>
        sealClientSecret('hush', new Sealer([{ id, key: Buffer.from(someKey, 'base64') }], systemRandom));
      const good = write(newFolder(), 'c.yaml', hospital(seal('k1')));
      expect(await run(['check-config', '--config', good])).to.deep.include({ code: 0, err: '' });
      const bad = write(newFolder(), 'c.yaml', hospital(seal('k2')));
      expect(await run(['check-config', '--config', bad])).to.deep.equal({
        code: 1,
        out: '',
        err: 'the sealedPassword of client lab cannot be used: it is sealed with the key "k2", which store.sealingKeys does not have.\n',
      });
    });

    it('accepts a good file in one line', async () => {
      const file = write(newFolder(), 'c.yaml', smallest);
      const { code, out, err } = await run(['check-config', '--config', file]);
      expect([code, err]).to.deep.equal([0, '']);
      expect(out).to.equal(
        `${file} is valid: 1 of 1 client enabled, HTTPS on 127.0.0.1:8443, answers from the sandbox, by version 3 of Persontjenesten.\n`,
      );
    });

    it('says where MLLP listens, and whether anybody can read along', async () => {
      const yaml = smallest.replace('[hl7v3]', '[hl7v3, hl7v2]');
      const file = write(newFolder(), 'c.yaml', `${yaml}\nlisteners: { mllp: {} }\n`);
      expect((await run(['check-config', '--config', file])).out).to.contain(
        'HTTPS on 127.0.0.1:8443, MLLP in PLAINTEXT on 127.0.0.1:2575, answers',
      );
    });

    it('names files of MLLP that are not there', async () => {
      const tls = '{ certificateFile: /none, privateKeyFile: /none, clientCaFile: /none }';
      const file = write(newFolder(), 'c.yaml', `${smallest}\nlisteners: { mllp: { tls: ${tls} } }\n`);
      const { code, err } = await run(['check-config', '--config', file]);
      expect(code).to.equal(1);
      for (const name of ['certificateFile', 'privateKeyFile', 'clientCaFile']) {
        expect(err).to.contain(`listeners.mllp.tls.${name}: found "/none", which cannot be read (ENOENT)`);
      }
    });

    it('says which version of Persontjenesten is asked', async () => {
      const file = write(newFolder(), 'c.yaml', smallest);
      const environment = { PREG_ADAPTER__SANDBOX__VERSION: '2' };
      const { out } = await run(['check-config', '--config', file], { environment });
      expect(out).to.contain('answers from the sandbox, by version 2 of Persontjenesten');
    });

    it('names drop folders that are not there, and layouts that there are not', async () => {
      const folder = newFolder();
      const file = write(folder, 'c.yaml', smallest.replace('hl7v3', 'filematch'));
      const environment = {
        PREG_ADAPTER__CLIENTS__0__FILEMATCH__FOLDER: join(folder, 'drop'),
        PREG_ADAPTER__CLIENTS__0__FILEMATCH__LAYOUTS: 'pfm',
      };
      const { code, out, err } = await run(['check-config', '--config', file], { environment });
      expect([code, out]).to.deep.equal([1, '']);
      expect(err)
        .to.contain(`The configuration in ${file} has 2 problems:`)
        .and.to.contain('clients[0].filematch.folder: found a folder that is not there')
        .and.to.contain('clients[0].filematch.layouts[0]: found "pfm", which no layout file has');
    });

    it('takes the last file that is named', async () => {
      const file = write(newFolder(), 'c.yaml', smallest);
      expect((await run(['check-config', '-c', '/none', '-c', file])).code).to.equal(0);
    });

    it('lists the problems of a bad one, from file and environment', async () => {
      const file = write(newFolder(), 'c.yaml', smallest.replace('hl7v3', 'hl7v4'));
      const { code, out, err } = await run(['check-config', '--config', file], {
        environment: { PREG_ADAPTER__SANDBOX__PORT: 'x' },
      });
      expect([code, out]).to.deep.equal([1, '']);
      expect(err.split('\n')).to.have.length(4);
      expect(err).to.contain('clients[0].protocols[0]').and.to.contain('PREG_ADAPTER__SANDBOX__PORT');
    });
  });
});

async function run(
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Environment } = {},
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const code = await runCommandLine(args, {
    output: { stdout: { write: (text) => (out += text) }, stderr: { write: (text) => (err += text) } },
    input: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    environment,
    clock: new ManualClock(),
    random: new CountedRandom(),
    log: nowhere,
    errorLog: nowhere,
    signals: new EventEmitter(),
    hasTerminal: () => false,
    exitNow: () => undefined,
  });
  return { code, out, err };
}
