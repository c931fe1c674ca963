import type { ErrorCode } from '../../../errors/catalogue.js';

/** How each cause looks to who speaks HTTP with Filematch. docs/errors.md shows the statuses, docs/filematch.md explains them. */

/** A problem with everything in it that does not depend on the request. */
export interface ProblemRow {
  readonly status: number;
  readonly title: string;
  /** Seconds after which trying again makes sense, where it does. */
  readonly retryAfter?: number;
}

const MINUTE = 60;

const malformed: ProblemRow = { status: 400, title: 'The request cannot be read.' };
const unknownCaller: ProblemRow = { status: 401, title: 'User name and password are missing or wrong.' };
const registerFails: ProblemRow = {
  status: 503,
  title: 'The person register cannot be asked at present.',
  retryAfter: MINUTE,
};
const registerRefuses: ProblemRow = { status: 502, title: 'The person register did not serve the question.' };

/** One row per line of the error catalogue, those included that only other protocols know. */
export const problemTable: Readonly<Record<ErrorCode, ProblemRow>> = {
  'malformed-request': malformed,
  'xml-dtd': malformed,
  'encoding-conflict': malformed,
  'version-mismatch': malformed,
  'must-understand': malformed,
  'invalid-addressing': malformed,
  'action-not-supported': malformed,
  'not-authenticated': unknownCaller,
  'invalid-security': unknownCaller,
  'bad-context-token': unknownCaller,
  'renew-needed': unknownCaller,
  'invalid-trust-request': malformed,
  'not-authorised': { status: 403, title: 'The client may not do this.' },
  'invalid-query': { status: 400, title: 'A parameter cannot be used.' },
  'too-many-hits': malformed,
  'changes-not-followed': registerRefuses,
  'upstream-unavailable': registerFails,
  'upstream-rate-limited': registerFails,
  'upstream-timeout': {
    status: 504,
    title: 'The person register did not answer in time.',
    retryAfter: MINUTE,
  },
  'caller-left': { status: 408, title: 'The request did not come to its end.' },
  'upstream-rejected': registerRefuses,
  'upstream-forbidden': registerRefuses,
  'upstream-invalid-answer': registerRefuses,
  'token-unavailable': registerFails,
  'token-refused': registerRefuses,
  'preg-unavailable': registerFails,
  'preg-rejected': registerRefuses,
  'preg-refused': registerRefuses,
  'audit-unavailable': {
    status: 503,
    title: 'The answer was withheld, since it could not be put on record.',
    retryAfter: MINUTE,
  },
  'store-failed': { status: 503, title: 'The request cannot be served at present.', retryAfter: MINUTE },
  overloaded: { status: 503, title: 'Too many requests at present.', retryAfter: 5 },
  'rate-limited': { status: 429, title: 'The client asks more often than it may.', retryAfter: 1 },
  internal: { status: 500, title: 'The request failed by a fault of the server.' },
};

/** What is refused by a rule, and no error. */
export const refusals = {
  'not-found': { status: 404, title: 'There is no such job.' },
  'no-such-file': { status: 404, title: 'The job has no such file, or not yet.' },
  'method-not-allowed': { status: 405, title: 'The method is not one of this address.' },
  'job-over': { status: 409, title: 'The job is over, or on its way to its end.' },
  'job-not-over': { status: 409, title: 'The job is not over, or its files are still being put away.' },
  'nothing-to-resume': { status: 409, title: 'The job neither is paused nor has given up.' },
  E012: { status: 409, title: 'The same file was processed before.' },
} as const satisfies Record<string, ProblemRow>;

/** The name of a refusal, by which a program can tell it. */
export type RefusalCode = keyof typeof refusals;
