import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { isLoopback } from '../runtime/loopback.js';
import type { EventFeed } from './events/event-feed.js';
import { EVENT_TYPES } from './events/event-types.js';
import { eventsInTurn } from './events/events-in-turn.js';
import { readBody } from './persontjenesten/form.js';
import { Problem } from './persontjenesten/problem.js';
import { changeSchema } from './population/changes/change.js';
import { ImpossibleChange, UnknownPerson } from './population/changes/impossible-change.js';
import type { PopulationChanges } from './population/changes/population-changes.js';
import type { Population } from './population/population.js';
import type { Handler } from './servers/https-origin.js';

/** What the control path works on. */
export interface ControlOptions {
  readonly population: Population;
  readonly changes: PopulationChanges;
  readonly events: EventFeed;
  /** Told of errors that are the sandbox's own fault. */
  readonly onTrouble: (error: unknown) => void;
}

const CONTROL = '/sandbox/';

/** The form of `POST /sandbox/events`: events that no change of a document stands behind. */
const eventsSchema = z.strictObject({
  count: z.int().min(1).max(1_000_000),
  eventType: z.enum(EVENT_TYPES).default('PersonIsUpdated'),
});

/** Whether a request is for the sandbox itself and not for the API that it stands in for. */
export function isControlPath({ url = '' }: IncomingMessage): boolean {
  return url.startsWith(CONTROL);
}

/**
 * The sandbox's own routes: `POST /sandbox/changes` with a change, and `POST /sandbox/events` with a count, as JSON. No token is
 * asked for, so only callers on this computer are served; and only JSON is read, which no foreign web page can send unasked.
 */
export function createControl(options: ControlOptions): Handler {
  return (request, response) => {
    answerOf(request, options).then(
      (body) => {
        send(response, 200, body);
      },
      (error: unknown) => {
        const problem = problemOf(error);
        if (problem === undefined) options.onTrouble(error);
        send(response, problem?.status ?? 500, problem?.details);
      },
    );
  };
}

async function answerOf(
  request: IncomingMessage,
  { population, changes, events }: ControlOptions,
): Promise<unknown> {
  if (!isLocal(request)) throw new Refused(403, 'Only this computer may change the sandbox.');
  if (request.url === '/sandbox/changes') return changes.apply(await bodyOf(request, changeSchema));
  if (request.url !== '/sandbox/events') throw new Refused(404, 'No such route.');
  const { count, eventType } = await bodyOf(request, eventsSchema);
  events.appendMany(count, eventsInTurn(population, eventType));
  return { latest: events.latest() };
}

async function bodyOf<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  if (request.method !== 'POST') throw new Refused(405, 'Only POST is possible.');
  const text = await readBody(request, 'application/json');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refused(400, 'The body is not JSON.');
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  // Names of members only: their values are numbers and names of persons.
  const members = read.error.issues.map(({ path, code }) => `${path.join('.') || 'body'} (${code})`);
  throw new Refused(400, `Not understood: ${members.join(', ')}.`);
}

class Refused extends Error {
  readonly status: 400 | 403 | 404 | 405;

  constructor(status: Refused['status'], message: string) {
    super(message);
    this.status = status;
  }
}

function problemOf(error: unknown): { readonly status: number; readonly details: unknown } | undefined {
  if (error instanceof Problem) return { status: error.status, details: error.details() };
  const status =
    error instanceof Refused
      ? error.status
      : error instanceof UnknownPerson
        ? 404
        : error instanceof ImpossibleChange
          ? 409
          : undefined;
  if (status === undefined || !(error instanceof Error)) return undefined;
  return { status, details: { title: error.message, status } };
}

function isLocal({ socket }: IncomingMessage): boolean {
  return isLoopback((socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const type = status === 200 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body === undefined ? undefined : `${JSON.stringify(body, undefined, 2)}\n`);
}
