import type { OperationAnswer } from './operation.js';

/** Nobody has the number: no fault, and no person ("Decided" 7). */
export const NOBODY: OperationAnswer = { result: null, outcome: 'not-found' };

/** Nobody can have the number. Looks the same to the client; the audit trail tells the two apart. */
export const MALFORMED: OperationAnswer = { result: null, outcome: 'invalid-query' };
