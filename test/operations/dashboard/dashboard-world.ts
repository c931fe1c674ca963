import { createDashboard } from '../../../src/operations/dashboard/dashboard.js';
import { Recorder } from '../../../src/operations/dashboard/recorder.js';
import type { DashboardStanding, JobStanding } from '../../../src/operations/dashboard/standing.js';
import {
  InvalidQuery,
  TokenRefused,
  UpstreamUnavailable,
  type AdapterError,
} from '../../../src/errors/errors.js';
import type { AdapterEvents } from '../../../src/operations/events.js';
import { silentLogger, type Logger } from '../../../src/operations/logger.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { CountedRandom } from '../../support/counted-random.js';
import { ManualClock } from '../../support/manual-clock.js';

/** When the pages of tests are drawn: 11:23:41 in Norway. */
export const NOW = '2026-03-02T10:23:41Z';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const correlationId = newCorrelationId(new CountedRandom());

/** A dashboard on a clock of its own, to which a test tells what happens. */
export class DashboardWorld {
  readonly clock: ManualClock;
  readonly recorder: Recorder;

  /** @param minutesUp so long the process has run by {@link NOW} */
  constructor(minutesUp = 240) {
    this.clock = new ManualClock(new Date(Date.parse(NOW) - minutesUp * MINUTE).toISOString());
    this.recorder = new Recorder(
      {
        clients: new Set(['epj-sentrum', 'legevakt', 'arkiv', 'tannhelse']),
        protocols: ['hl7v3', 'preg-xml', 'hl7v2', 'filematch'],
        operations: ['GetDemographics', 'GetPerson', 'FindCandidates'],
        upstreamOperations: ['get-by-nin', 'search'],
        pregOperations: ['GetDemographics'],
        mappingRows: ['postalType', 'givenName'],
      },
      this.clock,
    );
  }

  /** Goes to so many minutes before {@link NOW}. */
  minutesAgo(minutes: number): this {
    this.clock.advance(Date.parse(NOW) - minutes * MINUTE - this.clock.now().getTime());
    return this;
  }

  tell<Name extends keyof AdapterEvents>(name: Name, event: AdapterEvents[Name]): this {
    this.recorder.listener(name, event);
    return this;
  }

  answered(change: Partial<AdapterEvents['requestAnswered']> = {}): this {
    const { error } = change;
    return this.tell('requestAnswered', {
      correlationId,
      clientId: 'epj-sentrum',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      outcome: error === undefined ? 'found' : error.code,
      milliseconds: 40,
      ...change,
    });
  }

  called(httpStatus: number | null = 200, milliseconds = 30): this {
    return this.tell('upstreamCalled', {
      correlationId,
      operation: 'get-by-nin',
      httpStatus,
      milliseconds,
      reusedConnection: true,
    });
  }

  /** Three hours of ordinary work by three of four clients. */
  work(): this {
    for (let minute = 190; minute >= 0; minute -= 1) {
      this.minutesAgo(minute);
      for (let request = 0; request < 6 + ((minute * 7) % 23); request += 1) {
        this.answered({ milliseconds: 25 + ((request * 37) % 90) }).called();
        if (request % 3 === 0) {
          this.answered({ clientId: 'legevakt', protocol: 'preg-xml', operation: 'GetPerson' });
        }
        if (request % 25 === 24) this.answered({ error: new InvalidQuery('name', 'too short') });
      }
      if (minute % 40 === 0) this.answered({ clientId: 'arkiv', protocol: 'filematch', operation: null });
      if (minute % 9 === 0) this.token();
    }
    return this;
  }

  token(): this {
    return this.tell('tokenFetched', {
      scope: 'nhn:persontjenesten/full',
      organisation: { parent: '994598759' },
      expiresInSeconds: 600,
      freshUntil: new Date(this.clock.now().getTime() + 570_000),
      milliseconds: 80,
    });
  }

  /** Persontjenesten goes down ten minutes before {@link NOW}, and HelseID refuses an organisation. */
  trouble(): this {
    for (let minute = 10; minute >= 0; minute -= 1) {
      this.minutesAgo(minute);
      for (let request = 0; request < 12; request += 1) {
        this.answered({ error: new UpstreamUnavailable('down'), milliseconds: 9_000 }).called(null, 9_000);
      }
    }
    this.tell('breakerChanged', { state: 'open', retryInSeconds: 30 })
      .tell('tokenFailed', {
        scope: 'nhn:persontjenesten/full',
        organisation: { parent: '883974832' },
        error: new TokenRefused('no', { retryInSeconds: 60 }),
      })
      .tell('unmappedValue', { correlationId, row: 'postalType', value: 'DeliveryAddress' })
      .tell('valueCut', { correlationId, row: 'givenName' })
      .tell('authenticationFailed', { remoteAddress: '10.9.9.9', failures: 4 })
      .answered({ clientId: null, operation: null, outcome: 'not-authenticated' });
    return this;
  }

  page(
    query = 'lang=nb',
    standing: DashboardStanding = wellStanding(),
    logger: Logger = silentLogger,
  ): string {
    const { clock, recorder } = this;
    const dashboard = createDashboard({ recorder, standing, clock, logger });
    const answer = dashboard.answer({
      parameters: {},
      query: new URLSearchParams(query),
      acceptLanguage: undefined,
    });
    if (answer instanceof Promise) throw new Error('the dashboard answers at once');
    return answer.body;
  }
}

const ok = { status: 'ok' } as const;

/** How things stand where all is well. */
export function wellStanding(): DashboardStanding {
  const now = Date.parse(NOW);
  return {
    version: '1.2.3',
    host: 'pregadapter-01',
    clients: () => [
      { id: 'epj-sentrum', protocols: ['hl7v3'] },
      { id: 'legevakt', protocols: ['preg-xml'] },
      { id: 'arkiv', protocols: ['filematch'] },
      { id: 'tannhelse', protocols: ['preg-xml'] },
    ],
    readiness: () => ({ status: 'ready', checks: { store: ok, persontjenesten: ok, token: ok, legacy: ok } }),
    certificates: () => new Map([['listeners.legacy', new Date(now + 200 * DAY)]]),
    keyExpiresAt: () => new Date(now + 100 * DAY),
    feed: () => ({ lagSeconds: 12, eventsBehind: 0, answersFrom: new Date('2026-01-04T03:00:00Z') }),
    filematch: () => [
      job({}),
      job({ state: 'COMPLETED', rowsDone: 4_000, rows: 4_000, finishedAt: new Date(now) }),
    ],
    notifications: () => ({ waiting: 3, failing: 0, dead: 0, unseen: 0, oldestSeconds: 44 }),
    cutover: {
      days: 30,
      heldBack: () => [],
      routes: () => [
        route('epj-sentrum', 'hl7v3', [{ route: 'persontjenesten', percent: 100 }]),
        route('legevakt', 'preg-xml', [
          { route: 'persontjenesten', percent: 10 },
          { route: 'shadow-preg', percent: 90 },
        ]),
      ],
      readiness: () => [
        {
          client: 'epj-sentrum',
          isReady: true,
          compared: 12_000,
          unexplained: 0,
          identity: 0,
          obstacles: [],
        },
        {
          client: 'legevakt',
          isReady: false,
          compared: 40,
          unexplained: 2,
          identity: 1,
          obstacles: ['too-few-comparisons', 'identity'],
        },
      ],
    },
  };
}

/** How things stand where much is not. */
export function troubledStanding(): DashboardStanding {
  const now = Date.parse(NOW);
  const at = new Date(now - 40_000).toISOString();
  const well = wellStanding();
  return {
    ...well,
    readiness: () => ({
      status: 'not-ready',
      checks: {
        store: ok,
        token: { status: 'warning', reason: 'HelseID gave no access token (token-refused)', at },
        persontjenesten: { status: 'failed', reason: 'too many calls to Persontjenesten failed', at },
      },
    }),
    certificates: () => new Map([['listeners.legacy', new Date(now + 3 * DAY)]]),
    keyExpiresAt: () => new Date(now - DAY),
    filematch: () => [job({ waitingFor: 'register' })],
    notifications: () => ({ waiting: 3, failing: 2, dead: 1, unseen: 1, oldestSeconds: 4_000 }),
    cutover: well.cutover && { ...well.cutover, heldBack: () => ['legevakt'] },
  };
}

/** How things stand just after the first start of an adapter that has little to do. */
export function emptyStanding(): DashboardStanding {
  return {
    ...wellStanding(),
    keyExpiresAt: () => undefined,
    certificates: () => new Map(),
    feed: undefined,
    filematch: () => [],
    notifications: undefined,
    cutover: undefined,
  };
}

/** An error of that code is told of by what is no request. */
export function toldElsewhere(error: AdapterError): AdapterEvents['eventsNotRead'] {
  return { correlationId, error, failures: 1, retryInSeconds: 5 };
}

function job(change: Partial<JobStanding>): JobStanding {
  const now = Date.parse(NOW);
  return {
    id: '01JNQ3W5Z8Y6K4T2R0P9M7H5F3',
    client: 'arkiv',
    state: 'RUNNING',
    hold: null,
    waitingFor: null,
    rows: 800_000,
    rowsDone: 200_000,
    rowsMatched: 190_000,
    receivedAt: new Date(now - 2 * HOUR),
    startedAt: new Date(now - HOUR),
    finishedAt: null,
    ...change,
  };
}

function route(
  client: string,
  protocol: string,
  shares: readonly { readonly route: string; readonly percent: number }[],
): { client: string; protocol: string; operation: undefined; shares: typeof shares; nextChange: undefined } {
  return { client, protocol, operation: undefined, shares, nextChange: undefined };
}
