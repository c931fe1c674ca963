import { errorCatalogue, type ErrorCode } from '../errors/catalogue.js';
import { TokenRefused, TokenUnavailable, type AdapterError } from '../errors/errors.js';
import { alertLines } from './alert-lines.js';
import { admissionLines } from './admission-lines.js';
import type { CorrelationId } from '../runtime/correlation.js';
import type { AuditOutcome } from './audit-trail.js';
import { certificateLines } from './certificate-lines.js';
import { CLOCK_WARNING_SECONDS } from './clock-check.js';
import { cutoverLines } from './cutover-lines.js';
import type { AdapterEvents, EventListener } from './events.js';
import { listenerLines } from './listener-lines.js';
import { traceLines } from './trace-lines.js';
import type { LogFields, Logger, LogLevel } from './logger.js';

/** One line: how loud, which text, which fields. */
interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

type Lines = { readonly [Name in keyof AdapterEvents]: (event: AdapterEvents[Name]) => Line };

/**
 * A listener that writes one line per event, as loud as the error catalogue says.
 * @param isCounted whether a request that was refused for how often its client asks is told of together with others
 */
export function createEventLog(
  logger: Logger,
  isCounted: (correlationId: CorrelationId) => boolean = () => false,
): EventListener {
  return (name, event) => {
    const { level, message, fields } = lines[name](event);
    const isQuiet =
      name === 'requestAnswered' &&
      'outcome' in event &&
      'correlationId' in event &&
      event.outcome === 'rate-limited' &&
      isCounted(event.correlationId);
    logger.log(isQuiet ? 'debug' : level, message, fields);
  };
}

const lines: Lines = {
  ...admissionLines,
  ...certificateLines,
  ...cutoverLines,
  ...alertLines,
  ...listenerLines,
  ...traceLines,
  requestAnswered: ({ error, outcome, milliseconds, ...event }) => ({
    level: error === undefined ? levelOf(outcome) : error.description.logLevel,
    message: 'request answered',
    fields: {
      module: 'request',
      ...event,
      outcome,
      milliseconds: tenths(milliseconds),
      ...(error === undefined ? {} : troubleFields(error)),
    },
  }),
  configurationReloaded: ({ applied, awaitingRestart }) => ({
    level: awaitingRestart.length === 0 ? 'info' : 'warn',
    message: 'configuration reloaded',
    fields: { module: 'configuration', applied, awaitingRestart },
  }),
  configurationRefused: ({ problems }) => ({
    level: 'error',
    message: 'configuration was not reloaded, the old one holds',
    fields: { module: 'configuration', problems },
  }),
  auditUnwritable: ({ error, withheld }) => ({
    level: 'error',
    message: withheld
      ? 'audit entries cannot be written, and answers are withheld'
      : 'audit entries cannot be written, and answers leave without them',
    fields: { module: 'audit', ...troubleFields(error) },
  }),
  auditWritable: ({ late, lost }) => ({
    level: lost === 0 ? 'info' : 'error',
    message: 'audit entries can be written again',
    fields: { module: 'audit', late, lost },
  }),
  upstreamCalled: ({ milliseconds, ...event }) => ({
    // The request's own line tells of its success; the calls behind it are for those who look closer.
    level:
      event.httpStatus === null || event.httpStatus >= 500 || event.httpStatus === 429 ? 'warn' : 'debug',
    message: 'Persontjenesten called',
    fields: { module: 'persontjenesten', ...event, milliseconds: tenths(milliseconds) },
  }),
  lookupShared: (event) => ({
    level: 'debug',
    message: 'lookup answered by a shared call',
    fields: { module: 'persontjenesten', ...event },
  }),
  callRetried: ({ error, inMilliseconds, ...event }) => ({
    level: 'info',
    message: 'call to Persontjenesten is made again',
    fields: { module: 'persontjenesten', ...event, inMilliseconds: Math.round(inMilliseconds), error },
  }),
  callRefused: ({ error, ...event }) => ({
    // The request's own line is loud enough.
    level: 'debug',
    message: 'call to Persontjenesten was not made',
    fields: { module: 'persontjenesten', ...event, error },
  }),
  callsHeldBack: ({ seconds }) => ({
    // The call that was answered 429 is loud enough.
    level: 'info',
    message: 'Persontjenesten wants to be left alone, and no call is made for a while',
    fields: { module: 'persontjenesten', seconds: tenths(seconds) },
  }),
  breakerChanged: (event) => ({
    level: event.state === 'open' ? 'error' : 'info',
    message: breakerTexts[event.state],
    fields: { module: 'persontjenesten', ...event },
  }),
  pregCalled: ({ milliseconds, error, ...event }) => ({
    level: error === undefined || error.code === 'caller-left' ? 'debug' : 'warn',
    message: 'PREG called',
    fields: {
      module: 'preg',
      ...event,
      milliseconds: tenths(milliseconds),
      ...(error === undefined ? {} : troubleFields(error)),
    },
  }),
  pregBreakerChanged: (event) => ({
    level: event.state === 'open' ? 'error' : 'info',
    message: pregBreakerTexts[event.state],
    fields: { module: 'preg', ...event },
  }),
  tokenFetched: ({ scope, organisation, expiresInSeconds, milliseconds }) => ({
    level: 'info',
    message: 'access token fetched',
    fields: {
      module: 'helseid',
      scope,
      expiresInSeconds,
      ...organisation,
      milliseconds: tenths(milliseconds),
    },
  }),
  tokenDropped: ({ scope, organisation }) => ({
    level: 'info',
    message: 'access token dropped, since Persontjenesten did not accept it',
    fields: { module: 'helseid', scope, ...organisation },
  }),
  tokenFailed: ({ scope, organisation, error }) => ({
    level: error.description.logLevel,
    message: 'no access token',
    fields: { module: 'helseid', scope, ...organisation, ...troubleFields(error), ...alarmFields(error) },
  }),
  signingKeyChanged: ({ keyId, expiresAt }) => ({
    level: 'info',
    message: 'a new key for HelseID is in use',
    fields: {
      module: 'helseid',
      keyId,
      ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    },
  }),
  signingKeyUnusable: ({ problem }) => ({
    level: 'error',
    message: 'the new key for HelseID cannot be used, and the old one stays in use',
    fields: { module: 'helseid', problem },
  }),
  clockDrift: ({ holder, aheadSeconds, refused }) => {
    const isOff = refused || Math.abs(aheadSeconds ?? 0) >= CLOCK_WARNING_SECONDS;
    return {
      level: isOff ? 'warn' : 'info',
      message: isOff ? 'the clock of this machine differs' : 'the clock of this machine agrees again',
      fields: { module: 'helseid', holder, refused, ...(aheadSeconds === null ? {} : { aheadSeconds }) },
    };
  },
  unmappedValue: ({ value, ...event }) => ({
    level: 'warn',
    message: 'a value of the new register is not in mappings/',
    fields: { module: 'mapping', ...event, value: asCode(value) },
  }),
  valueCut: (event) => ({
    level: 'warn',
    message: 'a value was too long for the old field and was cut',
    fields: { module: 'mapping', ...event },
  }),
  irregularCheckDigits: (event) => ({
    level: 'info',
    message: 'a number with irregular check digits was looked up',
    fields: { module: 'request', ...event },
  }),
  constraintsPassedOver: (event) => ({
    level: 'info',
    message: 'constraints that are not known were passed over',
    fields: { module: 'request', ...event },
  }),
  textTransliterated: (event) => ({
    level: 'info',
    message: 'an answer has other letters in place of those that its charset lacks',
    fields: { module: 'request', ...event },
  }),
  eventsRead: (event) => ({
    level: 'debug',
    message: 'events read',
    fields: { module: 'events', ...event },
  }),
  eventsNotRead: ({ error, ...event }) => ({
    // One failure is nothing that a second attempt does not mend.
    level: event.failures > 1 ? error.description.logLevel : 'info',
    message: 'events could not be read',
    fields: { module: 'events', ...event, ...troubleFields(error) },
  }),
  eventLogBegun: ({ anew }) => ({
    level: anew ? 'error' : 'info',
    message: anew
      ? 'the event feed began anew, and so does the log of changes'
      : 'the log of changes begins here',
    fields: { module: 'events' },
  }),
  eventFeedEndsEarly: (event) => ({
    level: 'warn',
    message: 'the newest event of the feed is older than what was read of it',
    fields: { module: 'events', ...event },
  }),
  eventFeedGap: (event) => ({
    level: 'warn',
    message: 'many numbers are missing between two events',
    fields: { module: 'events', ...event },
  }),
  unknownEventType: ({ type, ...event }) => ({
    level: 'warn',
    message: 'an event has a type that is not known',
    fields: { module: 'events', ...event, type: asCode(type) },
  }),
  changedPeopleGone: (event) => ({
    level: 'info',
    message: 'people whom events told of are not known any more',
    fields: { module: 'events', ...event },
  }),
  answeredFromCache: (event) => ({
    level: event.source === 'stale-cache' ? 'warn' : 'debug',
    message: 'answered from memory',
    fields: { module: 'cache', ...event },
  }),
  authenticationFailed: (event) => ({
    level: errorCatalogue['not-authenticated'].logLevel,
    message: 'authentication failed',
    fields: { module: 'access', ...event },
  }),
  mllpConnectionsRefused: (event) => ({
    level: 'warn',
    message: 'a connection for HL7 v2 was refused',
    fields: { module: 'mllp', ...event },
  }),
  mllpHandshakeFailed: (event) => ({
    level: 'warn',
    message: 'no TLS connection for HL7 v2 came about',
    fields: { module: 'mllp', ...event },
  }),
  mllpConnectionCut: ({ error, ...event }) => ({
    level: error?.description.logLevel ?? (event.reason === 'idle' ? 'debug' : 'warn'),
    message: 'a connection for HL7 v2 was cut',
    fields: { module: 'mllp', ...event, ...(error === undefined ? {} : troubleFields(error)) },
  }),
  mllpOctetsSkipped: (event) => ({
    level: 'warn',
    message: 'what belongs to no message of HL7 v2 was passed over',
    fields: { module: 'mllp', ...event },
  }),
  mllpListenerFailed: (event) => ({
    level: 'error',
    message: 'the MLLP listener failed',
    fields: { module: 'mllp', ...event },
  }),
  noncesExhausted: (event) => ({
    level: 'error',
    message:
      'a client sends more password digests than can be remembered and is turned away until some are too old',
    fields: { module: 'access', ...event },
  }),
  previousPasswordUsed: (event) => ({
    level: 'info',
    message: 'a client came in by its previous password',
    fields: { module: 'access', ...event },
  }),
  dropFolderChanged: ({ clientId, trouble, error }) => ({
    level: trouble === null ? 'info' : (error?.description.logLevel ?? 'warn'),
    message:
      trouble === null ? 'a drop folder can be used again' : 'a drop folder cannot be used as it should',
    fields: {
      module: 'filematch',
      clientId,
      ...(trouble === null ? {} : { reason: trouble }),
      ...(error === undefined ? {} : troubleFields(error)),
    },
  }),
  deliveredFileRefused: (event) => ({
    level: 'warn',
    message: 'a file in a drop folder was not taken',
    fields: { module: 'filematch', ...event },
  }),
  deliveredFilesLeft: (event) => ({
    level: 'warn',
    message: 'what lies in a drop folder can neither be taken nor moved away',
    fields: { module: 'filematch', ...event },
  }),
  filematchJobAccepted: (event) => ({
    level: 'info',
    message: 'a Filematch job was accepted',
    fields: { module: 'filematch', ...event },
  }),
  filematchJobStarted: (event) => ({
    level: 'info',
    message: 'the rows of a Filematch job are looked up',
    fields: { module: 'filematch', ...event },
  }),
  filematchJobWaiting: ({ error, ...event }) => ({
    level: error?.description.logLevel ?? 'warn',
    message: 'a Filematch job waits',
    fields: { module: 'filematch', ...event, ...(error === undefined ? {} : troubleFields(error)) },
  }),
  filematchJobCompleted: ({ totals, ...event }) => ({
    level: 'info',
    message: 'a Filematch job completed',
    fields: { module: 'filematch', ...event, ...totals },
  }),
  filematchJobRejected: (event) => ({
    level: 'warn',
    message: 'the file of a Filematch job was rejected',
    fields: { module: 'filematch', ...event },
  }),
  filematchJobFailed: ({ error, ...event }) => ({
    level: event.code === 'cancelled' ? 'info' : 'error',
    message: 'a Filematch job failed',
    fields: { module: 'filematch', ...event, ...(error === undefined ? {} : troubleFields(error)) },
  }),
  filematchJobsDeleted: (event) => ({
    level: event.left > 0 ? 'warn' : 'info',
    message: 'Filematch jobs had their time',
    fields: { module: 'filematch', ...event },
  }),
  filematchJobsNotRead: ({ error }) => ({
    level: error.description.logLevel,
    message: 'Filematch jobs cannot be read from the store',
    fields: { module: 'filematch', ...troubleFields(error) },
  }),
  changesPlanned: (event) => ({
    level: 'debug',
    message: 'changes were looked through for receivers of HL7 v2',
    fields: { module: 'notifications', ...event },
  }),
  changesNotPlanned: ({ error }) => ({
    level: error.description.logLevel,
    message: 'changes cannot be looked through for receivers of HL7 v2',
    fields: { module: 'notifications', ...troubleFields(error) },
  }),
  notificationsMissed: ({ since }) => ({
    level: 'error',
    message: 'receivers of HL7 v2 were not told of changes that are not known any more',
    fields: { module: 'notifications', since: since.toISOString() },
  }),
  identitySplit: (event) => ({
    level: 'error',
    message: 'somebody whom a receiver follows turned out to be two people',
    fields: { module: 'notifications', ...event },
  }),
  notificationSent: ({ milliseconds, ...event }) => ({
    level: 'info',
    message: 'a receiver took a message',
    fields: { module: 'notifications', ...event, milliseconds: tenths(milliseconds) },
  }),
  notificationNotTaken: (event) => ({
    // One failure is nothing that a second attempt does not mend.
    level: event.attempts > 1 ? 'warn' : 'info',
    message: 'a receiver did not take a message, which is sent again',
    fields: { module: 'notifications', ...event },
  }),
  notificationNotBuilt: ({ error, ...event }) => ({
    level: error.description.logLevel,
    message: 'no message can be made of a record, which is tried again',
    fields: { module: 'notifications', ...event, ...troubleFields(error) },
  }),
  notificationsGivenUp: (event) => ({
    level: 'error',
    message: 'messages to a receiver were given up',
    fields: { module: 'notifications', ...event },
  }),
  receiverChanged: ({ receiver, reachable, reason }) => ({
    level: reachable ? 'info' : 'warn',
    message: reachable ? 'a receiver can be reached again' : 'a receiver cannot be reached',
    fields: { module: 'notifications', receiver, ...(reason === undefined ? {} : { reason }) },
  }),
  notificationsHeldBack: ({ error, ...event }) => ({
    level: error.description.logLevel,
    message: 'nothing is sent to a receiver, since people cannot be looked up for it',
    fields: { module: 'notifications', ...event, ...troubleFields(error) },
  }),
  referencesNotLearnt: ({ error, ...event }) => ({
    level: error.description.logLevel,
    message: 'the ids of those whom a receiver follows cannot be asked for',
    fields: { module: 'notifications', ...event, ...troubleFields(error) },
  }),
};

const breakerTexts = {
  closed: 'Persontjenesten answers again',
  open: 'too many calls to Persontjenesten fail, and none is made for a while',
  'half-open': 'one call to Persontjenesten finds out whether it answers again',
} as const;

const pregBreakerTexts = {
  closed: 'PREG answers again',
  open: 'too many calls to PREG fail, and none is made for a while',
  'half-open': 'one call to PREG finds out whether it answers again',
} as const;

function isErrorCode(outcome: AuditOutcome): outcome is ErrorCode {
  return outcome in errorCatalogue;
}

function levelOf(outcome: AdapterEvents['requestAnswered']['outcome']): LogLevel {
  return isErrorCode(outcome) ? errorCatalogue[outcome].logLevel : 'info';
}

function troubleFields(error: AdapterError): LogFields {
  return { error, hint: error.description.hint };
}

/** What is known closer than by the code. */
function alarmFields(error: AdapterError): LogFields {
  if (!(error instanceof TokenUnavailable || error instanceof TokenRefused)) return {};
  const { alarm, retryInSeconds } = error.trouble;
  return {
    ...(alarm === undefined ? {} : { alarm: alarm.name, meaning: alarm.meaning, hint: alarm.action }),
    ...(retryInSeconds === undefined ? {} : { retryInSeconds }),
  };
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** The event promises a code; what does not look like one might be a person's data and stays out of the log. */
function asCode(value: string): string {
  return /^[A-Za-z]{1,40}$/.test(value) ? value : '[not a code]';
}
