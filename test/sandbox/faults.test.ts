import { expect } from 'chai';
import { systemClock } from '../../src/runtime/system-clock.js';
import type { Clock } from '../../src/runtime/clock.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { Faults } from '../../src/sandbox/faults.js';
import {
  hashOf,
  json,
  memberOf,
  SandboxClient,
  startTestSandbox,
  type Answer,
} from './support/sandbox-client.js';

function withMembers(body: unknown, members: Readonly<Record<string, unknown>>): unknown {
  return typeof body === 'object' ? { ...body, ...members } : members;
}

describe('order of faults', () => {
  const teapot = { kind: 'answer', status: 418 } as const;
  const html = { kind: 'html-page' } as const;

  it('is queued ones first, as they were asked for, and then the lasting one that was set last', () => {
    const faults = new Faults();
    faults.always('persontjenesten', teapot);
    faults.always('persontjenesten', html);
    faults.next('persontjenesten', { kind: 'stalled-body' }, { times: 2 });
    faults.next('persontjenesten', { kind: 'truncated-json' });
    expect(faults.pending).to.equal(3);
    const kinds = [1, 2, 3, 4, 5].map(() => faults.take('persontjenesten', '/x')?.kind);
    expect(kinds).to.deep.equal(['stalled-body', 'stalled-body', 'truncated-json', 'html-page', 'html-page']);
    expect(faults.pending).to.equal(0);
  });

  it('leaves the other service and other paths alone', () => {
    const faults = new Faults();
    faults.next('persontjenesten', teapot, { path: /search/ });
    expect(faults.take('helseid', '/connect/token')).to.equal(undefined);
    expect(faults.take('persontjenesten', '/api/v3/full-access/person/a')).to.equal(undefined);
    expect(faults.take('persontjenesten', '/api/v3/full-access/search/person')).to.equal(teapot);
  });

  it('spares discovery unless it is named', () => {
    const faults = new Faults();
    faults.always('helseid', teapot);
    expect(faults.take('helseid', '/.well-known/openid-configuration')).to.equal(undefined);
    expect(faults.take('helseid', '/connect/token')).to.equal(teapot);
    faults.next('helseid', html, { path: '/.well-known/' });
    expect(faults.take('helseid', '/.well-known/openid-configuration')).to.equal(html);
  });

  it('ends with clear, for one service or for all', () => {
    const faults = new Faults();
    faults.always('helseid', teapot);
    faults.next('persontjenesten', teapot);
    faults.clear('helseid');
    expect(faults.take('helseid', '/connect/token')).to.equal(undefined);
    faults.clear();
    expect(faults.take('persontjenesten', '/')).to.equal(undefined);
  });
});

describe('faults of the sandbox', () => {
  const slept: number[] = [];
  let wakeUp: (() => void) | undefined;
  const clock: Clock = {
    now: () => systemClock.now(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        slept.push(milliseconds);
        wakeUp = resolve;
        signal?.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      }),
  };
  const troubles: unknown[] = [];
  let sandbox: Sandbox;
  let client: SandboxClient;

  before(async () => {
    sandbox = await startTestSandbox({ clock, population: 1, onTrouble: (error) => troubles.push(error) });
    client = await SandboxClient.for(sandbox);
    await client.token();
  });

  after(async () => {
    client.close();
    await sandbox.stop();
    expect(troubles).to.deep.equal([]);
  });

  afterEach(async () => {
    sandbox.faults.clear();
    slept.length = 0;
    expect((await count()).status, 'all is well after a fault').to.equal(200);
  });

  const count = (proof?: string): Promise<Answer> =>
    client.call('full-access/search/match-count', { form: '', ...(proof === undefined ? {} : { proof }) });
  const failureOf = (call: Promise<Answer>): Promise<string> =>
    call.then(
      ({ status }) => `answered ${status}`,
      (error: unknown) => String(memberOf(error, 'code') ?? error),
    );
  const next = (
    ...fault: Parameters<Faults['next']> extends [unknown, ...infer Rest] ? Rest : never
  ): void => {
    sandbox.faults.next('persontjenesten', ...fault);
  };

  it('latency goes by the clock, and then the answer is right', async () => {
    next({ kind: 'latency', milliseconds: 30_000 });
    const call = count();
    while (wakeUp === undefined) await new Promise(setImmediate);
    wakeUp();
    wakeUp = undefined;
    expect(json(await call)).to.deep.equal({ matchCount: sandbox.population.size });
    expect(slept).to.deep.equal([30_000]);
  });

  it('latency can end in another fault', async () => {
    next({ kind: 'latency', milliseconds: 10, then: { kind: 'server-error', status: 503 } });
    const call = count();
    while (wakeUp === undefined) await new Promise(setImmediate);
    wakeUp();
    wakeUp = undefined;
    expect((await call).status).to.equal(503);
  });

  it('429 and 503 come with Retry-After when it is given', async () => {
    next({ kind: 'too-many-requests', retryAfter: 7 });
    next({ kind: 'server-error', status: 503, retryAfter: 'Sun, 01 Mar 2026 12:00:00 GMT' });
    next({ kind: 'server-error', status: 500 });
    const answers = [await count(), await count(), await count()];
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).to.deep.equal([
      [429, '7'],
      [503, 'Sun, 01 Mar 2026 12:00:00 GMT'],
      [500, null],
    ]);
  });

  it('an HTML page can have any status', async () => {
    next({ kind: 'html-page' });
    next({ kind: 'html-page', status: 403 });
    const [ok, forbidden] = [await count(), await count()];
    expect([ok.status, forbidden.status]).to.deep.equal([200, 403]);
    expect(ok.headers.get('content-type')).to.contain('text/html');
    expect(ok.text).to.match(/^<!DOCTYPE html>/);
  });

  it('a connection is cut before the headers, or in the middle of the body', async () => {
    next({ kind: 'cut-connection', when: 'before-headers' });
    next({ kind: 'cut-connection', when: 'mid-body' });
    expect(await failureOf(count())).to.equal('ECONNRESET');
    expect(await failureOf(count())).to.equal('ECONNRESET');
    expect(sandbox.requests.of('persontjenesten').at(-2)?.status).to.equal(undefined);
  });

  it('truncated JSON is a whole message that does not parse', async () => {
    next({ kind: 'truncated-json' });
    const answer = await count();
    expect(answer.status).to.equal(200);
    expect(() => json(answer)).to.throw(SyntaxError);
  });

  it('an expired token is said to have expired, though it has not', async () => {
    next({ kind: 'expired-token' });
    const answer = await count();
    expect(answer.status).to.equal(401);
    expect(answer.headers.get('www-authenticate')).to.contain('invalid_token').and.to.contain('expired');
  });

  it('a nonce is asked for until a proof has it', async () => {
    sandbox.faults.always('persontjenesten', { kind: 'use-dpop-nonce', nonce: 'n-1' });
    const refused = await count();
    expect([refused.status, refused.headers.get('dpop-nonce')]).to.deep.equal([401, 'n-1']);
    expect(refused.headers.get('www-authenticate')).to.contain('use_dpop_nonce');
    const url = `${sandbox.persontjenestenUrl}/api/v3/full-access/search/match-count`;
    const claims = { nonce: 'n-1', ath: hashOf(await client.token()) };
    expect((await count(await client.proof('POST', url, { claims }))).status).to.equal(200);
  });

  it('any answer can be given', async () => {
    next({ kind: 'answer', status: 301, headers: { location: 'https://elsewhere.example/' }, body: 'moved' });
    const answer = await count();
    expect([answer.status, answer.text, answer.headers.get('location')]).to.deep.equal([
      301,
      'moved',
      'https://elsewhere.example/',
    ]);
  });

  it('a right answer can be altered', async () => {
    next({ kind: 'altered-answer', alter: (body) => withMembers(body, { surprise: true }) });
    expect(json(await count())).to.deep.equal({ matchCount: sandbox.population.size, surprise: true });
  });

  it('meets only so many requests, and is noted with them', async () => {
    sandbox.requests.clear();
    next({ kind: 'server-error', status: 500 }, { times: 2 });
    const statuses = [await count(), await count(), await count()].map(({ status }) => status);
    expect(statuses).to.deep.equal([500, 500, 200]);
    expect(sandbox.requests.all().map(({ fault }) => fault)).to.deep.equal([
      'server-error',
      'server-error',
      undefined,
    ]);
  });

  describe('at the token endpoint', () => {
    const token = async (): Promise<Answer> =>
      client.askForToken(await client.assertion(), await client.proof('POST', client.tokenUrl));

    it('are answered in the place of HelseID', async () => {
      sandbox.faults.next('helseid', { kind: 'server-error', status: 503 });
      sandbox.faults.next('helseid', { kind: 'html-page' });
      sandbox.faults.next('helseid', { kind: 'cut-connection', when: 'before-headers' });
      expect((await token()).status).to.equal(503);
      expect((await token()).text).to.contain('<html>');
      expect(await failureOf(token())).to.equal('ECONNRESET');
      expect((await token()).status).to.equal(400);
    });

    it('a token can live for a moment only', async () => {
      sandbox.faults.always('helseid', { kind: 'expired-token', seconds: 3 });
      expect(memberOf(json(await client.tokenAnswer()), 'expires_in')).to.equal(3);
    });

    it('an answer can be altered', async () => {
      sandbox.faults.always('helseid', {
        kind: 'altered-answer',
        alter: (body) => withMembers(body, { token_type: 'Bearer', scope: 'other' }),
      });
      const answer = json(await client.tokenAnswer());
      expect(memberOf(answer, 'token_type')).to.equal('Bearer');
      expect(memberOf(answer, 'access_token')).to.be.a('string');
    });

    it('a nonce can be asked for in a loop', async () => {
      sandbox.faults.always('helseid', { kind: 'use-dpop-nonce', nonce: 'never-right' });
      const answer = await token();
      expect([answer.status, memberOf(json(answer), 'error')]).to.deep.equal([400, 'use_dpop_nonce']);
      expect(answer.headers.get('dpop-nonce')).to.equal('never-right');
    });
  });
});

describe('requests that the sandbox remembers', () => {
  it('are the newest ones only', async () => {
    const sandbox = await startTestSandbox({ rememberedRequests: 3 });
    const client = await SandboxClient.for(sandbox);
    try {
      for (const number of [1, 2, 3, 4, 5]) {
        await client.send('GET', `${sandbox.persontjenestenUrl}/ping?number=${number}`);
      }
      const numbers = [...sandbox.requests].map(({ query }) => query['number']);
      expect(numbers).to.deep.equal([['3'], ['4'], ['5']]);
    } finally {
      client.close();
      await sandbox.stop();
    }
  });
});
