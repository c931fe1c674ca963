import { expect } from 'chai';
import { createLegacyListener, type LegacyListenerSettings } from '../../src/legacy/listener.js';
import { silentLogger } from '../../src/operations/logger.js';
import { parseNetworkList } from '../../src/runtime/network-list.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { RawConnection } from '../support/raw-connection.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { silentDoorkeeper } from '../support/silent-doorkeeper.js';
import { until } from '../support/until.js';

const REQUEST = 'POST /echo HTTP/1.1\r\nHost: preg.example\r\nContent-Length: 5\r\n\r\nhello';
const ATTACKER = '127.0.0.2';

describe('(QUALITY 17) very many connections to the legacy listener', function () {
  this.timeout(30_000);
  const opened: { close: () => unknown }[] = [];

  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  async function listen(
    settings: Partial<LegacyListenerSettings>,
  ): Promise<{ connect: (from?: string) => Promise<RawConnection>; events: RecordedEvents }> {
    const trustedProxies = parseNetworkList([]);
    if (trustedProxies === undefined) throw new Error('malformed');
    const events = new RecordedEvents();
    const listener = createLegacyListener({
      doors: [
        { paths: ['/echo'], answer: ({ body }) => Promise.resolve({ status: 200, headers: {}, body }) },
      ],
      settings: {
        host: '127.0.0.1',
        port: 0,
        maxRequestBytes: 4096,
        maxConcurrentRequests: 10,
        maxConnections: 100,
        trustedProxies,
        ...settings,
      },
      tls: undefined,
      events,
      logger: silentLogger,
      clock: systemClock,
      doorkeeper: silentDoorkeeper(10),
    });
    const { port } = await listener.start();
    opened.push({ close: () => listener.stop(0) });
    return {
      events,
      connect: async (from) => {
        const connection = await RawConnection.open(port, from);
        opened.push(connection);
        return connection;
      },
    };
  }

  it('from one address keep nobody else out, and those who work are left alone', async () => {
    const { connect, events } = await listen({ maxConnections: 200 });
    const worker = await connect();
    worker.send(REQUEST);
    await worker.receives(/hello$/);
    for (let begun = 0; begun < 2_000; begun += 200) {
      await Promise.all(Array.from({ length: 200 }, () => connect(ATTACKER)));
    }
    const newcomer = await connect('127.0.0.3');
    newcomer.send(REQUEST);
    await newcomer.receives(/hello$/);
    worker.send(REQUEST);
    await worker.receives(/hello[^]*hello$/);
    const told = events.of.connectionsTurnedAway;
    expect(told.map(({ reason, remoteAddress }) => `${reason} ${remoteAddress}`)).to.have.members([
      `too-many ${ATTACKER}`,
      `gave-way ${ATTACKER}`,
    ]);
  });

  it('without a request are all cut in time, as are those without another one', async () => {
    const { connect } = await listen({ timeouts: { headers: 60, keepAlive: 60, check: 10 } });
    const idle = await Promise.all(Array.from({ length: 90 }, () => connect(ATTACKER)));
    for (const one of idle.slice(0, 30)) one.send(REQUEST);
    for (const one of idle.slice(30, 60)) one.send('POST /echo HTTP/1.1\r\nX-Slow: ');
    await Promise.all(idle.map((one) => one.untilClosed()));
    expect(idle.slice(0, 30).every(({ received }) => received.endsWith('hello'))).to.equal(true);
  });

  it('of one address are no more than are set', async () => {
    const { connect, events } = await listen({ maxConnectionsPerAddress: 2 });
    await connect(ATTACKER);
    await connect(ATTACKER);
    const third = await connect(ATTACKER);
    expect(await third.untilClosed()).to.equal('');
    const other = await connect();
    other.send(REQUEST);
    await other.receives(/hello$/);
    expect(events.of.connectionsTurnedAway.map(({ reason }) => reason)).to.deep.equal([
      'too-many-of-address',
    ]);
  });

  it('cost nothing of the places for requests', async () => {
    const { connect } = await listen({ maxConcurrentRequests: 1, maxConnections: 100 });
    await Promise.all(Array.from({ length: 50 }, () => connect(ATTACKER)));
    const half = await connect(ATTACKER);
    half.send('POST /echo HTTP/1.1\r\nHost: preg');
    await until(() => half.socket.bytesWritten > 0);
    const other = await connect();
    other.send(REQUEST);
    await other.receives(/^HTTP\/1\.1 200 /);
  });
});
