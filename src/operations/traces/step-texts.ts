import type { AdapterError } from '../../errors/errors.js';
import type { AdapterEvents } from '../events.js';

/** A step as people read it: one line, and more below it where there is more to tell. */
export interface StepText {
  readonly text: string;
  /** Written when somebody looks, which is seldom. */
  readonly details?: () => readonly string[];
}

type Texts = { readonly [Name in keyof AdapterEvents]?: (event: AdapterEvents[Name]) => StepText };

/** Events that carry a correlation id and are no part of a request: what the adapter does of its own accord, and what tells of many. */
export const ofNoRequest: ReadonlySet<keyof AdapterEvents> = new Set([
  'refusalsRepeated',
  'registerProbed',
  'eventsRead',
  'eventsNotRead',
  'eventFeedEndsEarly',
  'eventFeedGap',
  'unknownEventType',
  'notificationSent',
  'notificationNotTaken',
  'notificationNotBuilt',
] as const);

/** What of an event a trace tells; of others nothing but that they happened. Nothing here is a value of anybody. */
export const stepTexts: Texts = {
  requestAnswered: ({ outcome, httpStatus, milliseconds, error }) => ({
    text: `answered: ${outcome}${httpStatus === undefined ? '' : `, HTTP ${httpStatus}`}, after ${ms(milliseconds)}`,
    ...(error === undefined ? {} : { details: troubleOf(error) }),
  }),
  registersAsked: ({ question, outcome, people, answeredBy, kept, milliseconds, blanks }) => ({
    text: [
      `the registers were asked (${question}): ${outcome === 'found' ? count(people, 'person', 'people') : outcome} in ${ms(milliseconds)}`,
      ...(answeredBy === null ? [] : [`answered by ${answeredBy.source} on the route ${answeredBy.route}`]),
      ...(kept === null ? [] : [`from memory (${kept})`]),
      ...(blanks.length === 0 ? [] : [`${count(blanks.length, 'field', 'fields')} blank`]),
    ].join('; '),
    details: () => blanks.map(({ field, reason }) => `${field}: ${reason}`),
  }),
  upstreamCalled: ({ operation, httpStatus, milliseconds, reusedConnection }) => ({
    text: `Persontjenesten was called (${operation}): ${httpStatus === null ? 'no answer' : `HTTP ${httpStatus}`} in ${ms(milliseconds)}, over a ${reusedConnection ? 'kept' : 'new'} connection`,
  }),
  // By its own correlation id it is told below.
  lookupShared: ({ people }) => ({
    text: `the answer came of a call that was made for ${count(people, 'person', 'people')}`,
  }),
  callRetried: ({ operation, retry, inMilliseconds, error: { code } }) => ({
    text: `the call (${operation}) failed and is made again in ${ms(inMilliseconds)}, for the ${retry}. time`,
    details: () => [code],
  }),
  callRefused: ({ lane, error }) => ({
    text: `a call to Persontjenesten was not made (${lane})`,
    details: troubleOf(error),
  }),
  pregCalled: ({ service, operation, outcome, httpStatus, milliseconds, error }) => ({
    text: `PREG was called (${service}, ${operation}): ${outcome}${httpStatus === null ? '' : `, HTTP ${httpStatus}`} in ${ms(milliseconds)}`,
    ...(error === undefined ? {} : { details: troubleOf(error) }),
  }),
  otherRegisterAsked: ({ route, outOfOrder, error, outcome }) => ({
    text: `${outOfOrder} is out of order, and the other register was asked (route ${route}): ${outcome}`,
    details: troubleOf(error),
  }),
  answersCompared: ({ route, outcomes, different, unexplained, identity }) => ({
    text: `both registers were compared (route ${route}): PREG ${outcomes.preg}, Persontjenesten ${outcomes.persontjenesten}; ${different ?? 'none'} different, ${unexplained} unexplained, ${identity} in who somebody is`,
  }),
  comparisonFailed: ({ error }) => ({
    text: 'the answers of both registers could not be compared',
    details: troubleOf(error),
  }),
  unmappedValue: ({ row }) => ({
    text: `a value of the new register is not in mappings/ (${row}), and is blank`,
  }),
  valueCut: ({ row }) => ({ text: `a value was too long for the old field and was cut (${row})` }),
  irregularCheckDigits: () => ({
    text: 'the number has irregular check digits, and was looked up all the same',
  }),
  constraintsPassedOver: ({ count: times }) => ({
    text: `${count(times, 'constraint', 'constraints')} of the message that nobody knows ${times === 1 ? 'was' : 'were'} passed over`,
  }),
  textTransliterated: ({ values }) => ({
    text: `other letters stand in ${count(values, 'value', 'values')} for those that the charset lacks`,
  }),
  answeredFromCache: ({ source }) => ({
    text:
      source === 'stale-cache'
        ? 'answered from an old document without addresses, since the register is down'
        : 'answered from a document in memory',
  }),
  requestsRefused: ({ count: requests }) => ({
    text: `refused unread, since there was too much to do, as ${count(requests, 'request was', 'requests were')}`,
  }),
  changedPeopleGone: ({ count: people }) => ({
    text: `${count(people, 'person', 'people')} whom events told of are not known any more`,
  }),
};

/** The name of an event in words, for one that has no text: `lookupShared` → `lookup shared`. */
export function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Without what lies behind the error, which is not to be kept. */
function troubleOf({ code, message, description: { hint } }: AdapterError): () => readonly string[] {
  return () => [`${code}: ${message}`, hint];
}

function ms(milliseconds: number): string {
  return `${Math.round(milliseconds * 10) / 10} ms`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
