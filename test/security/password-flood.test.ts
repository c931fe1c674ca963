import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import type { Account } from '../../src/access/accounts.js';
import { createClientDirectory } from '../../src/access/client-directory.js';
import { KnownAccounts } from '../../src/access/known-accounts.js';
import { createPasswordAuthenticator } from '../../src/access/password-authenticator.js';
import { defaultParameters } from '../../src/access/password-hash.js';
import { packageRoot } from '../../src/config/package-root.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import type { LegacyHttpResponse } from '../../src/legacy/http.js';
import { createAdapter } from '../../src/main.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { CountedRandom } from '../support/counted-random.js';
import { digestToken, someNonce } from '../support/digest-token.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { memoryStore } from '../support/memory-store.js';
import { auditInto } from '../support/recorded-audit.js';
import { OWN_NUMBER, element, mappings, person } from '../support/person-documents.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { someClient, userToken } from '../support/session-bench.js';
import { issueMessage, sessionFrom, sessionMessage, type ClientSession } from '../support/session-client.js';
import { textOf } from '../support/soap-bench.js';
import { hl7v2Settings, transliteration } from '../support/hl7v2.js';
import { contracts } from '../support/preg-xml.js';
import { StandingClock } from '../support/standing-clock.js';

const NOW = new Date('2025-03-01T12:00:00Z');

describe('a flood of wrong passwords', () => {
  it('keeps nobody waiting who has a session, a remembered password or a known sender of digests', async () => {
    const flooded = await floodedAdapter();
    const opening = await flooded.post(issueMessage({ now: NOW, user: userToken('epj') }), HOME);
    const session = sessionFrom(textOf(opening));
    expectPerson(await flooded.post(byDigest(1), HOME), 'the first digest');
    const derivationsBefore = flooded.derivations();
    const recordedBefore = flooded.audited.length;

    const answered: LegacyHttpResponse[] = [];
    const guesses = everyGuess().map(async ({ message, address }) => {
      answered.push(await flooded.post(message, address));
    });
    // All that can be answered without a derivation or a delay is answered in far fewer rounds.
    for (let round = 0; round < 500; round += 1) await turn();
    // Each holds a place in the listener, which has 200 unless told otherwise.
    expect(GUESSES - answered.length, 'guesses that are under way').to.be.within(100, 160);
    expect(flooded.derivations() - derivationsBefore, 'derivations at once').to.equal(2);

    // From an address of their own, and from one that guesses come from.
    for (const address of [HOME, addressOf(0)]) {
      expectPerson(await flooded.post(inSession(session), address), `the session at ${address}`);
      expectPerson(await flooded.post(byPassword('epj', 'secret'), address), `the password at ${address}`);
      const again = sessionFrom(
        textOf(await flooded.post(issueMessage({ now: NOW, user: userToken('epj') }), address)),
      );
      expectPerson(await flooded.post(inSession(again), address), `a new session at ${address}`);
    }
    expectPerson(await flooded.post(byDigest(2), HOME), 'another digest');
    expect(flooded.derivations() - derivationsBefore, 'derivations for those who are known').to.equal(2);
    expect(flooded.clock.now(), 'the time has not moved').to.deep.equal(NOW);

    flooded.finishDerivations();
    while (answered.length < GUESSES) await flooded.clock.advance(100);
    await Promise.all(guesses);
    const refusals = answered.filter((answer) => textOf(answer).includes('w:FailedAuthentication'));
    const turnedAway = answered.filter(
      (answer) => answer.status === 503 && textOf(answer).includes('There is too much to do'),
    );
    expect(refusals.length + turnedAway.length, 'guesses refused or turned away').to.equal(GUESSES);
    const onRecord = flooded.audited
      .slice(recordedBefore)
      .filter(({ outcome }) => outcome === 'not-authenticated' || outcome === 'overloaded');
    expect(onRecord, 'guesses on record').to.have.length(GUESSES);
    expect(new Set(onRecord.map(({ clientId }) => clientId)), 'in nobody’s name').to.deep.equal(
      new Set([null]),
    );
  });
});

const HOME = '192.0.2.1';
const ADDRESSES = 15;
const FROM_EACH = 20;
const GUESSES = ADDRESSES * FROM_EACH;

function addressOf(index: number): string {
  return `198.51.100.${index + 1}`;
}

/** For the accounts in use and for names out of thin air, as lookups, digests and requests for a session. */
function everyGuess(): readonly { readonly message: string; readonly address: string }[] {
  return Array.from({ length: GUESSES }, (_, index) => {
    const wrong = `wrong-${index}`;
    const messages = [
      (): string => byPassword('epj', wrong),
      (): string => byPassword(`name-${index}`, wrong),
      (): string => issueMessage({ now: NOW, user: userToken(`other-${index}`, wrong) }),
      (): string => byDigest(1_000 + index, wrong),
    ];
    const message = messages[Math.floor(index / ADDRESSES) % messages.length];
    if (message === undefined) throw new Error('no guess');
    return { message: message(), address: addressOf(index % ADDRESSES) };
  });
}

function byPassword(username: string, password: string): string {
  return getDemographicsRequest({ numbers: [OWN_NUMBER], now: NOW, username, password });
}

function byDigest(number: number, secret = 'secret'): string {
  const token = digestToken({
    username: 'lab',
    secret,
    nonce: someNonce(number),
    created: NOW.toISOString(),
  });
  return byPassword('lab', '').replace(/<o:UsernameToken>.*<\/o:UsernameToken>/, token);
}

function inSession(session: ClientSession): string {
  const message = byPassword('', '');
  const action = /<a:Action .*<\/a:Action>/.exec(message)?.[0] ?? '';
  const body = /<s:Body>(.*)<\/s:Body>/.exec(message)?.[1] ?? '';
  return sessionMessage(session, { now: NOW, action, body });
}

function expectPerson(answer: LegacyHttpResponse, what: string): void {
  expect(answer.status, what).to.equal(200);
  expect(textOf(answer), what).to.contain(`extension="${OWN_NUMBER}"`);
}

/** The adapter with the accounts `epj` and `lab`, whose key derivations end when the test says so. */
interface FloodedAdapter {
  readonly clock: StandingClock;
  readonly audited: AuditEntry[];
  derivations(): number;
  /** Lets all derivations of wrong passwords end, those to come included. */
  finishDerivations(): void;
  post(message: string, remoteAddress: string): Promise<LegacyHttpResponse>;
}

async function floodedAdapter(): Promise<FloodedAdapter> {
  const clock = new StandingClock(NOW.toISOString());
  const random = new CountedRandom();
  const events = new RecordedEvents();
  const store = memoryStore({ clock });
  const audited: AuditEntry[] = [];
  const client = (id: string): Account['client'] => ({ ...someClient(id), visible: new Set(fieldGroups) });
  const accounts = new KnownAccounts([
    {
      username: 'epj',
      enabled: true,
      credentialDigest: 'epj',
      client: client('epj'),
      passwordHash: { ...defaultParameters, salt: new Uint8Array(16), key: new Uint8Array(32) },
    },
    {
      username: 'lab',
      enabled: true,
      credentialDigest: 'lab',
      client: client('lab'),
      sharedSecret: 'secret',
    },
  ]);
  let derivations = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const document = person({ name: [element({ givenName: 'Kari', familyName: 'Prøve' })] });
  const adapter = createAdapter({
    settings: {
      publicBaseUrl: undefined,
      mapping: { fill: 'faithful', supersededLookup: 'own-record' },
      upstream: { coalescing: { enabled: true, maxWaitMilliseconds: 50 } },
      secureConversation: { keyLifetimeHours: 15 },
      hl7v3: { processingCode: 'any' },
      hl7v2: hl7v2Settings,
      pregXml: { blankStringAs: 'nil', malformedNumber: 'nil', resultsPerPage: 20, httpBasic: false },
      helpNumbers: { series: [] },
      persontjenesten: { version: 3 },
      listeners: { legacy: { requestDeadlineSeconds: 30, maxRequestBytes: 100_000 } },
    },
    mappings,
    types: await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml')),
    contract: contracts['2018'],
    transliteration,
    authenticator: createPasswordAuthenticator({
      accounts,
      nonces: store.nonces,
      clock,
      random,
      events,
      verify: async (password) => {
        derivations += 1;
        if (password === 'secret') return true;
        await finished;
        return false;
      },
    }),
    clients: createClientDirectory(accounts),
    contexts: store.contexts,
    contextSeal: store.contextSeal,
    continuations: store.continuations,
    audit: auditInto(audited),
    helpNumbers: store.helpNumbers,
    transport: {
      send: () =>
        Promise.resolve({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(document),
        }),
    },
    events,
    clock,
    random,
  });
  return {
    clock,
    audited,
    derivations: () => derivations,
    finishDerivations: finish,
    post: (message, remoteAddress) =>
      adapter.ask({
        method: 'POST',
        path: HL7V3_PATH,
        query: '',
        headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
        body: Buffer.from(message),
        remoteAddress,
        signal: new AbortController().signal,
      }),
  };
}
