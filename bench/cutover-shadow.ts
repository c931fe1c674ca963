/**
 * What asking PREG in the background does to whoever waits for Persontjenesten's answer (issue: cutover): the same lookups by an
 * adapter without it, and by adapters whose PREG is dead, silent, or slow.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Outcome } from './load/tally.js';
import { medianOf } from './load/percentiles.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { acrossRounds, inRounds } from './report/rounds.js';
import { surroundings } from './report/surroundings.js';
import { shown, tableOf } from './report/table.js';
import { Setting, type ServerUnderTest } from './setting.js';

const SLOW_MILLISECONDS = 2_000;
const CONCURRENCIES = [1, 16] as const;

const { isShort, profileTo } = benchOptions();
const ROUNDS = isShort ? 2 : 9;
const MILLISECONDS = isShort ? 1_000 : 5_000;

const alone = 'PREG not asked';
const dead = await closedPort();
const silent = await listening(() => undefined);
const slow = await listening((socket) => {
  socket.once('data', () => {
    void wait(SLOW_MILLISECONDS).then(() => {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
});

process.stdout.write(surroundings());
try {
  await Setting.during({ isBare: true, profileTo }, async (setting) => {
    const servers: readonly (readonly [string, ServerUnderTest])[] = [
      [alone, await setting.serve('adapter')],
      ['dead', await setting.serve('adapter', shadowing(dead))],
      ['silent', await setting.serve('adapter', shadowing(silent.port))],
      ['slow', await setting.serve('adapter', shadowing(slow.port))],
    ];
    for (const [, server] of servers) await setting.warm(server, isShort ? 500 : 8_000);
    const contenders = new Map(
      servers.flatMap(([name, server]) =>
        CONCURRENCIES.map((concurrency) => [
          at(name, concurrency),
          (): Promise<Outcome> =>
            setting.run(server, { kind: 'closed', concurrency, milliseconds: MILLISECONDS }),
        ]),
      ),
    );
    const rounds = await inRounds(contenders, ROUNDS);

    const rows = [...contenders.keys()].map((name) => {
      const outcomes = rounds.flatMap((round) => round.get(name) ?? []);
      const latency = (kind: 'p50' | 'p95' | 'p99'): string =>
        shown(medianOf(outcomes.map((outcome) => outcome.latency[kind] ?? NaN)));
      const perSecond = medianOf(outcomes.map(({ right, seconds }) => right / seconds));
      return [name, shown(perSecond, 0), latency('p50'), latency('p95'), latency('p99')];
    });
    process.stdout.write(`\n${tableOf([['', 'a second', 'p50 ms', 'p95 ms', 'p99 ms'], ...rows])}`);
    const wrong = rounds
      .flatMap((round) => [...round.values()])
      .reduce((sum, { asked, right }) => sum + asked - right, 0);
    concludeWith([
      ...servers
        .filter(([name]) => name !== alone)
        .flatMap(([name]) =>
          CONCURRENCIES.map((concurrency) =>
            limitGoal(
              `p50 with a PREG that is ${name}, ${concurrency} at once : without`,
              acrossRounds(
                rounds,
                (figures) =>
                  (figures(at(name, concurrency)).latency.p50 ?? NaN) /
                  (figures(at(alone, concurrency)).latency.p50 ?? NaN),
              ).median,
              'at most',
              1.05,
            ),
          ),
        ),
      limitGoal('wrong answers', wrong, 'at most', 0),
    ]);
  });
} finally {
  silent.stop();
  slow.stop();
}

function at(name: string, concurrency: number): string {
  return `${name}, ${concurrency} at once`;
}

/** Settings by which whatever is asked is asked of that PREG, too. */
function shadowing(port: number): Readonly<Record<string, unknown>> {
  return {
    cutover: {
      preg: {
        hl7v3Url: `http://127.0.0.1:${port}/Personregister.HL7/PersonRegistry.svc`,
        accounts: [{ client: 'epj-bench', username: 'epj-bench', password: 'epj-bench' }],
      },
      routes: [{ client: 'epj-bench', protocol: 'hl7v3', route: 'shadow-persontjenesten' }],
      // It would end what is measured.
      guard: { enabled: 'false' },
    },
  };
}

interface Listening {
  readonly port: number;
  stop(): void;
}

async function listening(onConnection: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  const port = await portOf(server);
  return {
    port,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
