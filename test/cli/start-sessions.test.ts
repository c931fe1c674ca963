import { expect } from 'chai';
import { post, type Destination } from '../support/https-post.js';
import { programs } from '../support/programs.js';
import { userToken } from '../support/session-bench.js';
import {
  cancelMessage,
  issueMessage,
  renewMessage,
  sessionFrom,
  sessionMessage,
  type ClientSession,
} from '../support/session-client.js';
import { served } from '../support/started-adapter.js';

const user = userToken('epj-sandbox', 'epj-sandbox');

describe('preg-adapter start, killed while clients have sessions', function () {
  this.timeout(60_000);
  const run = programs();

  it('serves them when it starts again, but for those that were cancelled', async () => {
    const data = run.folder();
    const program = run.start(data);
    const { service } = await served(program, data);
    const [kept, cancelled, renewed] = [await open(service), await open(service), await open(service)];
    await post(service, cancelMessage(cancelled, { now: new Date() }));
    const newer = sessionFrom((await post(service, renewMessage(renewed, { now: new Date(), user }))).text);
    program.signal('SIGKILL');
    await program.ended;

    const { service: again } = await served(run.start(data), data);
    for (const session of [kept, renewed, newer])
      expect(await faultIn(again, session)).to.equal('a:ActionNotSupported');
    expect(await faultIn(again, cancelled)).to.equal('c:BadContextToken');
  });
});

async function open(service: Destination): Promise<ClientSession> {
  return sessionFrom((await post(service, issueMessage({ now: new Date(), user }))).text);
}

/** What comes of a call of something that nobody serves: whoever gets that far is known. */
async function faultIn(service: Destination, session: ClientSession): Promise<string | undefined> {
  const { text } = await post(service, sessionMessage(session, { now: new Date() }));
  return /<s:Subcode><s:Value[^>]*>([^<]*)</.exec(text)?.[1];
}
