import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';
import { systemClock } from '../../src/runtime/system-clock.js';
import { newDpopKey } from '../../src/helseid/dpop-key.js';
import { TokenClient } from '../../src/helseid/token-client.js';
import { closeHttpClient, createHttpClient } from '../../src/outbound/http-client.js';
import type { FaultTarget } from '../../src/sandbox/faults.js';
import { tokenEndpointError } from '../../src/sandbox/helseid/token-faults.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { FULL, startTestSandbox } from '../sandbox/support/sandbox-client.js';
import { RunningProgram } from '../support/adapter-program.js';
import { runCommand, type CommandResult } from '../support/command-line.js';
import { smallest, write } from '../support/configuration-files.js';
import {
  HOSPITAL_CLIENT,
  hospitalClient,
  hospitalOnSandbox,
  type HospitalClient,
  type HospitalFiles,
} from '../support/hospital-on-sandbox.js';
import { programs } from '../support/programs.js';

type Key = JWK & { readonly kty: string; readonly kid: string; readonly exp?: number };

const marks = z.looseObject({ kty: z.string(), kid: z.string(), exp: z.number().optional() });
const keyShape = z.custom<Key>((value) => marks.safeParse(value).success);

const DAY = 24 * 60 * 60;

describe('preg-adapter rotate-helseid-key', function () {
  this.timeout(30_000);
  const run = programs();
  let sandbox: Sandbox;
  let client: HospitalClient;
  let files: HospitalFiles;

  beforeEach(async () => {
    client = await hospitalClient();
    sandbox = await startTestSandbox({ clients: [client.registered], keyLifeDays: 100 });
    files = await hospitalOnSandbox(run.folder(), sandbox, client);
  });

  afterEach(() => sandbox.stop());

  const rotate = (...more: readonly string[]): Promise<CommandResult> =>
    runCommand(['rotate-helseid-key', '--config', files.configuration, '--algorithm', 'ES256', ...more]);

  function keyIn(file: string): Key {
    return keyShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  const textOf = (file: string): string => readFileSync(file, 'utf8');

  /** Whether HelseID takes a key. */
  async function isTaken(privateKey: Key): Promise<boolean> {
    const http = createHttpClient({ certificateAuthority: sandbox.certificatePem });
    const identity = {
      issuer: sandbox.issuer,
      clientId: HOSPITAL_CLIENT,
      privateKey,
      tenancy: 'single',
    } as const;
    try {
      await new TokenClient(identity, http, await newDpopKey(), systemClock).grant(FULL, {
        parent: '310000027',
      });
      return true;
    } catch {
      return false;
    } finally {
      closeHttpClient(http);
    }
  }

  it('replaces the key, tells its end, and keeps the one before', async () => {
    const before = textOf(files.key);
    const { code, out, err } = await rotate();
    expect([code, err]).to.deep.equal([0, '']);
    const key = keyIn(files.key);
    expect(key.kid).to.match(/^[0-9a-f]{32}$/);
    expect(key.exp).to.be.within(Date.now() / 1000 + 99 * DAY, Date.now() / 1000 + 100 * DAY);
    expect(out).to.contain(`The key ${key.kid} (ES256) is registered and in ${files.key}; it ends on 20`);
    expect(statSync(files.key).mode & 0o777).to.equal(0o600);
    expect(textOf(`${files.key}.previous`)).to.equal(before);
    expect(await isTaken(key)).to.equal(true);
    expect(await isTaken(keyIn(`${files.key}.previous`)), 'the key before').to.equal(false);
  });

  it('makes an RSA key of 4096 bits for PS256 unless told otherwise', async () => {
    const { code } = await runCommand(['rotate-helseid-key', '--config', files.configuration]);
    expect(code).to.equal(0);
    const key = keyIn(files.key);
    expect(key).to.include({ kty: 'RSA', alg: 'PS256', use: 'sig' });
    expect(Buffer.from(key.n ?? '', 'base64url')).to.have.length(512);
    expect(await isTaken(key)).to.equal(true);
  });

  it('can be run again and again', async () => {
    const ids = [keyIn(files.key).kid];
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await rotate()).code).to.equal(0);
      ids.push(keyIn(files.key).kid);
    }
    expect(new Set(ids)).to.have.property('size', 4);
    expect(await isTaken(keyIn(files.key))).to.equal(true);
  });

  it('asks HelseID with one scope, and says nothing of an organisation', async () => {
    sandbox.requests.clear();
    await rotate();
    expect(sandbox.requests.of('self-service')).to.have.length(1);
    expect(sandbox.requests.of('persontjenesten')).to.have.length(0);
  });

  it('puts a JWK in place of PEM, which goes by its own id from then on', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    sandbox.clients.replaceKey(
      HOSPITAL_CLIENT,
      { ...(await exportJWK(publicKey)), kid: 'of-the-pem', alg: 'ES256' },
      undefined,
    );
    files = await hospitalOnSandbox(run.folder(), sandbox, client, {
      keyId: 'of-the-pem',
      algorithm: 'ES256',
    });
    writeFileSync(files.key, await exportPKCS8(privateKey));
    expect((await rotate()).code).to.equal(0);
    expect((await rotate()).code).to.equal(0);
    expect(await isTaken(keyIn(files.key))).to.equal(true);
  });

  it('prints nothing of any key', async () => {
    const { out, err } = await rotate();
    for (const file of [files.key, `${files.key}.previous`]) {
      const { d = '', x = '' } = keyIn(file);
      for (const member of [d, x]) expect(out + err).to.not.contain(member);
    }
  });

  describe('says one plain sentence and leaves the key alone', () => {
    async function refused(): Promise<string> {
      const before = textOf(files.key);
      const { code, err } = await rotate();
      expect(code).to.equal(1);
      expect(err).to.match(/^[^\n]+[.]\n$/);
      expect(err).to.not.match(/\bat .*:\d+|Unforeseen|undefined/);
      expect(textOf(files.key)).to.equal(before);
      return err;
    }

    it('when self service refuses the key', async () => {
      sandbox.faults.always('self-service', { kind: 'answer', status: 422, body: '{}' });
      expect(await refused()).to.contain('self service answered 422. The key in use stays.');
      expect(existsSync(`${files.key}.pending`)).to.equal(false);
    });

    it('when the client may not replace its key', async () => {
      sandbox.faults.always('helseid', tokenEndpointError('invalid_scope'));
      expect(await refused()).to.match(
        /invalid_scope.*The key in use was not touched.*nhn:selvbetjening\/client/,
      );
    });

    it('when the key in use is not registered', async () => {
      sandbox.clients.replaceKey(HOSPITAL_CLIENT, (await hospitalClient()).registered.publicJwk, undefined);
      expect(await refused()).to.contain('invalid_client');
    });

    it('when HelseID is down', async () => {
      sandbox.faults.always('helseid', { kind: 'server-error', status: 503 });
      await refused();
    });

    it('when the key does not come from a file', async () => {
      const inline = { privateKeyFile: undefined, privateKey: textOf(files.key) };
      files = { ...(await hospitalOnSandbox(run.folder(), sandbox, client, inline)), key: files.key };
      expect(await refused()).to.contain('does not come from a file');
    });

    it('when self service is not configured', async () => {
      files = await hospitalOnSandbox(run.folder(), sandbox, client, { selfServiceUrl: undefined });
      expect(await refused()).to.match(/^helseid\.selfServiceUrl is not set/);
    });

    it('when there is a sandbox, whose key is its own', async () => {
      const configuration = write(run.folder(), 'sandbox.yaml', smallest);
      const { code, err } = await runCommand(['rotate-helseid-key', '--config', configuration]);
      expect([code, err]).to.deep.equal([
        1,
        'This configuration has a sandbox, whose key is its own and made anew at each start: there is nothing to rotate.\n',
      ]);
    });

    it('when the algorithm is none of HelseID’s', async () => {
      const { code, err } = await rotate('--algorithm', 'HS256');
      expect(code).to.equal(1);
      expect(err).to.contain('PS256');
    });
  });

  describe('--check', () => {
    const check = (): Promise<CommandResult> =>
      runCommand(['rotate-helseid-key', '--check', '--config', files.configuration]);

    it('tells when the key ends, without asking anybody', async () => {
      await rotate();
      await sandbox.stop();
      const { code, out } = await check();
      expect(code).to.equal(0);
      expect(out).to.match(/^The key [0-9a-f]{32} ends on \d{4}-\d\d-\d\d, in 99 days\.\n$/);
    });

    it('says so when the key does not tell', async () => {
      const { code, out } = await check();
      expect(code).to.equal(0);
      expect(out).to.match(/^The key [0-9a-f]{32} does not tell when it ends/);
    });

    it('fails once the key has ended', async () => {
      writeFileSync(files.key, JSON.stringify({ ...keyIn(files.key), exp: 1_700_000_000 }));
      const { code, out, err } = await check();
      expect([code, out]).to.deep.equal([1, '']);
      expect(err).to.match(/^The key [0-9a-f]{32} ended on 2023-11-14: rotate it\.\n$/);
    });

    it('tells of a rotation that did not come to its end', async () => {
      writeFileSync(`${files.key}.pending`, textOf(files.key));
      expect((await check()).out).to.contain(`${files.key}.pending holds a new key`);
    });
  });

  describe('killed', () => {
    async function killedBeforeTheAnswer(target: FaultTarget): Promise<void> {
      const args = ['rotate-helseid-key', '--config', files.configuration, '--algorithm', 'ES256'];
      const program = run.watch(RunningProgram.adapter(args));
      const alter = (body: unknown): unknown => {
        program.signal('SIGKILL');
        return body;
      };
      sandbox.faults.next(target, { kind: 'altered-answer', alter });
      sandbox.faults.next(target, { kind: 'altered-answer', alter });
      expect(await program.ended).to.include({ signal: 'SIGKILL' });
      sandbox.faults.clear();
    }

    it('while self service answers, it finds the registered key and puts it in place', async () => {
      await killedBeforeTheAnswer('self-service');
      const pending = keyIn(`${files.key}.pending`);
      expect(await isTaken(pending), 'registered').to.equal(true);
      expect(keyIn(files.key).kid).to.equal(client.privateJwk.kid);
      const { code, out } = await rotate();
      expect(code, out).to.equal(0);
      expect(keyIn(files.key).kid).to.equal(pending.kid);
      expect(out).to.contain('the answer got lost');
      expect(readdirSync(dirname(files.key)).filter((name) => name.startsWith('helseid'))).to.deep.equal([
        'helseid.jwk',
        'helseid.jwk.previous',
      ]);
    });

    it('while HelseID answers, it begins anew', async () => {
      await killedBeforeTheAnswer('helseid');
      expect(existsSync(`${files.key}.pending`)).to.equal(false);
      expect((await rotate()).code).to.equal(0);
      expect(await isTaken(keyIn(files.key))).to.equal(true);
    });
  });
});
