import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { z } from 'zod';
import { HL7V3_PATH } from '../../test/support/get-demographics-request.js';
import type { Asker } from './askers.js';
import { dice } from './loops.js';
import { percentilesForm, percentilesOf, type Percentiles } from './percentiles.js';
import type { Answer } from './question.js';
import { StormConnection } from './storm-connection.js';

/** How a server is asked for more than it can do. */
export const stormForm = z.object({
  port: z.number(),
  /**
   * How many there are: as many as can be waiting for an answer or a refusal at a time. They are open before anybody asks, as those of
   * clients are: what a handshake costs is another matter.
   */
  connections: z.number(),
  load: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('closed'), concurrency: z.number(), milliseconds: z.number() }),
    z.object({
      kind: z.literal('open'),
      perSecond: z.number(),
      milliseconds: z.number(),
      seed: z.number(),
    }),
  ]),
});
export type Storm = z.output<typeof stormForm>;

const timesForm = percentilesForm.partial();

/** What came of it. Times in milliseconds from when a question was sent. */
export const stormOutcomeForm = z.object({
  asked: z.number(),
  right: z.number(),
  /** Refused in the way of the protocol. */
  refused: z.number(),
  /** What else came back, and how often. */
  wrong: z.record(z.string(), z.number()),
  seconds: z.number(),
  answers: timesForm,
  refusals: timesForm,
  /** How late questions were sent: what the generator itself is behind. */
  lateness: timesForm,
  connections: z.number(),
  /** Right answers in each whole second. */
  rightBySecond: z.array(z.number()),
});
export type StormOutcome = z.output<typeof stormOutcomeForm>;

/** Asks one server over connections that are kept, however many it takes. */
export class StormSender {
  readonly #idle: StormConnection[] = [];
  readonly #options: ConnectionOptions;
  #connections = 0;
  #most = 0;

  constructor(port: number, certificatePem: string) {
    this.#options = { port, ca: certificatePem };
  }

  async run({ load, connections }: Omit<Storm, 'port'>, next: Asker): Promise<StormOutcome> {
    this.#most = connections;
    await this.#openAll();
    const tally = new StormTally();
    await (load.kind === 'closed' ? this.#closed(load, next, tally) : this.#open(load, next, tally));
    return tally.outcome(this.#connections);
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  /** A few at a time. */
  async #openAll(): Promise<void> {
    const opener = async (): Promise<void> => {
      while (this.#connections < this.#most) {
        this.#connections += 1;
        const connection = new StormConnection(this.#options);
        await connection.opened;
        // One that has brought nothing yet is cut after ten seconds.
        await connection.get(HL7V3_PATH);
        this.#idle.push(connection);
      }
    };
    await Promise.all(Array.from({ length: 8 }, opener));
  }

  async #closed(
    { concurrency, milliseconds }: Extract<Storm['load'], { kind: 'closed' }>,
    next: Asker,
    tally: StormTally,
  ): Promise<void> {
    const end = performance.now() + milliseconds;
    const worker = async (): Promise<void> => {
      while (performance.now() < end) await this.#ask(next, tally, performance.now());
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  async #open(
    { perSecond, milliseconds, seed }: Extract<Storm['load'], { kind: 'open' }>,
    next: Asker,
    tally: StormTally,
  ): Promise<void> {
    const draw = dice(seed);
    const begin = performance.now();
    const answered: Promise<void>[] = [];
    for (let due = begin; due < begin + milliseconds; due += (-Math.log(1 - draw()) * 1_000) / perSecond) {
      const ahead = due - performance.now();
      if (ahead > 0) await wait(Math.ceil(ahead));
      answered.push(this.#ask(next, tally, due));
    }
    await Promise.all(answered);
  }

  async #ask(next: Asker, tally: StormTally, dueAt: number): Promise<void> {
    const { path, body, judge } = next();
    const connection = this.#free();
    tally.asked();
    if (connection === undefined) {
      tally.wrong('no connection left');
      return;
    }
    const sentAt = performance.now();
    tally.late(sentAt - dueAt);
    const answer = await connection.post(path, body);
    const took = performance.now() - sentAt;
    if ('failed' in answer) tally.wrong(`connection ${answer.failed}`);
    else if (answer.status === 503) tally.refused(took, wrongWithRefusal(answer));
    else tally.answered(took, judge(answer));
    if (connection.isOpen) this.#idle.push(connection);
    else this.#connections -= 1;
  }

  #free(): StormConnection | undefined {
    for (;;) {
      // The one used last: it is the likeliest to be open still.
      const idle = this.#idle.pop();
      if (idle === undefined) break;
      if (idle.isOpen) return idle;
      this.#connections -= 1;
    }
    if (this.#connections >= this.#most) return undefined;
    this.#connections += 1;
    return new StormConnection(this.#options);
  }
}

/** What a refusal lacks to be a fault that a client of SOAP 1.2 can read. */
function wrongWithRefusal({ text }: Answer): string | undefined {
  if (text === '') return 'a refusal without a fault';
  return text.includes('<s:Fault>') && text.includes('s:Receiver') ? undefined : 'a refusal that is no fault';
}

class StormTally {
  readonly #startedAt = performance.now();
  readonly #answers: number[] = [];
  readonly #refusals: number[] = [];
  readonly #lateness: number[] = [];
  readonly #wrong = new Map<string, number>();
  readonly #bySecond: number[] = [];
  #asked = 0;

  asked(): void {
    this.#asked += 1;
  }

  late(milliseconds: number): void {
    this.#lateness.push(milliseconds);
  }

  answered(milliseconds: number, wrong: string | undefined): void {
    if (wrong !== undefined) {
      this.wrong(wrong);
      return;
    }
    this.#answers.push(milliseconds);
    const second = Math.floor((performance.now() - this.#startedAt) / 1_000);
    while (this.#bySecond.length <= second) this.#bySecond.push(0);
    this.#bySecond[second] = (this.#bySecond[second] ?? 0) + 1;
  }

  refused(milliseconds: number, wrong: string | undefined): void {
    if (wrong === undefined) this.#refusals.push(milliseconds);
    else this.wrong(wrong);
  }

  wrong(what: string): void {
    this.#wrong.set(what, (this.#wrong.get(what) ?? 0) + 1);
  }

  outcome(connections: number): StormOutcome {
    return {
      asked: this.#asked,
      right: this.#answers.length,
      refused: this.#refusals.length,
      wrong: Object.fromEntries(this.#wrong),
      seconds: (performance.now() - this.#startedAt) / 1_000,
      answers: timesOf(this.#answers),
      refusals: timesOf(this.#refusals),
      lateness: timesOf(this.#lateness),
      connections,
      rightBySecond: this.#bySecond,
    };
  }
}

/** Without those that there are none of: NaN does not survive the way between processes. */
function timesOf(values: readonly number[]): Partial<Percentiles> {
  return values.length === 0 ? {} : percentilesOf(values);
}
