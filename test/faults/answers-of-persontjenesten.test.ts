import { expect } from 'chai';
import { errorCatalogue } from '../../src/errors/catalogue.js';
import { faultTable } from '../../src/legacy/soap/fault-table.js';
import { isJsonList, isJsonObject, isJsonValue, type JsonObject } from '../../src/mapping/json.js';
import type { Fault } from '../../src/sandbox/faults.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { addressStrings } from '../support/address-strings.js';
import { SLACK_MILLISECONDS } from '../support/skipping-clock.js';
import { expectFault, personTold } from './expectations.js';
import { protocols, startFaultBench, type FaultBench, type FaultyAdapter } from './fault-bench.js';
import { personUnderTest } from './person-under-test.js';

const MEBIBYTE = 1024 * 1024;
const json = { 'content-type': 'application/json; charset=utf-8' };
const problem = { 'content-type': 'application/problem+json' };

/** What one answer of Persontjenesten comes to. */
interface Row {
  readonly name: string;
  readonly fault: Fault;
  /** The code of the error catalogue, or the answer to the question. */
  readonly outcome: keyof typeof errorCatalogue | 'found' | 'not-found';
  /** How often Persontjenesten is asked. */
  readonly attempts: number;
  /** The fault goes away after so many attempts; lasting when absent. */
  readonly times?: number;
  /** Nothing comes until time is up. */
  readonly hangs?: true;
  /** Rows of mappings/ that tell of a value which they do not know. */
  readonly unmapped?: readonly string[];
}

const answer = (
  status: number,
  body?: string,
  headers: Readonly<Record<string, string>> = problem,
): Fault => ({
  kind: 'answer',
  status,
  headers,
  ...(body === undefined ? {} : { body }),
});
const altered = (alter: (person: JsonObject) => unknown): Fault => ({
  kind: 'altered-answer',
  alter: (body) => (isJsonValue(body) && isJsonObject(body) ? alter(body) : body),
});
const inElements = (list: string, change: JsonObject): Fault =>
  altered((person) => {
    const elements = person[list];
    // Not every call asks for this part.
    if (!isJsonList(elements)) return person;
    return { ...person, [list]: elements.map((one) => (isJsonObject(one) ? { ...one, ...change } : one)) };
  });
const nobody = JSON.stringify({ status: 404, title: 'Not Found', detail: 'No person found' });

/** persontjenesten-api 5.1 and QUALITY 35. */
const rows: readonly Row[] = [
  {
    name: 'a hang of half a minute',
    fault: { kind: 'latency', milliseconds: 60_000 },
    outcome: 'upstream-timeout',
    attempts: 3,
    hangs: true,
  },
  {
    name: 'a body that stalls',
    fault: { kind: 'stalled-body' },
    outcome: 'upstream-timeout',
    attempts: 3,
    hangs: true,
  },
  {
    name: 'a hang of the first attempt alone',
    fault: { kind: 'latency', milliseconds: 60_000 },
    outcome: 'found',
    attempts: 2,
    times: 1,
    hangs: true,
  },
  {
    name: 'a connection cut before the headers',
    fault: { kind: 'cut-connection', when: 'before-headers' },
    outcome: 'upstream-unavailable',
    attempts: 3,
  },
  {
    name: 'a connection cut once',
    fault: { kind: 'cut-connection', when: 'before-headers' },
    outcome: 'found',
    attempts: 2,
    times: 1,
  },
  {
    name: 'a connection cut in the middle of the body',
    fault: { kind: 'cut-connection', when: 'mid-body' },
    outcome: 'upstream-unavailable',
    attempts: 3,
  },
  {
    name: '200 with truncated JSON',
    fault: { kind: 'truncated-json' },
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  { name: '200 with HTML', fault: { kind: 'html-page' }, outcome: 'upstream-invalid-answer', attempts: 1 },
  {
    name: '200 with HTML that calls itself JSON',
    fault: answer(200, '<html></html>', json),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '200 with JSON that calls itself text',
    fault: answer(200, '{}', { 'content-type': 'text/plain' }),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '200 with nothing',
    fault: answer(200, undefined, json),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '200 with null',
    fault: answer(200, 'null', json),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '200 with a list',
    fault: answer(200, '[]', json),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '200 with a text',
    fault: answer(200, '"person"', json),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '200 with 50 MB',
    fault: answer(200, ' '.repeat(50 * MEBIBYTE), json),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  { name: '204', fault: answer(204), outcome: 'upstream-invalid-answer', attempts: 1 },
  {
    name: '301',
    fault: answer(301, undefined, { location: 'https://localhost:9/' }),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '307',
    fault: answer(307, undefined, { location: 'https://localhost:9/' }),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '400',
    fault: answer(400, '{"status":400,"title":"Bad Request"}'),
    outcome: 'upstream-rejected',
    attempts: 1,
  },
  {
    name: '400 in HTML',
    fault: { kind: 'html-page', status: 400 },
    outcome: 'upstream-rejected',
    attempts: 1,
  },
  { name: '401', fault: { kind: 'expired-token' }, outcome: 'upstream-forbidden', attempts: 2 },
  { name: '401 once', fault: { kind: 'expired-token' }, outcome: 'found', attempts: 2, times: 1 },
  {
    name: '401 that asks for a nonce',
    fault: { kind: 'use-dpop-nonce', nonce: 'n-1' },
    outcome: 'found',
    attempts: 2,
  },
  { name: '403', fault: answer(403), outcome: 'upstream-forbidden', attempts: 1 },
  { name: '404 with problem details', fault: answer(404, nobody), outcome: 'not-found', attempts: 1 },
  {
    name: '404 in the words of version 2',
    fault: answer(404, '{"title":"Person not found"}'),
    outcome: 'not-found',
    attempts: 1,
  },
  { name: '404 without a body', fault: answer(404), outcome: 'upstream-invalid-answer', attempts: 1 },
  {
    name: '404 in HTML',
    fault: { kind: 'html-page', status: 404 },
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: '404 with JSON that is no problem',
    fault: answer(404, '{"message":"no route"}', json),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  { name: '408', fault: answer(408), outcome: 'upstream-unavailable', attempts: 3 },
  { name: '409', fault: answer(409), outcome: 'upstream-rejected', attempts: 1 },
  { name: '410', fault: answer(410), outcome: 'upstream-rejected', attempts: 1 },
  { name: '422', fault: answer(422), outcome: 'upstream-rejected', attempts: 1 },
  { name: '429', fault: { kind: 'too-many-requests' }, outcome: 'upstream-rate-limited', attempts: 1 },
  {
    name: '429 for two seconds',
    fault: { kind: 'too-many-requests', retryAfter: 2 },
    outcome: 'upstream-rate-limited',
    attempts: 3,
  },
  {
    name: '429 once',
    fault: { kind: 'too-many-requests', retryAfter: 1 },
    outcome: 'found',
    attempts: 2,
    times: 1,
  },
  {
    name: '429 for an hour',
    fault: { kind: 'too-many-requests', retryAfter: 3_600 },
    outcome: 'upstream-rate-limited',
    attempts: 1,
  },
  ...([500, 502, 503, 504] as const).map((status): Row => ({
    name: String(status),
    fault: { kind: 'server-error', status },
    outcome: 'upstream-unavailable',
    attempts: 3,
  })),
  {
    name: '502 in HTML',
    fault: { kind: 'html-page', status: 502 },
    outcome: 'upstream-unavailable',
    attempts: 3,
  },
  {
    name: '503 once to each call',
    fault: { kind: 'server-error', status: 503 },
    outcome: 'found',
    attempts: 2,
    times: 2,
  },
  {
    name: '503 for two minutes',
    fault: { kind: 'server-error', status: 503, retryAfter: 120 },
    outcome: 'upstream-unavailable',
    attempts: 1,
  },
  {
    name: 'an unknown gender',
    fault: inElements('gender', { gender: 'Unheard' }),
    outcome: 'found',
    attempts: 1,
    unmapped: ['gender'],
  },
  {
    name: 'an unknown status',
    fault: inElements('status', { status: 'Unheard' }),
    outcome: 'found',
    attempts: 1,
    unmapped: ['regStatus'],
  },
  {
    name: 'an unknown protection level',
    fault: altered((person) => ({
      ...person,
      addressProtection: [{ isValid: true, protectionLevel: 'Unheard' }],
    })),
    outcome: 'found',
    attempts: 1,
  },
  {
    name: 'an extra field',
    fault: altered((person) => ({ ...person, unheardOf: { of: ['before'] } })),
    outcome: 'found',
    attempts: 1,
  },
  {
    name: 'a missing field',
    fault: altered((person) => ({ ...person, name: undefined })),
    outcome: 'found',
    attempts: 1,
  },
  {
    name: 'a field that is null',
    fault: altered((person) => ({ ...person, name: null, birth: null })),
    outcome: 'found',
    attempts: 1,
  },
  {
    name: 'a field of a wrong type',
    fault: altered((person) => ({ ...person, name: 'Kari', birth: [7], maritalStatus: { a: 1 } })),
    outcome: 'found',
    attempts: 1,
  },
  {
    name: 'a document without the number',
    fault: altered((person) => ({ ...person, norwegianIdentificationNumber: [] })),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
  {
    name: 'a document with numbers that are null',
    fault: altered((person) => ({ ...person, norwegianIdentificationNumber: null })),
    outcome: 'upstream-invalid-answer',
    attempts: 1,
  },
];

/** Whoever is told to be silent, or that a token is no good, acts upon it toward everybody for a while. */
function isRemembered(fault: Fault): boolean {
  return 'retryAfter' in fault || fault.kind === 'expired-token' || fault.kind === 'use-dpop-nonce';
}

/** An adapter whose token is there, so that nothing but the answer under test can go wrong. */
async function withToken(bench: FaultBench): Promise<FaultyAdapter> {
  const adapter = await bench.open();
  await adapter.ask('hl7v3', personUnderTest(bench.sandbox).number);
  return adapter;
}

/** A lookup takes two calls side by side: what is known today, and the numbers there were before. */
const CALLS = 2;

function disturbed({ requests }: Sandbox): number {
  return requests.all().filter(({ fault }) => fault !== undefined).length;
}

/** How often each call was made that the question took (current data, and old numbers), most first. */
function attemptsAtEachCall({ requests }: Sandbox, asked: string): readonly number[] {
  const attempts = new Map<string, number>();
  for (const { query, correlationId } of requests.of('persontjenesten')) {
    // One that was given up may arrive while the next question is asked.
    if (correlationId !== asked) continue;
    const call = JSON.stringify(query);
    attempts.set(call, (attempts.get(call) ?? 0) + 1);
  }
  return [...attempts.values()].sort((one, other) => other - one);
}

/** What would tell of the person: the number, and the addresses but for digits that may stand anywhere. */
function telling(number: string, document: JsonObject): readonly string[] {
  return [number, ...[...addressStrings(document, 'any')].filter((text) => /\p{L}{4}/u.test(text))];
}

describe('each answer of Persontjenesten, as legacy clients see it', () => {
  let bench: FaultBench;
  let adapter: FaultyAdapter;

  before(async () => {
    bench = await startFaultBench();
    adapter = await withToken(bench);
  });
  afterEach(() => {
    bench.sandbox.faults.clear();
    bench.clock.reset();
  });
  after(async () => bench.stop());

  for (const row of rows) {
    for (const protocol of protocols) {
      it(`${row.name}, by ${protocol}: ${row.outcome} after ${row.attempts} ${row.attempts === 1 ? 'attempt' : 'attempts'}`, async () => {
        const { sandbox } = bench;
        const { number, document } = personUnderTest(sandbox);
        const asked = isRemembered(row.fault) ? await withToken(bench) : adapter;
        sandbox.requests.clear();
        if (row.times === undefined) sandbox.faults.always('persontjenesten', row.fault);
        else sandbox.faults.next('persontjenesten', row.fault, { times: row.times });
        const wave = row.times ?? CALLS;
        const ending = await asked.ask(
          protocol,
          number,
          row.hangs === true ? { met: () => disturbed(sandbox), wave } : undefined,
        );
        expect(ending.outcome, 'audit').to.equal(row.outcome);
        const attempts = attemptsAtEachCall(sandbox, ending.correlationId);
        expect(attempts[0], 'attempts').to.equal(row.attempts);
        // Of a call that is given up, since the other has failed, nobody is told.
        expect(ending.calls.length, 'told of').to.be.greaterThanOrEqual(row.attempts);
        expect(ending.seconds, 'seconds').to.be.lessThan(30 + SLACK_MILLISECONDS / 1_000 + 0.5);
        if (row.outcome === 'found' || row.outcome === 'not-found') {
          expect(ending.status, ending.body).to.equal(200);
          expect(personTold(protocol, ending.body, number)).to.equal(row.outcome === 'found');
          expect(ending.unmapped, 'unmapped').to.include.members(row.unmapped ?? []);
        } else {
          expectFault(ending, faultTable[row.outcome]);
          for (const text of telling(number, document)) expect(ending.body).to.not.include(text);
        }
      });
    }
  }

  it('is retried only where the error catalogue calls the cause one that passes', () => {
    for (const { outcome, attempts, name } of rows) {
      if (outcome === 'found' || outcome === 'not-found' || name === '401') continue;
      if (attempts > 1) expect(errorCatalogue[outcome].retry, name).to.equal('transient');
    }
  });
});
