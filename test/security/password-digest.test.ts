import { expect } from 'chai';
import type { Account } from '../../src/access/accounts.js';
import type { Authenticator } from '../../src/access/authenticator.js';
import type { NonceLedger } from '../../src/access/nonce-ledger.js';
import { createClientDirectory } from '../../src/access/client-directory.js';
import { KnownAccounts } from '../../src/access/known-accounts.js';
import { createPasswordAuthenticator } from '../../src/access/password-authenticator.js';
import { defaultParameters } from '../../src/access/password-hash.js';
import { openMemoryDatabase } from '../../src/store/database.js';
import { NonceRepository } from '../../src/store/nonce-repository.js';
import { CountedRandom } from '../support/counted-random.js';
import {
  DIGEST_TYPE,
  digestOf,
  digestToken,
  someNonce,
  type DigestTokenParts,
} from '../support/digest-token.js';
import { noQuirks } from '../support/quirks.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { issueMessage, renewMessage, sessionFrom, sessionMessage } from '../support/session-client.js';
import { faultOf, soapBench, textOf, type SoapBench } from '../support/soap-bench.js';
import {
  namespaces,
  security,
  SENT_AT,
  soap11Headers,
  soap11Message,
  soapMessage,
} from '../support/soap-request.js';
import { StandingClock } from '../support/standing-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from '../store/store-fixture.js';

const FAILED = 'w:FailedAuthentication';
const INVALID = 'w:InvalidSecurity';
const SECRET = 'blåbær-1';
const base64 = namespaces.security.replace(
  'oasis-200401-wss-wssecurity-secext-1.0.xsd',
  'oasis-200401-wss-soap-message-security-1.0#Base64Binary',
);

describe('Quality 20: a digest with parts missing or malformed', () => {
  const nonce = Buffer.from(someNonce()).toString('base64');
  const right = digestOf(someNonce(), SENT_AT, SECRET);
  const password = (value: string): string => `<o:Password Type="${DIGEST_TYPE}">${value}</o:Password>`;

  for (const [what, parts] of [
    ['no Password', { passwordElement: '' }],
    ['an empty digest', { passwordElement: password('') }],
    ['a digest that is too short', { passwordElement: password('c2VjcmV0') }],
    ['a digest in hexadecimal', { passwordElement: password(Buffer.from(right, 'base64').toString('hex')) }],
    ['a digest with elements inside', { passwordElement: password(`${right}<x/>`) }],
    ['a digest cut by white space', { passwordElement: password(`${right.slice(0, 9)} ${right.slice(9)}`) }],
    [
      'the Type of another profile',
      { passwordElement: `<o:Password Type="PasswordDigest">${right}</o:Password>` },
    ],
    ['no Nonce and no Created', { nonceElement: '', createdElement: '' }],
    ['an empty Nonce', { nonceElement: '<o:Nonce/>' }],
    ['a Nonce of 65 octets', { nonce: new Uint8Array(65) }],
    ['a Nonce that is not base64', { nonceElement: `<o:Nonce>${nonce}!</o:Nonce>` }],
    ['a Nonce without its padding', { nonceElement: `<o:Nonce>${nonce.replace(/=+$/, '')}</o:Nonce>` }],
    [
      'a Nonce in another alphabet',
      { nonce: new Uint8Array(16).fill(255), nonceElement: `<o:Nonce>${'_'.repeat(21)}w==</o:Nonce>` },
    ],
    [
      'a Nonce in hexadecimal',
      { nonceElement: `<o:Nonce EncodingType="${base64.replace('Base64', 'Hex')}">${nonce}</o:Nonce>` },
    ],
    ['two Nonces', { nonceElement: `<o:Nonce>${nonce}</o:Nonce><o:Nonce>${nonce}</o:Nonce>` }],
    ['a Nonce in another namespace', { nonceElement: `<Nonce xmlns="urn:x">${nonce}</Nonce>` }],
    [
      'two Createds',
      { createdElement: `<u:Created>${SENT_AT}</u:Created><u:Created>${SENT_AT}</u:Created>` },
    ],
    ['a Created in the namespace of the token', { createdElement: `<o:Created>${SENT_AT}</o:Created>` }],
    ['a Created with elements inside', { createdElement: `<u:Created>${SENT_AT}<x/></u:Created>` }],
    ['a Created that is no time', { created: 'now' }],
  ] satisfies readonly (readonly [string, DigestTokenParts])[]) {
    it(`is InvalidSecurity: ${what}`, async () => {
      const { ask, bench } = setUp();
      expect((await ask(parts)).code).to.equal(INVALID);
      expect(bench.tried).to.deep.equal([]);
    });
  }

  it('is FailedAuthentication, in the same words for every cause', async () => {
    const answers = [];
    for (const parts of [
      { secret: 'wrong' },
      { username: 'nobody' },
      { username: '' },
      { username: 'off', secret: SECRET },
      { username: 'hashed', secret: 'of-hashed' },
      { passwordElement: password('AAAAAAAAAAAAAAAAAAAAAAAAAAA=') },
    ]) {
      const { ask, derivations } = setUp();
      answers.push(await ask(parts));
      expect(derivations).to.have.length(0);
    }
    for (const { code, reason, secured } of answers) {
      expect({ code, reason, secured }).to.deep.equal({
        code: FAILED,
        reason: 'At least one security token in the message could not be validated.',
        secured: false,
      });
    }
  });
});

describe('Quality 21: a right digest', () => {
  it('is let in', async () => {
    const { ask, bench } = setUp();
    expect((await ask({})).status).to.equal(200);
    expect(bench.audited[0]).to.include({ clientId: 'client-epj', outcome: 'found' });
  });

  it('is let in over SOAP 1.1', async () => {
    const { bench } = setUp();
    const answer = await bench.post(
      soap11Message({ security: secured(digestToken(), SENT_AT) }),
      soap11Headers,
    );
    expect(answer.status).to.equal(200);
  });

  it('opens a session, and renews none by being sent again', async () => {
    const { bench } = setUp();
    const now = bench.clock.now();
    const opened = await bench.post(issueMessage({ now, user: digestToken() }));
    expect(opened.status, textOf(opened)).to.equal(200);
    const session = sessionFrom(textOf(opened));
    expect((await bench.post(sessionMessage(session, { now }))).status).to.equal(200);
    expect(faultOf(await bench.post(renewMessage(session, { now, user: digestToken() }))).code).to.equal(
      INVALID,
    );
    const user = digestToken({ nonce: someNonce(1) });
    expect((await bench.post(renewMessage(session, { now, user }))).status).to.equal(200);
  });

  it('is made over the decoded Nonce, not over its text', async () => {
    const text = Buffer.from(someNonce()).toString('base64');
    const raw = digestOf(text, SENT_AT, SECRET);
    const { ask } = setUp();
    expect(
      (await ask({ passwordElement: `<o:Password Type="${DIGEST_TYPE}">${raw}</o:Password>` })).code,
    ).to.equal(FAILED);
  });

  for (const [what, nonce] of [
    ['of one octet', Buffer.of(0)],
    ['of 64 octets', Buffer.alloc(64, 200)],
    ['of sixteen zeros', Buffer.alloc(16)],
  ] as const) {
    it(`may have a Nonce ${what}`, async () => {
      expect((await setUp().ask({ nonce })).status).to.equal(200);
    });
  }

  it('may name the encoding of its Nonce, and have white space around it', async () => {
    const nonce = Buffer.from(someNonce()).toString('base64');
    const nonceElement = `<o:Nonce EncodingType="${base64}">\n  ${nonce}\n</o:Nonce>`;
    expect((await setUp().ask({ nonceElement })).status).to.equal(200);
  });

  for (const created of [
    '2025-01-15T10:30:00Z',
    '2025-01-15T10:30:00.1Z',
    '2025-01-15T10:30:00.1234567890Z',
    '2025-01-15T11:30:00+01:00',
    '2025-01-15T05:30:00.000-05:00',
    ' 2025-01-15T10:30:00Z\n',
  ]) {
    it(`may be of ${JSON.stringify(created)}`, async () => {
      expect((await setUp().ask({ created })).status).to.equal(200);
    });
  }

  it('is made over the text of Created as it was sent', async () => {
    const createdElement = '<u:Created> 2025-01-15T10:30:00.000Z </u:Created>';
    expect((await setUp().ask({ createdElement })).code).to.equal(FAILED);
  });

  for (const created of ['2025-01-15T10:30:00', '2025-01-15T24:00:00Z', '2025-02-30T10:30:00Z']) {
    it(`may not be of ${created}`, async () => {
      expect((await setUp().ask({ created })).code).to.equal(INVALID);
    });
  }
});

describe('Quality 22: a digest that is sent again', () => {
  const newFolder = temporaryFolders();

  async function replayAfter(
    milliseconds: number,
    created = SENT_AT,
  ): Promise<{ code: string; cause: string | undefined }> {
    const { ask, bench } = setUp();
    expect((await ask({ created })).status).to.equal(200);
    await bench.clock.advance(milliseconds);
    const { code } = await ask({ created });
    return { code, cause: bench.answered.at(-1)?.error?.message };
  }
  const used = { code: INVALID, cause: 'the nonce of the UsernameToken was used before' };

  it('is refused at once', async () => {
    expect(await replayAfter(0)).to.deep.equal(used);
  });

  it('is refused in another message of the same user, whatever the rest of it', async () => {
    const { ask } = setUp();
    const nonce = someNonce(9);
    await ask({ nonce });
    expect((await ask({ nonce, created: '2025-01-15T10:30:01Z' })).code).to.equal(INVALID);
  });

  for (const [seconds, expected] of [
    [299, used],
    [300, used],
    [301, used],
    [599, used],
    [600, { code: INVALID, cause: 'the Timestamp is too old' }],
    [601, { code: INVALID, cause: 'the Timestamp is too old' }],
  ] as const) {
    it(`is refused after ${seconds} seconds`, async () => {
      expect(await replayAfter(seconds * 1_000)).to.deep.equal(expected);
    });
  }

  it('is refused as long as a digest from the future can be accepted', async () => {
    expect(await replayAfter(14 * 60_000 + 57_000, '2025-01-15T10:34:58Z')).to.deep.equal(used);
    expect(await replayAfter(14 * 60_000 + 59_000, '2025-01-15T10:34:58Z')).to.deep.include({
      cause: 'the Timestamp is too old',
    });
  });

  it('is refused when our clock was set back meanwhile', async () => {
    const { ask, bench } = setUp();
    await ask({});
    await bench.clock.advance(12 * 60_000);
    await ask({ nonce: someNonce(2), created: bench.clock.now().toISOString() });
    await bench.clock.advance(-4 * 60_000);
    expect((await ask({})).code).to.equal(INVALID);
    expect(bench.answered.at(-1)?.error?.message).to.equal(used.cause);
  });

  it('is refused after a restart', async () => {
    const folder = newFolder();
    for (const expected of [200, 500]) {
      const store = openTestStore(folder, { clock: new StandingClock(SENT_AT) });
      const { ask } = setUp({ nonces: store.nonces });
      expect((await ask({})).status).to.equal(expected);
      store.close();
    }
  });

  it('is accepted when its nonce is another user’s', async () => {
    const { ask } = setUp();
    const nonce = someNonce(3);
    expect((await ask({ nonce })).status).to.equal(200);
    expect((await ask({ nonce, username: 'lab', secret: 'of-lab' })).status).to.equal(200);
  });

  it('has not used its nonce up when it was wrong or refused for another reason', async () => {
    const { ask } = setUp();
    expect((await ask({ secret: 'wrong' })).code).to.equal(FAILED);
    expect((await ask({ created: '2025-01-15T10:00:00Z' })).code).to.equal(INVALID);
    expect((await ask({})).status).to.equal(200);
  });

  it('finds room for so many, then a bare 503 and one alert', async () => {
    const { ask, events } = setUp({ limit: 3 });
    const statuses = [];
    for (let number = 0; number < 6; number += 1)
      statuses.push((await ask({ nonce: someNonce(number) })).status);
    expect(statuses).to.deep.equal([200, 200, 200, 503, 503, 503]);
    expect((await ask({ nonce: someNonce(0) })).code).to.equal(INVALID);
    expect((await ask({ username: 'lab', secret: 'of-lab' })).status).to.equal(200);
    expect(events.of.noncesExhausted).to.deep.equal([{ clientId: 'client-epj' }]);
  });
});

describe('Quality 23: one of Nonce and Created', () => {
  const clear = { passwordElement: `<o:Password>${SECRET}</o:Password>` };

  for (const [what, parts] of [
    ['a Nonce without Created', { createdElement: '' }],
    ['a Created without Nonce', { nonceElement: '' }],
  ] as const) {
    it(`does not do for a digest: ${what}`, async () => {
      expect((await setUp().ask(parts)).code).to.equal(INVALID);
    });

    it(`is not judged beside a password in clear: ${what}`, async () => {
      expect((await setUp().ask({ ...clear, ...parts })).status).to.equal(200);
    });
  }

  it('is not judged beside a password in clear, stale and used before', async () => {
    const { ask, bench } = setUp();
    for (let time = 0; time < 2; time += 1) {
      expect((await ask({ ...clear, created: '2020-01-01T00:00:00Z' })).status).to.equal(200);
    }
    expect(bench.audited.map(({ clientId }) => clientId)).to.deep.equal(['client-epj', 'client-epj']);
  });
});

describe('Quality 24: the clock of who made the digest', () => {
  for (const [created, status] of [
    ['2025-01-15T10:20:00.000Z', 500],
    ['2025-01-15T10:20:00.001Z', 200],
    ['2025-01-15T10:26:00Z', 200],
    ['2025-01-15T10:34:00Z', 200],
    ['2025-01-15T10:34:59.999Z', 200],
    ['2025-01-15T10:35:00.000Z', 500],
    ['2025-01-15T11:35:00.000+01:00', 500],
    ['2025-01-15T10:40:00Z', 500],
  ] as const) {
    it(`is ${status === 200 ? 'accepted' : 'InvalidSecurity'} at ${created}`, async () => {
      const answer = await setUp().ask({ created });
      expect(answer.status).to.equal(status);
      if (status === 500) expect(answer.code).to.equal(INVALID);
    });
  }
});

interface DigestBench {
  readonly bench: SoapBench;
  readonly events: RecordedEvents;
  /** Passwords whose key was derived. */
  readonly derivations: string[];
  readonly ask: (
    parts: DigestTokenParts,
  ) => Promise<ReturnType<typeof faultOf> & { status: number; secured: boolean }>;
}

/** A service whose clients are judged by the real authenticator. Two of them may send digests. */
function setUp({ nonces, limit }: { nonces?: NonceLedger; limit?: number } = {}): DigestBench {
  const events = new RecordedEvents();
  const derivations: string[] = [];
  const authenticate: Authenticator['authenticate'] = (...request) => authenticator.authenticate(...request);
  const accounts = new KnownAccounts([hashedAccount(), ...sharingAccounts()]);
  const bench = soapBench({ authenticate, sessions: { clients: createClientDirectory(accounts) } });
  const authenticator = createPasswordAuthenticator({
    accounts,
    nonces: nonces ?? new NonceRepository(openMemoryDatabase(), bench.clock, () => undefined, limit),
    clock: bench.clock,
    random: new CountedRandom(),
    events,
    verify: (password) => {
      derivations.push(password);
      return Promise.resolve(false);
    },
  });
  return {
    bench,
    events,
    derivations,
    ask: async (parts) => {
      const sentAt = bench.clock.now().toISOString();
      const answer = await bench.post(soapMessage({ security: secured(digestToken(parts), sentAt) }));
      return { ...faultOf(answer), status: answer.status, secured: textOf(answer).includes('<o:Security') };
    },
  };
}

function secured(token: string, sentAt: string): string {
  return security(`<u:Timestamp u:Id="_0"><u:Created>${sentAt}</u:Created></u:Timestamp>${token}`);
}

function hashedAccount(): Account {
  const passwordHash = { ...defaultParameters, salt: new Uint8Array(16), key: new Uint8Array(32) };
  return { ...account('hashed'), passwordHash };
}

function sharingAccounts(): readonly Account[] {
  return [
    { ...account('epj'), sharedSecret: SECRET },
    { ...account('lab'), sharedSecret: 'of-lab' },
    { ...account('off'), sharedSecret: SECRET, enabled: false },
  ];
}

function account(name: string): Pick<Account, 'username' | 'credentialDigest' | 'enabled' | 'client'> {
  return {
    username: name,
    credentialDigest: name,
    enabled: true,
    client: {
      id: `client-${name}`,
      protocols: new Set(['hl7v3']),
      organisation: { parent: '999999999' },
      access: 'full',
      visible: new Set(),
      quirks: noQuirks,
    },
  };
}
