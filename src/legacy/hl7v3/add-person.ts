import { dayInNorway } from '../../person/calendar-date.js';
import type { HelpNumberRecord } from '../../person/help-number-record.js';
import type { HelpNumberRegister } from '../../registry/help-number-register.js';
import type { Clock } from '../../runtime/clock.js';
import type { XmlElement } from '../../xml/element.js';
import type { Hl7v3Codes } from './codes.js';
import type { DetectedIssues } from './detected-issues.js';
import { saysSomething } from './element-content.js';
import { readHelpNumberRecord } from './help-number-record-reader.js';
import type { AcceptedMessage, MessageAnswer, MessageHandler } from './message.js';
import type { PersonRenderer } from './person.js';
import { changeFor, registrationIn, unreadable } from './registration.js';
import { registrationControlAct } from './reply.js';
import { at, childrenOf } from './request.js';
import type { TypedStructure } from './schema/typed-value.js';

const HAS_ID = {
  code: 'SYN102',
  text: 'A person to be added has no number yet; the number is given out here.',
};

const nothingKnown: HelpNumberRecord = {
  name: { given: null, middle: null, family: null },
  gender: null,
  birth: null,
  deceased: null,
  dateOfDeath: null,
  addresses: [],
  telecoms: [],
  foreignIds: [],
  citizenships: [],
};

/** AddPerson: gives out a help number to somebody without a national one (preg-hl7v3 part 6, "Decided" 11). */
export class AddPerson implements MessageHandler {
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
    if (hasId(role)) return unreadable([HAS_ID]);
    const told = readHelpNumberRecord(role, this.codes, dayInNorway(this.clock.now()));
    if ('refused' in told) return unreadable(told.refused);

    const added = await this.register.add({ ...nothingKnown, ...told.record }, changeFor(accepted));
    if (added.outcome === 'refused') return this.issues.refusal(added.rule);
    const { hit, possibleDuplicates } = added;
    const { call, requester } = accepted;
    // The reply tells of the others too.
    call.describe([hit.person.nin, ...possibleDuplicates], { requester });
    const duplicates =
      possibleDuplicates.length === 0 ? [] : [this.issues.possibleDuplicates(possibleDuplicates)];
    return {
      acknowledgement: {
        typeCode: 'AA',
        details: [...told.warnings, ...duplicates.map(({ detail }) => detail)],
      },
      controlAct: registrationControlAct({
        subjects: [this.renderer.subject(hit.person, call.client.quirks, { identifiedBy: false })],
        issues: duplicates.map(({ issue }) => issue),
      }),
      outcome: 'done',
    };
  }

  rejection(): TypedStructure {
    return registrationControlAct();
  }
}

function hasId(role: XmlElement): boolean {
  return [role, at(role, 'identifiedPerson')].some((holder) => childrenOf(holder, 'id').some(saysSomething));
}
