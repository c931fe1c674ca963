import type { LegacyClient } from '../../access/legacy-client.js';
import type { AuditOutcome } from '../../operations/audit-trail.js';
import type { NationalId } from '../../person/national-id.js';
import type { Caller } from '../../registry/person-registry.js';
import type { Acknowledgement, Hl7Error } from './hl7-error.js';
import type { Hl7Version, MessageType } from './message/header.js';
import type { Hl7Message, Hl7Segment } from './message/message.js';

/** One exchange of HL7 v2 (preg-xml-filematch-hl7v2 3.3): what it answers to, and how. MSH, MSA and ERR are the endpoint's. */
export interface Hl7v2Operation {
  /** For audit trail and log, such as `QBP^Q22`. */
  readonly name: string;
  /** MSH-9.1 and MSH-9.2 of what it answers. */
  readonly messageCode: string;
  readonly triggerEvent: string;
  /** MSH-9 of the answer, whatever becomes of it. */
  readonly answerType: MessageType;
  /**
   * Answers one message.
   * @throws RefusedMessage for what the message asks wrongly, or another AdapterError
   */
  answer(request: Hl7Message, call: Hl7v2Call): Promise<Hl7v2Answer>;
  /**
   * What follows MSH, MSA and ERR when there is no answer: QAK and what is echoed, as far as the message allows. Never throws,
   * whatever the message holds or lacks.
   */
  refusal(request: Hl7Message, acknowledgement: Exclude<Acknowledgement, 'AA'>): readonly Hl7Segment[];
}

/** Who asks, and under which constraints. */
export interface Hl7v2Call {
  readonly client: LegacyClient;
  readonly caller: Caller;
  /** That of the message and of its answer. */
  readonly version: Hl7Version;
  readonly receivedAt: Date;
  /** Tells the audit trail who was asked for or told of. One entry for each number; the last call counts. */
  describe(subjects: readonly NationalId[]): void;
}

/** What follows MSH and MSA, and what the audit trail shall say. */
export interface Hl7v2Answer {
  readonly segments: readonly Hl7Segment[];
  readonly outcome: AuditOutcome;
}

/** A refusal in HL7's terms. */
export interface Refusal {
  readonly acknowledgement: Exclude<Acknowledgement, 'AA'>;
  readonly error: Hl7Error;
}
