import { Agent } from 'node:https';
import { expect } from 'chai';
import { HL7V3_PATH } from '../support/get-demographics-request.js';
import { postSoap } from '../support/get-demographics.js';
import { startSandboxedAdapter } from '../support/sandboxed-adapter.js';
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
import { Traces } from './traces.js';

/** Files that hold a key because they are there to hold it. */
const KEY_FILES = ['preg-adapter.sandbox-key.pem', 'preg-adapter.sealing.key', 'preg-adapter.pseudonym.key'];

describe('privacy of sessions', () => {
  it('leaves neither their keys nor their tokens in log and files', async () => {
    const adapter = await startSandboxedAdapter();
    const agent = new Agent({ ca: adapter.certificatePem });
    const user = userToken('epj-sandbox', 'epj-sandbox');
    const post = async (message: string): Promise<string> =>
      (await postSoap(adapter.legacyUrl + HL7V3_PATH, message, agent)).body;
    const traces = new Traces();
    const sessions: ClientSession[] = [];
    const entropies: Uint8Array[] = [];
    try {
      const [first, second] = [freshEntropy(), freshEntropy()];
      const issued = sessionFrom(await post(issueMessage({ now: new Date(), user, entropy: first })), first);
      const renewal = await post(renewMessage(issued, { now: new Date(), user, entropy: second }));
      const renewed = sessionFrom(renewal, second);
      sessions.push(issued, renewed);
      entropies.push(first, second);
      await post(sessionMessage(renewed, { now: new Date() }));
      await post(sessionMessage({ ...renewed, key: issued.key }, { now: new Date() }));
      await post(cancelMessage(renewed, { now: new Date() }));
      await post(sessionMessage(issued, { now: new Date() }));
      traces.addFolder(adapter.dataDirectory, KEY_FILES);
      await adapter.running.stop();
      traces.addFolder(adapter.dataDirectory, KEY_FILES);
      traces.add('log', adapter.log());
    } finally {
      agent.destroy();
      await adapter.stop();
    }
    const cookies = sessions.map(({ token }) => /<Cookie [^>]*>([^<]*)</.exec(token)?.[1] ?? '');
    expect(cookies.every((cookie) => cookie.length > 200)).to.equal(true);
    const octets = [...sessions.map(({ key }) => key), ...entropies].map((bytes) => Buffer.from(bytes));
    const credentials = [
      ...cookies.map((cookie) => cookie.slice(0, 200)),
      ...octets.flatMap((bytes) => [
        bytes.toString('base64'),
        bytes.toString('hex'),
        bytes.toString('latin1'),
      ]),
    ];
    expect(traces.size).to.be.greaterThan(10_000);
    expect(traces.found({ numbers: [], words: [], credentials })).to.deep.equal([]);
    // Proof that the search looks where sessions are told of.
    const told = traces.found({ numbers: [], words: [], credentials: ['CancelSecurityContext'] });
    expect(told).to.not.deep.equal([]);
  });
});
