import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { expect } from 'chai';
import {
  callErrorCode,
  closeHttpClient,
  createHttpClient,
  wentOverKeptConnection,
  type OutboundSettings,
} from '../../src/outbound/http-client.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
} from '../../src/sandbox/self-signed-certificate.js';
import { connectProxies, type ConnectProxy } from '../support/connect-proxy.js';
import { loopbackServers, type LoopbackServer } from '../support/loopback-server.js';
import { serverCertificate } from '../support/server-certificate.js';
import { StandingClock } from '../support/standing-clock.js';
import { until } from '../support/until.js';

const PASSWORD = 'do-not-tell: %41 æ';

describe('calls through a proxy', () => {
  const start = loopbackServers();
  const startProxy = connectProxies();
  const clients: AxiosInstance[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) closeHttpClient(client);
  });

  async function serve(
    handler: RequestListener,
    certificate?: SelfSignedCertificate,
  ): Promise<LoopbackServer> {
    const { certificatePem, privateKeyPem } = certificate ?? (await serverCertificate());
    return start(handler, { cert: certificatePem, key: privateKeyPem });
  }

  async function through(
    { port }: ConnectProxy,
    settings: Partial<OutboundSettings> = {},
    scheme = 'http',
  ): Promise<AxiosInstance> {
    const { certificatePem } = await serverCertificate();
    const client = createHttpClient({
      certificateAuthority: certificatePem,
      ...settings,
      proxy: { address: `${scheme}://127.0.0.1:${port}`, ...settings.proxy },
    });
    clients.push(client);
    return client;
  }

  async function errorOf(calling: Promise<unknown>): Promise<string> {
    return calling.then(
      () => 'an answer',
      (error: unknown) => {
        expect(inspect(error, { depth: 1 })).to.not.include('do-not-tell');
        return callErrorCode(error);
      },
    );
  }

  const say =
    (text: string): RequestListener =>
    (_, response) =>
      response.end(text);

  it('ask it for a way to the target, by name, and tell it nothing else', async () => {
    const proxy = await startProxy();
    const heard: unknown[] = [];
    const target = await serve((request, response) => {
      heard.push(request.headers);
      response.end('the target');
    });
    proxy.leadsTo = target.port;
    const client = await through(proxy);
    const answer = await client.get<string>('https://localhost:9443/path?query', {
      headers: { Authorization: 'DPoP token', 'X-Correlation-ID': 'c' },
    });
    expect(answer.data).to.equal('the target');
    expect(proxy.asked.map((one) => one.target)).to.deep.equal(['localhost:9443']);
    expect(proxy.asked[0]?.headers).to.have.all.keys('host', 'proxy-connection');
    expect(proxy.plainRequests()).to.equal(0);
    expect(heard[0]).to.include({ authorization: 'DPoP token', 'x-correlation-id': 'c' });
  });

  it('keep the connection and use it again', async () => {
    const proxy = await startProxy();
    const target = await serve(say('here'));
    const client = await through(proxy);
    const answers: AxiosResponse[] = [];
    for (let call = 0; call < 5; call += 1) {
      answers.push(await client.get(`https://127.0.0.1:${target.port}/`));
    }
    expect(proxy.asked).to.have.length(1);
    expect(target.connections()).to.equal(1);
    expect(answers.map(({ request }) => wentOverKeptConnection(request))).to.deep.equal([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it('let go of connections that nobody uses', async () => {
    const proxy = await startProxy();
    const target = await serve(say('here'));
    const client = await through(proxy, { idleMilliseconds: 10 });
    await client.get(`https://127.0.0.1:${target.port}/`);
    const [socket] = target.open;
    if (socket !== undefined) await once(socket, 'close');
    expect(target.open.size).to.equal(0);
  });

  it('let go of all connections with the client', async () => {
    const proxy = await startProxy();
    const target = await serve(say('here'));
    const client = await through(proxy);
    await client.get(`https://127.0.0.1:${target.port}/`);
    const [socket] = target.open;
    if (socket === undefined) throw new Error('the connection was not kept');
    closeHttpClient(client);
    await once(socket, 'close');
  });

  it('are made although many before them found the proxy silent and were given up', async () => {
    const proxy = await startProxy();
    proxy.behave = 'silent';
    const target = await serve(say('here'));
    const client = await through(proxy, { maxSockets: 2, proxyConnectMilliseconds: 100 });
    const url = `https://127.0.0.1:${target.port}/`;
    const leaving = new AbortController();
    const left = [1, 2].map(() => errorOf(client.get(url, { signal: leaving.signal })));
    await until(() => proxy.asked.length === 2);
    leaving.abort();
    expect(await Promise.all(left)).to.deep.equal(['ERR_CANCELED', 'ERR_CANCELED']);
    proxy.behave = 'open';
    const answers = await Promise.all([1, 2].map(() => client.get<string>(url)));
    expect(answers.map(({ data }) => data)).to.deep.equal(['here', 'here']);
  });

  it('reach a proxy that is encrypted itself, whose certificate is judged too', async () => {
    const certificate = await serverCertificate();
    const proxy = await startProxy(certificate);
    const target = await serve(say('here'));
    const client = await through(proxy, {}, 'https');
    expect((await client.get<string>(`https://127.0.0.1:${target.port}/`)).data).to.equal('here');

    const stranger = await createSelfSignedCertificate({
      commonName: 'stranger',
      clock: systemClock,
      random: systemRandom,
    });
    const untrusted = await through(await startProxy(stranger), {}, 'https');
    expect(await errorOf(untrusted.get(`https://127.0.0.1:${target.port}/`))).to.equal(
      'PROXY_DEPTH_ZERO_SELF_SIGNED_CERT',
    );
  });

  describe('judge the certificate of the target as without a proxy', () => {
    async function certificateFor(
      hostNames: readonly string[],
      ipAddresses: readonly string[],
      from = new Date().toISOString(),
    ): Promise<SelfSignedCertificate> {
      return createSelfSignedCertificate({
        commonName: 'target',
        clock: new StandingClock(from),
        random: systemRandom,
        hostNames,
        ipAddresses,
      });
    }

    it('refusing one that nobody vouches for', async () => {
      const proxy = await startProxy();
      const target = await serve(say('here'));
      const client = await through(proxy, { certificateAuthority: undefined });
      expect(await errorOf(client.get(`https://127.0.0.1:${target.port}/`))).to.equal(
        'DEPTH_ZERO_SELF_SIGNED_CERT',
      );
    });

    it('refusing one that has expired', async () => {
      const certificate = await certificateFor(['localhost'], ['127.0.0.1'], '2020-01-01T00:00:00Z');
      const target = await serve(say('here'), certificate);
      const client = await through(await startProxy(), { certificateAuthority: certificate.certificatePem });
      expect(await errorOf(client.get(`https://localhost:${target.port}/`))).to.equal('CERT_HAS_EXPIRED');
    });

    for (const [kind, host, hostNames, ipAddresses] of [
      ['a name', 'localhost', ['other.example.invalid'], []],
      // The proxy is 127.0.0.1 and "localhost" is what Node falls back to: neither makes up for a wrong certificate.
      ['an address', '127.0.0.2', ['localhost'], ['127.0.0.1']],
    ] as const) {
      it(`refusing one for another host where the target has ${kind}`, async () => {
        const certificate = await certificateFor(hostNames, ipAddresses);
        const target = await serve(say('here'), certificate);
        const client = await through(await startProxy(), {
          certificateAuthority: certificate.certificatePem,
        });
        expect(await errorOf(client.get(`https://${host}:${target.port}/`))).to.equal(
          'ERR_TLS_CERT_ALTNAME_INVALID',
        );
      });
    }

    it('speaking no TLS older than 1.2', async () => {
      const { certificatePem, privateKeyPem } = await serverCertificate();
      const old = await start(say('here'), {
        cert: certificatePem,
        key: privateKeyPem,
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT:@SECLEVEL=0',
      });
      const client = await through(await startProxy());
      expect(await errorOf(client.get(`https://127.0.0.1:${old.port}/`))).to.match(
        /^(EPROTO|ERR_SSL_.*VERSION)/,
      );
    });
  });

  describe('with credentials', () => {
    it('give them to the proxy and never to the target', async () => {
      const proxy = await startProxy();
      const heard: unknown[] = [];
      const target = await serve((request, response) => {
        heard.push(request.headers['proxy-authorization']);
        response.end();
      });
      const address = `http://127.0.0.1:${proxy.port}`;
      const client = await through(proxy, { proxy: { address, username: 'adapter', password: PASSWORD } });
      await client.get(`https://127.0.0.1:${target.port}/`);
      expect(proxy.asked[0]?.headers['proxy-authorization']).to.equal(
        `Basic ${Buffer.from(`adapter:${PASSWORD}`).toString('base64')}`,
      );
      expect(heard).to.deep.equal([undefined]);
    });

    it('keep them out of what the client shows of itself and of errors', async () => {
      const proxy = await startProxy();
      proxy.behave = { status: 407 };
      const address = `http://127.0.0.1:${proxy.port}`;
      const client = await through(proxy, { proxy: { address, username: 'adapter', password: PASSWORD } });
      const error: unknown = await client.get('https://127.0.0.1:1/').catch((caught: unknown) => caught);
      if (!(error instanceof Error)) throw new Error('there was an answer');
      const told = `${error.message}\n${error.stack ?? ''}\n${callErrorCode(error)}`;
      for (const secret of ['do-not-tell', Buffer.from(`adapter:${PASSWORD}`).toString('base64')]) {
        expect(told).to.not.include(secret);
      }
    });
  });

  describe('end with the cause that the operator needs when the proxy', () => {
    for (const [what, behave, code] of [
      ['wants other credentials', { status: 407 }, 'PROXY_407'],
      ['forbids the target', { status: 403 }, 'PROXY_403'],
      ['does not reach the target', { status: 502 }, 'PROXY_502'],
      ['is asked too much', { status: 503, headers: { 'Retry-After': '5' } }, 'PROXY_503'],
      ['sends elsewhere', { status: 302, headers: { Location: 'https://elsewhere.invalid/' } }, 'PROXY_302'],
      [
        'says in the words of the register that nobody is known',
        {
          status: 404,
          headers: { 'Content-Type': 'application/problem+json' },
          body: '{"status":404,"title":"No person found"}',
        },
        'PROXY_404',
      ],
      [
        'answers in place of the target',
        { status: 201, headers: { 'Content-Type': 'application/json' }, body: '{"id":"e1"}' },
        'PROXY_201',
      ],
      ['closes the connection', 'close', 'PROXY_CLOSED'],
      ['opens the way and dies', 'die', 'ECONNRESET'],
    ] as const) {
      it(what, async () => {
        const proxy = await startProxy();
        proxy.behave = behave;
        const target = await serve(say('here'));
        const client = await through(proxy);
        expect(await errorOf(client.get(`https://127.0.0.1:${target.port}/`))).to.equal(code);
        expect(target.connections()).to.equal(0);
        // And it is over once the proxy has come to its senses.
        proxy.behave = 'open';
        expect((await client.get<string>(`https://127.0.0.1:${target.port}/`)).data).to.equal('here');
      });
    }

    it('is not there', async () => {
      const proxy = await startProxy();
      const client = await through(proxy);
      await proxy.stop();
      expect(await errorOf(client.get('https://127.0.0.1:1/'))).to.equal('PROXY_ECONNREFUSED');
    });

    it('says nothing: the wait ends, and holds up nobody who comes later', async () => {
      const proxy = await startProxy();
      proxy.behave = 'silent';
      const target = await serve(say('here'));
      const client = await through(proxy, { proxyConnectMilliseconds: 20 });
      const calls = Array.from({ length: 64 }, () =>
        errorOf(client.get(`https://127.0.0.1:${target.port}/`)),
      );
      expect(new Set(await Promise.all(calls))).to.deep.equal(new Set(['PROXY_TIMEOUT']));
      await until(() => proxy.open.size === 0);
      proxy.behave = 'open';
      const later = await through(proxy);
      expect((await later.get<string>(`https://127.0.0.1:${target.port}/`)).data).to.equal('here');
      expect((await client.get<string>(`https://127.0.0.1:${target.port}/`)).data).to.equal('here');
    });
  });

  it('follow no redirect, so that credentials go nowhere else', async () => {
    const proxy = await startProxy();
    const elsewhere = await serve(say('elsewhere'));
    const target = await serve((_, response) => {
      response.writeHead(307, { Location: `https://localhost:${elsewhere.port}/` }).end();
    });
    const client = await through(proxy);
    const answer = await client.get(`https://127.0.0.1:${target.port}/`, {
      headers: { Authorization: 'DPoP token' },
    });
    expect(answer.status).to.equal(307);
    expect(elsewhere.connections()).to.equal(0);
    expect(proxy.asked).to.have.length(1);
  });

  it('cut off answers that are too large', async () => {
    const target = await serve((_, response) => response.end(Buffer.alloc(9 * 1024 * 1024, ' ')));
    const client = await through(await startProxy());
    expect(await errorOf(client.get(`https://127.0.0.1:${target.port}/`))).to.equal('ERR_BAD_RESPONSE');
  });
});
