import type { ErrorCode } from '../../errors/catalogue.js';
import { InvalidQuery, type AdapterError } from '../../errors/errors.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { Acknowledgement, Hl7Error, Hl7ErrorCode } from './hl7-error.js';
import type { Refusal } from './operation.js';
import { RefusedMessage } from './refused-message.js';

/** How each cause looks to who speaks HL7 v2 (preg-xml-filematch-hl7v2 3.3, Decided 8). docs/hl7v2.md shows this table. */
export interface ErrorRow {
  readonly acknowledgement: Exclude<Acknowledgement, 'AA'>;
  readonly code: Hl7ErrorCode;
  /** Short enough for MSA-3 with a correlation id behind it. */
  readonly text: string;
  /** Whether the correlation id follows the text: trouble that the client’s people will ask ours about. */
  readonly correlated: boolean;
}

const unreadable: ErrorRow = {
  acknowledgement: 'AR',
  code: '100',
  text: 'The message cannot be read.',
  correlated: false,
};

/** The same for all, so that nobody learns who is known here. */
const notLetIn: ErrorRow = {
  acknowledgement: 'AR',
  code: '207',
  text: 'The sender is not let in.',
  correlated: false,
};

function trouble(text: string): ErrorRow {
  return { acknowledgement: 'AE', code: '207', text, correlated: true };
}

const registerFails = trouble('The register cannot be asked at present.');
const registerRefuses = trouble('The register did not serve the query.');

/** One row per line of the error catalogue, those included that only other protocols know. */
export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = {
  'malformed-request': unreadable,
  'xml-dtd': unreadable,
  'encoding-conflict': unreadable,
  'version-mismatch': unreadable,
  'must-understand': unreadable,
  'invalid-addressing': unreadable,
  'action-not-supported': unreadable,
  'not-authenticated': notLetIn,
  'invalid-security': notLetIn,
  'bad-context-token': notLetIn,
  'renew-needed': notLetIn,
  'invalid-trust-request': unreadable,
  'not-authorised': notLetIn,
  'invalid-query': {
    acknowledgement: 'AE',
    code: '102',
    text: 'The query cannot be served.',
    correlated: false,
  },
  'too-many-hits': {
    acknowledgement: 'AE',
    code: '207',
    text: 'Too many people fit: narrow the search.',
    correlated: false,
  },
  'changes-not-followed': registerRefuses,
  'upstream-unavailable': registerFails,
  'upstream-rate-limited': registerFails,
  'upstream-timeout': trouble('The register did not answer in time.'),
  'caller-left': trouble('The message was given up.'),
  'upstream-rejected': registerRefuses,
  'upstream-forbidden': registerRefuses,
  'upstream-invalid-answer': registerRefuses,
  'token-unavailable': registerFails,
  'token-refused': registerRefuses,
  'preg-unavailable': registerFails,
  'preg-rejected': registerRefuses,
  'preg-refused': {
    acknowledgement: 'AE',
    code: '102',
    text: 'The register refuses the query.',
    correlated: false,
  },
  'audit-unavailable': trouble('The answer could not be put on record.'),
  'store-failed': trouble('The message cannot be served now.'),
  overloaded: trouble('Too many messages at present.'),
  'rate-limited': trouble('Too many messages of this sender.'),
  internal: trouble('The message failed here by a fault.'),
};

/** What is told of an error. Holds no data of persons: of texts, only those that were written for the caller. */
export function refusalOf(error: AdapterError, correlationId: CorrelationId): Refusal {
  if (error instanceof RefusedMessage) return error;
  const { acknowledgement, code, text, correlated } = errorTable[error.code];
  const more = error instanceof InvalidQuery ? ` ${error.parameter} ${error.problem}.` : '';
  const fault: Hl7Error = { code, text: correlated ? `${text} ${correlationId}` : text + more };
  return { acknowledgement, error: fault };
}
