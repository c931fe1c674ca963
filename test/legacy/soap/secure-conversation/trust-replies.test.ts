import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { canonicalForm } from '../../../../src/fixtures/compare.js';
import { sessionBench } from '../../../support/session-bench.js';
import { sessionFrom } from '../../../support/session-client.js';

const NOW = new Date('2025-01-15T10:30:00.000Z');
const folder = path.resolve(import.meta.dirname, '../../../../../../shared/contracts/samples/hl7v3-soap');

function sample(test: Mocha.Context, name: string): string {
  const file = path.join(folder, name);
  if (!existsSync(file)) test.skip();
  return readFileSync(file, 'utf8');
}

/** Values that differ in each answer take the sample's place, in their order; our own state is left out. */
function withoutOwnValues(answer: string): string {
  return answer
    .replace(/<Cookie .*<\/Cookie>/, '')
    .replaceAll(/(urn:uuid:|uuid-)[0-9a-f-]{36}/g, '$1…')
    .replaceAll(/(u:Id="uuid-…)-[0-9]"/g, '$1-n"')
    .replaceAll(/(<t:BinarySecret [^>]*>)[^<]*/g, '$1…');
}

describe('the answers about sessions', () => {
  it('equal 02-RSTR-SCT-issue-response.xml, but for random values and the state of the session', async function () {
    const request = sample(this, '01-RST-SCT-issue-request.xml')
      .replace('TESTBRUKER', 'epj')
      .replace('ikke-et-passord', 'secret');
    const { text } = await sessionBench({ now: NOW }).post(request);
    const wanted = sample(this, '02-RSTR-SCT-issue-response.xml');
    expect(canonicalForm(withoutOwnValues(text))).to.equal(canonicalForm(withoutOwnValues(wanted)));
  });

  it('equal 06-SCT-cancel-response.xml', async function () {
    const wanted = sample(this, '06-SCT-cancel-response.xml');
    const node = sessionBench({ now: NOW });
    const { text } = await node.cancel(await node.open(), {
      messageId: '<a:MessageID>urn:uuid:00000000-0000-4000-9000-000000000005</a:MessageID>',
    });
    expect(canonicalForm(text)).to.equal(canonicalForm(wanted));
  });

  it('equal 09-fault-bad-context-token-unsecured.xml', async function () {
    const wanted = sample(this, '09-fault-bad-context-token-unsecured.xml');
    // Signed in a session of the old PREG, which its clients may still hold at the change.
    const { text } = await sessionBench({ now: NOW }).post(
      sample(this, '03-GetDemographics-request-signed.xml'),
    );
    expect(canonicalForm(text)).to.equal(canonicalForm(wanted));
  });

  it('equal 10-fault-renew-needed.xml', async function () {
    const wanted = sample(this, '10-fault-renew-needed.xml');
    const node = sessionBench({
      now: new Date(NOW.getTime() - 60 * 60_000),
      keyLifetimeMilliseconds: 60 * 60_000,
    });
    const session = await node.open();
    await node.bench.clock.advance(60 * 60_000);
    const { text } = await node.call(session, {
      messageId: '<a:MessageID>urn:uuid:00000000-0000-4000-9000-000000000003</a:MessageID>',
    });
    expect(canonicalForm(text)).to.equal(canonicalForm(wanted));
  });

  it('to a renewal are those to an issue, with an Instance', async () => {
    const node = sessionBench({ now: NOW });
    const issued = (await node.issue()).text;
    const renewed = (await node.renew(sessionFrom(issued))).text;
    const expected = withoutOwnValues(issued)
      .replace('RSTR/SCT', 'RSTR/SCT/Renew')
      .replace('</c:Identifier>', '</c:Identifier><c:Instance>urn:uuid:…</c:Instance>');
    expect(withoutOwnValues(renewed)).to.equal(expected);
  });

  it('refer to the token by its id and by its identifier', async () => {
    const { text } = await sessionBench().issue();
    const { identifier, token } = sessionFrom(text);
    const id = /u:Id="([^"]*)"/.exec(token)?.[1] ?? '';
    expect(text).to.contain(`URI="#${id}"`);
    expect(text).to.contain(`URI="${identifier}"`);
    expect(text.split(`u:Id="${id}"`)).to.have.length(2);
  });

  it('tell the lifetime that is set', async () => {
    const node = sessionBench({ now: NOW, keyLifetimeMilliseconds: 24 * 60 * 60_000 });
    const { created, expires } = await node.open();
    expect([created, expires]).to.deep.equal(['2025-01-15T10:30:00.000Z', '2025-01-16T10:30:00.000Z']);
  });
});
