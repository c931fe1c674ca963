import { expect } from 'chai';
import type { Store, StoreOptions } from '../../src/store/store.js';
import { openTestStore, sealingKey } from '../store/store-fixture.js';
import { sessionBench, userToken, type Outcome, type SessionBench } from '../support/session-bench.js';
import {
  cancelMessage,
  entropyXml,
  freshEntropy,
  issueMessage,
  renewMessage,
  requestTypeXml,
  sessionFrom,
  sessionMessage,
  targetXml,
  tokenTypeXml,
  trust,
  type ClientSession,
} from '../support/session-client.js';
import { timestampFrom } from '../support/signed-message.js';
import { ECHO_ACTION, SENT_AT, security, soapMessage, usernameToken } from '../support/soap-request.js';
import { textOf } from '../support/soap-bench.js';
import { StandingClock } from '../support/standing-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function expectBadContextToken(outcome: Outcome): void {
  expect(outcome).to.deep.include({
    code: 'c:BadContextToken',
    reason: 'The security context token is expired or is not valid. The message was not processed.',
    secured: false,
  });
}

function expectInvalidSecurity(outcome: Outcome): void {
  expect(outcome).to.deep.include({
    code: 'w:InvalidSecurity',
    reason: 'An error occurred when verifying security for the message.',
    secured: false,
  });
}

function expectInvalidRequest(outcome: Outcome): void {
  expect(outcome).to.include({ code: 't:InvalidRequest', secured: true });
  expect(outcome.reason).to.match(
    /^The request for a security token cannot be served\. Correlation id: [0-9a-f-]{36}\.$/,
  );
}

function expectRenewNeeded(outcome: Outcome): void {
  expect(outcome).to.deep.include({
    code: 'c:RenewNeeded',
    reason: "The SecurityContextSecurityToken's key needs to be renewed.",
    secured: true,
  });
  expect(outcome.text).to.contain('http://schemas.microsoft.com/ws/2006/05/security/SecureConversationFault');
}

function expectAnswered(outcome: Outcome): void {
  expect(outcome.code, outcome.text).to.equal('answered');
}

/** A store in whose eyes it is as late as for the sessions. */
function openStoreAt(folder: string, options: Partial<StoreOptions> = {}): Store {
  return openTestStore(folder, { clock: new StandingClock(SENT_AT), ...options });
}

/** The audit entry of the last message. */
function lastRecord({ bench }: SessionBench): unknown {
  const { clientId, operation, outcome } = bench.audited.at(-1) ?? {};
  return { clientId, operation, outcome };
}

describe('a session', () => {
  it('is issued, used, renewed and cancelled, and all of it is on record', async () => {
    const node = sessionBench();
    const first = await node.open();
    expect(lastRecord(node)).to.deep.equal({
      clientId: 'epj',
      operation: 'IssueSecurityContext',
      outcome: 'done',
    });
    expectAnswered(await node.call(first));
    expect(lastRecord(node)).to.deep.equal({ clientId: 'epj', operation: 'Echo', outcome: 'found' });
    const second = await node.renewed(first, { entropy: freshEntropy() });
    expect(lastRecord(node)).to.deep.equal({
      clientId: 'epj',
      operation: 'RenewSecurityContext',
      outcome: 'done',
    });
    expectAnswered(await node.call(first));
    expectAnswered(await node.call(second));
    expectAnswered(await node.cancel(second));
    expect(lastRecord(node)).to.deep.equal({
      clientId: 'epj',
      operation: 'CancelSecurityContext',
      outcome: 'done',
    });
    for (const ended of [first, second]) {
      expectBadContextToken(await node.call(ended));
      expectBadContextToken(await node.renew(ended));
      expectBadContextToken(await node.cancel(ended));
    }
    expect(lastRecord(node)).to.deep.equal({ clientId: null, operation: null, outcome: 'bad-context-token' });
  });

  it('costs one password check, and another one for each renewal', async () => {
    const node = sessionBench();
    const session = await node.open();
    for (let call = 0; call < 5; call += 1) expectAnswered(await node.call(session));
    expect(node.bench.tried).to.have.length(1);
    await node.renew(session);
    expect(node.bench.tried).to.have.length(2);
  });

  it('stands beside others that are cancelled', async () => {
    const node = sessionBench();
    const [one, other] = [await node.open(), await node.open()];
    expect(one.identifier).to.not.equal(other.identifier);
    await node.cancel(one);
    expectBadContextToken(await node.call(one));
    expectAnswered(await node.call(other));
  });

  it('tells by how much the caller’s clock is ahead', async () => {
    const node = sessionBench();
    const session = await node.open();
    expectAnswered(await node.call(session, { now: new Date(node.now.getTime() + 4 * MINUTE) }));
    expect(node.bench.answered.at(-1)?.clockSkewSeconds).to.equal(240);
  });

  it('takes the parts of the header in any order', async () => {
    const node = sessionBench();
    const session = await node.open();
    expectAnswered(
      await node.call(session, {
        signing: { header: ({ timestamp, token, signature }) => signature + token + timestamp },
      }),
    );
  });

  it('is served in SOAP 1.1, with addressing headers and without', async () => {
    const node = sessionBench();
    const in11 = async (message: string, action: string): Promise<string> => {
      const answer = await node.bench.post(
        message.replace(
          'http://www.w3.org/2003/05/soap-envelope',
          'http://schemas.xmlsoap.org/soap/envelope/',
        ),
        { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` },
      );
      return textOf(answer);
    };
    const message = { now: node.now, action: '', messageId: '', replyTo: '', to: '' };
    const session = sessionFrom(await in11(issueMessage(message), `${trust}/RST/SCT`));
    expect(await in11(sessionMessage(session, message), ECHO_ACTION)).to.contain('<value>hello</value>');
    expect(await in11(cancelMessage(session, { now: node.now }), `${trust}/RST/SCT/Cancel`)).to.contain(
      `<a:Action s:mustUnderstand="1">${trust}/RSTR/SCT/Cancel</a:Action>`,
    );
    expect(await in11(sessionMessage(session, message), ECHO_ACTION)).to.match(
      /<faultcode [^>]*>c:BadContextToken<\/faultcode><faultstring [^>]*>The security context token is expired/,
    );
  });

  it('holds for the protocols of its client alone', async () => {
    const node = sessionBench();
    const session = await node.open();
    const account = node.accounts.get('epj');
    if (account === undefined) throw new Error('no account');
    node.accounts.set('epj', { ...account, client: { ...account.client, protocols: new Set(['hl7v2']) } });
    expect((await node.call(session)).code).to.equal('s:Sender');
    expect(lastRecord(node)).to.deep.equal({ clientId: 'epj', operation: null, outcome: 'not-authorised' });
  });
});

describe('a context token', () => {
  const cookieOf = (session: ClientSession): string =>
    /<Cookie [^>]*>([^<]*)</.exec(session.token)?.[1] ?? '';
  const withToken = (session: ClientSession, change: (token: string) => string): ClientSession => ({
    ...session,
    token: change(session.token),
  });

  it('is refused when any octet of its state was changed', async () => {
    const node = sessionBench();
    const session = await node.open();
    const octets = Buffer.from(cookieOf(session), 'base64');
    expect(octets.length).to.be.greaterThan(100);
    for (let index = 0; index < octets.length; index += 1) {
      const changed = Buffer.from(octets);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const forged = withToken(session, (token) =>
        token.replace(cookieOf(session), changed.toString('base64')),
      );
      expectBadContextToken(await node.call(forged));
    }
  });

  it('is refused when it was spoilt in any other way', async () => {
    const node = sessionBench();
    const issued = await node.open();
    const renewed = await node.renewed(issued);
    const other = await node.renewed(await node.open());
    const cookie = /<Cookie .*<\/Cookie>/;
    const spoilt: readonly (readonly [string, ClientSession])[] = [
      ['another Identifier', withToken(renewed, (t) => t.replace(renewed.identifier, other.identifier))],
      [
        'another Instance',
        withToken(renewed, (t) => t.replace(renewed.instance ?? '', other.instance ?? '')),
      ],
      ['no Instance', withToken(renewed, (t) => t.replace(/<c:Instance>.*<\/c:Instance>/, ''))],
      [
        'an Instance too many',
        withToken(issued, (t) => t.replace('<Cookie', '<c:Instance>urn:uuid:1</c:Instance><Cookie')),
      ],
      ['an empty Instance', withToken(issued, (t) => t.replace('<Cookie', '<c:Instance/><Cookie'))],
      [
        'the state of another one',
        withToken(renewed, (t) => t.replace(cookie, cookie.exec(other.token)?.[0] ?? '')),
      ],
      [
        'the state of its own former key',
        withToken(renewed, (t) => t.replace(cookie, cookie.exec(issued.token)?.[0] ?? '')),
      ],
      ['no state', withToken(issued, (t) => t.replace(cookie, ''))],
      ['two states', withToken(issued, (t) => t.replace(cookie, (found) => found + found))],
      ['half a state', withToken(issued, (t) => t.replace(cookieOf(issued), cookieOf(issued).slice(0, 200)))],
      ['a state of one octet', withToken(issued, (t) => t.replace(cookieOf(issued), 'AQ=='))],
      ['an empty state', withToken(issued, (t) => t.replace(cookieOf(issued), ''))],
      ['a state that is not base64', withToken(issued, (t) => t.replace(cookieOf(issued), 'x*'))],
      [
        'a state in another namespace',
        withToken(issued, (t) => t.replace('2006/05/security', '2007/05/security')),
      ],
      ['elements in the state', withToken(issued, (t) => t.replace('</Cookie>', '<x/></Cookie>'))],
      ['a part too many', withToken(issued, (t) => t.replace('<Cookie', '<x xmlns="urn:x"/><Cookie'))],
      ['text between the parts', withToken(issued, (t) => t.replace('<Cookie', 'x<Cookie'))],
      [
        'two Identifiers',
        withToken(issued, (t) => t.replace(/<c:Identifier>.*<\/c:Identifier>/, (found) => found + found)),
      ],
      ['no Identifier', withToken(issued, (t) => t.replace(/<c:Identifier>.*<\/c:Identifier>/, ''))],
      ['nothing in it', withToken(issued, (t) => t.replace(/>.*<\/c:SecurityContextToken>/, '/>'))],
    ];
    for (const [what, session] of spoilt) {
      const outcome = await node.call(session);
      expect(outcome.code, what).to.equal('c:BadContextToken');
      expectBadContextToken(outcome);
      expect(lastRecord(node), what).to.include({ clientId: null });
    }
    expectAnswered(await node.call(issued));
    expectAnswered(await node.call(renewed));
  });

  it('is opened before anything is done about signatures', async () => {
    const node = sessionBench();
    const session = withToken(await node.open(), (token) => token.replace('<Cookie', 'x<Cookie'));
    expectBadContextToken(
      await node.call(session, {
        signing: { signature: () => '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>' },
      }),
    );
  });

  it('is worth nothing without its key', async () => {
    const node = sessionBench();
    const [mine, theirs] = [
      await node.open({ entropy: freshEntropy() }),
      await node.open({ user: userToken('lab'), entropy: freshEntropy() }),
    ];
    // The token of another session, signed with one's own key, and the other way round.
    const forged: ClientSession = { ...theirs, key: mine.key };
    expectInvalidSecurity(await node.call(forged));
    expect(lastRecord(node)).to.deep.equal({ clientId: null, operation: null, outcome: 'invalid-security' });
    expectInvalidSecurity(await node.cancel(forged));
    expectInvalidSecurity(await node.renew(forged));
    expectInvalidSecurity(await node.call({ ...mine, key: new Uint8Array(32) }));
    expectAnswered(await node.call(theirs));
    expect(lastRecord(node)).to.include({ clientId: 'lab' });
  });

  it('of a stranger, without the sealing key, is refused', async () => {
    const folder = temporary();
    const stranger = sessionBench({
      seal: openStoreAt(folder, { sealingKeys: [sealingKey('k9')] }).contextSeal,
    });
    const sameName = openStoreAt(folder, {
      sealingKeys: [{ id: 'k1', key: sealingKey('k9').key }],
    }).contextSeal;
    const node = sessionBench({ seal: openStoreAt(folder).contextSeal });
    expectBadContextToken(await node.call(await stranger.open()));
    expectBadContextToken(await node.call(await sessionBench({ seal: sameName }).open()));
  });

  const temporary = temporaryFolders();
});

describe('the form of a security header', () => {
  const now = new Date('2025-01-15T10:30:00.000Z');

  it('is InvalidSecurity with half a proof', async () => {
    const node = sessionBench();
    const session = await node.open();
    for (const [what, header] of [
      ['no signature', (p: Parts): string => p.timestamp + p.token],
      ['no token', (p: Parts): string => p.timestamp + p.signature],
      ['no token, but a UsernameToken', (p: Parts): string => p.timestamp + p.signature + usernameToken],
      ['no signature, but a UsernameToken', (p: Parts): string => p.timestamp + p.token + usernameToken],
      ['no Timestamp', (p: Parts): string => p.token + p.signature],
      ['two Timestamps', (p: Parts): string => p.timestamp + p.timestamp + p.token + p.signature],
      ['two tokens', (p: Parts): string => p.timestamp + p.token + p.token + p.signature],
      ['two signatures', (p: Parts): string => p.timestamp + p.token + p.signature + p.signature],
      [
        'a token of another version',
        (p: Parts): string => p.timestamp + p.token.replace('ws/2005/02/sc', 'ws/2005/12/sc') + p.signature,
      ],
      ['another part', (p: Parts): string => `${p.timestamp}${p.token}${p.signature}<x xmlns="urn:x"/>`],
      ['text', (p: Parts): string => `${p.timestamp}${p.token}${p.signature}x`],
    ] as const) {
      const outcome = await node.call(session, { signing: { header } });
      expect(outcome.code, what).to.equal('w:InvalidSecurity');
    }
    expect(node.bench.tried).to.have.length(1);
  });

  it('is InvalidSecurity when it is not that of the action', async () => {
    const node = sessionBench();
    const session = await node.open();
    const headerOf = (message: string): string => /<o:Security .*<\/o:Security>/.exec(message)?.[0] ?? '';
    const inContext = headerOf(sessionMessage(session, { now }));
    const withPassword = headerOf(issueMessage({ now }));
    const both = headerOf(renewMessage(session, { now }));
    const messages: readonly (readonly [string, string])[] = [
      ['a call with both', soapMessage({ security: both })],
      ['an issue in a context', issueMessage({ now, security: inContext })],
      ['an issue with both', issueMessage({ now, security: both })],
      ['a renewal with the key alone', renewMessage(session, { now, security: inContext })],
      ['a renewal with a password alone', renewMessage(session, { now, security: withPassword })],
      ['a cancellation with a password alone', cancelMessage(session, { now, security: withPassword })],
      ['a cancellation with both', cancelMessage(session, { now, security: both })],
    ];
    for (const [what, message] of messages) {
      const outcome = await node.post(message);
      expect(outcome.code, what).to.equal('w:InvalidSecurity');
    }
    expect(node.bench.calls).to.have.length(0);
    expectAnswered(await node.post(soapMessage({ security: inContext })));
    expectAnswered(await node.post(soapMessage({ security: withPassword })));
  });

  interface Parts {
    readonly timestamp: string;
    readonly token: string;
    readonly signature: string;
  }
});

describe('a request for a session', () => {
  it('is refused when it was recorded and comes again', async () => {
    const node = sessionBench();
    const recorded = issueMessage({ now: node.now });
    expectAnswered(await node.post(recorded));
    await node.bench.clock.advance(10 * MINUTE);
    expectInvalidSecurity(await node.post(recorded));
    expect(node.bench.tried).to.have.length(1);
  });

  it('tells a new session, with a key of its own, whoever sends it twice', async () => {
    const node = sessionBench();
    const [first, second] = [await node.open(), await node.open()];
    expect(second.identifier).to.not.equal(first.identifier);
    expect(Buffer.from(second.key).equals(first.key)).to.equal(false);
  });

  it('is refused with a wrong password as any other message', async () => {
    const node = sessionBench();
    const outcome = await node.issue({ user: userToken('epj', 'wrong') });
    expect(outcome).to.deep.include({
      code: 'w:FailedAuthentication',
      reason: 'At least one security token in the message could not be validated.',
      secured: false,
    });
    expect(outcome.text).to.contain('http://www.w3.org/2005/08/addressing/soap/fault');
  });

  for (const size of [0, 1, 16, 31, 33, 64]) {
    it(`is refused with an entropy of ${size} octets`, async () => {
      const node = sessionBench();
      expectInvalidRequest(await node.issue({ entropy: new Uint8Array(size) }));
      expect(lastRecord(node)).to.deep.equal({
        clientId: 'epj',
        operation: 'IssueSecurityContext',
        outcome: 'invalid-trust-request',
      });
      const session = await node.open();
      expectInvalidRequest(await node.renew(session, { entropy: new Uint8Array(size) }));
      expectAnswered(await node.call(session));
    });
  }

  const entropy = entropyXml(new Uint8Array(32));
  const issue = requestTypeXml('Issue');
  for (const [what, request] of [
    ['no entropy', tokenTypeXml + issue],
    ['an empty Entropy', `${issue}<t:Entropy/>`],
    ['an entropy in another namespace', issue + entropy.replaceAll('t:Entropy', 's:Entropy')],
    ['two entropies', issue + entropy + entropy],
    ['two secrets', issue + entropy.replace(/<t:BinarySecret.*<\/t:BinarySecret>/, (found) => found + found)],
    ['a secret of another type', issue + entropy.replace('trust/Nonce', 'trust/SymmetricKey')],
    ['an entropy that is not base64', issue + entropy.replace('AAAA', '*')],
    ['base64 without its padding', issue + entropy.replace('=<', '<')],
    ['an element in the secret', issue + entropy.replace('</t:BinarySecret>', '<x/></t:BinarySecret>')],
    ['an encrypted entropy', `${issue}<t:Entropy><x xmlns="urn:x"/></t:Entropy>`],
    ['no RequestType', entropy],
    ['another RequestType', requestTypeXml('Validate') + entropy],
    ['the RequestType of a renewal', requestTypeXml('Renew') + entropy],
    ['two RequestTypes', issue + issue + entropy],
    ['another TokenType', `<t:TokenType>urn:x</t:TokenType>${issue}${entropy}`],
    ['an element in the TokenType', `<t:TokenType><x/></t:TokenType>${issue}${entropy}`],
    ['another KeySize', `${issue}${entropy}<t:KeySize>128</t:KeySize>`],
    ['another KeyType', `${issue}${entropy}<t:KeyType>urn:x</t:KeyType>`],
    [
      'another way to make the key',
      `${issue}${entropy}<t:ComputedKeyAlgorithm>urn:x</t:ComputedKeyAlgorithm>`,
    ],
    ['text', `${issue}${entropy}x`],
    ['nothing in it', ''],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      expectInvalidRequest(await sessionBench().issue({ request }));
    });
  }

  it('is refused when its Context is too long to come back', async () => {
    const node = sessionBench();
    expectInvalidRequest(await node.issue({ attributes: ` Context="${'x'.repeat(1_025)}"` }));
    expectAnswered(await node.issue({ attributes: ` Context="${'x'.repeat(1_024)}"` }));
  });

  for (const [what, message] of [
    ['in another order', { request: `<t:KeySize> 256 </t:KeySize>${entropy}${issue}${tokenTypeXml}` }],
    ['with the least that says it all', { request: issue + entropy }],
    ['without a type of the secret', { request: issue + entropy.replace(/ Type="[^"]*"/, '') }],
    [
      'with wishes that are passed over',
      {
        request: `${issue}${entropy}<t:Lifetime/><wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"/><t:Renewing/>`,
      },
    ],
    [
      'with what is served anyhow said by name',
      {
        request: `${issue}${entropy}<t:KeyType>http://schemas.xmlsoap.org/ws/2005/02/trust/SymmetricKey</t:KeyType><t:ComputedKeyAlgorithm>http://schemas.xmlsoap.org/ws/2005/02/trust/CK/PSHA1</t:ComputedKeyAlgorithm>`,
      },
    ],
  ] as const) {
    it(`is served ${what}`, async () => {
      expectAnswered(await sessionBench().issue(message));
    });
  }

  it('gets its Context back, and none when there was none', async () => {
    const node = sessionBench();
    const { text } = await node.issue({ attributes: ' Context="urn:a&amp;&lt;&quot;b"' });
    expect(text).to.contain(' Context="urn:a&amp;&lt;&quot;b"');
    expect((await node.issue()).text).to.not.contain('Context=');
  });

  it('is refused in a body of another name', async () => {
    const node = sessionBench();
    const outcome = await node.issue({ body: '<x xmlns="urn:x"/>' });
    expect(outcome.code).to.equal('d:DeserializationFailed');
  });
});

describe('a renewal', () => {
  it('keeps the identifier, and gives a new instance and a new key', async () => {
    const node = sessionBench();
    const session = await node.open();
    const renewed = await node.renewed(session);
    const again = await node.renewed(renewed);
    expect([renewed.identifier, again.identifier]).to.deep.equal([session.identifier, session.identifier]);
    expect(session.instance).to.equal(undefined);
    expect(renewed.instance).to.match(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(new Set([session, renewed, again].map(({ instance }) => instance)).size).to.equal(3);
    const keys = [session, renewed, again].map(({ key }) => Buffer.from(key).toString('hex'));
    expect(new Set(keys).size).to.equal(3);
    for (const one of [session, renewed, again]) expectAnswered(await node.call(one));
  });

  it('lets the old key live for five minutes, to the millisecond', async () => {
    const node = sessionBench();
    const session = await node.open();
    const renewed = await node.renewed(session);
    await node.bench.clock.advance(5 * MINUTE - 1_000);
    expectAnswered(await node.call(session));
    await node.bench.clock.advance(999);
    expectAnswered(await node.call(session));
    await node.bench.clock.advance(1);
    expectBadContextToken(await node.call(session));
    await node.bench.clock.advance(1_000);
    expectBadContextToken(await node.call(session));
    expectBadContextToken(await node.renew(session));
    expectBadContextToken(await node.cancel(session));
    expectAnswered(await node.call(renewed));
  });

  it('by the old key once more gives another key, and the old one no longer time', async () => {
    const node = sessionBench();
    const session = await node.open();
    const first = await node.renewed(session);
    await node.bench.clock.advance(4 * MINUTE);
    const second = await node.renewed(session);
    expect(second.instance).to.not.equal(first.instance);
    await node.bench.clock.advance(MINUTE);
    expectBadContextToken(await node.call(session));
    expectAnswered(await node.call(first));
    expectAnswered(await node.call(second));
  });

  it('takes the password of the client whose session it is', async () => {
    const node = sessionBench();
    const session = await node.open();
    expectInvalidRequest(await node.renew(session, { user: userToken('lab') }));
    expect((await node.renew(session, { user: userToken('epj', 'wrong') })).code).to.equal(
      'w:FailedAuthentication',
    );
    // Neither of them was a renewal.
    await node.bench.clock.advance(6 * MINUTE);
    expectAnswered(await node.call(session));
  });

  it('means the session that it is sent in', async () => {
    const node = sessionBench();
    const [session, other] = [await node.open(), await node.open()];
    const request = (target: string): string =>
      tokenTypeXml + requestTypeXml('Renew') + entropyXml(new Uint8Array(32)) + target;
    for (const target of [
      '',
      targetXml('RenewTarget', other.identifier),
      targetXml('RenewTarget', '#t'),
      targetXml('CancelTarget', session.identifier),
      targetXml('RenewTarget', session.identifier).repeat(2),
      '<t:RenewTarget/>',
    ]) {
      expectInvalidRequest(await node.renew(session, { request: request(target) }));
    }
    expectAnswered(
      await node.renew(session, { request: request(targetXml('RenewTarget', session.identifier)) }),
    );
  });

  it('that comes late is asked for, and goes through', async () => {
    const node = sessionBench();
    const session = await node.open();
    expect(session.expires).to.equal('2025-01-16T01:30:00.000Z');
    await node.bench.clock.advance(15 * HOUR - 1);
    expectAnswered(await node.call(session));
    await node.bench.clock.advance(1);
    expectRenewNeeded(await node.call(session));
    expect(lastRecord(node)).to.deep.equal({ clientId: 'epj', operation: 'Echo', outcome: 'renew-needed' });
    await node.bench.clock.advance(24 * HOUR - 1);
    expectRenewNeeded(await node.call(session));
    const renewed = await node.renewed(session);
    expectAnswered(await node.call(renewed));
    await node.bench.clock.advance(1);
    expectBadContextToken(await node.call(session));
    expectAnswered(await node.call(renewed));
  });

  it('that never comes lets the session be forgotten', async () => {
    const node = sessionBench();
    const session = await node.open();
    await node.bench.clock.advance(15 * HOUR + 24 * HOUR);
    expectBadContextToken(await node.call(session));
    expectBadContextToken(await node.renew(session));
    expectBadContextToken(await node.cancel(session));
  });
});

describe('a cancellation', () => {
  it('can be made by a key that has to be renewed', async () => {
    const node = sessionBench();
    const session = await node.open();
    await node.bench.clock.advance(16 * HOUR);
    expectAnswered(await node.cancel(session));
    expectBadContextToken(await node.call(session));
  });

  it('means the session that it is sent in', async () => {
    const node = sessionBench();
    const [session, other] = [await node.open(), await node.open()];
    for (const request of [
      requestTypeXml('Cancel'),
      requestTypeXml('Cancel') + targetXml('CancelTarget', other.identifier),
      requestTypeXml('Cancel') + targetXml('RenewTarget', session.identifier),
      requestTypeXml('Issue') + targetXml('CancelTarget', session.identifier),
      targetXml('CancelTarget', session.identifier),
    ]) {
      expectInvalidRequest(await node.cancel(session, { request }));
    }
    for (const one of [session, other]) expectAnswered(await node.call(one));
  });

  it('is remembered as long as any key of the session could be known, and so is the end of a renewed key', async () => {
    const store = openStoreAt(temporary());
    const node = sessionBench({
      ledger: store.contexts,
      seal: store.contextSeal,
      keyLifetimeMilliseconds: 24 * HOUR,
    });
    const cancelled = await node.open();
    const newest = await node.renewed(cancelled);
    const superseded = await node.open();
    await node.renew(superseded);
    await node.cancel(cancelled);
    for (let hours = 1; hours <= 49; hours += 1) {
      await node.bench.clock.advance(HOUR);
      store.contexts.forgetBefore(node.now);
      for (const ended of [cancelled, newest, superseded]) expectBadContextToken(await node.call(ended));
    }
    store.contexts.forgetBefore(new Date(node.now.getTime() + MINUTE));
    expect(store.contexts.stateOf(cancelled.identifier, '')).to.deep.equal({
      cancelled: false,
      keyEndsAt: undefined,
    });
    store.close();
  });

  const temporary = temporaryFolders();
});

describe('a message in a session', () => {
  it('is refused when it is stale, however well it is signed', async () => {
    const node = sessionBench();
    const session = await node.open();
    const recorded = sessionMessage(session, { now: node.now });
    expectAnswered(await node.post(recorded));
    await node.bench.clock.advance(10 * MINUTE);
    expectInvalidSecurity(await node.post(recorded));
    expectInvalidSecurity(await node.call(session, { now: new Date(node.now.getTime() + 5 * MINUTE) }));
    expectAnswered(await node.call(session));
  });

  it('is refused with another Timestamp than was signed', async () => {
    const node = sessionBench();
    const session = await node.open();
    const later = timestampFrom(new Date(node.now.getTime() + MINUTE));
    expectInvalidSecurity(
      await node.call(session, {
        signing: { header: ({ token, signature }) => later + token + signature },
      }),
    );
  });

  it('is refused when an unsigned Timestamp comes with a password instead', async () => {
    const node = sessionBench();
    expectInvalidSecurity(
      await node.post(soapMessage({ security: security(timestampFrom(new Date(0)) + usernameToken) })),
    );
    expect(node.bench.tried).to.have.length(0);
  });
});

describe('the client of a session', () => {
  it('ends it by being switched off', async () => {
    const node = sessionBench();
    const session = await node.open();
    node.accounts.delete('epj');
    expectBadContextToken(await node.call(session));
    expectBadContextToken(await node.cancel(session));
    expectBadContextToken(await node.renew(session));
  });

  it('ends it by getting another password', async () => {
    const node = sessionBench();
    const session = await node.open();
    const account = node.accounts.get('epj');
    if (account === undefined) throw new Error('no account');
    node.accounts.set('epj', { ...account, credentialDigest: 'of another password' });
    expectBadContextToken(await node.call(session));
    expectBadContextToken(await node.renew(session));
    expectAnswered(await node.call(await node.open()));
  });
});

describe('sessions over several adapters', () => {
  const temporary = temporaryFolders();

  it('outlive a restart, and so do their ends', async () => {
    const folder = temporary();
    const before = openStoreAt(folder);
    const node = sessionBench({ ledger: before.contexts, seal: before.contextSeal });
    const [kept, ended, old] = [await node.open(), await node.open(), await node.open()];
    await node.cancel(ended);
    const renewed = await node.renewed(old);
    before.close();

    const after = openStoreAt(folder);
    const restarted = sessionBench({
      ledger: after.contexts,
      seal: after.contextSeal,
      now: new Date(node.now.getTime() + 6 * MINUTE),
    });
    expectAnswered(await restarted.call(kept));
    expectAnswered(await restarted.call(renewed));
    expectBadContextToken(await restarted.call(ended));
    expectBadContextToken(await restarted.call(old));
    after.close();
  });

  it('outlive the loss of the store, with the keys in hand', async () => {
    const before = openStoreAt(temporary());
    const session = await sessionBench({ ledger: before.contexts, seal: before.contextSeal }).open();
    before.close();
    const empty = openStoreAt(temporary());
    const node = sessionBench({ ledger: empty.contexts, seal: empty.contextSeal });
    expectAnswered(await node.call(session));
    empty.close();
  });

  it('go from one node to the other, with one key and one store', async () => {
    const folder = temporary();
    const [one, two] = [openStoreAt(folder), openStoreAt(folder)];
    const left = sessionBench({ ledger: one.contexts, seal: one.contextSeal });
    const right = sessionBench({ ledger: two.contexts, seal: two.contextSeal });
    const session = await left.open();
    expectAnswered(await right.call(session));
    const renewed = await right.renewed(session);
    expectAnswered(await left.call(renewed));
    await left.cancel(renewed);
    for (const ended of [session, renewed]) expectBadContextToken(await right.call(ended));
    one.close();
    two.close();
  });

  it('live through a rotation of the sealing key, and end with the key that sealed them', async () => {
    const [old, fresh] = [sealingKey('2025'), sealingKey('2026')];
    const folder = temporary();
    const nodeWith = (...sealingKeys: readonly ReturnType<typeof sealingKey>[]): SessionBench => {
      const store = openStoreAt(folder, { sealingKeys });
      return sessionBench({ ledger: store.contexts, seal: store.contextSeal });
    };
    const session = await nodeWith(old).open();
    const overlapping = nodeWith(fresh, old);
    expectAnswered(await overlapping.call(session));
    const renewed = await overlapping.renewed(session);
    // A node that seals with the old key, and can open the new one, already serves.
    expectAnswered(await nodeWith(old, fresh).call(renewed));
    expectBadContextToken(await nodeWith(old).call(renewed));
    const rotated = nodeWith(fresh);
    expectBadContextToken(await rotated.call(session));
    expectAnswered(await rotated.call(renewed));
  });

  it('are answered with a fault, not as ended, while the store fails', async () => {
    const folder = temporary();
    const store = openStoreAt(folder);
    const node = sessionBench({ ledger: store.contexts, seal: store.contextSeal });
    const session = await node.open();
    store.close();
    for (const outcome of [await node.call(session), await node.renew(session), await node.cancel(session)]) {
      expect(outcome).to.include({ code: 'd:InternalServiceFault', secured: true });
      expect(lastRecord(node)).to.include({ outcome: 'store-failed' });
    }
  });
});
