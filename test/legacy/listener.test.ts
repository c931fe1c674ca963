import { once } from 'node:events';
import { createServer } from 'node:net';
import { request as httpsRequest } from 'node:https';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import { mock } from 'node:test';
import { expect } from 'chai';
import type { BusyDoor } from '../../src/legacy/busy-door.js';
import type { FrontDoor, LegacyHttpRequest } from '../../src/legacy/http.js';
import {
  createLegacyListener,
  type LegacyListener,
  type LegacyListenerSettings,
} from '../../src/legacy/listener.js';
import { Doorkeeper } from '../../src/legacy/overload/doorkeeper.js';
import { ListenerUnavailable } from '../../src/operations/listening.js';
import { silentLogger } from '../../src/operations/logger.js';
import type { Clock } from '../../src/runtime/clock.js';
import { parseNetworkList } from '../../src/runtime/network-list.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { silentDoorkeeper } from '../support/silent-doorkeeper.js';
import { CountedRandom } from '../support/counted-random.js';
import { RawConnection } from '../support/raw-connection.js';
import { until } from '../support/until.js';

const limit = 4096;

describe('legacy listener', () => {
  const opened: { close: () => unknown }[] = [];

  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  async function listen(
    door: FrontDoor['answer'] = echo,
    options: Partial<LegacyListenerSettings> & {
      proxies?: string[];
      clock?: Clock;
      busy?: BusyDoor;
      doorkeeper?: Doorkeeper;
    } = {},
  ): Promise<{ port: number; listener: LegacyListener; connection: () => Promise<RawConnection> }> {
    const { proxies = [], clock = systemClock, busy, doorkeeper, ...settings } = options;
    const trustedProxies = parseNetworkList(proxies);
    if (trustedProxies === undefined) throw new Error('malformed');
    const listener = createLegacyListener({
      doors: [{ paths: ['/PersonRegistry/v1.svc', '/Old(path)*'], answer: door, busy }],
      settings: {
        host: '127.0.0.1',
        port: 0,
        maxRequestBytes: limit,
        maxConcurrentRequests: 10,
        maxConnections: 100,
        trustedProxies,
        ...settings,
      },
      tls: undefined,
      events: { emit: () => undefined },
      logger: silentLogger,
      clock,
      doorkeeper: doorkeeper ?? silentDoorkeeper(settings.maxConcurrentRequests ?? 10, clock),
    });
    const { port } = await listener.start();
    opened.push({ close: () => listener.stop(0) });
    return {
      port,
      listener,
      connection: async () => {
        const connection = await RawConnection.open(port);
        opened.push(connection);
        return connection;
      },
    };
  }

  describe('many requests that arrive together', () => {
    it('are begun a few in each turn of the event loop, so that others have theirs', async () => {
      const MANY = 64;
      const begunInTurn: number[] = [];
      let begun = 0;
      const { connection } = await listen(
        (request) => {
          begun += 1;
          return echo(request);
        },
        { maxConcurrentRequests: MANY },
      );
      const clients = await Promise.all(Array.from({ length: MANY }, connection));
      // What is not open yet is accepted one in each turn.
      for (const client of clients) {
        client.send(post('/PersonRegistry/v1.svc', 'first'));
        await client.receives(/first$/);
      }
      for (const client of clients) client.send(post('/PersonRegistry/v1.svc', 'hello'));
      while (begunInTurn.reduce((sum, few) => sum + few, 0) < MANY) {
        begun = 0;
        await turn();
        begunInTurn.push(begun);
      }
      // Eight as they arrive, and eight who waited from before.
      expect(Math.max(...begunInTurn)).to.be.at.most(16);
      for (const client of clients) await client.receives(/hello$/);
    });
  });

  describe('requests', () => {
    it('hands the front door a plain request and writes its plain answer', async () => {
      const seen: LegacyHttpRequest[] = [];
      const { connection } = await listen((request) => {
        seen.push(request);
        return Promise.resolve({
          status: 500,
          headers: { 'Content-Type': 'application/soap+xml; charset=utf-8' },
          body: '<ø/>',
        });
      });
      const client = await connection();
      client.send(post('/PersonRegistry/v1.svc?a=%20b', 'hello', 'X-Test: One\r\n'));
      const answer = await client.receives(/<Ã¸\/>$/);
      expect(answer).to.match(/^HTTP\/1\.1 500 /);
      expect(answer).to.contain('\r\nContent-Type: application/soap+xml; charset=utf-8\r\n');
      expect(answer).to.contain('\r\nContent-Length: 5\r\n');
      expect(answer.toLowerCase()).to.not.match(/x-powered-by|etag/);
      expect(seen).to.have.length(1);
      const [request] = seen;
      expect(request?.method).to.equal('POST');
      expect(request?.path).to.equal('/PersonRegistry/v1.svc');
      expect(request?.query).to.equal('a=%20b');
      expect(request?.headers['x-test']).to.equal('One');
      expect(request?.remoteAddress).to.equal('127.0.0.1');
      expect(Buffer.from(request?.body ?? []).toString()).to.equal('hello');
      expect(request?.signal.aborted).to.equal(false);
    });

    it('takes a chunked body as the same', async () => {
      const client = await (await listen()).connection();
      client.send(`${head('Transfer-Encoding: chunked\r\n')}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`);
      expect(await client.receives(/hello$/)).to.match(/^HTTP\/1\.1 200 /);
    });

    it('leaves a compressed body as it came', async () => {
      const client = await (await listen()).connection();
      client.send(post('/personregistry/v1.svc', 'not gzip', 'Content-Encoding: gzip\r\n'));
      expect(await client.receives(/not gzip$/)).to.match(/^HTTP\/1\.1 200 /);
    });

    it('lets a client that asks first send its body', async () => {
      const client = await (await listen()).connection();
      client.send(head('Content-Length: 5\r\nExpect: 100-continue\r\n'));
      await client.receives(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
      client.send('hello');
      await client.receives(/HTTP\/1\.1 200 [^]*hello$/);
    });

    for (const path of [
      '/personregistry/V1.SVC',
      'http://preg.example/PersonRegistry/v1.svc',
      '/old(PATH)*',
    ]) {
      it(`finds the front door at ${path}`, async () => {
        const client = await (await listen()).connection();
        client.send(post(path, 'hello'));
        expect(await client.receives(/hello$/)).to.match(/^HTTP\/1\.1 200 /);
      });
    }

    for (const path of [
      '/',
      '/PersonRegistry',
      '/PersonRegistry/v1.svc/',
      '/PersonRegistry/v1xsvc',
      '/%zz',
      '*',
    ]) {
      it(`answers 404 and nothing else at ${path}`, async () => {
        let asked = false;
        const { connection } = await listen(() => {
          asked = true;
          return echo({ body: new Uint8Array() });
        });
        const client = await connection();
        client.send(post(path, 'hello', 'Connection: close\r\n'));
        const answer = await client.untilClosed();
        expect(answer).to.match(/^HTTP\/1\.1 404 [^]*\r\nContent-Length: 0\r\n[^]*\r\n\r\n$/);
        expect(asked).to.equal(false);
      });
    }

    it('answers with an empty 500 when a front door breaks its promise, and lives on', async () => {
      let calls = 0;
      const { connection } = await listen(() => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('secret detail')) : echo({ body: new Uint8Array() });
      });
      const first = await connection();
      first.send(post('/personregistry/v1.svc', 'hello'));
      expect(await first.untilClosed()).to.match(/^HTTP\/1\.1 500 [^]*\r\n\r\n$/);
      const second = await connection();
      second.send(post('/personregistry/v1.svc', ''));
      await second.receives(/^HTTP\/1\.1 200 /);
    });

    it('answers the next request on a connection after an error (QUALITY 19)', async () => {
      const statuses = [500, 200];
      const { connection } = await listen(() =>
        Promise.resolve({ status: statuses.shift() ?? 599, headers: {}, body: `left ${statuses.length}` }),
      );
      const client = await connection();
      client.send(post('/personregistry/v1.svc', 'a'));
      await client.receives(/500 [^]*left 1$/);
      client.send(post('/personregistry/v1.svc', 'b'));
      await client.receives(/200 [^]*left 0$/);
    });

    it('answers pipelined requests in their order (QUALITY 19)', async () => {
      const { connection } = await listen(async (request) => {
        // The first answer is ready last.
        for (let turn = request.body.length; turn < 5; turn += 1) await new Promise(setImmediate);
        return echo(request);
      });
      const client = await connection();
      client.send(
        post('/personregistry/v1.svc', '1') +
          post('/personregistry/v1.svc', '333') +
          post('/personregistry/v1.svc', '22'),
      );
      const answers = await client.receives(/\r\n\r\n22$/);
      expect(answers.split(/HTTP\/1\.1 200 /)).to.have.length(4);
      expect(answers).to.match(/\r\n\r\n1HTTP[^]*\r\n\r\n333HTTP[^]*\r\n\r\n22$/);
    });

    it('takes the client address from a trusted proxy alone', async () => {
      const addresses: string[] = [];
      const door: FrontDoor['answer'] = (request) => {
        addresses.push(request.remoteAddress);
        return echo(request);
      };
      for (const proxies of [[], ['127.0.0.0/8']]) {
        const client = await (await listen(door, { proxies })).connection();
        client.send(post('/personregistry/v1.svc', 'x', 'X-Forwarded-For: 203.0.113.9\r\n'));
        await client.receives(/x$/);
      }
      expect(addresses).to.deep.equal(['127.0.0.1', '203.0.113.9']);
    });
  });

  describe('limits', () => {
    it('refuses a body that is announced as too large without waiting for it (QUALITY 7)', async () => {
      const client = await (await listen(unreachable)).connection();
      client.send(head(`Content-Length: ${limit + 1}\r\n`));
      expect(await client.receives(/\r\n\r\n/)).to.match(emptyAnswer(413));
    });

    it('refuses a chunked body as soon as it is too large (QUALITY 7)', async () => {
      const client = await (await listen(unreachable)).connection();
      client.send(head('Transfer-Encoding: chunked\r\n'));
      client.send(`${limit.toString(16)}\r\n${'x'.repeat(limit)}\r\n`);
      client.send('1\r\nx\r\n');
      expect(await client.receives(/\r\n\r\n/)).to.match(emptyAnswer(413));
      client.send('0\r\n\r\n');
      await client.untilClosed();
    });

    it('lets a client finish sending before it closes, so that the client sees the refusal', async () => {
      const client = await (await listen(unreachable)).connection();
      const size = 8 * 1024 * 1024;
      client.send(`${head(`Content-Length: ${size}\r\n`)}${'x'.repeat(size)}`);
      expect(await client.untilClosed()).to.match(emptyAnswer(413));
    });

    it('takes a body of exactly the limit', async () => {
      const client = await (await listen()).connection();
      client.send(post('/personregistry/v1.svc', 'x'.repeat(limit)));
      expect(await client.receives(new RegExp(`x{${limit}}$`))).to.match(/^HTTP\/1\.1 200 /);
    });

    it('answers 503 above the limit of requests in flight, and serves again afterwards', async () => {
      const held = hold();
      const { connection } = await listen(held.door, { maxConcurrentRequests: 2 });
      const busy = [await connection(), await connection()];
      for (const one of busy) one.send(post('/personregistry/v1.svc', 'x'));
      await until(() => held.waiting === 2);
      const third = await connection();
      third.send(post('/personregistry/v1.svc', 'x'));
      expect(await third.receives(/\r\n\r\n$/)).to.match(
        /^HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n[^]*Content-Length: 0\r\n/,
      );
      held.release();
      for (const one of busy) await one.receives(/^HTTP\/1\.1 200 /);
      const fourth = await connection();
      fourth.send(post('/personregistry/v1.svc', 'x'));
      await fourth.receives(/^HTTP\/1\.1 200 /);
    });

    it('gives the place of a body that does not come to somebody else (QUALITY 17)', async () => {
      let now = 0;
      const clock = { ...systemClock, now: () => new Date(now) };
      const { connection } = await listen(echo, { maxConcurrentRequests: 2, clock });
      const slow = [await connection(), await connection()];
      for (const one of slow) {
        one.send(head('Content-Length: 10\r\nExpect: 100-continue\r\n'));
        await one.receives(/^HTTP\/1\.1 100 Continue/);
      }
      const early = await connection();
      early.send(post('/personregistry/v1.svc', 'x'));
      expect(await early.receives(/\r\n\r\n$/)).to.match(/^HTTP\/1\.1 503 /);
      now = 1_000;
      const other = await connection();
      other.send(post('/personregistry/v1.svc', 'x'));
      await other.receives(/^HTTP\/1\.1 200 /);
      expect(await slow[0]?.untilClosed()).to.match(/HTTP\/1\.1 408 /);
      slow[1]?.send('0123456789');
      await slow[1]?.receives(/HTTP\/1\.1 200 /);
    });

    it('cuts a client that does not take its answer (QUALITY 17)', async () => {
      const whole = 64 * 1024 * 1024;
      const alarms: (() => void)[] = [];
      const alarm = (_: number, ring: () => void): (() => void) => {
        alarms.push(ring);
        return () => undefined;
      };
      const { connection } = await listen(
        () => Promise.resolve({ status: 200, headers: {}, body: 'x'.repeat(whole) }),
        { clock: { ...systemClock, alarm } },
      );
      const client = await connection();
      client.socket.pause();
      client.send(post('/personregistry/v1.svc', 'x'));
      await until(() => alarms.length === 1);
      for (const ring of alarms) ring();
      client.socket.resume();
      expect((await client.untilClosed()).length).to.be.below(whole);
    });

    describe('a request that there is no place for', () => {
      const busy: BusyDoor = {
        protocol: 'hl7v3',
        refuse: ({ method, headers }) => ({
          status: 503,
          headers: { 'Retry-After': '1' },
          body: `${method} ${headers['content-type'] ?? 'no type'}`,
        }),
      };

      async function full(more: Partial<BusyDoor> = {}): Promise<{
        client: RawConnection;
        release: () => void;
      }> {
        const held = hold();
        const { connection } = await listen(held.door, {
          maxConcurrentRequests: 1,
          busy: { ...busy, ...more },
        });
        const first = await connection();
        first.send(post('/personregistry/v1.svc', 'x'));
        await until(() => held.waiting === 1);
        return {
          client: await connection(),
          release: () => {
            held.release();
          },
        };
      }

      it('is refused in the words of the door, and its connection is good for more', async () => {
        const { client, release } = await full();
        for (let count = 1; count <= 3; count += 1) {
          client.send(post('/PersonRegistry/v1.svc?a=b', 'hello', 'Content-Type: text/xml\r\n'));
          const answer = await client.receives(new RegExp(`(?:POST text/xml[^]*){${count}}$`));
          expect(answer).to.not.match(/\r\nConnection: close\r\n/i);
        }
        release();
        client.send(post('/personregistry/v1.svc', 'now'));
        expect(await client.receives(/now$/)).to.match(/HTTP\/1\.1 200 [^]*$/);
      });

      it('is asked for the body that it holds back, since another connection costs more', async () => {
        const { client } = await full();
        client.send(
          'POST /PersonRegistry/v1.svc HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n',
        );
        expect(await client.receives(/POST no type$/)).to.match(
          /^HTTP\/1\.1 100 [^]*\r\n\r\nHTTP\/1\.1 503 /,
        );
        client.send(`hello${post('/PersonRegistry/v1.svc', 'hello')}`);
        await client.receives(/POST no type[^]*POST no type$/);
      });

      it('with a long body, or one of unknown length, is refused and its connection closed', async () => {
        const large = 64 * 1024 + 1;
        const { client: sender } = await full();
        sender.send(`${head(`Content-Length: ${large}\r\n`)}${'x'.repeat(large)}`);
        expect(await sender.untilClosed()).to.match(/\r\nConnection: close\r\n[^]*POST no type$/);
        const { client: other } = await full();
        other.send(`${head('Transfer-Encoding: chunked\r\n')}5\r\nhello\r\n0\r\n\r\n`);
        expect(await other.untilClosed()).to.match(/\r\nConnection: close\r\n[^]*POST no type$/);
      });

      it('whose body does not come is cut after two seconds', async () => {
        const { client } = await full();
        mock.timers.enable({ apis: ['setTimeout'] });
        try {
          client.send(head('Content-Length: 5\r\n'));
          await client.receives(/POST no type$/);
          mock.timers.tick(2_000);
          await client.untilClosed();
        } finally {
          mock.timers.reset();
        }
      });

      it('is refused by its body, where the protocol takes it for that', async () => {
        const { client } = await full({
          refuseRead: (body) => ({
            status: 503,
            headers: {},
            body: `refused ${Buffer.from(body).toString()}`,
          }),
        });
        client.send(post('/PersonRegistry/v1.svc', 'hello'));
        await client.receives(/refused hello$/);
        client.send(post('/PersonRegistry/v1.svc', 'again'));
        await client.receives(/refused again$/);
      });
    });

    it('cuts a client that does not finish its header, and no other (QUALITY 17)', async () => {
      const held = hold();
      const { connection } = await listen(held.door, {
        timeouts: { headers: 40, body: 60, check: 10 },
      });
      const other = await connection();
      other.send(post('/personregistry/v1.svc', 'x'));
      await until(() => held.waiting === 1);
      const slow = await connection();
      slow.send('POST /personregistry/v1.svc HTTP/1.1\r\nHost:');
      expect(await slow.untilClosed()).to.match(/^HTTP\/1\.1 408 /);
      held.release();
      await other.receives(/^HTTP\/1\.1 200 /);
    });

    it('cuts a client that does not finish its body, and one that sends nothing (QUALITY 17)', async () => {
      const { connection } = await listen(unreachable, {
        timeouts: { headers: 40, body: 60, check: 10 },
      });
      const slow = await connection();
      slow.send(`${head('Content-Length: 10\r\n')}abc`);
      const silent = await connection();
      expect(await slow.untilClosed()).to.match(emptyAnswer(408));
      await silent.untilClosed();
    });
  });

  describe('request smuggling (QUALITY 18)', () => {
    const start = 'POST /personregistry/v1.svc HTTP/1.1\r\nHost: x\r\n';
    const shapes: Record<string, string> = {
      'both Content-Length and Transfer-Encoding': `${start}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'Transfer-Encoding before Content-Length': `${start}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
      'two Content-Length': `${start}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
      'a list as Content-Length': `${start}Content-Length: 5, 5\r\n\r\nhello`,
      'a sign before Content-Length': `${start}Content-Length: +5\r\n\r\nhello`,
      'a folded header': `${start}X-A: a\r\n b\r\nContent-Length: 0\r\n\r\n`,
      'a folded Transfer-Encoding': `${start}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
      'a bare line feed in the header':
        'POST /personregistry/v1.svc HTTP/1.1\nHost: x\nContent-Length: 0\n\n',
      'a bare line feed in a chunk': `${start}Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n`,
      'a space before the colon': `${start}Content-Length : 0\r\n\r\n`,
      'an unknown transfer coding': `${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      'chunked twice': `${start}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
      'a transfer coding beside chunked': `${start}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
      'chunked in HTTP/1.0':
        'POST /personregistry/v1.svc HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'two Host headers': `${start}Host: y\r\nContent-Length: 0\r\n\r\n`,
      'no Host header': 'POST /personregistry/v1.svc HTTP/1.1\r\nContent-Length: 0\r\n\r\n',
      'a null character in a header': `${start}X-A: a\0b\r\nContent-Length: 0\r\n\r\n`,
      'HTTP/0.9': 'GET /personregistry/v1.svc\r\n\r\n',
    };
    for (const [what, octets] of Object.entries(shapes)) {
      it(`answers ${what} with 400 and closes`, async () => {
        const client = await (await listen(unreachable)).connection();
        // What follows would be the smuggled request.
        client.send(octets + post('/personregistry/v1.svc', 'smuggled'));
        const answer = await client.untilClosed();
        expect(answer).to.match(/^HTTP\/1\.1 400 /);
        expect(answer.split('HTTP/1.1')).to.have.length(2);
        expect(answer).to.match(/\r\n\r\n$/);
      });
    }
  });

  describe('a peer that goes away', () => {
    it('aborts the request that is being answered', async () => {
      const held = hold();
      const { connection } = await listen(held.door);
      const client = await connection();
      client.send(post('/personregistry/v1.svc', 'x'));
      await until(() => held.waiting === 1);
      client.close();
      await until(() => held.requests[0]?.signal.aborted === true);
      held.release();
    });

    it('never reaches the front door with half a body', async () => {
      const bodies: string[] = [];
      const { connection } = await listen((request) => {
        bodies.push(Buffer.from(request.body).toString());
        return echo(request);
      });
      const client = await connection();
      client.send(`${head('Content-Length: 10\r\n')}abc`);
      client.socket.end();
      await client.untilClosed();
      const other = await connection();
      other.send(post('/personregistry/v1.svc', 'whole'));
      await other.receives(/whole$/);
      expect(bodies).to.deep.equal(['whole']);
    });

    it('does not abort a request that was answered', async () => {
      const seen: LegacyHttpRequest[] = [];
      const { connection } = await listen((request) => {
        seen.push(request);
        return echo(request);
      });
      const client = await connection();
      client.send(post('/personregistry/v1.svc', 'x', 'Connection: close\r\n'));
      await client.untilClosed();
      expect(seen[0]?.signal.aborted).to.equal(false);
    });
  });

  describe('stopping', () => {
    it('finishes what is in flight, says that the connection ends, and takes nothing new', async () => {
      const held = hold();
      const { connection, listener, port } = await listen(held.door);
      const busy = await connection();
      busy.send(post('/personregistry/v1.svc', 'x'));
      await until(() => held.waiting === 1);
      const stopped = listener.stop(60_000);
      expect(await failsToConnect(port)).to.equal(true);
      held.release();
      const answer = await busy.untilClosed();
      expect(answer).to.match(/^HTTP\/1\.1 200 [^]*\r\n\r\nx$/);
      expect(answer).to.contain('\r\nConnection: close\r\n');
      await stopped;
    });

    it('closes idle connections at once, used or not', async () => {
      const { connection, listener } = await listen();
      const used = await connection();
      used.send(post('/personregistry/v1.svc', 'x'));
      await used.receives(/x$/);
      const unused = await connection();
      const stopped = listener.stop(60_000);
      await Promise.all([used.untilClosed(), unused.untilClosed(), stopped]);
    });

    it('cuts what is still in flight when the grace is over, and tells the front door', async () => {
      const held = hold();
      const asked: number[] = [];
      const clock: Clock = {
        now: () => new Date(0),
        sleep: (milliseconds) => {
          asked.push(milliseconds);
          return Promise.resolve();
        },
      };
      const { connection, listener } = await listen(held.door, { clock });
      const busy = await connection();
      busy.send(post('/personregistry/v1.svc', 'x'));
      await until(() => held.waiting === 1);
      await listener.stop(1234);
      expect(asked).to.deep.equal([1234]);
      expect(await busy.untilClosed()).to.equal('');
      expect(held.requests[0]?.signal.aborted).to.equal(true);
      held.release();
    });

    it('answers 503 to a request that arrives while it drains, and tells of it at the end', async () => {
      const events = new RecordedEvents();
      const doorkeeper = new Doorkeeper({ places: 10, events, clock: systemClock, random: systemRandom });
      const { connection, listener } = await listen(echo, { doorkeeper });
      const late = await connection();
      late.send(post('/personregistry/v1.svc', 'x'));
      await late.receives(/x$/);
      const request = post('/personregistry/v1.svc', 'y');
      late.send(request.slice(0, 20));
      // Another connection's answer shows that the first half has arrived.
      const other = await connection();
      other.send(post('/personregistry/v1.svc', 'z'));
      await other.receives(/z$/);
      const stopped = listener.stop(60_000);
      late.send(request.slice(20));
      expect(await late.untilClosed()).to.match(/x(HTTP\/1\.1 503 [^]*)\r\n\r\n$/);
      await stopped;
      doorkeeper.close();
      doorkeeper.close();
      expect(events.of.requestsCameLate).to.deep.equal([{ count: 1 }]);
    });

    it('is done at once when it never started, and when it is asked twice', async () => {
      const { listener } = await listen();
      await Promise.all([listener.stop(60_000), listener.stop(60_000)]);
      await listener.stop(60_000);
    });
  });

  describe('starting', () => {
    it('says in one sentence that the port is in use', async () => {
      const occupant = createServer().listen(0, '127.0.0.1');
      opened.push(occupant);
      await once(occupant, 'listening');
      const address = occupant.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      const error = await listen(echo, { port }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(ListenerUnavailable);
      expect(String(error)).to.contain(`listeners.legacy cannot listen on 127.0.0.1:${port}`);
    });
  });

  describe('TLS', () => {
    async function listenWithTls(
      timeouts: LegacyListenerSettings['timeouts'] = {},
    ): Promise<{ port: number; ca: string; listener: LegacyListener }> {
      const { certificatePem, privateKeyPem } = await certificate('first');
      const trustedProxies = parseNetworkList([]);
      if (trustedProxies === undefined) throw new Error('malformed');
      const listener = createLegacyListener({
        doors: [{ paths: ['/PersonRegistry/v1.svc'], answer: echo }],
        settings: {
          host: '127.0.0.1',
          port: 0,
          maxRequestBytes: limit,
          maxConcurrentRequests: 10,
          maxConnections: 100,
          timeouts,
          trustedProxies,
        },
        tls: { cert: certificatePem, key: privateKeyPem },
        events: { emit: () => undefined },
        logger: silentLogger,
        clock: systemClock,
        doorkeeper: silentDoorkeeper(10),
      });
      opened.push({ close: () => listener.stop(0) });
      return { port: (await listener.start()).port, ca: certificatePem, listener };
    }

    it('serves with the certificate it was given', async () => {
      const { port, ca } = await listenWithTls();
      expect(await ask(port, ca)).to.equal('200 hello');
    });

    it('refuses versions before TLS 1.2', async () => {
      const { port, ca } = await listenWithTls();
      const socket = tlsConnect({
        port,
        host: '127.0.0.1',
        ca,
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      opened.push({ close: () => socket.destroy() });
      const [error] = (await once(socket, 'error')) as unknown[];
      expect(error).to.be.instanceOf(Error);
      const modern = tlsConnect({ port, host: '127.0.0.1', ca, maxVersion: 'TLSv1.2' });
      opened.push({ close: () => modern.destroy() });
      await once(modern, 'secureConnect');
      expect(modern.getProtocol()).to.equal('TLSv1.2');
    });

    it('cuts a client that does not get on with its handshake (QUALITY 17)', async () => {
      const { port, ca } = await listenWithTls({ handshake: 60 });
      const silent = await RawConnection.open(port);
      const slow = await RawConnection.open(port);
      opened.push(silent, slow);
      slow.send('\x16\x03\x01');
      await Promise.all([silent.untilClosed(), slow.untilClosed()]);
      expect(await ask(port, ca)).to.equal('200 hello');
    });

    it('stops while a connection hangs in its handshake', async () => {
      const { port, listener } = await listenWithTls();
      const client = await RawConnection.open(port);
      opened.push(client);
      await listener.stop(60_000);
      await client.untilClosed();
    });
  });
});

function head(headers: string): string {
  return `POST /PersonRegistry/v1.svc HTTP/1.1\r\nHost: preg.example\r\n${headers}\r\n`;
}

function post(path: string, body: string, headers = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: preg.example\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function emptyAnswer(status: number): RegExp {
  return new RegExp(
    `^HTTP/1\\.1 ${status} [^]*\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n[^]*\\r\\n\\r\\n$`,
  );
}

function echo({ body }: Pick<LegacyHttpRequest, 'body'>): ReturnType<FrontDoor['answer']> {
  return Promise.resolve({ status: 200, headers: { 'Content-Type': 'text/plain' }, body });
}

function unreachable(): never {
  throw new Error('the front door must not be reached');
}

/** A front door that answers only when it is told to. */
function hold(): {
  door: FrontDoor['answer'];
  release: () => void;
  readonly waiting: number;
  readonly requests: LegacyHttpRequest[];
} {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const requests: LegacyHttpRequest[] = [];
  return {
    door: async (request) => {
      requests.push(request);
      await released;
      return echo(request);
    },
    release,
    requests,
    get waiting() {
      return requests.length;
    },
  };
}

async function failsToConnect(port: number): Promise<boolean> {
  try {
    (await RawConnection.open(port)).close();
    return false;
  } catch {
    return true;
  }
}

function certificate(commonName: string): ReturnType<typeof createSelfSignedCertificate> {
  return createSelfSignedCertificate({ commonName, clock: systemClock, random: new CountedRandom() });
}

function ask(port: number, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port, ca, path: '/personregistry/v1.svc', method: 'POST', agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          resolve(`${response.statusCode ?? 0} ${text}`);
        });
      },
    );
    request.on('error', (error) => {
      resolve(error.message);
    });
    request.end('hello');
  });
}
