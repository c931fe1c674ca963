import { expect } from 'chai';
import { isAlarmName, type AlarmName } from '../../src/helseid/alarms.js';
import { faultTable } from '../../src/legacy/soap/fault-table.js';
import { isJsonObject, isJsonValue, type JsonObject } from '../../src/mapping/json.js';
import type { Fault } from '../../src/sandbox/faults.js';
import { expectFault } from './expectations.js';
import { protocols, startFaultBench, type FaultBench } from './fault-bench.js';
import { personUnderTest } from './person-under-test.js';

/** What one answer of HelseID comes to. */
interface Row {
  readonly name: string;
  readonly fault: Fault;
  /** Which requests it meets; the token endpoint's by default. */
  readonly path?: string;
  readonly outcome: 'token-refused' | 'token-unavailable' | 'upstream-timeout';
  /** What the operator is told; nothing where all went well or the deadline came first. */
  readonly alarm?: AlarmName;
  /** How many requests reach the token endpoint for one question. */
  readonly attempts: number;
  /** The fault goes away after so many requests; lasting when absent. */
  readonly times?: number;
  readonly hangs?: true;
}

const json = { 'content-type': 'application/json' };
const refusal = (status: number, error: string, description?: string): Fault => ({
  kind: 'answer',
  status,
  headers: json,
  body: JSON.stringify({ error, error_description: description }),
});
const altered = (change: JsonObject): Fault => ({
  kind: 'altered-answer',
  alter: (body) => (isJsonValue(body) && isJsonObject(body) ? { ...body, ...change } : body),
});
const unboundToken = ['{"alg":"none"}', '{"sub":"nobody"}', '']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

/** Codes that somebody has to act upon (helseid 4). */
const refusedCodes = [
  'invalid_dpop_proof',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_grant',
  'unsupported_response_type',
] as const;
const numbersOfHelseId = Array.from({ length: 10 }, (_, index) => `HID-${1001 + index}`).filter(isAlarmName);

const down = { outcome: 'token-unavailable', attempts: 1 } as const;
const refused = { outcome: 'token-refused', attempts: 1 } as const;

/** helseid 4 and QUALITY 30–31. The first round for a nonce is HelseID's own and no fault: faults come in its place. */
const rows: readonly Row[] = [
  ...refusedCodes.map((code): Row => ({ name: code, fault: refusal(400, code), alarm: code, ...refused })),
  ...numbersOfHelseId.map((number): Row => ({
    name: number,
    fault: refusal(400, 'invalid_request', `${number}: something about an organisation`),
    alarm: number,
    ...refused,
  })),
  { name: '401', fault: { kind: 'answer', status: 401 }, alarm: 'invalid_client', ...refused },
  { name: '401 invalid_client', fault: refusal(401, 'invalid_client'), alarm: 'invalid_client', ...refused },
  { name: 'a code that nobody knows', fault: refusal(400, 'unheard_of'), alarm: 'refused', ...refused },
  {
    name: 'a nonce, and then another',
    fault: { kind: 'use-dpop-nonce', nonce: 'n' },
    outcome: 'token-unavailable',
    alarm: 'use_dpop_nonce',
    attempts: 2,
    times: 1,
  },
  {
    name: 'a nonce for ever',
    fault: refusalForNonce(),
    outcome: 'token-unavailable',
    alarm: 'use_dpop_nonce',
    attempts: 2,
  },
  {
    name: 'temporarily_unavailable',
    fault: refusal(400, 'temporarily_unavailable'),
    alarm: 'helseid_failing',
    ...down,
  },
  { name: '429', fault: { kind: 'too-many-requests' }, alarm: 'too_many_requests', ...down },
  {
    name: '429 for a minute',
    fault: { kind: 'too-many-requests', retryAfter: 60 },
    alarm: 'too_many_requests',
    ...down,
  },
  ...([500, 502, 503, 504] as const).map((status): Row => ({
    name: String(status),
    fault: { kind: 'server-error', status },
    alarm: 'helseid_failing',
    ...down,
  })),
  { name: '200 with HTML', fault: { kind: 'html-page' }, alarm: 'not_helseid', ...down },
  { name: '403 with HTML', fault: { kind: 'html-page', status: 403 }, alarm: 'not_helseid', ...down },
  {
    name: '302',
    fault: { kind: 'answer', status: 302, headers: { location: 'https://localhost:9/' } },
    alarm: 'not_helseid',
    ...down,
  },
  { name: '200 with truncated JSON', fault: { kind: 'truncated-json' }, alarm: 'not_helseid', ...down },
  {
    name: 'a connection cut before the headers',
    fault: { kind: 'cut-connection', when: 'before-headers' },
    alarm: 'no_connection',
    ...down,
  },
  {
    name: 'a connection cut in the middle',
    fault: { kind: 'cut-connection', when: 'mid-body' },
    alarm: 'no_connection',
    ...down,
  },
  {
    name: 'a hang',
    fault: { kind: 'latency', milliseconds: 60_000 },
    outcome: 'upstream-timeout',
    attempts: 1,
    hangs: true,
  },
  {
    name: 'a bearer token',
    fault: altered({ token_type: 'Bearer' }),
    outcome: 'token-refused',
    alarm: 'wrong_token_type',
    attempts: 2,
  },
  {
    name: 'a token that is bound to no key',
    fault: altered({ access_token: unboundToken }),
    outcome: 'token-refused',
    alarm: 'wrong_binding',
    attempts: 2,
  },
  {
    name: 'a token without the scope',
    fault: altered({ scope: 'openid' }),
    outcome: 'token-refused',
    alarm: 'missing_scope',
    attempts: 2,
  },
  {
    name: 'a scope that is rejected',
    fault: altered({ scope: '', rejected_scope: 'nhn:hgd-persontjenesten-api/full-access' }),
    outcome: 'token-refused',
    alarm: 'rejected_scope',
    attempts: 2,
  },
  ...[0, -1, '600', null].map((seconds): Row => ({
    name: `a token that lives ${JSON.stringify(seconds)} seconds`,
    fault: altered({ expires_in: seconds }),
    outcome: 'token-refused',
    alarm: 'unusable_answer',
    attempts: 2,
  })),
  {
    name: 'no discovery',
    path: 'openid-configuration',
    fault: { kind: 'server-error', status: 503 },
    outcome: 'token-unavailable',
    alarm: 'no_discovery',
    attempts: 0,
  },
  {
    name: 'discovery in HTML',
    path: 'openid-configuration',
    fault: { kind: 'html-page' },
    outcome: 'token-unavailable',
    alarm: 'no_discovery',
    attempts: 0,
  },
];

function refusalForNonce(): Fault {
  return {
    kind: 'answer',
    status: 400,
    headers: { ...json, 'dpop-nonce': 'another' },
    body: JSON.stringify({ error: 'use_dpop_nonce' }),
  };
}

describe('each answer of HelseID, as legacy clients and the operator see it', () => {
  let bench: FaultBench;
  before(async () => {
    bench = await startFaultBench();
  });
  afterEach(() => {
    bench.sandbox.faults.clear();
    bench.clock.reset();
  });
  after(async () => bench.stop());

  for (const { name, fault, path, outcome, alarm, attempts, times, hangs } of rows) {
    it(`${name}: ${alarm ?? outcome}`, async () => {
      const { sandbox } = bench;
      const { number } = personUnderTest(sandbox);
      const adapter = await bench.open();
      sandbox.requests.clear();
      const scope = path === undefined ? {} : { path };
      if (times === undefined) sandbox.faults.always('helseid', fault, scope);
      else sandbox.faults.next('helseid', fault, { ...scope, times });
      const met = (): number =>
        sandbox.requests.of('helseid').filter((one) => one.fault !== undefined).length;
      const asked = (): number =>
        sandbox.requests.of('helseid').filter((one) => one.path === '/connect/token').length;

      const [first, ...others] = protocols;
      const ending = await adapter.ask(first, number, hangs === true ? { met, wave: 1 } : undefined);
      expect(ending.outcome).to.equal(outcome);
      expect(asked(), 'token requests').to.equal(attempts);
      expect(ending.seconds).to.be.lessThan(32);
      expectFault(ending, faultTable[outcome]);
      expect(sandbox.requests.of('persontjenesten'), 'calls without a token').to.deep.equal([]);
      if (alarm === undefined) return;
      expect(adapter.log()).to.include(`"${alarm}"`);
      expect(adapter.log()).to.not.match(/eyJ|something about an organisation/);

      // HelseID is left alone for a while: whoever asks next gets the same at once, in the other protocol too.
      for (const protocol of others) {
        const next = await adapter.ask(protocol, number);
        expect(next.outcome).to.equal(outcome);
        expectFault(next, faultTable[outcome]);
      }
      expect(asked(), 'no storm').to.equal(attempts);
    });
  }

  it('has a row for every refusal that the contract names', () => {
    expect(numbersOfHelseId).to.have.length(10);
    expect(refusedCodes.every(isAlarmName)).to.equal(true);
  });
});
