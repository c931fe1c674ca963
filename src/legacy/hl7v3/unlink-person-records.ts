import type { HelpNumberRegister } from '../../registry/help-number-register.js';
import type { DetectedIssues } from './detected-issues.js';
import { linkedNumbersIn } from './linked-numbers.js';
import type { AcceptedMessage, MessageAnswer, MessageHandler } from './message.js';
import { changeFor, unreadable } from './registration.js';
import { registrationControlAct } from './reply.js';
import type { TypedStructure } from './schema/typed-value.js';

const SEVERAL_LINKS = { code: 'SYN108', text: 'One link at a time can be undone.' };

/** UnlinkPersonRecords: undoes a link (preg-hl7v3 part 6). One only: its message type holds no more. */
export class UnlinkPersonRecords implements MessageHandler {
  constructor(
    private readonly register: HelpNumberRegister,
    private readonly issues: DetectedIssues,
  ) {}

  async answer(accepted: AcceptedMessage): Promise<MessageAnswer> {
    const numbers = linkedNumbersIn(accepted.message);
    if ('refused' in numbers) return unreadable(numbers.refused);
    const { survivor, superseded } = numbers;
    if (superseded.length > 1) return unreadable([SEVERAL_LINKS]);
    const [child] = superseded;
    accepted.call.describe([survivor, child], { requester: accepted.requester });
    const unlinked = await this.register.unlink(survivor, child, changeFor(accepted));
    if (unlinked.outcome === 'refused') return this.issues.refusal(unlinked.rule);
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
