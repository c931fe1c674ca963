import type { Continuations } from '../continuation.js';
import { componentOf, type Hl7Message, type Hl7Segment } from '../message/message.js';
import type { Hl7v2Answer, Hl7v2Call, Hl7v2Operation } from '../operation.js';
import { fieldAt, refused } from './query-refusals.js';
import { requiredSegment } from './query-segments.js';

/** QCN^J01: a client wants no more of a query (preg-xml-filematch-hl7v2 3.3). Well done also where nothing was kept. */
export class CancelContinuation implements Hl7v2Operation {
  readonly name = 'QCN^J01';
  readonly messageCode = 'QCN';
  readonly triggerEvent = 'J01';
  readonly answerType = { code: 'ACK', event: 'J01', structure: 'ACK' };

  constructor(private readonly continuations: Continuations) {}

  answer(request: Hl7Message, call: Hl7v2Call): Promise<Hl7v2Answer> {
    // Inside of a promise, so that what is thrown is a rejection.
    return Promise.resolve().then(() => {
      const queryTag = componentOf(requiredSegment(request, 'QID'), 1).trim();
      if (queryTag === '') throw refused('101', fieldAt('QID', 1), 'The query tag is missing.');
      this.continuations.endQuery(call.client.id, queryTag);
      return { segments: [], outcome: 'done' };
    });
  }

  refusal(): readonly Hl7Segment[] {
    return [];
  }
}
