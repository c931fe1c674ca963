import { request, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { expect } from 'chai';
import { formatPasswordHash, hashPassword, parsePasswordHash } from '../../src/access/password-hash.js';
import { operatorLogin } from '../../src/cli/operator-login.js';
import { createHealth } from '../../src/operations/health.js';
import { createOperationsListener, type OperationsListener } from '../../src/operations/listener.js';
import { silentLogger } from '../../src/operations/logger.js';
import type { OperatorLogin } from '../../src/operations/operator-login.js';
import { CountedRandom } from '../support/counted-random.js';
import { ManualClock } from '../support/manual-clock.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { serverCertificate } from '../support/server-certificate.js';

const PASSWORD = 'blåbær: 3 liter';
const guarded = ['/', '/metrics', '/traces/7'];
const open = ['/health/live', '/health/ready'];

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

describe('the password of the operations listener', () => {
  let passwordHash: string;
  let clock: ManualClock;
  let events: RecordedEvents;
  let login: ReturnType<typeof operatorLogin>;
  let listener: OperationsListener;
  let port: number;
  let answered: number;

  before(async () => {
    passwordHash = await hashPassword(PASSWORD, new CountedRandom());
  });

  async function start(login: OperatorLogin | undefined): Promise<void> {
    answered = 0;
    const answer = (): { contentType: string; body: string } => {
      answered += 1;
      return { contentType: 'text/plain', body: 'shown' };
    };
    listener = createOperationsListener({
      host: '127.0.0.1',
      port: 0,
      health: createHealth(silentLogger),
      metrics: { expose: () => Promise.resolve(answer()) },
      pages: [
        { path: '/', answer },
        { path: '/traces/:id', answer },
      ],
      login,
      maxConnections: 10,
      events,
      clock,
    });
    ({ port } = await listener.start());
  }

  beforeEach(async () => {
    clock = new ManualClock();
    events = new RecordedEvents();
    login = operatorLogin({ passwordHash, events, clock, random: new CountedRandom() });
    await start(login);
  });

  afterEach(async () => {
    await listener.stop();
  });

  const ask = ({ path, method = 'GET', headers = {} }: Asked): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer);
      })
        .once('error', reject)
        .end();
    });
  const as = (username: string, password: string): Record<string, string> => ({
    Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  });

  for (const path of guarded) {
    it(`is asked for by ${path}, and lets the operator in`, async () => {
      const without = await ask({ path });
      expect(without.statusCode).to.equal(401);
      expect(without.headers['www-authenticate']).to.equal('Basic realm="preg-adapter", charset="UTF-8"');
      expect(answered).to.equal(0);
      expect((await ask({ path, headers: as('operator', PASSWORD) })).statusCode).to.equal(200);
      expect(answered).to.equal(1);
    });

    for (const [what, headers] of [
      ['a wrong password', as('operator', 'wrong')],
      ['another user', as('epj-sentrum', PASSWORD)],
      ['an empty password', as('operator', '')],
      ['another scheme', { Authorization: 'Bearer abc' }],
      ['what is no base64', { Authorization: 'Basic ***' }],
    ] as const) {
      it(`does not let ${what} in at ${path}`, async () => {
        expect((await ask({ path, headers })).statusCode).to.equal(401);
        expect(answered).to.equal(0);
      });
    }
  }

  for (const path of open) {
    it(`is not asked for by ${path}, which load balancers need`, async () => {
      expect((await ask({ path })).statusCode).to.equal(200);
    });
  }

  it('is remembered, so that a page that renews itself costs no derivation each time', async () => {
    const headers = as('operator', PASSWORD);
    await ask({ path: '/', headers });
    const begun = process.cpuUsage();
    for (let page = 0; page < 10; page += 1) await ask({ path: '/', headers });
    const { user, system } = process.cpuUsage(begun);
    // Ten derivations take a second.
    expect((user + system) / 1_000).to.be.below(500);
  });

  it('is refused at once when it was changed, though it is remembered', async () => {
    const old = { path: '/', headers: as('operator', PASSWORD) };
    expect((await ask(old)).statusCode).to.equal(200);
    login?.change(await hashPassword('tyttebær', new CountedRandom()));
    expect((await ask(old)).statusCode).to.equal(401);
    expect((await ask({ path: '/', headers: as('operator', 'tyttebær') })).statusCode).to.equal(200);
    expect(answered).to.equal(2);
  });

  it('lets in who has it after a reload that does not change it', async () => {
    login?.change(passwordHash);
    const headers = as('operator', PASSWORD);
    expect((await ask({ path: '/', headers })).statusCode).to.equal(200);
  });

  it('is guessed more and more slowly, told of, and never locked', async () => {
    for (let guess = 0; guess < 6; guess += 1) {
      await ask({ path: '/', headers: as('operator', `guess ${guess}`) });
    }
    expect(clock.sleeps).to.deep.equal([250, 500, 1_000]);
    expect(events.of.authenticationFailed.map(({ failures }) => failures)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect((await ask({ path: '/', headers: as('operator', PASSWORD) })).statusCode).to.equal(200);
  });

  it('counts no browser that comes without a password at first as a guess', async () => {
    for (let visit = 0; visit < 20; visit += 1) await ask({ path: '/' });
    expect(clock.sleeps).to.deep.equal([]);
    expect(events.of.authenticationFailed).to.deep.equal([]);
  });

  it('opens nothing to other methods than GET and HEAD', async () => {
    const headers = as('operator', PASSWORD);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      for (const path of guarded) {
        expect((await ask({ path, method, headers })).statusCode, `${method} ${path}`).to.equal(404);
      }
    }
    expect(answered).to.equal(0);
  });

  it('sends security headers with what it refuses', async () => {
    const { headers } = await ask({ path: '/' });
    expect(headers).to.include({ 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).to.include("frame-ancestors 'none'");
    expect(headers).not.to.have.property('access-control-allow-origin');
  });

  it('is a hash that was checked, or nothing is begun', () => {
    const made = (): unknown =>
      operatorLogin({ passwordHash: 'scrypt$', events, clock, random: new CountedRandom() });
    expect(made).to.throw(TypeError);
    const weak = parsePasswordHash(passwordHash);
    expect(weak === undefined ? '' : formatPasswordHash(weak)).to.equal(passwordHash);
  });

  describe('where there is none', () => {
    beforeEach(async () => {
      await listener.stop();
      await start(operatorLogin({ passwordHash: undefined, events, clock, random: new CountedRandom() }));
    });

    for (const host of ['localhost', 'localhost:9090', '127.0.0.1:9090', '127.1.2.3', '[::1]:9090']) {
      it(`shows pages under ${host}`, async () => {
        expect((await ask({ path: '/', headers: { Host: host } })).statusCode).to.equal(200);
      });
    }

    // A name that somebody else owns may lead to 127.0.0.1, and a page from there could read what is shown here.
    for (const host of ['evil.example', 'evil.example:9090', '127.0.0.1.evil.example', '10.0.0.1', '[::2]']) {
      it(`shows none under ${host}`, async () => {
        for (const path of guarded) {
          expect((await ask({ path, headers: { Host: host } })).statusCode, path).to.equal(421);
        }
        expect(answered).to.equal(0);
        expect((await ask({ path: '/health/live', headers: { Host: host } })).statusCode).to.equal(200);
      });
    }
  });

  it('goes over TLS where the listener has a certificate, and plain HTTP gets no answer', async () => {
    const { certificatePem, privateKeyPem } = await serverCertificate();
    const secure = createOperationsListener({
      host: '127.0.0.1',
      port: 0,
      health: createHealth(silentLogger),
      metrics: { expose: () => Promise.resolve({ contentType: 'text/plain', body: 'shown' }) },
      tls: { cert: certificatePem, key: privateKeyPem },
      maxConnections: 10,
      events,
      clock,
    });
    const at = await secure.start();
    const status = await new Promise((resolve, reject) => {
      secureRequest(
        { host: '127.0.0.1', port: at.port, path: '/metrics', ca: certificatePem, agent: false },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
        .once('error', reject)
        .end();
    });
    port = at.port;
    const inTheClear = await ask({ path: '/metrics' }).catch(() => undefined);
    await secure.stop();
    port = 0;
    expect([status, inTheClear?.statusCode]).to.deep.equal([200, undefined]);
  });
});
