import { errorCatalogue, type ErrorCode, type ErrorDescription } from './catalogue.js';

/**
 * An error whose cause is known. Raised where the cause is known, rendered by each protocol's own table.
 * `message` is for the log and holds no person data; `cause` is what was caught, if anything.
 */
export abstract class AdapterError extends Error {
  abstract readonly code: ErrorCode;

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
  }

  /** The error's line in the catalogue. */
  get description(): ErrorDescription {
    return errorCatalogue[this.code];
  }
}

/** The message is not well-formed, not the protocol, or over a limit. */
export class MalformedRequest extends AdapterError {
  readonly code = 'malformed-request';
}

/** The message holds a DOCTYPE. */
export class DoctypeRefused extends AdapterError {
  readonly code = 'xml-dtd';
}

/** The character set is contradictory, unknown, or not that of the bytes. `publicReason` may be shown to the caller. */
export class EncodingConflict extends AdapterError {
  readonly code = 'encoding-conflict';
  constructor(readonly publicReason: string) {
    super(publicReason);
  }
}

/** The envelope is of another SOAP version. */
export class VersionMismatch extends AdapterError {
  readonly code = 'version-mismatch';
}

/** A mandatory header is unknown. */
export class MustUnderstand extends AdapterError {
  readonly code = 'must-understand';
}

/** What is wrong with a WS-Addressing header. */
export type AddressingProblem =
  'header-required' | 'invalid-cardinality' | 'only-anonymous-address' | 'action-mismatch';

/** A WS-Addressing header is missing, repeated or cannot be honoured. `header` is its local name. */
export class InvalidAddressing extends AdapterError {
  readonly code = 'invalid-addressing';
  constructor(
    readonly problem: AddressingProblem,
    readonly header: string,
  ) {
    super(`${header}: ${problem}`);
  }
}

/** The action names no operation of this service. */
export class ActionNotSupported extends AdapterError {
  readonly code = 'action-not-supported';
}

/** Wrong credentials, whichever half. */
export class NotAuthenticated extends AdapterError {
  readonly code = 'not-authenticated';
}

/** The security header is missing, malformed or stale. */
export class InvalidSecurity extends AdapterError {
  readonly code = 'invalid-security';
}

/** A security context token is unknown, ended, altered, or its client may not come in any more. */
export class BadContextToken extends AdapterError {
  readonly code = 'bad-context-token';
}

/** The key of a security context has ended and the context is still known. */
export class RenewNeeded extends AdapterError {
  readonly code = 'renew-needed';
}

/** A request to issue, renew or cancel a security context cannot be served. */
export class InvalidTrustRequest extends AdapterError {
  readonly code = 'invalid-trust-request';
}

/** The client may not use this protocol or operation, or not from where it asks. */
export class NotAuthorised extends AdapterError {
  readonly code = 'not-authorised';
}

/**
 * A query cannot be served: the old service's terms do not fit the new register's. Both texts are ours, never the
 * caller's: `parameter` is the name of a criterion, `problem` the end of a sentence.
 */
export class InvalidQuery extends AdapterError {
  readonly code = 'invalid-query';
  constructor(
    readonly parameter: string,
    readonly problem: string,
  ) {
    super(`${parameter}: ${problem}`);
  }
}

/** More people fit than can be told or even counted. */
export class TooManyHits extends AdapterError {
  readonly code = 'too-many-hits';
}

/** Changes are asked for where nobody follows the feed of them. */
export class ChangesNotFollowed extends AdapterError {
  readonly code = 'changes-not-followed';
}

/** The new register cannot be reached or cannot serve. */
export class UpstreamUnavailable extends AdapterError {
  readonly code = 'upstream-unavailable';
  /** @param retryAfterSeconds how long it wants to be left alone, where it said so */
  constructor(
    message: string,
    cause?: unknown,
    readonly retryAfterSeconds?: number,
  ) {
    super(message, cause);
  }
}

/** The new register answered 429, or so many calls wait for their turn that one more would be in vain. */
export class UpstreamRateLimited extends AdapterError {
  readonly code = 'upstream-rate-limited';
  /** @param retryAfterSeconds how long it wants to be left alone, where it said so */
  constructor(
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** No complete answer before the deadline, or in the time that one call may take. */
export class UpstreamTimeout extends AdapterError {
  readonly code = 'upstream-timeout';
}

/** The caller closed the connection before its answer was ready. */
export class CallerLeft extends AdapterError {
  readonly code = 'caller-left';
}

/** The new register called the request wrong. */
export class UpstreamRejected extends AdapterError {
  readonly code = 'upstream-rejected';
}

/** The new register did not accept the token. */
export class UpstreamForbidden extends AdapterError {
  readonly code = 'upstream-forbidden';
}

/** The answer is not a usable document for the number asked for. */
export class UpstreamInvalidAnswer extends AdapterError {
  readonly code = 'upstream-invalid-answer';
}

/** What the operator is told of trouble whose cause is known closer than by its code. Fixed texts, never data. */
export interface Alarm {
  /** Its stable name. */
  readonly name: string;
  /** Whom it is about: the organisation or the scope that a token was asked for, or all alike. */
  readonly concerns?: 'organisation' | 'scope';
  /** What is the matter, in one sentence. */
  readonly meaning: string;
  /** What to do about it. */
  readonly action: string;
}

/** What is known of trouble with access tokens besides its text. */
export interface TokenTrouble {
  readonly alarm?: Alarm | undefined;
  /** So many seconds HelseID is not asked; until then everybody gets this error at once. */
  readonly retryInSeconds?: number | undefined;
}

/** HelseID cannot be reached or cannot serve. */
export class TokenUnavailable extends AdapterError {
  readonly code = 'token-unavailable';
  constructor(
    message: string,
    readonly trouble: TokenTrouble = {},
  ) {
    super(message);
  }
}

/** HelseID refused, or gave what cannot be used. */
export class TokenRefused extends AdapterError {
  readonly code = 'token-refused';
  constructor(
    message: string,
    readonly trouble: TokenTrouble = {},
  ) {
    super(message);
  }
}

/** The old PREG cannot be reached or cannot serve. */
export class PregUnavailable extends AdapterError {
  readonly code = 'preg-unavailable';
}

/**
 * Why PREG, or the adapter in its place, gives no answer to a question: the client has no account there, the service no address,
 * PREG knows the account or its message not, does not accept the question, or its answer is not one to it.
 */
export type PregProblem = 'no-account' | 'no-address' | 'not-let-in' | 'refused' | 'wrong-answer';

/** The old PREG did not accept a question, or gave an answer that must not be used. */
export class PregRejected extends AdapterError {
  readonly code = 'preg-rejected';
  /** @param explanation the end of a sentence, without data */
  constructor(
    readonly problem: PregProblem,
    explanation: string,
  ) {
    super(`${problem}: ${explanation}`);
  }
}

/** The old PREG refuses the very question, as a fault of who asks; the message names no person. */
export class PregRefused extends AdapterError {
  readonly code = 'preg-refused';
}

/** The audit entry could not be written. */
export class AuditUnavailable extends AdapterError {
  readonly code = 'audit-unavailable';
}

/** What the store holds could not be read or written, so the request was not served. */
export class StoreFailed extends AdapterError {
  readonly code = 'store-failed';
}

/** A client has asked more often than it may. */
export class RateLimited extends AdapterError {
  readonly code = 'rate-limited';
  /** @param retryAfterSeconds after which its next request passes */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** Too many requests at once. */
export class Overloaded extends AdapterError {
  readonly code = 'overloaded';
}

/** What nobody foresaw, wrapped so that every error has a code. */
export class InternalError extends AdapterError {
  readonly code = 'internal';
}

/** The error itself if its cause is known, else wrapped as {@link InternalError}. */
export function asAdapterError(error: unknown): AdapterError {
  return error instanceof AdapterError ? error : new InternalError('unforeseen error', error);
}
