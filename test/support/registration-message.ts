import { PersonRenderer } from '../../src/legacy/hl7v3/person.js';
import { answerMessage, type MessageHandler } from '../../src/legacy/hl7v3/message.js';
import { hl7v3Operations, type Hl7v3OperationName } from '../../src/contract/hl7v3/operations.js';
import type { ProcessingMode } from '../../src/legacy/hl7v3/acceptance.js';
import type { SoapAnswer, SoapCall } from '../../src/legacy/soap/soap-service.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { HelpNumberRegister } from '../../src/registry/help-number-register.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import type { XmlElement } from '../../src/xml/element.js';
import { CountedRandom } from './counted-random.js';
import { all, codes, requestBody, reread, the, writer } from './hl7v3-message.js';
import { ManualClock } from './manual-clock.js';
import { noQuirks } from './quirks.js';

/** How a change was answered, in the words of the reply. */
export interface Answered {
  readonly answer: SoapAnswer;
  readonly body: XmlElement;
  /** `acknowledgement`, then the codes of its details; those of warnings in brackets. */
  readonly ending: string;
  readonly texts: readonly string[];
  /** What the audit trail was told, last. */
  readonly subjects: readonly NationalId[];
  readonly requester: string | undefined;
}

export const renderer = new PersonRenderer(codes);

/** A message for a change: wrapper with id `1.2.3.4^m1`, and the role's XML inside of its subject. */
export function registrationMessage(role: string, wrapper = '<id root="1.2.3.4" extension="m1"/>'): string {
  return (
    `${wrapper}<controlActProcess classCode="CACT" moodCode="APT"><subject><registrationRequest><subject1>` +
    `<identifiedPerson classCode="IDENT">${role}</identifiedPerson>` +
    '</subject1><author xsi:nil="true"/></registrationRequest></subject></controlActProcess>'
  );
}

/** Has a handler answer a message as the service would. */
export async function answerOf(
  name: Hl7v3OperationName,
  handler: MessageHandler,
  content: string,
  processingMode: ProcessingMode = 'any',
): Promise<Answered> {
  const operation = hl7v3Operations.find((candidate) => candidate.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const random = new CountedRandom();
  const clock = new ManualClock('2025-01-15T10:30:00Z');
  let subjects: readonly NationalId[] = [];
  let requester: string | undefined;
  const client = {
    id: 'epj',
    protocols: new Set(['hl7v3'] as const),
    organisation: { parent: '999999999' },
    access: 'full' as const,
    visible: new Set([]),
    quirks: noQuirks,
  };
  const call: SoapCall = {
    client,
    caller: {
      ...client,
      clientId: client.id,
      correlationId: newCorrelationId(random),
      signal: new AbortController().signal,
    },
    receivedAt: clock.now(),
    describe: (told, detail) => {
      subjects = told;
      requester = detail?.requester;
    },
    bodyText: () => '',
    replyLength: () => 0,
  };
  const answer = await answerMessage(
    requestBody(content, name, operation.requestElement),
    call,
    operation,
    handler,
    { writer, processingMode, clock, random },
  );
  const body = reread(answer.body);
  const acknowledgement = the(body, 'acknowledgement');
  const details = all(acknowledgement, 'acknowledgementDetail').map((detail) => {
    const code = the(detail, 'code').attributes.get('code') ?? '';
    return detail.attributes.get('typeCode') === 'W' ? `(${code})` : code;
  });
  return {
    answer,
    body,
    ending: [acknowledgement.attributes.get('typeCode') ?? '', ...details].join(' '),
    texts: all(acknowledgement, 'text').map(({ text }) => text),
    subjects,
    requester,
  };
}

/** A register that answers what is given, and fails whatever else it is asked. */
export function registerStub(answers: Partial<HelpNumberRegister>): HelpNumberRegister {
  const unexpected = (): Promise<never> => Promise.reject(new Error('the register was not to be asked this'));
  return { add: unexpected, revise: unexpected, link: unexpected, unlink: unexpected, ...answers };
}
