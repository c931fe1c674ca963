import type { Quirks } from '../../src/access/legacy-client.js';
import { PersonRenderer } from '../../src/legacy/hl7v3/person.js';
import { queryControlAct, replyMessage } from '../../src/legacy/hl7v3/reply.js';
import { hl7v3Operations } from '../../src/contract/hl7v3/operations.js';
import { replyBody } from '../../src/legacy/hl7v3/schema/reply-body.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import type { XmlNode } from '../../src/xml/element.js';
import { CountedRandom } from './counted-random.js';
import { codes, writer } from './hl7v3-message.js';
import { noQuirks } from './quirks.js';

const renderer = new PersonRenderer(codes);
const [, operation] = hl7v3Operations;

/** The body of a GetDemographics reply about a person, held to the schema while it is written. */
export function demographicsBody(person: PregPerson, quirks: Quirks = noQuirks): XmlNode {
  const message = replyMessage({
    replyType: operation.replyType,
    request: {
      id: { root: '1.2.3.4', extension: 'a' },
      versionCode: undefined,
      interaction: undefined,
      processingCode: undefined,
      senderDevice: [],
      requester: undefined,
    },
    acknowledgement: { typeCode: 'AA', details: [] },
    controlAct: queryControlAct({
      queryResponse: 'OK',
      queryId: undefined,
      subjects: [renderer.subject(person, quirks)],
    }),
    sentAt: new Date('2025-01-15T10:30:00Z'),
    random: new CountedRandom(),
  });
  return replyBody(writer, operation, message);
}
