import { join } from 'node:path';
import { FixtureAdapter, type FixtureSetting } from '../../src/fixtures/fixture-adapter.js';
import { readFixtureCase } from '../../src/fixtures/fixture-case.js';
import { shippedFixtures } from './fixture-folder.js';
import { getDemographicsRequest, HL7V3_PATH } from './get-demographics-request.js';
import { userToken } from './session-bench.js';
import {
  cancelMessage,
  entropyXml,
  issueMessage,
  renewMessage,
  requestTypeXml,
  sessionFrom,
  sessionMessage,
  tokenTypeXml,
  type ClientSession,
} from './session-client.js';
import { contextToken } from './signed-message.js';

/**
 * The requests of the golden cases about sessions. They are signed with keys that the adapter has a hand in, so they are
 * made from its answers, which are the same at every run.
 */

const NOW = new Date('2025-01-15T10:30:00Z');
const user = userToken('epj-fixture', 'epj-fixture');
const renewalEntropy = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
const MINUTE = 60_000;

function header(number: number): { readonly messageId: string } {
  const id = `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`;
  return { messageId: `<a:MessageID>urn:uuid:${id}</a:MessageID>` };
}

/** A question about nobody, in a session. */
function call(session: ClientSession, number: number, sent: Date = NOW, key = session.key): string {
  const question = getDemographicsRequest({ numbers: ['22817724047'], now: sent });
  return sessionMessage(session, {
    now: sent,
    action: '<a:Action s:mustUnderstand="1">http://tempuri.org/IPersonRegistry/GetDemographics</a:Action>',
    ...header(number),
    signing: { key },
    body: /<s:Body>(.*)<\/s:Body>/s.exec(question)?.[1] ?? '',
  });
}

/** The same question to the other service at the listener: a session is good at both. */
function getPerson(session: ClientSession, number: number): string {
  return sessionMessage(session, {
    now: NOW,
    action: '<a:Action s:mustUnderstand="1">http://register.nhn.no/PR/IPersonService/GetPerson</a:Action>',
    ...header(number),
    signing: { key: session.key },
    body:
      '<GetPerson xmlns="http://register.nhn.no/PR"><parameters xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data">' +
      '<b:NIN>22817724047</b:NIN></parameters></GetPerson>',
  });
}

const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * MINUTE);

/** The text of each request, by its path from fixtures/hl7v3. */
export async function sessionRequests(setting: FixtureSetting): Promise<ReadonlyMap<string, string>> {
  const issue = issueMessage({ now: NOW, user, ...header(1) });
  const issued = await play(setting, [issue]);
  const session = sessionFrom(issued);
  const renew = renewMessage(session, { now: NOW, user, entropy: renewalEntropy, ...header(2) });
  const renewed = sessionFrom(await play(setting, [issue, renew]), renewalEntropy);
  const lateRenewal = { now: later(15 * 60), user, entropy: renewalEntropy, ...header(2) };
  const unknown = contextToken(
    'uuid-11111111-2222-4333-8444-555555555555-1',
    'urn:uuid:11111111-2222-4333-8444-555555555555',
  );
  return new Map([
    ['session-issue/request.xml', issue],
    [
      'session-issue-wrong-password/request.xml',
      issueMessage({ now: NOW, user: userToken('epj-fixture', 'wrong'), ...header(1) }),
    ],
    [
      'session-issue-short-entropy/request.xml',
      issueMessage({
        now: NOW,
        user,
        ...header(1),
        request: tokenTypeXml + requestTypeXml('Issue') + entropyXml(new Uint8Array(16)),
      }),
    ],
    ['session-issue-stale/request.xml', issueMessage({ now: later(-10), user, ...header(1) })],
    ['session-call/request.xml', call(session, 3)],
    ['session-call-wrong-key/request.xml', call(session, 3, NOW, renewed.key)],
    ['session-call-stale/request.xml', call(session, 3, later(-10))],
    ['session-call-unknown-session/request.xml', call({ ...session, token: unknown }, 3)],
    ['session-call-expired-key/request.xml', call(session, 3, later(15 * 60))],
    ['session-renew/request.xml', renew],
    ['session-renew-expired-key/request.xml', renewMessage(session, lateRenewal)],
    ['session-call-new-key/request.xml', call(renewed, 4)],
    ['session-call-old-key/request.xml', call(session, 4, later(4))],
    ['session-call-old-key-late/request.xml', call(session, 4, later(5))],
    ['session-cancel/request.xml', cancelMessage(session, { now: NOW, ...header(5) })],
    ['session-call-cancelled/request.xml', call(session, 6)],
    ['../preg-xml/session-call/request.xml', getPerson(session, 7)],
  ]);
}

/** The answer to the last of some requests, all sent at the usual time. */
async function play(setting: FixtureSetting, requests: readonly string[]): Promise<string> {
  const { settings, judged } = await readFixtureCase(join(shippedFixtures, 'hl7v3', 'not-found'));
  const adapter = new FixtureAdapter(settings, setting);
  const transport = { send: () => Promise.reject(new Error('nothing is asked about sessions')) };
  try {
    let text = '';
    for (const request of requests) {
      const step = { request, headers: judged.headers };
      const { body } = await adapter.ask(HL7V3_PATH, step, { now: NOW, transport });
      text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
    }
    return text;
  } finally {
    adapter.close();
  }
}
