import { expect } from 'chai';
import { faultOf, soapBench, textOf } from '../support/soap-bench.js';
import { SENT_AT, soapMessage } from '../support/soap-request.js';
import { cancelMessage, issueMessage, sessionFrom, sessionMessage } from '../support/session-client.js';

describe('a session', () => {
  it('is issued, used and cancelled', async () => {
    const bench = soapBench();
    const now = new Date(SENT_AT);
    const issued = await bench.post(issueMessage({ now }));
    expect(issued.status, textOf(issued)).to.equal(200);
    const session = sessionFrom(textOf(issued));
    const answer = await bench.post(sessionMessage(session, { now }));
    expect(answer.status, textOf(answer)).to.equal(200);
    const cancelled = await bench.post(cancelMessage(session, { now }));
    expect(cancelled.status, textOf(cancelled)).to.equal(200);
    const refused = await bench.post(sessionMessage(session, { now }));
    expect(faultOf(refused).code).to.equal('c:BadContextToken');
    expect((await bench.post(soapMessage())).status).to.equal(200);
  });
});
