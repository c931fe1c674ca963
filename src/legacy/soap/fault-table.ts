import type { ErrorCode } from '../../errors/catalogue.js';
import type { AddressingProblem } from '../../errors/errors.js';
import {
  ADDRESSING,
  DISPATCHER,
  FaultAction,
  SECURE_CONVERSATION,
  SECURITY,
  TRUST,
} from '../../contract/soap/namespaces.js';
import type { FaultCode } from './soap-version.js';

/** How each cause looks to a SOAP client; named as in SOAP 1.2. Contract: preg-hl7v3 part 7, Decided 8 and 13. docs/soap.md explains it. */

/** A SOAP fault with everything in it that does not depend on the request. */
export interface FaultRow {
  readonly code: FaultCode;
  /** From outer to inner; empty where the code says it all. */
  readonly subcodes: readonly Subcode[];
  readonly text: string;
  /**
   * Whether the fault carries a Security header with a Timestamp. .NET takes an unsecured fault for one about
   * security, and hides any other fault that is unsecured.
   */
  readonly secured: boolean;
  readonly action: string;
  /** Whether the correlation id follows the text. Clients compare the texts of security faults, so it does not there. */
  readonly correlated: boolean;
  /**
   * The status of HTTP, where it is not 500 as for any fault. .NET makes an exception of its own of a 503 and does not look at the fault;
   * others read it.
   */
  readonly status?: 503;
}

/** A qualified name, and the prefix it is written with. */
export interface Subcode {
  readonly prefix: string;
  readonly namespace: string;
  readonly localName: string;
}

const addressing = (localName: string): Subcode => ({ prefix: 'a', namespace: ADDRESSING, localName });
const dispatcher = (localName: string): Subcode => ({ prefix: 'd', namespace: DISPATCHER, localName });
const security = (localName: string): Subcode => ({ prefix: 'w', namespace: SECURITY, localName });
const conversation = (localName: string): Subcode => ({
  prefix: 'c',
  namespace: SECURE_CONVERSATION,
  localName,
});
const trust = (localName: string): Subcode => ({ prefix: 't', namespace: TRUST, localName });

const secured = { secured: true, correlated: true } as const;

function unreadable(text: string): FaultRow {
  return {
    ...secured,
    code: 'Sender',
    subcodes: [dispatcher('DeserializationFailed')],
    text,
    action: FaultAction.Dispatcher,
  };
}

function failed(text: string): FaultRow {
  return {
    ...secured,
    code: 'Receiver',
    subcodes: [dispatcher('InternalServiceFault')],
    text,
    action: FaultAction.Dispatcher,
  };
}

/** Without a subcode a .NET client shows the text as it is, where a known subcode becomes an exception of its own. */
function refused(text: string): FaultRow {
  return { ...secured, code: 'Sender', subcodes: [], text, action: FaultAction.Soap };
}

function insecure(subcode: Subcode, text: string): FaultRow {
  return {
    code: 'Sender',
    subcodes: [subcode],
    text,
    secured: false,
    action: FaultAction.Soap,
    correlated: false,
  };
}

/** One row per line of the error catalogue. */
export const faultTable: Readonly<Record<ErrorCode, FaultRow>> = {
  'malformed-request': unreadable('The message could not be read.'),
  'xml-dtd': unreadable('The message could not be read: it holds a document type declaration.'),
  'encoding-conflict': unreadable('The message could not be read: its character set is not clear.'),
  'version-mismatch': {
    ...secured,
    code: 'VersionMismatch',
    subcodes: [],
    text: 'The envelope is not of SOAP 1.2.',
    action: FaultAction.Soap,
  },
  'must-understand': {
    ...secured,
    code: 'MustUnderstand',
    subcodes: [],
    text: 'A header that has to be understood is not understood here.',
    action: FaultAction.Soap,
  },
  'invalid-addressing': {
    ...secured,
    code: 'Sender',
    subcodes: [addressing('InvalidAddressingHeader')],
    text: 'A WS-Addressing header is not valid, and the message cannot be processed.',
    action: FaultAction.Addressing,
  },
  'action-not-supported': {
    ...secured,
    code: 'Sender',
    subcodes: [addressing('ActionNotSupported')],
    text: 'The action of the message is not one of the service at this address.',
    action: FaultAction.Addressing,
  },
  'not-authenticated': insecure(
    security('FailedAuthentication'),
    'At least one security token in the message could not be validated.',
  ),
  'invalid-security': insecure(
    security('InvalidSecurity'),
    'An error occurred when verifying security for the message.',
  ),
  'bad-context-token': insecure(
    conversation('BadContextToken'),
    'The security context token is expired or is not valid. The message was not processed.',
  ),
  'renew-needed': {
    ...secured,
    code: 'Sender',
    subcodes: [conversation('RenewNeeded')],
    text: "The SecurityContextSecurityToken's key needs to be renewed.",
    action: FaultAction.SecureConversation,
    // A text that clients may know, like those of the security faults.
    correlated: false,
  },
  'invalid-trust-request': {
    ...secured,
    code: 'Sender',
    subcodes: [trust('InvalidRequest')],
    text: 'The request for a security token cannot be served.',
    action: FaultAction.Soap,
  },
  'not-authorised': refused('The client may not use this service.'),
  'invalid-query': refused('The query cannot be answered as it stands.'),
  'too-many-hits': refused('More people fit than can be told. Narrow the search.'),
  'changes-not-followed': refused('Changes are not followed here, so nothing can be told of them.'),
  'upstream-unavailable': failed('The person register cannot be reached at present.'),
  'upstream-rate-limited': failed('The person register has too much to do at present.'),
  'upstream-timeout': failed('The person register did not answer in time.'),
  'caller-left': failed('The caller left before an answer was ready.'),
  'upstream-rejected': failed('The person register did not accept the question.'),
  'upstream-forbidden': failed('The person register did not let the question in.'),
  'upstream-invalid-answer': failed('The person register gave an answer that cannot be used.'),
  'token-unavailable': failed('Access to the person register cannot be obtained at present.'),
  'token-refused': failed('Access to the person register was refused.'),
  'preg-unavailable': failed('The person register cannot be reached at present.'),
  'preg-rejected': failed('The person register did not accept the question.'),
  'preg-refused': refused('The person register refuses the question as it stands.'),
  'audit-unavailable': failed('The answer was withheld, since it could not be put on record.'),
  'store-failed': failed('The request was not served, since the store failed.'),
  overloaded: { ...failed('There is too much to do at present. Try again in a moment.'), status: 503 },
  // Without a subcode .NET shows the text as it is; and it may be sent again, which only the receiver's faults say.
  'rate-limited': {
    ...secured,
    code: 'Receiver',
    subcodes: [],
    text: 'The client asks more often than it may. Try again in a moment.',
    action: FaultAction.Soap,
  },
  internal: failed('The server was unable to process the request due to an internal error.'),
};

/** The subcodes for each thing that can be wrong with an addressing header (WS-Addressing 1.0 SOAP Binding, 6.4). */
export const addressingSubcodes: Readonly<Record<AddressingProblem, readonly Subcode[]>> = {
  'header-required': [addressing('MessageAddressingHeaderRequired')],
  'invalid-cardinality': [addressing('InvalidAddressingHeader'), addressing('InvalidCardinality')],
  'only-anonymous-address': [
    addressing('InvalidAddressingHeader'),
    addressing('OnlyAnonymousAddressSupported'),
  ],
  'action-mismatch': [addressing('InvalidAddressingHeader'), addressing('ActionMismatch')],
};
