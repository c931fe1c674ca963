import { once } from 'node:events';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { AdapterConfiguration } from '../../src/config/adapter-configuration.js';
import { faultTable } from '../../src/legacy/soap/fault-table.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.js';
import { serverCertificate } from '../support/server-certificate.js';
import { StandingClock } from '../support/standing-clock.js';
import { expectFault } from './expectations.js';
import { protocols, startFaultBench, type FaultBench, type Hanging } from './fault-bench.js';
import { personUnderTest } from './person-under-test.js';

/** A lookup takes two calls side by side. */
const CALLS = 2;

/** Where a call goes instead of to Persontjenesten, and what the log has to name. */
interface Row {
  readonly name: string;
  readonly outcome: 'upstream-unavailable' | 'upstream-timeout';
  readonly logged: RegExp;
  readonly server?: () => Promise<Started>;
  readonly baseUrl?: string;
}

interface Started {
  readonly port: number;
  /** A certificate to trust for it. */
  readonly certificatePem?: string;
  readonly hanging?: Hanging;
}

/** The network, TLS and DNS between the adapter and Persontjenesten (QUALITY 35, 38). */
describe('each way on which Persontjenesten is not reached', () => {
  let bench: FaultBench;
  const servers: Server[] = [];

  before(async () => {
    bench = await startFaultBench();
  });
  afterEach(async () => {
    bench.clock.reset();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });
  after(async () => bench.stop());

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return portOf(server.address());
  }

  async function serveWith(options: ServerOptions, handler: RequestListener = never): Promise<number> {
    return listening(createServer(options, handler));
  }

  async function certified(handler: RequestListener, options: ServerOptions = {}): Promise<Started> {
    const { certificatePem, privateKeyPem } = await serverCertificate();
    return {
      port: await serveWith({ cert: certificatePem, key: privateKeyPem, ...options }, handler),
      certificatePem,
    };
  }

  async function certifiedAs(
    hostNames: readonly string[],
    ipAddresses: readonly string[],
    from = new Date().toISOString(),
  ): Promise<Started> {
    const { certificatePem, privateKeyPem } = await createSelfSignedCertificate({
      commonName: 'another',
      clock: new StandingClock(from),
      random: systemRandom,
      hostNames,
      ipAddresses,
    });
    return { port: await serveWith({ cert: certificatePem, key: privateKeyPem }), certificatePem };
  }

  const rows: readonly Row[] = [
    {
      name: 'nobody listens',
      outcome: 'upstream-unavailable',
      logged: /ECONNREFUSED/,
      server: async () => {
        const port = await serveWith({});
        const server = servers.pop();
        server?.close();
        if (server !== undefined) await once(server, 'close');
        return { port };
      },
    },
    {
      name: 'there is no such host',
      outcome: 'upstream-unavailable',
      logged: /ENOTFOUND|EAI_AGAIN/,
      // Too long for a name, so that no name server is asked.
      baseUrl: `https://${'x'.repeat(64)}.invalid`,
    },
    {
      name: 'the server speaks no TLS',
      outcome: 'upstream-unavailable',
      logged: /EPROTO|ERR_SSL/,
      server: async () => ({ port: await listening(createPlainServer(never)) }),
    },
    {
      name: 'the server speaks TLS 1.1 alone',
      outcome: 'upstream-unavailable',
      logged: /EPROTO|ERR_SSL/,
      server: () =>
        certified(never, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }),
    },
    {
      name: 'the certificate has expired',
      outcome: 'upstream-unavailable',
      logged: /CERT_HAS_EXPIRED/,
      server: () => certifiedAs(['localhost'], ['127.0.0.1'], '2020-01-01T00:00:00Z'),
    },
    {
      name: 'the certificate is for another host',
      outcome: 'upstream-unavailable',
      logged: /ERR_TLS_CERT_ALTNAME_INVALID/,
      server: () => certifiedAs(['other.example.invalid'], []),
    },
    {
      name: 'nobody vouches for the certificate',
      outcome: 'upstream-unavailable',
      logged: /DEPTH_ZERO_SELF_SIGNED_CERT/,
      server: async () => ({ port: (await certified(never)).port }),
    },
    {
      name: 'the connection is reset as soon as the request is there',
      outcome: 'upstream-unavailable',
      logged: /ECONNRESET/,
      server: () => certified(({ socket }) => socket.destroy()),
    },
    {
      name: 'the body drips, an octet at a time',
      outcome: 'upstream-timeout',
      logged: /no answer came/,
      server: async () => {
        let met = 0;
        const started = await certified((_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const drip = (): void => {
            if (!response.destroyed) response.write(' ', () => setImmediate(drip));
          };
          drip();
          met += 1;
        });
        return { ...started, hanging: { met: () => met, wave: CALLS } };
      },
    },
  ];

  for (const { name, outcome, logged, server, baseUrl } of rows) {
    it(`${name}: ${outcome}, after three attempts`, async () => {
      const started = await server?.();
      const adapter = await bench.open((configuration) => ({
        ...configuration,
        persontjenesten: {
          ...configuration.persontjenesten,
          baseUrl: baseUrl ?? `https://127.0.0.1:${started?.port ?? 0}`,
        },
        outbound: {
          caPem: [configuration.outbound.caPem, started?.certificatePem].filter(Boolean).join('\n'),
        },
      }));
      const { number } = personUnderTest(bench.sandbox);
      for (const protocol of protocols) {
        const ending = await adapter.ask(protocol, number, started?.hanging);
        expect(ending.outcome).to.equal(outcome);
        expectFault(ending, faultTable[outcome]);
        expect(ending.calls.length, 'attempts told of').to.be.within(3, 3 * CALLS);
        expect(ending.calls.map(({ httpStatus }) => httpStatus)).to.not.include(200);
        expect(ending.seconds).to.be.lessThan(32);
      }
      expect(adapter.log()).to.match(logged);
      expect(adapter.log()).to.not.include(number);
    });
  }

  it('is reached over TLS 1.2, which is as old as may be', async () => {
    const { number, document } = personUnderTest(bench.sandbox);
    const started = await certified(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
      },
      { maxVersion: 'TLSv1.2' },
    );
    const adapter = await bench.open((configuration) => ({
      ...configuration,
      persontjenesten: { ...configuration.persontjenesten, baseUrl: `https://127.0.0.1:${started.port}` },
      outbound: { caPem: `${configuration.outbound.caPem ?? ''}\n${started.certificatePem ?? ''}` },
    }));
    expect((await adapter.ask('hl7v3', number)).outcome).to.equal('found');
  });

  it('is reached over a connection that is kept, and that is told of', async () => {
    const adapter = await bench.open();
    const { number } = personUnderTest(bench.sandbox);
    await adapter.ask('hl7v3', number);
    const { calls } = await adapter.ask('preg-xml', number);
    expect(calls.map(({ reusedConnection }) => reusedConnection)).to.deep.equal(calls.map(() => true));
    expect(calls.length).to.be.greaterThan(0);
    expect(adapter.log()).to.include('"reusedConnection":true');
  });

  it('sends the correlation id of the request along, and logs it', async () => {
    const { sandbox } = bench;
    const adapter = await bench.open();
    sandbox.requests.clear();
    const { correlationId } = await adapter.ask('preg-xml', personUnderTest(sandbox).number);
    const sent = sandbox.requests.of('persontjenesten').map((request) => request.correlationId);
    expect(new Set(sent)).to.deep.equal(new Set([correlationId]));
    const lines = adapter
      .log()
      .split('\n')
      .filter((line) => line.includes('"Persontjenesten called"'));
    for (const line of lines) expect(line).to.include(correlationId);
    expect(lines.length).to.be.greaterThan(0);
  });

  describe('where calls go through a proxy', () => {
    let proxy: ConnectProxy;
    beforeEach(async () => {
      proxy = await startConnectProxy();
    });
    afterEach(async () => proxy.stop());

    const behind = (configuration: AdapterConfiguration): AdapterConfiguration => ({
      ...configuration,
      outbound: {
        ...configuration.outbound,
        proxy: { address: `http://127.0.0.1:${proxy.port}`, username: 'adapter', password: 'do-not-tell' },
      },
    });

    it('the person is found by way of it, and of nothing else', async () => {
      const adapter = await bench.open(behind);
      const { number } = personUnderTest(bench.sandbox);
      for (const protocol of protocols) {
        expect((await adapter.ask(protocol, number)).outcome).to.equal('found');
      }
      const targets = [bench.sandbox.issuer, bench.sandbox.persontjenestenUrl].map(
        (url) => new URL(url).host,
      );
      expect(new Set(proxy.asked.map(({ target }) => target))).to.deep.equal(new Set(targets));
      expect(adapter.log()).to.not.include('do-not-tell');
    });

    for (const [what, behave, logged] of [
      ['wants other credentials', { status: 407 }, /PROXY_407/],
      ['forbids Persontjenesten', { status: 403 }, /PROXY_403/],
      ['does not reach it', { status: 502 }, /PROXY_502/],
      ['says that nobody is known by the number', { status: 404, body: '{"status":404}' }, /PROXY_404/],
      ['closes the connection', 'close', /PROXY_CLOSED/],
      ['dies once the way is open', 'die', /ECONNRESET/],
    ] as const) {
      it(`one that ${what} ends in a fault that names it in the log`, async () => {
        const adapter = await bench.open(behind);
        const { number } = personUnderTest(bench.sandbox);
        proxy.behaveTo = (target) =>
          target === new URL(bench.sandbox.persontjenestenUrl).host ? behave : 'open';
        for (const protocol of protocols) {
          const ending = await adapter.ask(protocol, number);
          expect(ending.outcome).to.equal('upstream-unavailable');
          expectFault(ending, faultTable['upstream-unavailable']);
        }
        expect(adapter.log()).to.match(logged);
        expect(adapter.log()).to.not.include('do-not-tell');
      });
    }

    it('one that refuses the way to HelseID is named, too', async () => {
      const adapter = await bench.open(behind);
      proxy.behave = { status: 407 };
      const ending = await adapter.ask('hl7v3', personUnderTest(bench.sandbox).number);
      expect(ending.outcome).to.equal('token-unavailable');
      expectFault(ending, faultTable['token-unavailable']);
      expect(adapter.log()).to.match(/PROXY_407/);
    });
  });
});

function never(): void {
  throw new Error('no request was to come so far');
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}
