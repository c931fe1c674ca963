import { expect } from 'chai';
import { CallerLeft } from '../../src/errors/errors.js';
import type { FrontDoor, StreamedHttpRequest, StreamingDoor } from '../../src/legacy/http.js';
import {
  createLegacyListener,
  type LegacyListener,
  type LegacyListenerSettings,
} from '../../src/legacy/listener.js';
import { PeerTooSlow } from '../../src/legacy/pace.js';
import { silentLogger } from '../../src/operations/logger.js';
import type { Clock } from '../../src/runtime/clock.js';
import { parseNetworkList } from '../../src/runtime/network-list.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { silentDoorkeeper } from '../support/silent-doorkeeper.js';
import { RawConnection } from '../support/raw-connection.js';
import { StandingClock } from '../support/standing-clock.js';
import { until } from '../support/until.js';

const MEBIBYTE = 1024 * 1024;

describe('streaming doors', () => {
  const opened: { close: () => unknown }[] = [];

  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  async function listen(
    answer: StreamingDoor['answer'],
    {
      clock = systemClock,
      quick = () => Promise.resolve({ status: 200, headers: {}, body: 'quick' }),
      ...settings
    }: Partial<LegacyListenerSettings> & { clock?: Clock; quick?: FrontDoor['answer'] } = {},
  ): Promise<{ listener: LegacyListener; connection: () => Promise<RawConnection> }> {
    const trustedProxies = parseNetworkList([]);
    if (trustedProxies === undefined) throw new Error('malformed');
    const listener = createLegacyListener({
      doors: [{ paths: ['/quick'], answer: quick }],
      streamingDoors: [{ root: '/Files', answer }],
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
      events: { emit: () => undefined },
      logger: silentLogger,
      clock,
      doorkeeper: silentDoorkeeper(settings.maxConcurrentRequests ?? 10, clock),
    });
    const { port } = await listener.start();
    opened.push({
      close: async () => {
        const stopped = listener.stop(0);
        if (clock instanceof StandingClock) await clock.advance(0);
        await stopped;
      },
    });
    return {
      listener,
      connection: async () => {
        const connection = await RawConnection.open(port);
        opened.push(connection);
        return connection;
      },
    };
  }

  describe('requests', () => {
    it('are told of before their body, and the body comes as it is sent', async () => {
      const seen: string[] = [];
      const { connection } = await listen(async ({ body, ...head }) => {
        seen.push(`${head.method} ${head.path}?${head.query} ${head.headers['x-test'] ?? ''}`);
        for await (const piece of body) seen.push(Buffer.from(piece).toString());
        return { status: 202, headers: { 'X-Seen': 'yes' }, body: 'tøken' };
      });
      const client = await connection();
      client.send('POST /files/a?b=c HTTP/1.1\r\nHost: x\r\nX-Test: d\r\nTransfer-Encoding: chunked\r\n\r\n');
      await until(() => seen.length === 1);
      client.send('3\r\none\r\n');
      await until(() => seen.length === 2);
      client.send('3\r\ntwo\r\n0\r\n\r\n');
      const answer = await client.receives(/tÃ¸ken$/);
      expect(answer).to.match(/^HTTP\/1\.1 202 Accepted\r\n[^]*X-Seen: yes\r\nContent-Length: 6\r\n/);
      expect(answer).to.not.contain('Connection: close');
      expect(seen).to.deep.equal(['POST /files/a?b=c d', 'one', 'two']);
      client.send(post('/FILES', 'three'));
      await client.receives(/tÃ¸ken[^]*tÃ¸ken$/);
      expect(seen.slice(3)).to.deep.equal(['POST /FILES? ', 'three']);
    });

    it('may be larger than what other doors take, and take longer', async () => {
      const octets = counter();
      const { connection } = await listen(octets.answer, { timeouts: { body: 20 } });
      const client = await connection();
      client.send(head('/files', 2 * MEBIBYTE));
      client.send('x'.repeat(MEBIBYTE));
      await until(() => octets.count === MEBIBYTE);
      const slow = await connection();
      slow.send(`${head('/quick', 10)}abc`);
      expect(await slow.untilClosed()).to.match(emptyAnswer(408));
      client.send('x'.repeat(MEBIBYTE));
      await client.receives(/\r\n\r\n2097152$/);
    });

    it('are held back while the door does not read on', async () => {
      const release = gate();
      let count = 0;
      const { connection } = await listen(async ({ body }) => {
        for await (const piece of body) {
          count += piece.length;
          await release.opened;
        }
        return { status: 200, headers: {}, body: String(count) };
      });
      const client = await connection();
      client.send(head('/files', 64 * MEBIBYTE));
      const block = 'x'.repeat(MEBIBYTE);
      for (let sent = 0; sent < 64; sent += 1) client.send(block);
      const other = await connection();
      for (let round = 1; round <= 50; round += 1) {
        other.send(post('/quick', ''));
        await until(() => other.received.split('quick').length > round);
      }
      expect(client.socket.writableLength).to.be.greaterThan(32 * MEBIBYTE);
      release.open();
      await client.receives(/\r\n\r\n67108864$/);
    });

    for (const path of ['/', '/file', '/files2', '/other/files', '/quick/files']) {
      it(`are no concern of theirs at ${path}`, async () => {
        const { connection } = await listen(unreachable);
        const client = await connection();
        client.send(post(path, 'x', 'Connection: close\r\n'));
        expect(await client.untilClosed()).to.match(/^HTTP\/1\.1 404 /);
      });
    }

    it('are their concern with a path that cannot be decoded', async () => {
      const { connection } = await listen(({ path }) =>
        Promise.resolve({ status: 404, headers: {}, body: path }),
      );
      const client = await connection();
      client.send(post('/files/%zz', 'x'));
      expect(await client.receives(/%zz$/)).to.match(/^HTTP\/1\.1 404 /);
    });

    it('leave the place they took when the answer is there, and take no more than half of all', async () => {
      const release = gate();
      let inside = 0;
      const { connection } = await listen(
        async () => {
          inside += 1;
          await release.opened;
          return { status: 200, headers: {}, body: 'done' };
        },
        { maxConcurrentRequests: 4 },
      );
      const busy = [await connection(), await connection()];
      for (const one of busy) one.send(post('/files', ''));
      await until(() => inside === 2);
      const third = await connection();
      third.send(post('/files', ''));
      expect(await third.receives(/\r\n\r\n$/)).to.match(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n/);
      const other = await connection();
      other.send(post('/quick', ''));
      await other.receives(/quick$/);
      release.open();
      for (const one of busy) await one.receives(/done$/);
      const fourth = await connection();
      fourth.send(post('/files', ''));
      await fourth.receives(/done$/);
    });

    it('are answered with an empty 500 when the door breaks its promise', async () => {
      const { connection } = await listen(() => Promise.reject(new Error('secret detail')));
      const client = await connection();
      client.send(post('/files', 'hello'));
      expect(await client.untilClosed()).to.match(/^HTTP\/1\.1 500 [^]*\r\n\r\n$/);
    });
  });

  describe('a peer that asks first', () => {
    it('is asked when the body is read, and not before', async () => {
      const release = gate();
      const octets = counter(() => release.opened);
      const { connection } = await listen(octets.answer);
      const client = await connection();
      client.send(head('/files', 5, 'Expect: 100-continue\r\n'));
      await until(() => octets.begun);
      const other = await connection();
      other.send(post('/quick', ''));
      await other.receives(/quick$/);
      expect(client.received).to.equal('');
      release.open();
      await client.receives(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
      client.send('hello');
      await client.receives(/HTTP\/1\.1 200 [^]*\r\n\r\n5$/);
    });

    it('is answered at once when the body is not wanted, and the connection ends', async () => {
      const { connection } = await listen(() =>
        Promise.resolve({ status: 401, headers: {}, body: 'who are you' }),
      );
      const client = await connection();
      client.send(head('/files', 5, 'Expect: 100-continue\r\n'));
      const answer = await client.untilClosed();
      expect(answer).to.match(/^HTTP\/1\.1 401 [^]*\r\nConnection: close\r\n[^]*who are you$/);
    });

    it('is refused without being asked where nothing is served', async () => {
      const { connection } = await listen(unreachable);
      const client = await connection();
      client.send(head('/elsewhere', 5, 'Expect: 100-continue\r\n'));
      expect(await client.untilClosed()).to.match(/^HTTP\/1\.1 404 /);
    });
  });

  describe('an answer before the end of the body', () => {
    it('is seen by a peer that is still sending, and ends the connection', async () => {
      const { connection } = await listen(() =>
        Promise.resolve({ status: 415, headers: {}, body: 'not this' }),
      );
      const client = await connection();
      client.send(head('/files', 8 * MEBIBYTE) + 'x'.repeat(8 * MEBIBYTE));
      const answer = await client.untilClosed();
      expect(answer).to.match(/^HTTP\/1\.1 415 [^]*\r\nConnection: close\r\n[^]*not this$/);
    });

    it('is seen also when some of the body was read', async () => {
      const { connection } = await listen(async ({ body }) => {
        for await (const piece of body) {
          if (piece.length > 0) break;
        }
        return { status: 413, headers: {}, body: 'enough' };
      });
      const client = await connection();
      client.send(head('/files', 8 * MEBIBYTE) + 'x'.repeat(8 * MEBIBYTE));
      expect(await client.untilClosed()).to.match(/^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n[^]*enough$/);
    });
  });

  describe('a peer that does not get on', () => {
    it('is cut when it sends nothing for half a minute', async () => {
      const clock = new StandingClock('2026-03-01T12:00:00Z');
      const { connection } = await listen(timedOut, { clock });
      const client = await connection();
      client.send(`${head('/files', 10)}abc`);
      await until(() => clock.sleeping === 1);
      await clock.advance(29_999);
      expect(client.received).to.equal('');
      await clock.advance(1);
      expect(await client.receives(/PeerTooSlow$/)).to.match(/^HTTP\/1\.1 408 [^]*\r\nConnection: close\r\n/);
    });

    it('is cut when it only drips', async () => {
      const clock = new StandingClock('2026-03-01T12:00:00Z');
      const pieces: number[] = [];
      const { connection } = await listen((request) => timedOut(request, pieces), { clock });
      const client = await connection();
      client.send(head('/files', 1000));
      for (const sent of [1, 2, 3]) {
        await until(() => clock.sleeping === 1);
        await clock.advance(20_000);
        client.send('x');
        await until(() => pieces.length === sent || client.received !== '');
      }
      await client.receives(/^HTTP\/1\.1 408 [^]*PeerTooSlow$/);
      expect(pieces).to.have.length(2);
    });

    it('is not blamed for the time in which the door does not read', async () => {
      const clock = new StandingClock('2026-03-01T12:00:00Z');
      const octets = counter(() => clock.sleep(3_600_000));
      const { connection } = await listen(octets.answer, { clock });
      const client = await connection();
      client.send(head('/files', 2));
      await until(() => octets.begun && clock.sleeping === 1);
      client.send('x');
      await clock.advance(3_600_000);
      await until(() => octets.count === 1 && clock.sleeping === 1);
      client.send('x');
      await client.receives(/\r\n\r\n2$/);
    });

    it('is cut when it does not take its answer', async () => {
      const clock = new StandingClock('2026-03-01T12:00:00Z');
      const source = endless();
      const { connection } = await listen(source.answer, { clock });
      const client = await connection();
      client.socket.pause();
      client.send(get('/files'));
      await until(() => clock.sleeping === 1);
      expect(source.pieces).to.be.lessThan(1000);
      await clock.advance(30_000);
      await until(() => source.closed);
      client.socket.resume();
      expect(await client.untilClosed()).to.not.match(/0\r\n\r\n$/);
    });
  });

  describe('a peer that leaves', () => {
    it('in mid-upload is told to the door, by the body and by the signal', async () => {
      let failure: unknown;
      let left: AbortSignal | undefined;
      const { connection } = await listen(async ({ body, signal }) => {
        left = signal;
        try {
          for await (const piece of body) expect(piece).to.have.length(3);
        } catch (error) {
          failure = error;
        }
        return { status: 200, headers: {}, body: '' };
      });
      const client = await connection();
      client.send(`${head('/files', 10)}abc`);
      await until(() => left !== undefined);
      client.close();
      await until(() => failure !== undefined);
      expect(failure).to.be.instanceOf(CallerLeft);
      expect(left?.aborted).to.equal(true);
    });

    it('before the body is read is told to the door all the same', async () => {
      const release = gate();
      let failure: unknown;
      let left: AbortSignal | undefined;
      const { connection } = await listen(async ({ body, signal }) => {
        left = signal;
        await release.opened;
        try {
          for await (const piece of body) expect(piece).to.have.length(3);
        } catch (error) {
          failure = error;
        }
        return { status: 200, headers: {}, body: '' };
      });
      const client = await connection();
      client.send(`${head('/files', 10)}abc`);
      await until(() => left !== undefined);
      client.close();
      await until(() => left?.aborted === true);
      release.open();
      await until(() => failure !== undefined);
      expect(failure).to.be.instanceOf(CallerLeft);
    });

    it('in mid-download ends the reading', async () => {
      const source = endless();
      const { connection } = await listen(source.answer);
      const client = await connection();
      client.send(get('/files'));
      await client.receives(/xxx/);
      client.close();
      await until(() => source.closed);
    });
  });

  describe('answers in pieces', () => {
    it('are written whole, and the connection is good for more', async () => {
      const { connection } = await listen(() =>
        Promise.resolve({ status: 200, headers: {}, body: pieces('ab', 'cde') }),
      );
      const client = await connection();
      client.send(get('/files'));
      await client.receives(/\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n$/);
      client.send(get('/files'));
      await client.receives(/0\r\n\r\nHTTP\/1\.1 200 [^]*0\r\n\r\n$/);
    });

    it('are not read for HEAD', async () => {
      const source = endless();
      const { connection } = await listen(source.answer);
      const client = await connection();
      client.send(get('/files').replace('GET', 'HEAD') + post('/quick', ''));
      expect(await client.receives(/quick$/)).to.match(/^HTTP\/1\.1 200 [^]*\r\n\r\nHTTP\/1\.1 200 /);
      expect(source.pieces).to.equal(0);
    });

    it('are cut when they fail, so that nobody takes a part for the whole', async () => {
      const release = gate();
      const { connection } = await listen(() =>
        Promise.resolve({ status: 200, headers: {}, body: failing('ab', release.opened) }),
      );
      const client = await connection();
      client.send(get('/files'));
      await client.receives(/\r\n\r\n2\r\nab\r\n$/);
      release.open();
      expect(await client.untilClosed()).to.match(/\r\n\r\n2\r\nab\r\n$/);
    });
  });

  describe('while the listener stops', () => {
    it('finish what they are at', async () => {
      const octets = counter();
      const { connection, listener } = await listen(octets.answer);
      const client = await connection();
      client.send(`${head('/files', 6)}abc`);
      await until(() => octets.count === 3);
      const stopped = listener.stop(60_000);
      client.send('def');
      expect(await client.untilClosed()).to.match(
        /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n[^]*\r\n\r\n6$/,
      );
      await stopped;
    });

    it('are cut when the grace is over, in both directions, and put down what they have first', async () => {
      const putDown: string[] = [];
      const release = gate();
      const source = endless();
      const { connection, listener } = await listen(async (request) => {
        if (request.method === 'GET') return source.answer();
        try {
          for await (const piece of request.body) putDown.push(`piece of ${piece.length}`);
        } finally {
          await release.opened;
          putDown.push('put down');
        }
        return { status: 200, headers: {}, body: '' };
      });
      const upload = await connection();
      upload.send(`${head('/files', 6)}abc`);
      const download = await connection();
      download.send(get('/files'));
      await download.receives(/xxx/);
      await until(() => putDown.length === 1);
      let isStopped = false;
      const stopped = listener.stop(0).then(() => {
        isStopped = true;
      });
      expect(await upload.untilClosed()).to.equal('');
      await download.untilClosed();
      await until(() => source.closed);
      expect(isStopped).to.equal(false);
      release.open();
      await stopped;
      expect(putDown).to.deep.equal(['piece of 3', 'put down']);
    });
  });
});

function head(path: string, length: number, headers = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${length}\r\n\r\n`;
}

function post(path: string, body: string, headers = ''): string {
  return head(path, body.length, headers) + body;
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
}

function emptyAnswer(status: number): RegExp {
  return new RegExp(`^HTTP/1\\.1 ${status} [^]*\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n`);
}

function unreachable(): never {
  throw new Error('the door must not be reached');
}

/** Lets through whoever waits, once it is open. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A door that says how many octets came, once `before` lets it read. */
function counter(before: () => Promise<void> = () => Promise.resolve()): {
  readonly answer: StreamingDoor['answer'];
  readonly begun: boolean;
  readonly count: number;
} {
  let begun = false;
  let count = 0;
  return {
    answer: async ({ body }) => {
      begun = true;
      await before();
      for await (const piece of body) count += piece.length;
      return { status: 200, headers: {}, body: String(count) };
    },
    get begun() {
      return begun;
    },
    get count() {
      return count;
    },
  };
}

/** A door that says why it could not read on. */
async function timedOut(
  { body }: StreamedHttpRequest,
  pieces: number[] = [],
): ReturnType<StreamingDoor['answer']> {
  try {
    for await (const piece of body) pieces.push(piece.length);
    return { status: 200, headers: {}, body: '' };
  } catch (error) {
    return { status: 408, headers: {}, body: error instanceof PeerTooSlow ? error.name : String(error) };
  }
}

/** A door whose answer never ends. */
function endless(): {
  readonly answer: () => ReturnType<StreamingDoor['answer']>;
  readonly pieces: number;
  readonly closed: boolean;
} {
  const piece = Buffer.alloc(64 * 1024, 'x');
  let pieces = 0;
  let closed = false;
  async function* flow(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        pieces += 1;
        yield await Promise.resolve(piece);
      }
    } finally {
      closed = true;
    }
  }
  return {
    answer: () => Promise.resolve({ status: 200, headers: {}, body: flow() }),
    get pieces() {
      return pieces;
    },
    get closed() {
      return closed;
    },
  };
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

async function* failing(text: string, when: Promise<void>): AsyncGenerator<Uint8Array> {
  yield* pieces(text);
  await when;
  throw new Error('the seal is broken');
}
