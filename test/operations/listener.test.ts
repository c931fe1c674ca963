import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { createHealth, type Health } from '../../src/operations/health.js';
import { createOperationsListener, type OperationsListener } from '../../src/operations/listener.js';
import { ListenerUnavailable } from '../../src/operations/listening.js';
import { silentLogger } from '../../src/operations/logger.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { RawConnection } from '../support/raw-connection.js';
import { RecordedEvents } from '../support/recorded-events.js';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const metrics = {
  expose: () =>
    Promise.resolve({ contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'a_total 1\n' }),
};

const parts = {
  host: '127.0.0.1',
  port: 0,
  metrics,
  maxConnections: 10,
  events: { emit: () => undefined },
  clock: systemClock,
};

describe('the operations listener', () => {
  let health: Health;
  let listener: OperationsListener;
  let port: number;

  beforeEach(async () => {
    health = createHealth(silentLogger);
    listener = createOperationsListener({ ...parts, health });
    const address = await listener.start();
    expect(address.host).to.equal('127.0.0.1');
    port = address.port;
  });

  afterEach(async () => {
    await listener.stop();
  });

  const ask = (path: string, method = 'GET'): Promise<Answer> => get(port, path, method);

  it('says that the process lives, whatever the checks say', async () => {
    health.register('a', () => ({ status: 'failed' }));
    const answer = await ask('/health/live');
    expect(answer.status).to.equal(200);
    expect(JSON.parse(answer.body)).to.deep.equal({ status: 'live' });
  });

  it('answers 200 when ready and 503 when not, with every check', async () => {
    let status: 'ok' | 'failed' = 'ok';
    health.register('store', () => ({ status }));
    const ready = await ask('/health/ready');
    expect([ready.status, JSON.parse(ready.body)]).to.deep.equal([
      200,
      { status: 'ready', checks: { store: { status: 'ok' } } },
    ]);
    status = 'failed';
    const notReady = await ask('/health/ready');
    expect([notReady.status, JSON.parse(notReady.body)]).to.deep.equal([
      503,
      { status: 'not-ready', checks: { store: { status: 'failed' } } },
    ]);
  });

  it('asks the checks no more than twenty times in a second, however often it is asked itself', async () => {
    let now = 0;
    const clock = { ...systemClock, now: () => new Date(now) };
    const health = createHealth(silentLogger);
    let asked = 0;
    health.register('store', () => {
      asked += 1;
      return { status: asked > 20 ? 'failed' : 'ok' };
    });
    const flooded = createOperationsListener({ ...parts, clock, health });
    const { port: floodedPort } = await flooded.start();
    try {
      const statuses = [];
      for (let index = 0; index < 50; index += 1) {
        statuses.push((await get(floodedPort, '/health/ready', 'GET')).status);
      }
      expect(new Set(statuses)).to.deep.equal(new Set([200]));
      expect(asked).to.equal(20);
      now = 1_000;
      expect((await get(floodedPort, '/health/ready', 'GET')).status).to.equal(503);
    } finally {
      await flooded.stop();
    }
  });

  for (const [path, method, status] of [
    ['/', 'GET', 404],
    ['/health', 'GET', 404],
    ['/health/ready', 'POST', 404],
    ['/<script>alert(1)</script>', 'GET', 404],
    ['/%', 'GET', 404],
    ['/health/%E0%A4%A', 'GET', 404],
  ] as const) {
    it(`answers ${method} ${path} with ${status} in JSON that repeats nothing`, async () => {
      const answer = await ask(path, method);
      expect(answer.status).to.equal(status);
      expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
      expect(JSON.parse(answer.body)).to.deep.equal({ status, title: 'Not found' });
    });
  }

  it('answers with metrics as they come, and as what they are', async () => {
    const answer = await ask('/metrics');
    expect([answer.status, answer.body]).to.deep.equal([200, 'a_total 1\n']);
    expect(answer.headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
  });

  for (const path of ['/health/live', '/health/ready', '/metrics', '/nowhere']) {
    it(`sends security headers with ${path} and does not name its software`, async () => {
      const { headers } = await ask(path);
      expect(headers).to.include({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).to.include("default-src 'none'");
      expect(headers).not.to.have.any.keys('x-powered-by', 'server', 'etag');
    });
  }

  it('answers in JSON, without details, when it fails itself', async () => {
    const broken = createOperationsListener({
      ...parts,
      health: {
        ...health,
        readiness: () => {
          throw new Error('inner details');
        },
      },
    });
    const address = await broken.start();
    const answer = await get(address.port, '/health/ready', 'GET');
    await broken.stop();
    expect([answer.status, JSON.parse(answer.body)]).to.deep.equal([
      500,
      { status: 500, title: 'Internal error' },
    ]);
  });

  it('finishes the answer that is under way when it is stopped', async () => {
    let stopped: Promise<void> | undefined;
    health.register('a', () => {
      stopped = listener.stop();
      return { status: 'ok' };
    });
    const answer = await ask('/health/ready');
    expect(answer.status).to.equal(200);
    expect(JSON.parse(answer.body)).to.have.property('status', 'ready');
    await stopped;
  });

  it('does not wait for half a request when it is stopped, and takes no new one', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /health/live HTTP/1.1\r\nHost: ');
    await ask('/health/live');
    const ended = once(socket, 'close');
    await listener.stop();
    socket.on('error', () => undefined);
    socket.resume();
    await ended;
    const error: unknown = await ask('/health/live').catch((caught: unknown) => caught);
    expect(error).to.have.property('code', 'ECONNREFUSED');
  });

  it('says in one plain sentence that its port is in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    const other = createOperationsListener({ ...parts, port: taken, health });
    const error: unknown = await other.start().catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ListenerUnavailable);
    expect(error).to.have.property(
      'message',
      `listeners.operations cannot listen on 127.0.0.1:${taken}: another program uses this port`,
    );
    holder.close();
  });

  describe('(QUALITY 17) cuts who', () => {
    const quick = {
      request: 60,
      answer: 5_000,
      keepAlive: 40,
      check: 10,
    };

    for (const [what, octets, answer] of [
      ['does not finish a header', 'GET /health/live HTTP/1.1\r\nHost:', /^HTTP\/1\.1 408 /],
      ['sends nothing', '', /^(?:HTTP\/1\.1 408 [^]*)?$/],
      [
        'never ends a body, which nobody reads',
        'POST /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nabc',
        /^HTTP\/1\.1 404 /,
      ],
      ['keeps a connection without use', 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 200 /],
      [
        'sends a header that is too large',
        `GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(17 * 1024)}\r\n\r\n`,
        /^HTTP\/1\.1 431 /,
      ],
    ] as const) {
      it(what, async () => {
        const strict = createOperationsListener({ ...parts, health, timeouts: quick });
        const at = await strict.start();
        const client = await RawConnection.open(at.port);
        client.send(octets);
        expect(await client.untilClosed()).to.match(answer);
        await strict.stop();
      });
    }
  });

  it('(QUALITY 17) cuts who does not take the answer', async () => {
    const body = 'a'.repeat(16 * 1024 * 1024);
    const large = createOperationsListener({
      ...parts,
      health,
      metrics: { expose: () => Promise.resolve({ contentType: 'text/plain', body }) },
      timeouts: { answer: 200 },
    });
    const at = await large.start();
    const deaf = await RawConnection.open(at.port);
    deaf.socket.pause();
    deaf.send('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    // Ends once the connection is cut, since the answer has begun by then.
    await once(deaf.socket, 'readable');
    await large.stop();
    deaf.socket.resume();
    expect((await deaf.untilClosed()).length).to.be.lessThan(body.length);
  });

  it('(QUALITY 17) serves others while somebody holds all the connections that there may be', async () => {
    const events = new RecordedEvents();
    const small = createOperationsListener({ ...parts, health, maxConnections: 3, events });
    const at = await small.start();
    const idle = await Promise.all([1, 2, 3].map(() => RawConnection.open(at.port, '127.0.0.2')));
    const monitor = await RawConnection.open(at.port);
    monitor.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    await monitor.receives(/^HTTP\/1\.1 200 /);
    await Promise.race(idle.map((one) => one.untilClosed()));
    const [told] = events.of.connectionsTurnedAway;
    expect(told).to.deep.equal({
      listener: 'operations',
      remoteAddress: '127.0.0.2',
      reason: 'gave-way',
      count: 1,
    });
    await small.stop();
  });

  it('may be stopped without having been started, and twice', async () => {
    const other = createOperationsListener({ ...parts, health });
    await other.stop();
    await other.stop();
  });
});

async function get(port: number, path: string, method: string): Promise<Answer> {
  const outgoing = request({ host: '127.0.0.1', port, path, method, agent: false });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject);
  });
  outgoing.end();
  const incoming = await answered;
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  return { status: incoming.statusCode, headers: incoming.headers, body };
}
