import { createHash } from 'node:crypto';
import { getEventListeners } from 'node:events';
import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { EmbeddedJWK, decodeJwt, jwtVerify } from 'jose';
import nock from 'nock';
import {
  AdapterError,
  InternalError,
  Overloaded,
  TokenRefused,
  UpstreamInvalidAnswer,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../src/errors/errors.js';
import type { TokenSource } from '../../src/helseid/access-tokens.js';
import type { Layer } from '../../src/registry/persontjenesten/calls/layer.js';
import type { ApiRequest } from '../../src/registry/persontjenesten/transport.js';
import { fakedHttp } from '../support/faked-http.js';
import { loopbackServers } from '../support/loopback-server.js';
import { serverCertificate } from '../support/server-certificate.js';
import { until } from '../support/until.js';
import {
  BASE,
  CORRELATION_ID,
  CountingSource,
  FakeApi,
  NIN,
  NOW,
  lookup,
  transportBench,
  type ApiAnswer,
  type Received,
} from './transport-bench.js';

const expired: ApiAnswer = {
  status: 401,
  headers: { 'WWW-Authenticate': 'DPoP error="invalid_token", error_description="expired"' },
};
const useNonce = (nonce: string): ApiAnswer => ({
  status: 401,
  headers: { 'DPoP-Nonce': nonce, 'WWW-Authenticate': 'DPoP error="use_dpop_nonce"' },
});
const good: ApiAnswer = { status: 200, body: '{"id":"e1"}', headers: { 'Content-Type': 'application/json' } };

function tokenOf({ headers }: Received): string | undefined {
  return headers['authorization']?.replace('DPoP ', '');
}

function nonceOf({ proof }: Received): unknown {
  return decodeJwt(proof)['nonce'];
}

/** Verifies the proof as the API does (helseid 2.2) and gives its jti. */
async function judge(received: Received, method: string): Promise<string> {
  const { payload } = await jwtVerify(received.proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    maxTokenAge: 1,
    currentDate: new Date(NOW),
    requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
  });
  expect(payload['htm']).to.equal(method);
  expect(payload['htu']).to.equal(BASE + (received.address.split('?')[0] ?? ''));
  expect(payload['ath']).to.equal(
    createHash('sha256')
      .update(tokenOf(received) ?? '')
      .digest('base64url'),
  );
  return payload.jti ?? '';
}

async function failure(sending: Promise<unknown>): Promise<AdapterError> {
  try {
    await sending;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const everything = inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity });
    for (const secret of [NIN, 'token-1', 'token-2', 'eyJ', 'do-not-tell'])
      expect(everything).to.not.include(secret);
    return error;
  }
  throw new Error('there was an answer');
}

describe('HTTPS transport', () => {
  describe('with a faked Persontjenesten', () => {
    fakedHttp();

    it('sends a number in the form and never in the address', async () => {
      const api = new FakeApi();
      const { transport } = await transportBench(new CountingSource());
      await transport.send(lookup());
      const [received] = api.received;
      expect(received?.address).to.equal(
        '/api/v3/full-access/person/get-by-nin?informationParts=Name&informationParts=Birth&includeHistory=false',
      );
      expect(received?.body).to.equal(`nin=${NIN}`);
      expect(JSON.stringify(received?.headers)).to.not.include(NIN);
    });

    it('sends token, proof, correlation id and media types', async () => {
      const api = new FakeApi();
      const { transport } = await transportBench(new CountingSource());
      await transport.send(lookup());
      const headers = api.received[0]?.headers ?? {};
      expect(headers['authorization']).to.equal('DPoP token-1');
      expect(headers['x-correlation-id']).to.equal(CORRELATION_ID);
      expect(headers['accept']).to.equal('application/json');
      expect(headers['content-type']).to.equal('application/x-www-form-urlencoded');
    });

    it('sends a GET without a body', async () => {
      const api = new FakeApi();
      const { transport } = await transportBench(new CountingSource());
      await transport.send(lookup({ method: 'GET', path: '/api/v3/full-access/person/e1', form: [] }));
      const [received] = api.received;
      expect(received?.body).to.equal('');
      expect(received?.headers).to.not.have.property('content-type');
      if (received !== undefined) await judge(received, 'GET');
    });

    it('escapes what would change the address or the form', async () => {
      const api = new FakeApi();
      const { transport } = await transportBench(new CountingSource());
      await transport.send(
        lookup({
          query: [['informationParts', 'a&b=c #ø']],
          form: [
            ['nins', '1&2'],
            ['nins', 'Å=3'],
          ],
        }),
      );
      const query = new URL(BASE + (api.received[0]?.address ?? '')).searchParams;
      expect([...query]).to.deep.equal([['informationParts', 'a&b=c #ø']]);
      expect([...new URLSearchParams(api.received[0]?.body)]).to.deep.equal([
        ['nins', '1&2'],
        ['nins', 'Å=3'],
      ]);
    });

    it('makes each proof anew, for the address without its query', async () => {
      const api = new FakeApi();
      const { transport } = await transportBench(new CountingSource());
      await transport.send(lookup());
      await transport.send(lookup());
      const ids = await Promise.all(api.received.map((received) => judge(received, 'POST')));
      expect(new Set(ids).size).to.equal(2);
    });

    it('gives status, headers and text back, whatever the status', async () => {
      const api = new FakeApi();
      const { transport } = await transportBench(new CountingSource());
      for (const status of [200, 204, 301, 400, 403, 404, 429, 500, 503]) {
        api.answer = () => ({
          status,
          body: status === 204 ? '' : 'Čáhppe',
          headers: { 'Retry-After': '7', 'Content-Type': 'text/plain' },
        });
        expect(await transport.send(lookup())).to.deep.equal({
          status,
          headers: { 'retry-after': '7', 'content-type': 'text/plain' },
          body: status === 204 ? '' : 'Čáhppe',
        });
      }
      expect(api.received, 'each asked once').to.have.length(9);
    });

    it('asks for a token of the view and the organisation', async () => {
      new FakeApi();
      const asked: unknown[] = [];
      const { transport } = await transportBench({
        grant: (scope: string, organisation: object) => {
          asked.push({ scope, organisation });
          return Promise.resolve({ accessToken: 'token-1', expiresInSeconds: 600 });
        },
      });
      await transport.send(lookup());
      await transport.send(lookup({ access: 'restricted', organisation: { parent: '1', child: '2' } }));
      expect(asked).to.deep.equal([
        { scope: 'nhn:hgd-persontjenesten-api/full-access', organisation: { parent: '310000027' } },
        {
          scope: 'nhn:hgd-persontjenesten-api/restricted-access',
          organisation: { parent: '1', child: '2' },
        },
      ]);
    });

    describe('401', () => {
      it('costs one new token and one repeat with a new proof', async () => {
        const api = new FakeApi();
        api.answer = (_, count) => (count === 0 ? expired : good);
        const { transport, source } = await transportBench(new CountingSource());
        expect((await transport.send(lookup())).status).to.equal(200);
        expect(api.received.map(tokenOf)).to.deep.equal(['token-1', 'token-2']);
        const ids = await Promise.all(api.received.map((received) => judge(received, 'POST')));
        expect(new Set(ids).size).to.equal(2);
        expect(source.granted).to.equal(2);
      });

      it('twice is an answer', async () => {
        const api = new FakeApi();
        api.answer = () => expired;
        const { transport, source } = await transportBench(new CountingSource());
        expect((await transport.send(lookup())).status).to.equal(401);
        expect(api.received).to.have.length(2);
        expect(source.granted).to.equal(2);
      });

      it('to many at once costs one new token', async () => {
        const api = new FakeApi();
        api.answer = (received) => (tokenOf(received) === 'token-1' ? expired : good);
        const { transport, source } = await transportBench(new CountingSource());
        const answers = await Promise.all(Array.from({ length: 100 }, () => transport.send(lookup())));
        expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
        expect(source.granted).to.equal(2);
        expect(api.received).to.have.length(200);
      });

      it('whose new token is refused ends as HelseID said', async () => {
        const api = new FakeApi();
        api.answer = () => expired;
        let granted = 0;
        const { transport } = await transportBench({
          grant: () => {
            granted += 1;
            return granted === 1
              ? Promise.resolve({ accessToken: 'token-1', expiresInSeconds: 600 })
              : Promise.reject(new TokenRefused('HelseID answered 400 invalid_client'));
          },
        });
        expect(await failure(transport.send(lookup()))).to.be.instanceOf(TokenRefused);
        expect(api.received).to.have.length(1);
      });
    });

    describe('each attempt', () => {
      it('passes its layer with a token in hand, so that nothing is held up by one who waits for HelseID', async () => {
        new FakeApi();
        const passed: string[] = [];
        const attempts: Layer = {
          send: (request, next) => {
            passed.push(request.organisation.parent);
            return next(request);
          },
        };
        const granting: TokenSource = {
          grant: (_, { parent }) =>
            parent === 'slow'
              ? new Promise<never>(() => undefined)
              : Promise.resolve({ accessToken: 'token-1', expiresInSeconds: 600 }),
        };
        const { transport } = await transportBench(granting, { attempts });
        const leaving = new AbortController();
        const slow = transport.send(lookup({ organisation: { parent: 'slow' }, signal: leaving.signal }));
        await transport.send(lookup({ organisation: { parent: 'quick' } }));
        expect(passed).to.deep.equal(['quick']);
        leaving.abort();
        await failure(slow);
      });

      it('passes it anew after a 401', async () => {
        const api = new FakeApi();
        api.answer = (_, count) => (count === 0 ? expired : good);
        let passed = 0;
        const attempts: Layer = {
          send: (request, next) => {
            passed += 1;
            return next(request);
          },
        };
        const { transport } = await transportBench(new CountingSource(), { attempts });
        await transport.send(lookup());
        expect(passed).to.equal(2);
      });
    });

    describe('a nonce', () => {
      it('that is asked for costs one repeat with the same token and a new proof', async () => {
        const api = new FakeApi();
        api.answer = (_, count) => (count === 0 ? useNonce('nonce-1') : good);
        const { transport, source } = await transportBench(new CountingSource());
        expect((await transport.send(lookup())).status).to.equal(200);
        expect(api.received.map(tokenOf)).to.deep.equal(['token-1', 'token-1']);
        expect(api.received.map(nonceOf)).to.deep.equal([undefined, 'nonce-1']);
        const ids = await Promise.all(api.received.map((received) => judge(received, 'POST')));
        expect(new Set(ids).size).to.equal(2);
        expect(source.granted).to.equal(1);
      });

      it('is remembered for the calls that follow', async () => {
        const api = new FakeApi();
        api.answer = (received) => (nonceOf(received) === 'nonce-1' ? good : useNonce('nonce-1'));
        const { transport } = await transportBench(new CountingSource());
        await transport.send(lookup());
        await transport.send(lookup({ access: 'restricted' }));
        expect(api.received).to.have.length(3);
      });

      it('in a good answer is for the next call', async () => {
        const api = new FakeApi();
        api.answer = (_, count) => ({ ...good, headers: { 'DPoP-Nonce': `nonce-${count}` } });
        const { transport } = await transportBench(new CountingSource());
        for (let call = 0; call < 3; call += 1) await transport.send(lookup());
        expect(api.received.map(nonceOf)).to.deep.equal([undefined, 'nonce-0', 'nonce-1']);
      });

      it('that changes each time it is asked for ends after one repeat', async () => {
        const api = new FakeApi();
        api.answer = (_, count) => useNonce(`nonce-${count}`);
        const { transport, source } = await transportBench(new CountingSource());
        expect((await transport.send(lookup())).status).to.equal(401);
        expect(api.received).to.have.length(2);
        expect(source.granted).to.equal(1);
      });

      for (const [name, answers] of [
        ['and then a new token', [useNonce('n'), expired, good]],
        ['after a new token', [expired, useNonce('n'), good]],
      ] as const) {
        it(`${name}: each is answered once`, async () => {
          const api = new FakeApi();
          api.answer = (_, count) => answers[count] ?? { status: 500 };
          const { transport, source } = await transportBench(new CountingSource());
          expect((await transport.send(lookup())).status).to.equal(200);
          expect(api.received.map(tokenOf).at(-1)).to.equal('token-2');
          expect(api.received.map(nonceOf).at(-1)).to.equal('n');
          expect(source.granted).to.equal(2);
        });
      }

      it('and a new token in turns end after one of each', async () => {
        const api = new FakeApi();
        api.answer = (_, count) => (count % 2 === 0 ? useNonce(`nonce-${count}`) : expired);
        const { transport } = await transportBench(new CountingSource());
        expect((await transport.send(lookup())).status).to.equal(401);
        expect(api.received).to.have.length(3);
      });
    });

    it('follows no redirect', async () => {
      const elsewhere = nock('https://elsewhere.example.invalid').post(/./).reply(200, '{"id":"e1"}');
      const api = new FakeApi();
      api.answer = () => ({ status: 307, headers: { Location: 'https://elsewhere.example.invalid/' } });
      const { transport } = await transportBench(new CountingSource());
      expect((await transport.send(lookup())).status).to.equal(307);
      expect(elsewhere.isDone()).to.equal(false);
    });

    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED']) {
      it(`${code} is UpstreamUnavailable and named`, async () => {
        nock(BASE)
          .post(/./)
          .replyWithError(Object.assign(new Error(`do-not-tell ${NIN}`), { code }));
        const { transport } = await transportBench(new CountingSource());
        const error = await failure(transport.send(lookup()));
        expect(error).to.be.instanceOf(UpstreamUnavailable);
        expect(error.message).to.include(code);
      });
    }

    it('a mistake of our own is not laid at the door of Persontjenesten', async () => {
      new FakeApi();
      const { transport } = await transportBench(new CountingSource(), { baseUrl: 'no address' });
      expect(await failure(transport.send(lookup()))).to.be.instanceOf(InternalError);
    });

    describe('events', () => {
      it('tell of each attempt', async () => {
        const api = new FakeApi();
        api.answer = (_, count) => (count === 0 ? expired : good);
        const { transport, events } = await transportBench(new CountingSource());
        await transport.send(lookup());
        expect(events.of.upstreamCalled).to.deep.equal(
          [401, 200].map((httpStatus) => ({
            correlationId: CORRELATION_ID,
            operation: 'get-by-nin',
            httpStatus,
            milliseconds: 0,
            reusedConnection: false,
          })),
        );
      });

      it('tell of a call without an answer', async () => {
        nock(BASE)
          .post(/./)
          .replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
        const { transport, events } = await transportBench(new CountingSource());
        await failure(transport.send(lookup()));
        expect(events.of.upstreamCalled.map(({ httpStatus }) => httpStatus)).to.deep.equal([null]);
      });

      for (const [path, operation] of [
        ['/api/v3/full-access/person/get-by-nin', 'get-by-nin'],
        ['/api/v3/restricted-access/person/bulk-by-nin', 'bulk-by-nin'],
        ['/api/v3/full-access/person/bulk-by-id', 'bulk-by-id'],
        ['/api/v3/full-access/search/person', 'search'],
        ['/api/v3/full-access/search/paged-match-list', 'paged-match-list'],
        ['/api/v3/full-access/search/match-count', 'match-count'],
        ['/api/v3/full-access/event/latest', 'latest'],
        ['/api/v3/full-access/event', 'event'],
        ['/ping', 'ping'],
        ['/api/v3/full-access/person/0a1b2c', 'person'],
        ['/api/v3/full-access/person/abc-def', 'person'],
        ['/api/v3/full-access/person/person', 'person'],
        [`/api/v3/full-access/anything/${NIN}`, 'other'],
      ] as const) {
        it(`call ${path.replace(NIN, '{number}')} ${operation}, and no id is told`, async () => {
          new FakeApi();
          const { transport, events } = await transportBench(new CountingSource());
          await transport.send(lookup({ method: 'GET', path, form: [] }));
          expect(events.of.upstreamCalled.map((event) => event.operation)).to.deep.equal([operation]);
        });
      }
    });

    describe('the deadline', () => {
      it('that has passed already asks nobody', async () => {
        const api = new FakeApi();
        const { transport, source } = await transportBench(new CountingSource());
        const error = await failure(transport.send(lookup({ signal: AbortSignal.abort() })));
        expect(error).to.be.instanceOf(UpstreamTimeout);
        expect([api.received.length, source.granted]).to.deep.equal([0, 0]);
      });

      it('while waiting for a token is UpstreamTimeout', async () => {
        const api = new FakeApi();
        const { transport } = await transportBench({ grant: () => new Promise<never>(() => undefined) });
        const deadline = new AbortController();
        const sending = failure(transport.send(lookup({ signal: deadline.signal })));
        deadline.abort();
        expect(await sending).to.be.instanceOf(UpstreamTimeout);
        expect(api.received).to.have.length(0);
      });

      for (const [name, reason, told] of [
        ['of a caller who left is told as such, and nothing of Persontjenesten', new Overloaded('left'), []],
        ['of time that is up tells of Persontjenesten', new UpstreamTimeout('time is up'), [null]],
      ] as const) {
        it(`${name}, in the words of whoever aborts`, async () => {
          let arrived = false;
          nock(BASE)
            .post(/./)
            .reply(() => {
              arrived = true;
              return new Promise<never>(() => undefined);
            });
          const { transport, events } = await transportBench(new CountingSource());
          const watch = new AbortController();
          const sending = failure(transport.send(lookup({ signal: watch.signal })));
          await until(() => arrived);
          watch.abort(reason);
          expect(await sending).to.equal(reason);
          expect(events.of.upstreamCalled.map(({ httpStatus }) => httpStatus)).to.deep.equal(told);
        });
      }

      it('while waiting for a token ends in the words of whoever aborts', async () => {
        const { transport } = await transportBench({ grant: () => new Promise<never>(() => undefined) });
        const watch = new AbortController();
        const reason = new Overloaded('left');
        const sending = failure(transport.send(lookup({ signal: watch.signal })));
        watch.abort(reason);
        expect(await sending).to.equal(reason);
      });

      it('leaves no listener on the signal', async () => {
        new FakeApi();
        const { transport } = await transportBench(new CountingSource());
        const { signal } = new AbortController();
        for (let call = 0; call < 20; call += 1) await transport.send(lookup({ signal }));
        expect(getEventListeners(signal, 'abort')).to.have.length(0);
      });
    });
  });

  describe('with a server that misbehaves', () => {
    const start = loopbackServers();

    async function sendTo(
      handler: RequestListener,
      parts: Partial<ApiRequest> = {},
    ): Promise<{ error: AdapterError }> {
      const { certificatePem, privateKeyPem } = await serverCertificate();
      const { port } = await start(handler, { cert: certificatePem, key: privateKeyPem });
      const { transport } = await transportBench(new CountingSource(), {
        baseUrl: `https://127.0.0.1:${port}`,
        certificateAuthority: certificatePem,
      });
      return { error: await failure(transport.send(lookup(parts))) };
    }

    it('a connection cut before the headers is UpstreamUnavailable', async () => {
      const { error } = await sendTo((request) => request.socket.destroy());
      expect(error).to.be.instanceOf(UpstreamUnavailable);
    });

    it('a connection cut in the middle of the body is UpstreamUnavailable', async () => {
      const { error } = await sendTo((request, response) => {
        response.writeHead(200, { 'Content-Length': '1000' });
        response.write('{"id":', () => request.socket.destroy());
      });
      expect(error).to.be.instanceOf(UpstreamUnavailable);
    });

    it('a connection cut in the middle of a chunk is UpstreamUnavailable', async () => {
      const { error } = await sendTo((request, response) => {
        response.writeHead(200);
        response.write('{"id":', () => request.socket.destroy());
      });
      expect(error).to.be.instanceOf(UpstreamUnavailable);
    });

    for (const encoding of ['gzip', 'deflate', 'br']) {
      it(`a body that is not the ${encoding} it claims to be is UpstreamInvalidAnswer`, async () => {
        const { error } = await sendTo((_, response) => {
          response.writeHead(200, { 'Content-Encoding': encoding }).end('{"id":"e1"} do-not-tell');
        });
        expect(error).to.be.instanceOf(UpstreamInvalidAnswer);
      });
    }

    it('a packed body that is cut is UpstreamUnavailable', async () => {
      const { error } = await sendTo((request, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': '1000' });
        response.write(Buffer.from('1f8b0800000000000003', 'hex'), () => request.socket.destroy());
      });
      expect(error).to.be.instanceOf(UpstreamUnavailable);
    });

    it('50 MB are UpstreamInvalidAnswer', async () => {
      const { error } = await sendTo((_, response) => response.end(Buffer.alloc(50 * 1024 * 1024, ' ')));
      expect(error).to.be.instanceOf(UpstreamInvalidAnswer);
    });

    it('text that is not UTF-8 is UpstreamInvalidAnswer', async () => {
      const { error } = await sendTo((_, response) => response.end(Buffer.from('{"id":"Ø"}', 'latin1')));
      expect(error).to.be.instanceOf(UpstreamInvalidAnswer);
    });

    it('silence is UpstreamTimeout at the deadline, and the connection is given up', async () => {
      const deadline = new AbortController();
      let closed = false;
      const { error } = await sendTo(
        (request) => {
          request.socket.once('close', () => (closed = true));
          deadline.abort();
        },
        { signal: deadline.signal },
      );
      expect(error).to.be.instanceOf(UpstreamTimeout);
      await until(() => closed);
    });

    it('a body that stalls is UpstreamTimeout at the deadline', async () => {
      const deadline = new AbortController();
      const { error } = await sendTo(
        (_, response) => {
          response.writeHead(200, { 'Content-Length': '1000' });
          response.write('{"id":', () => {
            deadline.abort();
          });
        },
        { signal: deadline.signal },
      );
      expect(error).to.be.instanceOf(UpstreamTimeout);
    });

    it('what is not HTTP is UpstreamUnavailable', async () => {
      const { error } = await sendTo((request) => {
        request.socket.end('SSH-2.0-do-not-tell\r\n');
      });
      expect(error).to.be.instanceOf(UpstreamUnavailable);
    });
  });
});
