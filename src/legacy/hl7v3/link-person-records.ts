import type { HelpNumberRegister } from '../../registry/help-number-register.js';
import type { DetectedIssues } from './detected-issues.js';
import { linkedNumbersIn } from './linked-numbers.js';
import type { AcceptedMessage, MessageAnswer, MessageHandler } from './message.js';
import { changeFor, unreadable } from './registration.js';
import { registrationControlAct } from './reply.js';
import type { TypedStructure } from './schema/typed-value.js';

/** LinkPersonRecords: one number answers for others from now on (preg-hl7v3 part 6). */
export class LinkPersonRecords implements MessageHandler {
  constructor(
    private readonly register: HelpNumberRegister,
    private readonly issues: DetectedIssues,
  ) {}

  async answer(accepted: AcceptedMessage): Promise<MessageAnswer> {
    const numbers = linkedNumbersIn(accepted.message);
    if ('refused' in numbers) return unreadable(numbers.refused);
    const { survivor, superseded } = numbers;
    accepted.call.describe([survivor, ...superseded], { requester: accepted.requester });
    const linked = await this.register.link(survivor, superseded, changeFor(accepted));
    if (linked.outcome === 'refused') return this.issues.refusal(linked.rule);
    return {
      acknowledgement: { typeCode: 'AA', details: [] },
      controlAct: registrationControlAct(),
      outcome: 'done',
    };
  }

  rejection(): TypedStructure {
    return registrationControlAct();
  }
}
