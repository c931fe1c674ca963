/**
 * What asking PREG in the background does to whoever waits for Persontjenesten's answer (issue: cutover): lookups with it and without it in
 * turn, by adapters whose PREG is dead, silent, or slow. One process does both: two that do the same differ by more than the goal.
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
const ROUNDS = isShort ? 2 : 15;
const MILLISECONDS = isShort ? 1_000 : 2_500;

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
      ['dead', await setting.serve('adapter', withPreg(dead))],
      ['silent', await setting.serve('adapter', withPreg(silent.port))],
      ['slow', await setting.serve('adapter', withPreg(slow.port))],
    ];
    for (const [, server] of servers) await setting.warm(server, isShort ? 500 : 8_000);
    const contenders = new Map(
      servers.flatMap(([name, server]) =>
        CONCURRENCIES.flatMap((concurrency) =>
          [false, true].map(
            (isAsked) =>
              [
                at(name, concurrency, isAsked),
                async (): Promise<Outcome> => {
                  await setting.change(
                    server,
                    routedTo(isAsked ? 'shadow-persontjenesten' : 'persontjenesten'),
                  );
                  return setting.run(server, { kind: 'closed', concurrency, milliseconds: MILLISECONDS });
                },
              ] as const,
          ),
        ),
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
      ...servers.flatMap(([name]) =>
        CONCURRENCIES.map((concurrency) => {
          const { median, lowest, highest } = acrossRounds(
            rounds,
            (figures) =>
              (figures(at(name, concurrency, true)).latency.p50 ?? NaN) /
              (figures(at(name, concurrency, false)).latency.p50 ?? NaN),
          );
          return limitGoal(
            `p50 with a PREG that is ${name} : without, ${concurrency} at once [${shown(lowest, 2)}–${shown(highest, 2)}]`,
            median,
            'at most',
            1.05,
          );
        }),
      ),
      limitGoal('wrong answers', wrong, 'at most', 0),
    ]);
  });
} finally {
  silent.stop();
  slow.stop();
}

function at(name: string, concurrency: number, isAsked: boolean): string {
  return `${name}, ${concurrency} at once, ${isAsked ? 'asked' : 'not asked'}`;
}

function withPreg(port: number): Readonly<Record<string, unknown>> {
  return {
    cutover: {
      preg: {
        hl7v3Url: `http://127.0.0.1:${port}/Personregister.HL7/PersonRegistry.svc`,
        accounts: [{ client: 'epj-bench', username: 'epj-bench', password: 'epj-bench' }],
      },
      // It would end what is measured.
      guard: { enabled: 'false' },
    },
  };
}

/** Settings by which lookups go that way. */
function routedTo(route: string): Readonly<Record<string, unknown>> {
  return { cutover: { routes: [{ client: 'epj-bench', protocol: 'hl7v3', route }] } };
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
