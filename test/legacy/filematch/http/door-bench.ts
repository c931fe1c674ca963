import type { Credentials } from '../../../../src/access/authenticator.js';
import type { LegacyClient, Protocol } from '../../../../src/access/legacy-client.js';
import { RateLimits } from '../../../../src/access/rate-limits.js';
import { NotAuthenticated } from '../../../../src/errors/errors.js';
import { createFilematchDoor } from '../../../../src/legacy/filematch/http/filematch-door.js';
import type { FilematchJobs } from '../../../../src/legacy/filematch/jobs/filematch-jobs.js';
import type {
  StreamedHttpRequest,
  StreamedHttpResponse,
  StreamingDoor,
} from '../../../../src/legacy/http.js';
import type { AuditEntry } from '../../../../src/operations/audit-trail.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { noQuirks } from '../../../support/quirks.js';
import { auditInto } from '../../../support/recorded-audit.js';
import { RecordedEvents } from '../../../support/recorded-events.js';
import { StandingClock } from '../../../support/standing-clock.js';
import { JobsInMemory } from './jobs-in-memory.js';

export const NOW = '2026-07-01T22:30:05Z';

/** A request as a client would write it down. */
export interface Asked {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Null for nobody. */
  readonly user?: string | null;
  readonly signal?: AbortSignal;
}

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** The door over jobs in memory, with everything around it in the test's hands. */
export interface DoorBench {
  readonly door: StreamingDoor;
  readonly jobs: JobsInMemory;
  readonly audited: AuditEntry[];
  readonly events: RecordedEvents;
  readonly clock: StandingClock;
  readonly tried: Credentials[];
  /** Whether the body of the last request was read from. */
  readonly wasRead: () => boolean;
  readonly ask: (path: string, asked?: Asked) => Promise<Answer>;
}

/** Users: `epj`, who may speak Filematch; `other`, who may, too; `soap`, who may not. The password is `secret`. */
export function doorBench({
  record,
  authenticate = (_credentials, _signal, usual) => usual(),
  maxFileBytes = 1000,
}: {
  readonly record?: (entry: AuditEntry) => void;
  readonly authenticate?: (
    credentials: Credentials,
    signal: AbortSignal,
    usual: () => Promise<LegacyClient>,
  ) => Promise<LegacyClient>;
  readonly maxFileBytes?: number;
} = {}): DoorBench {
  const jobs = new JobsInMemory(maxFileBytes);
  const audited: AuditEntry[] = [];
  const events = new RecordedEvents();
  const clock = new StandingClock(NOW);
  const tried: Credentials[] = [];
  let wasRead = false;
  const never = (): never => {
    throw new Error('no door works on jobs');
  };
  const engine: FilematchJobs = Object.assign(jobs, { run: never, finish: never });
  const clients: Readonly<Partial<Record<string, LegacyClient>>> = {
    epj: client('epj-1', 'filematch'),
    other: client('epj-2', 'filematch'),
    soap: client('epj-3', 'hl7v3'),
  };
  const door = createFilematchDoor({
    jobs: engine,
    maxFileBytes,
    modeOf: ({ id }) => (id === 'epj-1' ? 'E' : 'V'),
    authenticator: {
      // Async, so that what is thrown is a rejection, as everywhere.
      authenticate: async (credentials, signal) => {
        tried.push(credentials);
        return authenticate(credentials, signal, () => {
          const known = clients[credentials.username];
          return known !== undefined && 'password' in credentials && credentials.password === 'secret'
            ? Promise.resolve(known)
            : Promise.reject(new NotAuthenticated('unknown'));
        });
      },
    },
    rates: new RateLimits(clock),
    audit: auditInto(audited, record),
    events,
    clock,
    random: new CountedRandom(),
  });
  return {
    door,
    jobs,
    audited,
    events,
    clock,
    tried,
    wasRead: () => wasRead,
    ask: async (path, asked = {}) => {
      wasRead = false;
      const answer = await door.answer(
        requestOf(path, asked, () => {
          wasRead = true;
        }),
      );
      return read(answer);
    },
  };
}

function client(id: string, protocol: Protocol): LegacyClient {
  return {
    id,
    protocols: new Set([protocol]),
    organisation: { parent: '999999999', child: '888888888' },
    access: 'full',
    visible: new Set(),
    quirks: noQuirks,
  };
}

function requestOf(
  path: string,
  { method = 'GET', query = '', headers = {}, body = '', user = 'epj', signal }: Asked,
  onRead: () => void,
): StreamedHttpRequest {
  const basic =
    user === null ? {} : { authorization: `Basic ${Buffer.from(`${user}:secret`).toString('base64')}` };
  return {
    method,
    path,
    query,
    headers: { ...basic, ...headers },
    remoteAddress: '192.0.2.7',
    signal: signal ?? new AbortController().signal,
    body: told(body, onRead),
  };
}

async function* told(
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
  onRead: () => void,
): AsyncGenerator<Uint8Array> {
  onRead();
  if (typeof body === 'string') yield await Promise.resolve(Buffer.from(body));
  else if (body instanceof Uint8Array) yield body;
  else yield* body;
}

async function read({ status, headers, body }: StreamedHttpResponse): Promise<Answer> {
  const text = await textOf(body);
  const json: unknown = (headers['Content-Type'] ?? '').includes('json') ? JSON.parse(text) : {};
  if (!isRecord(json)) throw new TypeError('the answer is no object');
  return { status, headers, text, json };
}

async function textOf(body: StreamedHttpResponse['body']): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
