import type { AuditOutcome } from '../../../operations/audit-trail.js';
import type { SoapCall } from '../../soap/soap-service.js';
import type { DataValue } from '../../../contract/preg-xml/data-value.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';

/** One operation of PersonService: from its parameters to its result, with everything around both left to the service. */
export interface PersonOperation {
  /**
   * @param request the operation's element, read by the contract
   * @throws AdapterError, which becomes a fault
   */
  answer(request: ReadRecord, call: OperationCall): Promise<OperationAnswer>;
}

/** Who asks, and how long an answer may be. */
export interface OperationCall extends Omit<SoapCall, 'replyLength'> {
  /** How many octets the whole reply has with this result. */
  replyLength(result: DataValue): number;
}

/** What the reply holds, null for nil, and what the audit trail shall say. */
export interface OperationAnswer {
  readonly result: DataValue;
  readonly outcome: AuditOutcome;
}
