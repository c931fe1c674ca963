import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { openAdapter, type OpenedAdapter } from '../../src/cli/open-adapter.js';
import { supply } from '../../src/cli/supplies.js';
import type { AdapterConfiguration } from '../../src/config/adapter-configuration.js';
import { loadConfiguration } from '../../src/config/load.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { LegacyHttpRequest } from '../../src/legacy/http.js';
import type { AdapterEvents, EventListener } from '../../src/operations/events.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../support/person-service-request.js';
import { SkippingClock } from '../support/skipping-clock.js';
import { textOf } from '../support/soap-bench.js';

/** The protocols that ask. */
export const protocols = ['hl7v3', 'preg-xml'] as const;
export type AskedBy = (typeof protocols)[number];

/** How a request of a legacy client ended, as the client saw it. */
export interface Seen {
  readonly status: number;
  readonly body: string;
  readonly correlationId: string;
}

/** The same, as everybody concerned saw it. The correlation id is that of the audit trail. */
export interface Ending extends Seen {
  /** As the audit trail has it. */
  readonly outcome: string;
  /** Attempts at Persontjenesten. */
  readonly calls: readonly AdapterEvents['upstreamCalled'][];
  readonly retries: number;
  readonly tokensFetched: number;
  readonly tokensFailed: number;
  readonly unmapped: readonly string[];
  /** By the adapter's clock. */
  readonly seconds: number;
}

/** Somebody who hangs, so that there is no sense in waiting for anything but time. */
export interface Hanging {
  /** How many requests have met the one who hangs. */
  readonly met: () => number;
  /** So many come side by side. */
  readonly wave: number;
}

const nobodyHangs: Hanging = { met: () => 0, wave: 1 };

/** An adapter under test, without listeners. */
export interface FaultyAdapter {
  /** Asks for a person. Where somebody hangs, time is skipped for each wave that reaches them. */
  ask(protocol: AskedBy, number: string, hanging?: Hanging): Promise<Ending>;
  /** The same where there is no audit entry to be found: what the client sees, and the correlation id in it. */
  askOffRecord(protocol: AskedBy, number: string): Promise<Seen>;
  readonly opened: OpenedAdapter;
  readonly dataDirectory: string;
  /** Every log line so far. */
  log(): string;
}

/** A sandbox, and adapters on it. */
export interface FaultBench {
  readonly sandbox: Sandbox;
  readonly clock: SkippingClock;
  /** Opens an adapter, with a configuration of its own where that is given. */
  open(change?: (configuration: AdapterConfiguration) => AdapterConfiguration): Promise<FaultyAdapter>;
  stop(): Promise<void>;
}

/** Brings the sandbox up. */
export async function startFaultBench(): Promise<FaultBench> {
  const clock = new SkippingClock();
  const folders: string[] = [];
  const closing: (() => Promise<void>)[] = [];
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'preg-adapter-'));
    folders.push(folder);
    return folder;
  };
  const loaded = loadConfiguration({
    file: join(packageRoot(), 'config', 'sandbox.yaml'),
    clock,
    environment: {
      PREG_ADAPTER__DATA__DIRECTORY: newFolder(),
      PREG_ADAPTER__SANDBOX__PORT: '0',
      PREG_ADAPTER__SANDBOX__POPULATION: '0',
      PREG_ADAPTER__EVENTS__ENABLED: 'false',
      PREG_ADAPTER__LOGGING__LEVEL: 'debug',
      PREG_ADAPTER__LOGGING__FORMAT: 'json',
      // Many faults in a row would open it; it has tests of its own.
      PREG_ADAPTER__UPSTREAM__BREAKER__MINIMUM_CALLS: '1000',
    },
  });
  const { sandbox, configuration } = await supply(loaded, {
    clock,
    random: systemRandom,
    onTrouble: (error) => {
      // A caller who gives up while the sandbox still reads is part of the play.
      if (!(error instanceof Error) || error.message !== 'aborted') throw error;
    },
  });
  if (sandbox === undefined) throw new Error('config/sandbox.yaml has no sandbox');
  closing.push(() => sandbox.stop());
  return {
    sandbox,
    clock,
    open: async (change = (same) => same) => {
      const lines: string[] = [];
      const log = new Writable({
        write: (chunk, _encoding, done) => {
          lines.push(String(chunk));
          done();
        },
      });
      const dataDirectory = newFolder();
      const opened = await openAdapter({
        configuration: { ...change(configuration), data: { directory: dataDirectory } },
        clock,
        random: systemRandom,
        log,
      });
      closing.unshift(() => opened.close());
      return {
        ask: asking(opened, clock),
        askOffRecord: async (protocol, number) => {
          const response = await opened.adapter.ask(requestOf(protocol, number, clock.now()));
          const body = textOf(response);
          const correlationId = /Correlation id: ([0-9a-f-]{36})\./.exec(body)?.[1] ?? 'none';
          return { status: response.status, body, correlationId };
        },
        opened,
        dataDirectory,
        log: () => lines.join(''),
      };
    },
    stop: async () => {
      for (const close of closing) await close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function asking({ adapter, store, events }: OpenedAdapter, clock: SkippingClock): FaultyAdapter['ask'] {
  return async (protocol, number, hanging = nobodyHangs) => {
    const seen = new Told();
    const unsubscribe = events.subscribe(seen.listener);
    const before = [...store.audit.entries()].length;
    const startedAt = clock.now().getTime();
    let isAnswered = false;
    const asked = adapter.ask(requestOf(protocol, number, clock.now())).finally(() => {
      isAnswered = true;
    });
    await skipWhileHanging(hanging, () => isAnswered, clock);
    const response = await asked;
    unsubscribe();
    const entries = [...store.audit.entries()].slice(before);
    const [entry] = entries;
    if (entry === undefined || entries.length > 1) throw new Error(`${entries.length} audit entries`);
    return {
      status: response.status,
      body: textOf(response),
      outcome: entry.outcome,
      correlationId: entry.correlationId,
      // One that was given up may end later, while the next question is asked.
      calls: seen.calls.filter(({ correlationId }) => correlationId === entry.correlationId),
      retries: seen.retries,
      tokensFetched: seen.tokensFetched,
      tokensFailed: seen.tokensFailed,
      unmapped: seen.unmapped,
      seconds: (clock.now().getTime() - startedAt) / 1_000,
    };
  };
}

/** For each wave of requests skips to when they are given up or the whole time is over, until there is an answer. */
async function skipWhileHanging(
  { met, wave }: Hanging,
  isAnswered: () => boolean,
  clock: SkippingClock,
): Promise<void> {
  let seen = met();
  while (!isAnswered()) {
    await setImmediate();
    if (met() < seen + wave) continue;
    seen += wave;
    await clock.skipToNextWaking();
  }
}

class Told {
  readonly calls: AdapterEvents['upstreamCalled'][] = [];
  readonly unmapped: string[] = [];
  retries = 0;
  tokensFetched = 0;
  tokensFailed = 0;
  readonly listener: EventListener = (name, event) => {
    const told: string = name;
    if (told === 'callRetried') this.retries += 1;
    if (name === 'tokenFetched') this.tokensFetched += 1;
    if (name === 'tokenFailed') this.tokensFailed += 1;
    if (name === 'unmappedValue' && 'row' in event) this.unmapped.push(event.row);
    if (name === 'upstreamCalled' && 'reusedConnection' in event) this.calls.push(event);
  };
}

function requestOf(protocol: AskedBy, number: string, now: Date): LegacyHttpRequest {
  return {
    method: 'POST',
    path: protocol === 'hl7v3' ? HL7V3_PATH : PERSON_SERVICE_PATH,
    query: '',
    headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
    body: Buffer.from(question(protocol, number, now)),
    remoteAddress: '127.0.0.1',
    signal: new AbortController().signal,
  };
}

function question(protocol: AskedBy, number: string, now: Date): string {
  const username = 'epj-sandbox';
  return protocol === 'hl7v3'
    ? getDemographicsRequest({ numbers: [number], now, username, password: username })
    : personServiceRequest({
        operation: 'GetPerson',
        content: `<parameters><cd:NIN xmlns:cd="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data">${number}</cd:NIN></parameters>`,
        now,
        username,
        password: username,
      });
}
