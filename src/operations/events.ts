import type { ErrorCode } from '../errors/catalogue.js';
import type { AdapterError } from '../errors/errors.js';
import type { KeptSource } from '../registry/person-registry.js';
import type { Organisation } from '../registry/person-registry.js';
import type { CorrelationId } from '../runtime/correlation.js';
import type { AdmissionEvents } from './admission-events.js';
import type { AlertEvents } from './alert-events.js';
import type { AuditOutcome } from './audit-trail.js';
import type { CertificateEvents } from './certificate-events.js';
import type { TraceEvents } from './trace-events.js';
import type { CutoverEvents } from './cutover-events.js';
import type { ListenerEvents } from './listener-events.js';

/** What the parts tell; logging and metrics listen. No event carries person data. */
export interface AdapterEvents
  extends AdmissionEvents, AlertEvents, CertificateEvents, CutoverEvents, ListenerEvents, TraceEvents {
  /** A legacy request was answered. */
  requestAnswered: {
    readonly correlationId: CorrelationId;
    readonly clientId: string | null;
    readonly protocol: string;
    readonly operation: string | null;
    readonly outcome: AuditOutcome;
    /** Where the protocol answers in terms of HTTP. */
    readonly httpStatus?: number | undefined;
    readonly milliseconds: number;
    /** How far the caller's clock is ahead, where the message told; the way of the message makes it seem behind. */
    readonly clockSkewSeconds?: number | undefined;
    readonly error?: AdapterError | undefined;
  };
  /** The configuration was read again while the adapter runs. Settings are named, never told. */
  configurationReloaded: {
    /** Those that changed and hold from now on. */
    readonly applied: readonly string[];
    /** Those that changed and hold after a restart. */
    readonly awaitingRestart: readonly string[];
  };
  /** The configuration was to be read again and cannot be used; the adapter goes on by the old one. */
  configurationRefused: { readonly problems: readonly string[] };
  /** Audit entries cannot be written; told once until they can. Answers are withheld, or leave without them for the time being. */
  auditUnwritable: { readonly error: AdapterError; readonly withheld: boolean };
  /** They can again: how many were written late, and how many never. */
  auditWritable: { readonly late: number; readonly lost: number };
  /** A call to Persontjenesten ended. */
  upstreamCalled: {
    readonly correlationId: CorrelationId;
    readonly operation: string;
    readonly httpStatus: number | null;
    readonly milliseconds: number;
    /** Whether it went over a connection that an earlier call had made. */
    readonly reusedConnection: boolean;
  };
  /** A lookup was answered by a call that goes by another correlation id, made for several or for the same question. */
  lookupShared: {
    readonly correlationId: CorrelationId;
    readonly callCorrelationId: CorrelationId;
    /** How many people the call asked about. */
    readonly people: number;
  };
  /** A call to Persontjenesten failed for a reason that passes by itself and is made again. */
  callRetried: {
    readonly correlationId: CorrelationId;
    readonly operation: string;
    readonly error: AdapterError;
    /** The first one is 1. */
    readonly retry: number;
    readonly inMilliseconds: number;
  };
  /** A call to Persontjenesten was not made: too many wait, it wants to be left alone, or too many calls failed. */
  callRefused: {
    readonly correlationId: CorrelationId;
    readonly clientId: string;
    readonly lane: 'interactive' | 'batch' | 'shadow';
    readonly error: AdapterError;
  };
  /** Persontjenesten wants to be left alone: no call is made for so long from now on. Told again when it becomes longer. */
  callsHeldBack: { readonly seconds: number };
  /** Whether Persontjenesten is asked: always, not at all for a while, or by a single call that tries. */
  breakerChanged: {
    readonly state: 'closed' | 'open' | 'half-open';
    /** When open. */
    readonly retryInSeconds?: number | undefined;
  };
  /** A message to the old PREG ended. Sessions have messages of their own. */
  pregCalled: {
    readonly correlationId: CorrelationId;
    readonly clientId: string;
    readonly service: 'hl7v3' | 'preg-xml';
    readonly operation: string;
    /** Whether there is an answer; a session that PREG has ended, or wants renewed, is mended and the message sent again. */
    readonly outcome: 'answered' | 'session-over' | 'renewal-wanted' | ErrorCode;
    /** Null where no answer came. */
    readonly httpStatus: number | null;
    readonly milliseconds: number;
    /** Whether it went over a connection that an earlier message had made. */
    readonly reusedConnection: boolean;
    readonly error?: AdapterError | undefined;
  };
  /** Whether a service of the old PREG is asked: always, not at all for a while, or by a single call that tries. */
  pregBreakerChanged: {
    readonly service: 'hl7v3' | 'preg-xml';
    readonly state: 'closed' | 'open' | 'half-open';
    /** When open. */
    readonly retryInSeconds?: number | undefined;
  };
  /** An access token was fetched, or one that was fetched before and not told of is used now. */
  tokenFetched: {
    readonly scope: string;
    readonly organisation: Organisation;
    /** From now on. */
    readonly expiresInSeconds: number;
    /** When it stops being handed out, some seconds before that. */
    readonly freshUntil: Date;
    readonly milliseconds: number;
  };
  /** An access token that Persontjenesten did not accept was forgotten; whoever needs one waits for another. */
  tokenDropped: { readonly scope: string; readonly organisation: Organisation };
  /** HelseID gave no usable token; or it is left alone after it gave somebody else none, told once until there is one. */
  tokenFailed: { readonly scope: string; readonly organisation: Organisation; readonly error: AdapterError };
  /** Another key for HelseID was found in its file and is in use. Told by its id, which is public. */
  signingKeyChanged: { readonly keyId: string; readonly expiresAt?: Date | undefined };
  /** What stands in the file of the key for HelseID cannot be used; the old key stays in use. */
  signingKeyUnusable: { readonly problem: string };
  /** Our clock differs from that of the other side, by its Date header, or by how it refuses; told again when that is over. */
  clockDrift: {
    readonly holder: 'helseid' | 'persontjenesten';
    /** Positive when ours is ahead; null where no header told. */
    readonly aheadSeconds: number | null;
    /** Whether it refuses a proof or an assertion as a wrong clock makes it be refused. */
    readonly refused: boolean;
  };
  /**
   * Upstream sent a value of an enumeration that mappings/ does not know. `value` is a code, never free text. Without the request where
   * that would tell that somebody is protected.
   */
  unmappedValue: { readonly correlationId?: CorrelationId; readonly row: string; readonly value: string };
  /** A value was too long for the old field and was cut (Safety S11). */
  valueCut: { readonly correlationId: CorrelationId; readonly row: string };
  /** A number whose check digits do not follow the rule was looked up (Safety S6). */
  irregularCheckDigits: { readonly correlationId: CorrelationId; readonly clientId: string };
  /** A client named constraints that nobody knows, which were passed over. */
  constraintsPassedOver: {
    readonly correlationId: CorrelationId;
    readonly clientId: string;
    readonly count: number;
  };
  /** In so many values of an answer other letters stand for those that its charset lacks (Safety S11). */
  textTransliterated: {
    readonly correlationId: CorrelationId;
    readonly protocol: string;
    readonly values: number;
  };
  /** A page of the event feed was read and stored. */
  eventsRead: {
    readonly correlationId: CorrelationId;
    readonly events: number;
    /** How many of them have a type that the contract does not name. */
    readonly unknownTypes: number;
  };
  /** The event feed could not be read, or its events not be stored; tried again. */
  eventsNotRead: {
    readonly correlationId: CorrelationId;
    readonly error: AdapterError;
    /** In a row. */
    readonly failures: number;
    readonly retryInSeconds: number;
  };
  /** The log of changes begins now; anew when the feed itself began anew and nothing from before is told of any more. */
  eventLogBegun: { readonly anew: boolean };
  /** The newest event of the feed is older than what was read of it. */
  eventFeedEndsEarly: { readonly correlationId: CorrelationId; readonly times: number };
  /** So many numbers between two events are nobody's: seldom, and also how events look that upstream has forgotten. */
  eventFeedGap: { readonly correlationId: CorrelationId; readonly numbers: string };
  /** An event has a type that the contract does not name. Told once for each page. */
  unknownEventType: { readonly correlationId: CorrelationId; readonly type: string };
  /** Events tell of people who have no document any more and whose number nobody has; they are left out of an answer. */
  changedPeopleGone: { readonly correlationId: CorrelationId; readonly count: number };
  /** A document that was kept answered: within its age, or older and without addresses while the register is down. */
  answeredFromCache: { readonly correlationId: CorrelationId; readonly source: KeptSource };
  /** A password was wrong or the user name unknown. */
  authenticationFailed: { readonly remoteAddress: string; readonly failures: number };
  /** A connection for HL7 v2 was closed at once; told for each reason at most once in a minute, with the address of the last. */
  mllpConnectionsRefused: {
    readonly remoteAddress: string;
    readonly reason: 'unknown-address' | 'too-many' | 'too-many-of-address' | 'gave-way';
    /** Since this was told before. */
    readonly count: number;
  };
  /** TLS for HL7 v2 did not come about at a known address; told for each code at most once in a minute, with the address of the last. */
  mllpHandshakeFailed: {
    readonly remoteAddress: string;
    readonly code: string;
    /** Since this was told before. */
    readonly count: number;
  };
  /** We closed a connection of HL7 v2. */
  mllpConnectionCut: {
    readonly remoteAddress: string;
    readonly reason:
      'idle' | 'message-too-slow' | 'answer-not-taken' | 'message-too-large' | 'not-mllp' | 'failed';
    readonly error?: AdapterError | undefined;
  };
  /** Octets outside of frames, and messages that broke off, were passed over before a message or the end of a connection. */
  mllpOctetsSkipped: {
    readonly remoteAddress: string;
    readonly octets: number;
    readonly brokenFrames: number;
  };
  /** The MLLP listener could not take a connection. */
  mllpListenerFailed: { readonly code: string };
  /** A client used up all the nonces that can be remembered for it. Told once, until there is room again. */
  noncesExhausted: { readonly clientId: string };
  /** A client has proven its previous password: told once an hour, so that it is known when it can be taken out. */
  previousPasswordUsed: { readonly clientId: string };
  /** A drop folder cannot be used, for another reason than before; or, without one, it can again. */
  dropFolderChanged: {
    readonly clientId: string;
    readonly trouble: string | null;
    /** Where the folder itself is well. */
    readonly error?: AdapterError | undefined;
  };
  /** A file in a drop folder was not taken, and lies in avvist/ with a receipt by this id. */
  deliveredFileRefused: { readonly clientId: string; readonly deliveryId: string; readonly reason: string };
  /** So many more entries of a drop folder can neither be taken nor moved away, and stay where they are. */
  deliveredFilesLeft: { readonly clientId: string; readonly count: number };
  /** A file was taken in as a job. */
  filematchJobAccepted: FilematchJobNamed & { readonly door: string; readonly bytes: number };
  /** The rows of a job are looked up from now on, from where it stands. */
  filematchJobStarted: FilematchJobNamed & { readonly rows: number; readonly rowsDone: number };
  /** A job waits, for the first time for this since it last went on. */
  filematchJobWaiting: FilematchJobNamed & FilematchCause & { readonly waitingFor: string };
  /** The result of a job lies where results go. */
  filematchJobCompleted: FilematchJobNamed & {
    readonly rows: number;
    readonly totals: Readonly<Record<string, number>>;
    readonly seconds: number;
  };
  /** A file was rejected as a whole, and nobody was looked up. */
  filematchJobRejected: FilematchJobNamed & { readonly code: string };
  /** A job failed, or something that follows its end did. */
  filematchJobFailed: FilematchJobNamed &
    FilematchCause & { readonly code: string; readonly rowsDone?: number | undefined };
  /** Jobs had their time and were deleted with their files; those that are left could not be. */
  filematchJobsDeleted: { readonly deleted: number; readonly left: number };
  /** Which jobs there are could not be found out, so that none is begun; told once until it can. */
  filematchJobsNotRead: { readonly error: AdapterError };
  /** Changes were looked through for those whom receivers of HL7 v2 follow. */
  changesPlanned: { readonly changes: number; readonly queued: number };
  /** Changes could not be looked through; told once until they can. */
  changesNotPlanned: { readonly error: AdapterError };
  /** Changes happened of which nothing is known any more, and receivers are told nothing of them. */
  notificationsMissed: { readonly since: Date };
  /** Somebody whom a receiver follows had been taken for one with another person, which no message can tell. */
  identitySplit: { readonly receiver: string; readonly notificationId: number };
  /** A receiver took a message. */
  notificationSent: NotificationNamed & { readonly attempts: number; readonly milliseconds: number };
  /** A receiver did not take a message, which is sent again. */
  notificationNotTaken: NotificationNamed & {
    readonly problem: string;
    readonly attempts: number;
    readonly retryInSeconds: number;
  };
  /** A message could not be made of a person's record; it is tried again. */
  notificationNotBuilt: {
    readonly correlationId: CorrelationId;
    readonly receiver: string;
    readonly notificationId: number;
    readonly error: AdapterError;
    readonly retryInSeconds: number;
  };
  /** Messages were given up, and wait for somebody to look at them. */
  notificationsGivenUp: {
    readonly receiver: string;
    readonly problem: string;
    readonly count: number;
    /** Of a single one. */
    readonly notificationId?: number | undefined;
  };
  /** A receiver cannot be reached, or can again. Told when that changes. */
  receiverChanged: {
    readonly receiver: string;
    readonly reachable: boolean;
    readonly reason?: string | undefined;
  };
  /** Nothing is sent to a receiver, since people cannot be looked up for it; told once for each cause until they can. */
  notificationsHeldBack: { readonly receiver: string; readonly error: AdapterError };
  /** It cannot be asked under which ids changes of those are told whom a receiver follows; told once for each cause until it can. */
  referencesNotLearnt: { readonly receiver: string; readonly error: AdapterError };
}

/** Which message to which receiver. */
interface NotificationNamed {
  readonly correlationId: CorrelationId;
  readonly receiver: string;
  /** As in `ADT^A31`. */
  readonly type: string;
  /** MSH-10. */
  readonly controlId: string;
}

/** Which job. */
interface FilematchJobNamed {
  readonly jobId: string;
  readonly clientId: string;
}

/** An error, or what else is known without data. */
interface FilematchCause {
  readonly error?: AdapterError | undefined;
  readonly reason?: string | undefined;
}

/** One listener for all events. */
export type EventListener = <Name extends keyof AdapterEvents>(
  name: Name,
  event: AdapterEvents[Name],
) => void;

/** Told what happens; must not throw. */
export interface EventSink {
  emit<Name extends keyof AdapterEvents>(name: Name, event: AdapterEvents[Name]): void;
}
