import { Agent } from 'node:https';
import { expect } from 'chai';
import { ordinary } from '../privacy/paths.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { postSoap } from '../support/get-demographics.js';
import { long } from '../support/long-runs.js';
import { withStore } from '../support/opened-store.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { userToken } from '../support/session-bench.js';
import {
  cancelMessage,
  freshEntropy,
  issueMessage,
  renewMessage,
  sessionFrom,
  sessionMessage,
  type ClientSession,
} from '../support/session-client.js';

const SESSIONS = 50;
const CALLS = long ? 100 : 4;

describe('sessions side by side', () => {
  let adapter: SandboxedAdapter;
  let agent: Agent;

  before(async () => {
    adapter = await startSandboxedAdapter({ PREG_ADAPTER__LOGGING__LEVEL: 'error' });
    agent = new Agent({ ca: adapter.certificatePem, keepAlive: true, maxSockets: SESSIONS });
  });

  after(async () => {
    agent.destroy();
    await adapter.stop();
  });

  it(`lose none of ${CALLS} calls in each of ${SESSIONS}, through a renewal, until they are cancelled`, async function () {
    this.timeout(long ? 600_000 : 30_000);
    const post = async (message: string): Promise<string> => {
      const { status, body } = await postSoap(adapter.legacyUrl + HL7V3_PATH, message, agent);
      expect(status, body).to.equal(200);
      return body;
    };
    const user = userToken('epj-sandbox', 'epj-sandbox');
    const question = (): string => {
      const text = getDemographicsRequest({ numbers: [ordinary.number], now: new Date() });
      return /<s:Body>(.*)<\/s:Body>/s.exec(text)?.[1] ?? '';
    };
    const call = async (session: ClientSession): Promise<void> => {
      const answer = await post(
        sessionMessage(session, {
          now: new Date(),
          action:
            '<a:Action s:mustUnderstand="1">http://tempuri.org/IPersonRegistry/GetDemographics</a:Action>',
          body: question(),
        }),
      );
      expect(answer.includes(`extension="${ordinary.number}"`), 'the person is in the answer').to.equal(true);
    };
    const ended: ClientSession[] = [];
    const live = async (): Promise<void> => {
      const [first, second] = [freshEntropy(), freshEntropy()];
      const issued = await post(issueMessage({ now: new Date(), user, entropy: first }));
      const session = sessionFrom(issued, first);
      for (let done = 0; done < CALLS / 2; done += 1) await call(session);
      const renewal = await post(renewMessage(session, { now: new Date(), user, entropy: second }));
      const renewed = sessionFrom(renewal, second);
      for (let done = 0; done < CALLS / 2; done += 1) await call(done % 2 === 0 ? renewed : session);
      await post(cancelMessage(renewed, { now: new Date() }));
      ended.push(session, renewed);
    };
    await Promise.all(Array.from({ length: SESSIONS }, live));

    expect(new Set(ended.map(({ identifier }) => identifier)).size).to.equal(SESSIONS);
    for (const session of ended.slice(0, 10)) {
      const message = sessionMessage(session, { now: new Date() });
      const { body } = await postSoap(adapter.legacyUrl + HL7V3_PATH, message, agent);
      expect(body).to.contain('c:BadContextToken');
    }
    const counts = new Map<string, number>();
    withStore(adapter.dataDirectory, (store) => {
      for (const { operation, outcome } of store.audit.entries()) {
        const what = `${operation ?? 'nothing'}: ${outcome}`;
        counts.set(what, (counts.get(what) ?? 0) + 1);
      }
    });
    expect(Object.fromEntries(counts)).to.deep.equal({
      'IssueSecurityContext: done': SESSIONS,
      'GetDemographics: found': SESSIONS * CALLS,
      'RenewSecurityContext: done': SESSIONS,
      'CancelSecurityContext: done': SESSIONS,
      // Those that are refused alike are counted after the first, and told of when a minute is over.
      'nothing: bad-context-token': 1,
    });
  });
});
