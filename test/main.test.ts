import { join } from 'node:path';
import { expect } from 'chai';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import type { LegacyClient } from '../src/access/legacy-client.js';
import { packageRoot } from '../src/config/package-root.js';
import { TokenRefused } from '../src/errors/errors.js';
import { NotAuthenticated } from '../src/errors/errors.js';
import { loadTypeTable } from '../src/legacy/hl7v3/schema/load-type-table.js';
import type { LegacyHttpRequest, LegacyHttpResponse } from '../src/legacy/http.js';
import { createAdapter, type Adapter } from '../src/main.js';
import { createUpstream } from '../src/upstream.js';
import type { JsonObject } from '../src/mapping/json.js';
import type { AuditEntry } from '../src/operations/audit-trail.js';
import type { Transport } from '../src/registry/persontjenesten/transport.js';
import { caller } from './registry/registry-bench.js';
import { BASE, FakeApi, lookup } from './registry/transport-bench.js';
import { callSettings } from './support/call-settings.js';
import { CountedRandom } from './support/counted-random.js';
import { FakeHelseId, ISSUER, SCOPE, granted } from './support/fake-helseid.js';
import { fakedHttp } from './support/faked-http.js';
import { OWN_NUMBER, element, mappings, person } from './support/person-documents.js';
import { auditInto } from './support/recorded-audit.js';
import { RecordedEvents } from './support/recorded-events.js';
import { issueMessage, sessionFrom } from './support/session-client.js';
import { sessionParts } from './support/session-parts.js';
import { textOf } from './support/soap-bench.js';
import { hl7v2Settings, transliteration } from './support/hl7v2.js';
import { contracts } from './support/preg-xml.js';
import { StandingClock } from './support/standing-clock.js';
import { memoryStore } from './support/memory-store.js';
import { noQuirks } from './support/quirks.js';

const HL7V3 = '/Personregister.HL7/PersonRegistry.svc';
const types = await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml'));

interface Bench {
  readonly adapter: Adapter;
  readonly events: RecordedEvents;
  readonly audited: AuditEntry[];
  asked: number;
}

/** An adapter over an upstream that knows one person. */
function bench(document: JsonObject): Bench {
  const events = new RecordedEvents();
  const audited: AuditEntry[] = [];
  const transport: Transport = {
    send: () => {
      made.asked += 1;
      const headers = { 'content-type': 'application/json' };
      return Promise.resolve({ status: 200, headers, body: JSON.stringify(document) });
    },
  };
  const client: LegacyClient = {
    id: 'epj-1',
    protocols: new Set(['hl7v3'] as const),
    organisation: { parent: '310000027' },
    access: 'full',
    visible: new Set(),
    quirks: noQuirks,
  };
  const adapter = createAdapter({
    settings: {
      publicBaseUrl: undefined,
      mapping: { fill: 'faithful', supersededLookup: 'own-record' },
      upstream: { coalescing: { enabled: true, maxWaitMilliseconds: 50 } },
      secureConversation: { keyLifetimeHours: 10 },
      hl7v3: { processingCode: 'any' },
      hl7v2: hl7v2Settings,
      pregXml: { blankStringAs: 'nil', malformedNumber: 'nil', resultsPerPage: 20, httpBasic: false },
      helpNumbers: { series: [] },
      persontjenesten: { version: 3 },
      listeners: { legacy: { requestDeadlineSeconds: 30, maxRequestBytes: 10_000 } },
    },
    mappings,
    types,
    contract: contracts['2018'],
    transliteration,
    authenticator: { authenticate: () => Promise.resolve(client) },
    ...sessionParts(client),
    audit: auditInto(audited),
    helpNumbers: memoryStore().helpNumbers,
    continuations: memoryStore().continuations,
    transport,
    events,
    clock: new StandingClock('2025-03-01T12:00:00Z'),
    random: new CountedRandom(),
  });
  const made: Bench = { adapter, events, audited, asked: 0 };
  return made;
}

function request(parts: Partial<LegacyHttpRequest>): LegacyHttpRequest {
  return {
    method: 'GET',
    path: HL7V3,
    query: '',
    headers: { host: 'preg.example.invalid' },
    body: new Uint8Array(0),
    remoteAddress: '192.0.2.7',
    signal: new AbortController().signal,
    ...parts,
  };
}

const named = (givenName: string): JsonObject =>
  person({ name: [element({ givenName, familyName: 'Prøve' })] });

describe('adapter', function () {
  // It starts whole adapters.
  this.timeout(20_000);

  it('answers messages of HL7 v2, whatever carries them', async () => {
    const { adapter, audited, events } = bench(named('Kari'));
    const { octets } = await adapter.hl7v2.answer(Buffer.from('MSH|^~\\&|EPJ||||||ADT^A08|M1|P|2.5\r'), {
      remoteAddress: '192.0.2.7',
      signal: new AbortController().signal,
      identify: () => {
        throw new NotAuthenticated('nobody is known');
      },
    });
    expect(Buffer.from(octets).toString('latin1')).to.match(/\rMSA\|AR\|M1\|The sender is not let in\.\r/);
    expect(audited.map(({ protocol, outcome }) => [protocol, outcome])).to.deep.equal([
      ['hl7v2', 'not-authenticated'],
    ]);
    expect(events.of.requestAnswered).to.have.length(1);
  });

  describe('asked without a socket', () => {
    for (const path of [
      '/',
      '',
      '/nothing',
      `${HL7V3}/more`,
      HL7V3.slice(1),
      '/..',
      '/%2e%2e',
      `${HL7V3} `,
    ]) {
      it(`answers 404 at ${JSON.stringify(path)}, and says no more`, async () => {
        const { adapter, audited } = bench(person());
        const answer = await adapter.ask(request({ path, method: 'POST' }));
        expect(answer).to.deep.equal({ status: 404, headers: {}, body: '' } satisfies LegacyHttpResponse);
        expect(audited).to.have.length(0);
      });
    }

    it('answers at each path of each door, in any case', async () => {
      const { adapter } = bench(person());
      const paths = adapter.doors.flatMap((door) => door.paths);
      expect(paths).to.include.members([HL7V3, '/hl7v2']);
      for (const path of [...paths, ...paths.map((one) => one.toUpperCase())]) {
        // What is served to clients of HTTP Basic alone asks for credentials first.
        const expected = path.toLowerCase() === '/hl7v2' ? 401 : 200;
        expect((await adapter.ask(request({ path }))).status, path).to.equal(expected);
      }
    });

    it('keeps to the largest request that it was told', async () => {
      const { adapter } = bench(person());
      const headers = { host: 'preg.example.invalid', 'content-type': 'application/soap+xml; charset=utf-8' };
      const answer = await adapter.ask(
        request({ method: 'POST', headers, body: new Uint8Array(10_001).fill(32) }),
      );
      expect(answer.status).to.equal(413);
    });
  });

  it('opens sessions whose keys live as long as is set', async () => {
    const { adapter } = bench(person());
    const now = new Date('2025-03-01T12:00:00Z');
    const headers = { host: 'preg.example.invalid', 'content-type': 'application/soap+xml; charset=utf-8' };
    const answer = await adapter.ask(
      request({ method: 'POST', headers, body: Buffer.from(issueMessage({ now })) }),
    );
    expect(sessionFrom(textOf(answer)).expires).to.equal('2025-03-01T22:00:00.000Z');
  });

  it('shows through the waist what the profile grants and nothing else', async () => {
    const { adapter } = bench(named('Kari'));
    const seen = await adapter.registry.lookup({ id: OWN_NUMBER }, caller({ visible: new Set(['names']) }));
    const unseen = await adapter.registry.lookup({ id: OWN_NUMBER }, caller({ visible: new Set(['birth']) }));
    expect(seen).to.have.nested.property('person.givenName', 'KARI');
    expect(unseen).to.have.nested.property('person.givenName', null);
  });

  it('shares nothing with another one in the same process', async () => {
    const one = bench(named('Kari'));
    const other = bench(person({ gender: [element({ gender: 'Other' })] }));
    const answers = await Promise.all([
      one.adapter.registry.lookup({ id: OWN_NUMBER }, caller()),
      other.adapter.registry.lookup({ id: OWN_NUMBER }, caller()),
      one.adapter.registry.lookup({ id: OWN_NUMBER }, caller()),
    ]);
    const names = answers.map((answer) => (answer.outcome === 'found' ? answer.person.givenName : undefined));
    expect(names).to.deep.equal(['KARI', null, 'KARI']);
    // The same question at the same time is asked once, by each of the two.
    expect([one.asked, other.asked]).to.deep.equal([2, 2]);
    expect(one.events.of.unmappedValue).to.have.length(0);
    expect(other.events.of.unmappedValue).to.have.length(1);
    await other.adapter.ask(request({ method: 'POST', headers: { 'content-type': 'application/soap+xml' } }));
    expect([one.audited.length, other.audited.length]).to.deep.equal([0, 1]);
  });
});

describe('way to Persontjenesten', function () {
  this.timeout(20_000);

  fakedHttp();

  async function upstream(
    events: RecordedEvents,
    baseUrl = BASE,
    version: 2 | 3 = 3,
  ): Promise<Awaited<ReturnType<typeof createUpstream>>> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    return createUpstream({
      settings: {
        persontjenesten: { baseUrl, version },
        upstream: callSettings(),
        helseid: {
          issuer: ISSUER,
          clientId: 'test-client',
          privateKey: { ...jwk, kty: 'EC', kid: 'key-1', alg: 'ES256', d: jwk.d ?? '' },
          tenancy: 'single',
        },
      },
      certificateAuthority: undefined,
      events,
      clock: new StandingClock('2025-03-01T12:00:00Z'),
      random: new CountedRandom(),
    });
  }

  it('calls nobody before the first request', async () => {
    const [helseId, api] = [new FakeHelseId(), new FakeApi()];
    await upstream(new RecordedEvents());
    expect([helseId.discoveries, helseId.requests.length, api.received.length]).to.deep.equal([0, 0, 0]);
  });

  for (const [baseUrl, address] of [
    [BASE, /^\/api\/v3\//],
    [`${BASE}/`, /^\/api\/v3\//],
    [`${BASE}/gateway/`, /^\/gateway\/api\/v3\//],
  ] as const) {
    it(`goes to ${baseUrl} as configured`, async () => {
      new FakeHelseId();
      const api = new FakeApi();
      const { transport } = await upstream(new RecordedEvents(), baseUrl);
      await transport.send(lookup());
      expect(api.received[0]?.address).to.match(address);
    });
  }

  for (const [version, scheme] of [
    [2, 'Bearer'],
    [3, 'DPoP'],
  ] as const) {
    it(`shows ${scheme} tokens to version ${version}`, async () => {
      const helseId = new FakeHelseId();
      helseId.answer = ({ form }) => granted({ token_type: scheme, scope: form.get('scope') });
      const api = new FakeApi();
      const { transport } = await upstream(new RecordedEvents(), BASE, version);
      await transport.send(lookup());
      expect(api.received[0]?.headers['authorization']).to.equal(`${scheme} the-token`);
      expect('dpop' in (api.received[0]?.headers ?? {})).to.equal(scheme === 'DPoP');
      expect('dpop' in (helseId.requests[0]?.headers ?? {})).to.equal(scheme === 'DPoP');
    });
  }

  it('shares tokens with the event feed, and tells nothing of the feed’s trouble', async () => {
    const helseId = new FakeHelseId();
    const isFeed = ({ assertion }: { assertion: string }): boolean =>
      JSON.stringify(decodeJwt(assertion)).includes('310000043');
    helseId.answer = (request) =>
      isFeed(request) ? { status: 400, body: { error: 'invalid_scope' } } : granted();
    new FakeApi();
    const events = new RecordedEvents();
    const way = await upstream(events);
    const child = { parent: '310000027', child: '310000043' };
    const failed: unknown = await way.feedTransport
      .send(lookup({ organisation: child }))
      .catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TokenRefused);
    expect(events.of.tokenFailed).to.deep.equal([]);
    await way.feedTransport.send(lookup());
    await way.transport.send(lookup());
    expect(helseId.requests.filter((request) => !isFeed(request))).to.have.length(1);
    way.close();
  });

  it('has a token and a nonce of its own each', async () => {
    const helseId = new FakeHelseId();
    new FakeApi();
    const [one, other] = [new RecordedEvents(), new RecordedEvents()];
    const ways = await Promise.all([upstream(one), upstream(other)]);
    for (const { transport } of ways) await transport.send(lookup());
    expect([one, other].map(({ of }) => of.tokenFetched.map(({ scope }) => scope))).to.deep.equal([
      [SCOPE],
      [SCOPE],
    ]);
    expect(helseId.discoveries).to.equal(2);
  });

  it('closes more than once without complaint', async () => {
    const way = await upstream(new RecordedEvents());
    way.close();
    way.close();
  });
});
