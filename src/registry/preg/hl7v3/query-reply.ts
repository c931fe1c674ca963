import { wrapperNamespace, type Hl7v3Operation } from '../../../contract/hl7v3/operations.js';
import { PregRejected } from '../../../errors/errors.js';
import type { XmlElement } from '../../../xml/element.js';
import { isNamed } from '../../../xml/element-reading.js';
import type { PregReply } from '../preg-service.js';
import { all, attribute, first } from './hl7-element.js';

/** How PREG answers a query. */
export type QueryReply =
  | {
      readonly outcome: 'found';
      /** At least one. */
      readonly subjects: readonly XmlElement[];
      /** How many there are in all. */
      readonly total: number;
    }
  | { readonly outcome: 'not-found' }
  /** An error in the parameters (preg-hl7v3 5.1). */
  | { readonly outcome: 'refused' };

const PARAMETER_ERROR = 'QE';

/**
 * Reads a reply (preg-hl7v3 2.3 to 2.5). That nobody was found has to be said: nothing else counts as it (Safety S3).
 * @throws PregRejected for a reply that says something else than found, not found, or that the parameters are wrong
 */
export function queryReply({ body }: PregReply, operation: Hl7v3Operation): QueryReply {
  const result = body.children.find((child) => isNamed(child, wrapperNamespace, `${operation.name}Result`));
  if (!isNamed(body, wrapperNamespace, `${operation.name}Response`) || result === undefined) {
    throw new PregRejected('wrong-answer', `the reply to ${operation.name} holds another element`);
  }
  const acknowledgement = first(result, 'acknowledgement');
  const type = attribute(acknowledgement, 'typeCode');
  const controlAct = first(result, 'controlActProcess');
  const ack = first(controlAct, 'queryAck');
  const response = attribute(first(ack, 'queryResponseCode'), 'code');
  if (response === PARAMETER_ERROR) return { outcome: 'refused' };
  if (type !== undefined && type !== 'AA' && type !== 'CA') {
    throw new PregRejected('refused', `acknowledgement ${codeOnly(type)}, ${problemIn(acknowledgement)}`);
  }
  const subjects = all(controlAct, 'subject');
  if (subjects.length > 0) return { outcome: 'found', subjects, total: totalIn(ack, subjects.length) };
  if (response === 'NF' || (response === 'OK' && quantity(ack, 'Total') === 0))
    return { outcome: 'not-found' };
  throw new PregRejected('wrong-answer', `nobody told of, and response ${codeOnly(response ?? 'none')}`);
}

function totalIn(ack: XmlElement | undefined, told: number): number {
  const rest = quantity(ack, 'Remaining') ?? 0;
  return Math.max(quantity(ack, 'Total') ?? 0, told + rest);
}

function quantity(ack: XmlElement | undefined, which: 'Total' | 'Remaining'): number | undefined {
  const text = attribute(first(ack, `result${which}Quantity`), 'value') ?? '';
  return /^\+?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Codes alone: texts may repeat what was asked. */
function problemIn(acknowledgement: XmlElement | undefined): string {
  const details = all(acknowledgement, 'acknowledgementDetail').map((detail) =>
    codeOnly(attribute(first(detail, 'code'), 'code') ?? 'none'),
  );
  return `details: ${details.join(' ') || 'none'}`;
}

function codeOnly(text: string): string {
  return /^[A-Za-z]{1,8}[0-9]{0,4}$/.test(text) ? text : 'unreadable';
}
