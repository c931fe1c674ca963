import type { XmlElement } from '../../xml/element.js';
import type { MessageAnswer } from './message.js';
import { queryControlAct, type AcknowledgementDetail } from './reply.js';
import { at, identifierIn, type InstanceIdentifier } from './request.js';
import type { TypedStructure } from './schema/typed-value.js';

/** The query's own id. @throws MalformedRequest when there are two queries */
export function queryIdOf(message: XmlElement): InstanceIdentifier | undefined {
  return identifierIn(at(message, 'controlActProcess', 'queryByParameter', 'queryId'));
}

/** The control act for a query whose message is rejected (preg-hl7v3 part 7). */
export function rejectedQuery(message: XmlElement): TypedStructure {
  return queryControlAct({ queryResponse: 'AE', queryId: queryIdOf(message), subjects: [] });
}

/** A query that cannot be answered as it stands: `AE` with `QE` (preg-hl7v3 part 7). */
export function refusedQuery(
  detail: AcknowledgementDetail,
  queryId: InstanceIdentifier | undefined,
): MessageAnswer {
  return {
    acknowledgement: { typeCode: 'AE', details: [detail] },
    controlAct: queryControlAct({ queryResponse: 'QE', queryId, subjects: [] }),
    outcome: 'invalid-query',
  };
}
