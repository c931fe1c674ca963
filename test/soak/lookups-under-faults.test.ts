import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { openAdapter, type OpenedAdapter } from '../../src/cli/open-adapter.js';
import { supply } from '../../src/cli/supplies.js';
import type { AdapterConfiguration } from '../../src/config/adapter-configuration.js';
import { loadConfiguration } from '../../src/config/load.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { ErrorCode } from '../../src/errors/catalogue.js';
import { faultTable } from '../../src/legacy/soap/fault-table.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { Fault } from '../../src/sandbox/faults.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { personTold } from '../faults/expectations.js';
import { protocols, type AskedBy } from '../faults/fault-bench.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { long } from '../support/long-runs.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../support/person-service-request.js';
import { textOf } from '../support/soap-bench.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const LOOKUPS = long ? 5_000 : 500;

/** Every kind of trouble that a call may meet, and as much as lets the others through. */
const troubles: readonly Fault[] = [
  { kind: 'server-error', status: 503 },
  { kind: 'server-error', status: 500 },
  { kind: 'too-many-requests', retryAfter: 0 },
  { kind: 'html-page' },
  { kind: 'html-page', status: 502 },
  { kind: 'truncated-json' },
  { kind: 'cut-connection', when: 'before-headers' },
  { kind: 'cut-connection', when: 'mid-body' },
  { kind: 'expired-token' },
  { kind: 'answer', status: 404 },
  { kind: 'answer', status: 400 },
  { kind: 'answer', status: 403 },
  { kind: 'latency', milliseconds: 30 },
  { kind: 'altered-answer', alter: () => null },
];
const nothing: Fault = { kind: 'latency', milliseconds: 0 };

/** What such trouble may end in; anything else is not the right fault. */
const rightFaults: readonly ErrorCode[] = [
  'upstream-unavailable',
  'upstream-rate-limited',
  'upstream-rejected',
  'upstream-forbidden',
  'upstream-invalid-answer',
];

/** A generator of numbers from 0 to 1 that gives the same ones each time (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('lookups side by side while upstream fails at random', function () {
  this.timeout(600_000);
  let sandbox: Sandbox;
  let configuration: AdapterConfiguration;
  const folders: string[] = [];
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'preg-adapter-'));
    folders.push(folder);
    return folder;
  };

  before(async () => {
    const loaded = loadConfiguration({
      file: join(packageRoot(), 'config', 'sandbox.yaml'),
      clock: systemClock,
      environment: {
        PREG_ADAPTER__DATA__DIRECTORY: newFolder(),
        PREG_ADAPTER__SANDBOX__PORT: '0',
        PREG_ADAPTER__SANDBOX__POPULATION: '300',
        PREG_ADAPTER__EVENTS__ENABLED: 'false',
        PREG_ADAPTER__LOGGING__LEVEL: 'error',
        PREG_ADAPTER__UPSTREAM__MAX_WAITING_CALLS: '20000',
        // Neither time nor the breaker is to end what random faults let through, however slow the machine.
        PREG_ADAPTER__LISTENERS__LEGACY__REQUEST_DEADLINE_SECONDS: '300',
        PREG_ADAPTER__UPSTREAM__CALL_TIMEOUT_SECONDS: '120',
        PREG_ADAPTER__UPSTREAM__BREAKER__MINIMUM_CALLS: '1000',
        PREG_ADAPTER__UPSTREAM__BREAKER__FAILURE_PERCENT: '100',
      },
    });
    const supplied = await supply(loaded, {
      clock: systemClock,
      random: systemRandom,
      onTrouble: () => undefined,
    });
    if (supplied.sandbox === undefined) throw new Error('config/sandbox.yaml has no sandbox');
    sandbox = supplied.sandbox;
    configuration = supplied.configuration;
  });
  after(async () => {
    await sandbox.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  for (const coalescing of [true, false]) {
    it(`each get the right answer or the right fault, ${coalescing ? 'in calls for several' : 'each in calls of its own'}`, async () => {
      const opened = await openAdapter({
        configuration: withManyClients(configuration, coalescing, newFolder()),
        clock: systemClock,
        random: systemRandom,
        log: new Writable({
          write: (_chunk, _encoding, done) => {
            done();
          },
        }),
      });
      try {
        await lookUpUnderFaults(opened);
      } finally {
        sandbox.faults.clear();
        await opened.close();
      }
    });
  }

  async function lookUpUnderFaults(opened: OpenedAdapter): Promise<void> {
    const roll = dice(5);
    const known: readonly string[] = [...sandbox.population.documents()].flatMap((document) => {
      const [preferred] = numbersIn(document);
      return preferred?.inUse === true ? [preferred.nin] : [];
    });
    for (let count = 0; count < LOOKUPS * 4; count += 1) {
      const trouble = troubles[Math.floor(roll() * troubles.length)] ?? nothing;
      sandbox.faults.next('persontjenesten', roll() < 0.15 ? trouble : nothing);
    }
    const isUnknown = new Set<string>(Array.from({ length: 40 }, (_, index) => syntheticNumber(900 + index)));
    for (const number of known) isUnknown.delete(number);
    const numbers = [...known, ...isUnknown];
    const outcomes = { found: 0, 'not-found': 0, fault: 0 };
    const correlationIds = new Set<string>();

    const one = async (index: number): Promise<void> => {
      const number = numbers[Math.floor(roll() * numbers.length)] ?? '';
      const protocol: AskedBy = protocols[index % protocols.length] ?? 'hl7v3';
      const client = clients[index % clients.length] ?? clients[0];
      const { status, body, messageId } = await ask(opened, protocol, number, client.id);
      expect(body, 'an answer to this very message').to.include(messageId);
      if (status === 500) {
        const correlationId = /Correlation id: ([0-9a-f-]{36})\./.exec(body)?.[1] ?? '';
        expect(correlationIds.has(correlationId), 'a correlation id of its own').to.equal(false);
        correlationIds.add(correlationId);
        const texts = rightFaults.map((code) => faultTable[code]);
        expect(
          texts.some((row) => body.includes(row.text)),
          body,
        ).to.equal(true);
        outcomes.fault += 1;
        return;
      }
      expect(status, body).to.equal(200);
      const isTold = personTold(protocol, body, number);
      expect(isTold, 'known by the number').to.equal(!isUnknown.has(number));
      expect(/<(?:[a-z]+:)?(?:GivenName|given)>[^<]/.test(body), 'the name, as the profile says').to.equal(
        isTold && client.profile === 'complete',
      );
      outcomes[isTold ? 'found' : 'not-found'] += 1;
    };
    await Promise.all(Array.from({ length: LOOKUPS }, (_, index) => one(index)));

    expect(outcomes.found + outcomes['not-found'] + outcomes.fault).to.equal(LOOKUPS);
    for (const [outcome, count] of Object.entries(outcomes)) expect(count, outcome).to.be.greaterThan(0);
    expect(outcomes.found, 'most are found').to.be.greaterThan(LOOKUPS / 3);
    const audited = [...opened.store.audit.entries()];
    expect(audited.length, 'each is on record').to.equal(LOOKUPS);
    expect(new Set(audited.map(({ correlationId }) => correlationId)).size).to.equal(LOOKUPS);
  }
});

const clients = [
  { id: 'epj-1', child: undefined, profile: 'complete', access: 'full' },
  { id: 'epj-2', child: '310000101', profile: 'complete', access: 'restricted' },
  { id: 'epj-3', child: '310000102', profile: 'nameless', access: 'full' },
  { id: 'epj-4', child: '310000103', profile: 'nameless', access: 'restricted' },
  { id: 'epj-5', child: '310000101', profile: 'complete', access: 'full' },
] as const;

/** The same client five times, with other organisations, profiles and views. */
function withManyClients(
  configuration: AdapterConfiguration,
  enabled: boolean,
  directory: string,
): AdapterConfiguration {
  const [client] = configuration.clients;
  if (client === undefined) throw new Error('config/sandbox.yaml has no client');
  return {
    ...configuration,
    data: { directory },
    profiles: { ...configuration.profiles, nameless: { groups: ['identity', 'addresses'] } },
    upstream: {
      ...configuration.upstream,
      coalescing: { ...configuration.upstream.coalescing, enabled },
    },
    clients: clients.map(({ id, child, profile, access }) => ({
      ...client,
      id,
      username: id,
      profile,
      access,
      organisation: { ...client.organisation, child },
    })),
  };
}

async function ask(
  { adapter }: OpenedAdapter,
  protocol: AskedBy,
  number: string,
  username: string,
): Promise<{ readonly status: number; readonly body: string; readonly messageId: string }> {
  const now = new Date();
  const messageId = `urn:uuid:${systemRandom.uuid()}`;
  const password = 'epj-sandbox';
  const envelope =
    protocol === 'hl7v3'
      ? getDemographicsRequest({ numbers: [number], now, username, password, messageId })
      : personServiceRequest({
          operation: 'GetPerson',
          content: `<parameters><cd:NIN xmlns:cd="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data">${number}</cd:NIN></parameters>`,
          now,
          username,
          password,
        }).replace(/urn:uuid:[0-9a-f-]+/, messageId);
  const response = await adapter.ask({
    method: 'POST',
    path: protocol === 'hl7v3' ? HL7V3_PATH : PERSON_SERVICE_PATH,
    query: '',
    headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
    body: Buffer.from(envelope),
    remoteAddress: '127.0.0.1',
    signal: new AbortController().signal,
  });
  return { status: response.status, body: textOf(response), messageId };
}
