import { InvalidQuery, RateLimited, type AdapterError } from '../../../errors/errors.js';
import type { AuditOutcome } from '../../../operations/audit-trail.js';
import type { CorrelationId } from '../../../runtime/correlation.js';
import { BASIC_CHALLENGE } from '../../http-basic.js';
import type { LegacyHttpResponse, StreamedHttpResponse } from '../../http.js';
import { HttpRefusal } from './http-refusal.js';
import { problemTable, refusals, type RefusalCode } from './problem-table.js';

/** How a request ends: the answer, and what the audit trail shall say. */
export interface Ending {
  readonly response: StreamedHttpResponse;
  readonly outcome: AuditOutcome;
  readonly error?: AdapterError;
}

/** What a problem tells beside its title. All of it is ours or the caller's own, and none of it the caller's text. */
interface ProblemDetails {
  readonly detail?: string;
  readonly parameter?: string;
  /** The job that it is about. */
  readonly jobId?: string;
}

/** What all answers have: they are about people, so nobody in between may keep them. */
const ALWAYS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** An answer. */
export function answer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: StreamedHttpResponse['body'],
): Ending {
  return { response: { status, headers: { ...ALWAYS, ...headers }, body }, outcome: 'done' };
}

/** An answer in JSON. */
export function answerJson(
  status: number,
  content: unknown,
  headers: Readonly<Record<string, string>> = {},
): Ending {
  return answer(status, { ...headers, 'Content-Type': 'application/json' }, JSON.stringify(content));
}

/** An answer that says no by a rule (RFC 9457). */
export function refusal(
  code: RefusalCode,
  correlationId: CorrelationId,
  { headers = {}, ...details }: ProblemDetails & { readonly headers?: Readonly<Record<string, string>> } = {},
): Ending {
  const { status, title } = refusals[code];
  return {
    response: problem(status, { title, code, correlationId, ...details }, headers),
    outcome: status === 404 ? 'not-found' : 'refused',
  };
}

/** An answer that says what went wrong (RFC 9457). */
export function failure(error: AdapterError, correlationId: CorrelationId): Ending {
  const row = problemTable[error.code];
  const { status, headers, details } = particulars(error);
  return {
    response: problem(
      status ?? row.status,
      { title: row.title, code: error.code, correlationId, ...details },
      { ...(row.retryAfter === undefined ? {} : { 'Retry-After': String(row.retryAfter) }), ...headers },
    ),
    outcome: error.code,
    error,
  };
}

/** The answer to those whom there is no time for. */
export function busyAnswer(correlationId: CorrelationId): LegacyHttpResponse {
  const { title, status, retryAfter } = problemTable.overloaded;
  return problem(status, { title, code: 'overloaded', correlationId }, { 'Retry-After': String(retryAfter) });
}

function particulars(error: AdapterError): {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly details?: ProblemDetails;
} {
  if (error instanceof HttpRefusal) {
    return { status: error.status, headers: error.headers, details: { detail: error.message } };
  }
  if (error instanceof InvalidQuery) {
    return { details: { parameter: error.parameter, detail: `${error.parameter} ${error.problem}` } };
  }
  if (error instanceof RateLimited) {
    return { headers: { 'Retry-After': String(Math.ceil(error.retryAfterSeconds)) } };
  }
  return problemTable[error.code].status === 401 ? { headers: BASIC_CHALLENGE } : {};
}

function problem(
  status: number,
  content: ProblemDetails & {
    readonly title: string;
    readonly code: string;
    readonly correlationId: CorrelationId;
  },
  headers: Readonly<Record<string, string>>,
): LegacyHttpResponse {
  const { title, ...rest } = content;
  return {
    status,
    headers: { ...ALWAYS, ...headers, 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ type: `urn:preg-adapter:problem:${content.code}`, title, status, ...rest }),
  };
}
