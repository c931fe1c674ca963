import { dayInNorway } from '../../person/calendar-date.js';
import type { HelpNumberRegister } from '../../registry/help-number-register.js';
import type { Clock } from '../../runtime/clock.js';
import type { Hl7v3Codes } from './codes.js';
import type { DetectedIssues } from './detected-issues.js';
import { readHelpNumberRecord } from './help-number-record-reader.js';
import type { AcceptedMessage, MessageAnswer, MessageHandler } from './message.js';
import type { PersonRenderer } from './person.js';
import { changeFor, oneNumber, registrationIn, unreadable } from './registration.js';
import { registrationControlAct } from './reply.js';
import { at, childrenOf } from './request.js';
import type { TypedStructure } from './schema/typed-value.js';

const NOTHING_TOLD = {
  code: 'SYN105',
  text: 'The message tells nothing of the person that could be changed.',
};

/**
 * RevisePersonRecord: changes what is known of somebody with a help number (preg-hl7v3 part 6). What the message tells
 * replaces, the rest stays (question 13); nothing is cleared by nil or a nullFlavor, which .NET sends unasked.
 */
export class RevisePersonRecord implements MessageHandler {
  constructor(
    private readonly register: HelpNumberRegister,
    private readonly renderer: PersonRenderer,
    private readonly codes: Hl7v3Codes,
    private readonly issues: DetectedIssues,
    private readonly clock: Clock,
  ) {}

  async answer(accepted: AcceptedMessage): Promise<MessageAnswer> {
    const registration = registrationIn(accepted.message);
    if ('refused' in registration) return unreadable(registration.refused);
    const { role } = registration;
    const { call, requester } = accepted;
    // A repeat of the number in the person has to be the same one.
    const inner = childrenOf(at(role, 'identifiedPerson'), 'id');
    const outer = childrenOf(role, 'id');
    const id = oneNumber(outer, 'The number of the person');
    if ('refused' in id) return unreadable(id.refused);
    const both = oneNumber([...outer, ...inner], 'The number of the person');
    if ('refused' in both) return unreadable(both.refused);
    call.describe([id.number], { requester });
    const told = readHelpNumberRecord(role, this.codes, dayInNorway(this.clock.now()));
    if ('refused' in told) return unreadable(told.refused);
    if (Object.keys(told.record).length === 0) return unreadable([NOTHING_TOLD, ...told.warnings]);

    const revised = await this.register.revise(id.number, told.record, changeFor(accepted));
    if (revised.outcome === 'refused') return this.issues.refusal(revised.rule);
    return {
      acknowledgement: { typeCode: 'AA', details: told.warnings },
      controlAct: registrationControlAct({
        subjects: [this.renderer.subject(revised.hit.person, call.client.quirks, { identifiedBy: false })],
      }),
      outcome: 'done',
    };
  }

  rejection(): TypedStructure {
    return registrationControlAct();
  }
}
