import { expect } from 'chai';
import { sessionBench } from '../../../support/session-bench.js';
import {
  cancelMessage,
  issueMessage,
  renewMessage,
  sessionFrom,
  sessionMessage,
  trust,
} from '../../../support/session-client.js';
import { textOf } from '../../../support/soap-bench.js';
import { ECHO_ACTION, asSoap11, namespaces, soap11Headers } from '../../../support/soap-request.js';

describe('a session in SOAP 1.1', () => {
  const bare = { action: '', messageId: '', replyTo: '', to: '' };

  async function post(
    { bench }: ReturnType<typeof sessionBench>,
    action: string,
    message: string,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await bench.post(asSoap11(message), { ...soap11Headers, soapaction: `"${action}"` });
    expect(answer.headers['Content-Type']).to.equal('text/xml; charset=utf-8');
    return { status: answer.status, text: textOf(answer) };
  }

  it('is opened, used, renewed, used and cancelled by SOAPAction', async () => {
    const made = sessionBench();
    const parts = { ...bare, now: made.now };
    const issued = await post(made, `${trust}/RST/SCT`, issueMessage(parts));
    expect(issued.status, issued.text).to.equal(200);
    expect(issued.text).to.contain(`<s:Envelope xmlns:s="${namespaces.soap11}"`).and.not.contain('<a:');
    const session = sessionFrom(issued.text);
    const called = await post(made, ECHO_ACTION, sessionMessage(session, parts));
    expect(called.text).to.contain('<value>hello</value>');
    const renewed = await post(made, `${trust}/RST/SCT/Renew`, renewMessage(session, parts));
    const successor = sessionFrom(renewed.text);
    expect(successor.identifier).to.equal(session.identifier);
    expect((await post(made, ECHO_ACTION, sessionMessage(successor, parts))).status).to.equal(200);
    const cancelled = await post(made, `${trust}/RST/SCT/Cancel`, cancelMessage(successor, parts));
    expect(cancelled.text).to.contain('RequestedTokenCancelled');
    const after = await post(made, ECHO_ACTION, sessionMessage(successor, parts));
    expect(after.status).to.equal(500);
    expect(after.text).to.match(/<faultcode [^>]*>c:BadContextToken<\/faultcode>/);
    expect(after.text).to.not.contain('<s:Header>');
  });

  it('is one with those in SOAP 1.2', async () => {
    const made = sessionBench();
    const session = await made.open();
    const called = await post(made, ECHO_ACTION, sessionMessage(session, { ...bare, now: made.now }));
    expect(called.status).to.equal(200);
  });
});
