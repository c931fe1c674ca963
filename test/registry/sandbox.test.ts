import { join } from 'node:path';
import { generateKeyPair, exportJWK } from 'jose';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import {
  TokenRefused,
  TokenUnavailable,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamTimeout,
  UpstreamUnavailable,
  type AdapterError,
} from '../../src/errors/errors.js';
import { createUpstream, type Upstream, type UpstreamParts } from '../../src/upstream.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { Caller, LookupAnswer } from '../../src/registry/person-registry.js';
import { PersontjenestenRegistry } from '../../src/registry/persontjenesten/registry.js';
import type { Transport } from '../../src/registry/persontjenesten/transport.js';
import type { Clock } from '../../src/runtime/clock.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { Fault } from '../../src/sandbox/faults.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { callSettings } from '../support/call-settings.js';
import { fixture, mappings, number, personFixtures } from '../support/person-documents.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { serverCertificate } from '../support/server-certificate.js';
import { SkippingClock } from '../support/skipping-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { caller } from './registry-bench.js';
import { documentsOver } from '../support/documents-over.js';

const HOSPITAL = { parent: '310000027' };
const [ORDINARY = syntheticNumber()] = numbersIn(fixture('01')).map(({ nin }) => nin);

describe('registry on the sandbox, over TLS and with judged tokens', function () {
  // Each test starts a sandbox, which makes keys.
  this.timeout(20_000);

  let sandbox: Sandbox;
  let upstream: Upstream;
  let events: RecordedEvents;
  const opened: Upstream[] = [];
  /** Calls of which a lookup that failed may not have waited for all. */
  const underway: Promise<unknown>[] = [];

  before(async () => {
    sandbox = await startSandbox({
      clock: systemClock,
      random: systemRandom,
      host: '127.0.0.1',
      persontjenestenPort: 0,
      helseidPort: 0,
      population: 0,
      personFolders: [join(packageRoot(), 'fixtures', 'persons')],
      certificate: await serverCertificate(),
      organisations: [{ parent: HOSPITAL.parent, children: ['310000043'] }],
    });
  });
  after(() => sandbox.stop());

  beforeEach(async () => {
    sandbox.requests.clear();
    events = new RecordedEvents();
    upstream = await connect();
  });
  afterEach(() => {
    sandbox.faults.clear();
    for (const one of opened.splice(0)) one.close();
  });

  /** A way to the sandbox with a token of its own, yet to be fetched. */
  async function connect(
    helseid: Partial<UpstreamParts['settings']['helseid']> = {},
    clock: Clock = systemClock,
  ): Promise<Upstream> {
    const one = await createUpstream({
      settings: {
        persontjenesten: { baseUrl: sandbox.persontjenestenUrl, version: 3 },
        upstream: callSettings(),
        helseid: {
          issuer: sandbox.issuer,
          clientId: sandbox.clientId,
          privateKey: sandbox.clientPrivateJwk,
          tenancy: 'single',
          ...helseid,
        },
      },
      certificateAuthority: sandbox.certificatePem,
      events,
      clock,
      random: systemRandom,
    });
    opened.push(one);
    return one;
  }

  function lookup(nin: NationalId, asking: Partial<Caller> = {}, by = upstream): Promise<LookupAnswer> {
    const transport: Transport = {
      send: (request) => {
        const sending = by.transport.send(request);
        underway.push(sending);
        return sending;
      },
    };
    const registry = new PersontjenestenRegistry({
      ...documentsOver(transport),
      mappings,
      fill: 'faithful',
      clock: systemClock,
      events,
    });
    return registry.lookup({ id: nin }, caller({ organisation: HOSPITAL, ...asking }));
  }

  async function failure(looking: Promise<LookupAnswer>): Promise<unknown> {
    const outcome = await looking.catch((error: unknown) => error);
    await Promise.allSettled(underway.splice(0));
    return outcome;
  }

  it('finds each fixture person by each of their numbers', async () => {
    const numbers = personFixtures('persons').flatMap(({ document }) => numbersIn(document));
    const answers = await Promise.all(numbers.map(({ nin }) => lookup(nin)));
    for (const [index, answer] of answers.entries()) {
      if (answer.outcome !== 'found') throw new Error('nobody was found');
      const asked = numbers[index];
      const listed = [answer.person.nin, ...answer.person.supersededNINs, ...answer.person.alternativeNINs];
      expect(listed).to.include(asked?.nin);
    }
    expect(answers.length).to.be.greaterThan(80);
    const tokens = sandbox.requests.of('helseid').filter(({ path }) => path === '/connect/token');
    expect(
      tokens.map(({ status }) => status),
      'one token, its nonce asked for first',
    ).to.deep.equal([400, 200]);
  });

  it('finds a person by DUF number', async () => {
    const answer = await lookup(number('209900000417'));
    expect(answer).to.have.nested.property('person.dufNo', '209900000417');
  });

  it('finds nobody by a number that nobody has', async () => {
    expect(await lookup(syntheticNumber(4711))).to.deep.equal({ outcome: 'not-found' });
    expect(await lookup(number('00810000001'))).to.deep.equal({ outcome: 'not-found' });
  });

  it('finds a person in the restricted view, with a token for it', async () => {
    expect((await lookup(ORDINARY, { access: 'restricted' })).outcome).to.equal('found');
    expect(events.of.tokenFetched.map(({ scope }) => scope)).to.deep.equal([
      'nhn:hgd-persontjenesten-api/restricted-access',
    ]);
  });

  it('asks on behalf of a child organisation', async () => {
    const answer = await lookup(ORDINARY, { organisation: { ...HOSPITAL, child: '310000043' } });
    expect(answer.outcome).to.equal('found');
  });

  it('sends no number in an address, and the correlation id with each call', async () => {
    await lookup(ORDINARY);
    const calls = sandbox.requests.of('persontjenesten');
    expect(calls.map(({ formFields, askedFor }) => [formFields, askedFor])).to.deep.equal([
      [['nin'], 1],
      [['nin'], 1],
    ]);
    for (const { path, query, correlationId } of calls) {
      expect(path + JSON.stringify(query)).to.not.match(/[0-9]{11}/);
      expect(correlationId).to.equal(caller().correlationId);
    }
  });

  describe('with trouble at Persontjenesten', () => {
    type ErrorClass = abstract new (...parts: never[]) => AdapterError;
    const lasting: readonly [string, Fault, ErrorClass][] = [
      ['503 for a good while', { kind: 'server-error', status: 503, retryAfter: 7 }, UpstreamUnavailable],
      ['a page in HTML', { kind: 'html-page' }, UpstreamInvalidAnswer],
      ['a page in HTML with 404', { kind: 'html-page', status: 404 }, UpstreamInvalidAnswer],
      ['JSON that breaks off', { kind: 'truncated-json' }, UpstreamInvalidAnswer],
      ['400', { kind: 'answer', status: 400 }, UpstreamRejected],
      ['403', { kind: 'answer', status: 403 }, UpstreamForbidden],
      ['410', { kind: 'answer', status: 410 }, UpstreamRejected],
      ['422', { kind: 'answer', status: 422 }, UpstreamRejected],
      [
        'a document of somebody else',
        { kind: 'altered-answer', alter: () => fixture('02') },
        UpstreamInvalidAnswer,
      ],
      ['null', { kind: 'altered-answer', alter: () => null }, UpstreamInvalidAnswer],
    ];
    for (const [name, fault, expected] of lasting) {
      it(`${name} is ${expected.name} at once, and the next lookup is answered`, async () => {
        sandbox.faults.always('persontjenesten', fault);
        expect(await failure(lookup(ORDINARY))).to.be.instanceOf(expected);
        expect(sandbox.requests.of('persontjenesten'), 'nothing is repeated').to.have.length(2);
        sandbox.faults.clear();
        expect((await lookup(ORDINARY)).outcome).to.equal('found');
      });
    }

    const passing: readonly [string, Fault][] = [
      ['408', { kind: 'answer', status: 408 }],
      ['500', { kind: 'server-error', status: 500 }],
      ['503', { kind: 'server-error', status: 503, retryAfter: 0 }],
      ['a page in HTML with 503', { kind: 'html-page', status: 503 }],
      ['a cut before headers', { kind: 'cut-connection', when: 'before-headers' }],
      ['a cut in the body', { kind: 'cut-connection', when: 'mid-body' }],
    ];
    for (const [name, fault] of passing) {
      it(`${name} is waited out`, async () => {
        sandbox.faults.next('persontjenesten', fault, { times: 2 });
        expect((await lookup(ORDINARY)).outcome).to.equal('found');
        expect(sandbox.requests.of('persontjenesten')).to.have.length(4);
      });

      it(`${name} that stays is UpstreamUnavailable after two more tries`, async () => {
        sandbox.faults.always('persontjenesten', fault);
        expect(await failure(lookup(ORDINARY))).to.be.instanceOf(UpstreamUnavailable);
        expect(sandbox.requests.of('persontjenesten')).to.have.length(6);
        sandbox.faults.clear();
        expect((await lookup(ORDINARY)).outcome).to.equal('found');
      });
    }

    it('429 is UpstreamRateLimited, and nothing is asked until its time has passed', async () => {
      sandbox.faults.always('persontjenesten', { kind: 'too-many-requests', retryAfter: 7 });
      expect(await failure(lookup(ORDINARY)))
        .to.be.instanceOf(UpstreamRateLimited)
        .with.property('retryAfterSeconds', 7);
      sandbox.faults.clear();
      sandbox.requests.clear();
      expect(await failure(lookup(ORDINARY))).to.be.instanceOf(UpstreamRateLimited);
      expect(sandbox.requests.of('persontjenesten')).to.have.length(0);
    });

    it('429 for a short while is waited out', async () => {
      sandbox.faults.next('persontjenesten', { kind: 'too-many-requests', retryAfter: 1 }, { times: 2 });
      expect((await lookup(ORDINARY)).outcome).to.equal('found');
      expect(sandbox.requests.of('persontjenesten')).to.have.length(4);
    });

    it('silence is UpstreamTimeout', async () => {
      sandbox.faults.always('persontjenesten', { kind: 'stalled-body' });
      const signal = AbortSignal.timeout(300);
      expect(await failure(lookup(ORDINARY, { signal }))).to.be.instanceOf(UpstreamTimeout);
    });

    it('a token that has expired is replaced once for both calls', async () => {
      await lookup(ORDINARY);
      sandbox.faults.next('persontjenesten', { kind: 'expired-token' }, { times: 2 });
      expect((await lookup(ORDINARY)).outcome).to.equal('found');
      expect(events.of.tokenFetched).to.have.length(2);
    });

    it('tokens that are never accepted are UpstreamForbidden', async () => {
      sandbox.faults.always('persontjenesten', { kind: 'expired-token' });
      expect(await failure(lookup(ORDINARY))).to.be.instanceOf(UpstreamForbidden);
      expect(sandbox.requests.of('persontjenesten')).to.have.length(4);
    });

    it('a nonce is sent when it is asked for', async () => {
      sandbox.faults.always('persontjenesten', { kind: 'use-dpop-nonce', nonce: 'nonce-1' });
      expect((await lookup(ORDINARY)).outcome).to.equal('found');
      sandbox.requests.clear();
      expect((await lookup(ORDINARY)).outcome).to.equal('found');
      expect(sandbox.requests.of('persontjenesten'), 'and remembered').to.have.length(2);
    });
  });

  describe('with trouble at HelseID', () => {
    const cases: readonly [string, Fault, typeof TokenUnavailable | typeof TokenRefused][] = [
      ['503', { kind: 'server-error', status: 503 }, TokenUnavailable],
      ['429', { kind: 'too-many-requests' }, TokenUnavailable],
      ['a page in HTML', { kind: 'html-page' }, TokenUnavailable],
      ['a cut connection', { kind: 'cut-connection', when: 'before-headers' }, TokenUnavailable],
      ['JSON that breaks off', { kind: 'truncated-json' }, TokenUnavailable],
    ];
    for (const [name, fault, expected] of cases) {
      it(`${name} is ${expected.name}, and after a pause lookups are answered`, async () => {
        const clock = new SkippingClock();
        const way = await connect({}, clock);
        sandbox.faults.always('helseid', fault);
        expect(await failure(lookup(ORDINARY, {}, way))).to.be.instanceOf(expected);
        expect(sandbox.requests.of('persontjenesten')).to.have.length(0);
        sandbox.faults.clear();
        await clock.skip(1_000);
        expect((await lookup(ORDINARY, {}, way)).outcome).to.equal('found');
      });
    }

    it('a key that is not registered is TokenRefused', async () => {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const other = await connect({
        privateKey: { ...sandbox.clientPrivateJwk, ...(await exportJWK(privateKey)) },
      });
      const error = await failure(lookup(ORDINARY, {}, other));
      expect(error).to.be.instanceOf(TokenRefused).with.property('message').that.includes('invalid_client');
    });

    it('an organisation that the client may not act for is TokenRefused, with the number of the error', async () => {
      const error = await failure(lookup(ORDINARY, { organisation: { ...HOSPITAL, child: '310000051' } }));
      expect(error)
        .to.be.instanceOf(TokenRefused)
        .with.property('message')
        .that.matches(/HID-1002/);
    });

    it('a certificate that nobody vouches for is TokenUnavailable', async () => {
      const blind = await createUpstream({
        settings: {
          persontjenesten: { baseUrl: sandbox.persontjenestenUrl, version: 3 },
          upstream: callSettings(),
          helseid: {
            issuer: sandbox.issuer,
            clientId: sandbox.clientId,
            privateKey: sandbox.clientPrivateJwk,
            tenancy: 'single',
          },
        },
        certificateAuthority: undefined,
        events,
        clock: systemClock,
        random: systemRandom,
      });
      opened.push(blind);
      const error = await failure(lookup(ORDINARY, {}, blind));
      expect(error).to.be.instanceOf(TokenUnavailable).with.property('message').that.includes('SELF_SIGNED');
    });
  });

  it('two ways to the same register share neither token nor nonce', async () => {
    const other = await connect();
    await lookup(ORDINARY);
    await lookup(ORDINARY, {}, other);
    expect(events.of.tokenFetched).to.have.length(2);
    upstream.close();
    expect((await lookup(ORDINARY, {}, other)).outcome).to.equal('found');
  });
});
