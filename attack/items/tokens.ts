import { createHash } from 'node:crypto';
import { Agent } from 'node:https';
import { NotTried, onHospital, onTarget, type Item, type Probe } from '../item.js';
import { insist, legalFault, tells, tellsNobody, within } from '../judge.js';
import { fetchPlain } from '../wire/http.js';
import { post, question } from '../wire/message.js';
import type { Heard } from '../world/register-front.js';
import type { Hospital } from '../world/hospital.js';
import type { Fault } from '../../src/sandbox/faults.js';

const FAILED = { code: 'InternalServiceFault' } as const;
const json = { 'content-type': 'application/json; charset=utf-8' };

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = json): Fault {
  return { kind: 'answer', status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function tokensAsked(hospital: Hospital): number {
  return hospital.sandbox.requests.of('helseid').filter(({ path }) => path === '/connect/token').length;
}

function altered(change: Readonly<Record<string, unknown>>): Fault {
  return {
    kind: 'altered-answer',
    alter: (body) => (typeof body === 'object' && body !== null ? { ...body, ...change } : body),
  };
}

const troubles: readonly (readonly [string, Fault])[] = [
  ['400 invalid_client', answer(400, { error: 'invalid_client' })],
  ['401', answer(401, { error: 'invalid_client' })],
  ['429 with Retry-After', { kind: 'too-many-requests', retryAfter: 2 }],
  ['500', { kind: 'server-error', status: 500 }],
  ['30 s without an answer', { kind: 'latency', milliseconds: 30_000 }],
  ['JSON that breaks off', { kind: 'truncated-json' }],
  ['a page of HTML', { kind: 'html-page' }],
  ['a connection that is cut', { kind: 'cut-connection', when: 'mid-body' }],
  ['token_type Bearer', altered({ token_type: 'Bearer' })],
  ['no token_type', altered({ token_type: undefined })],
  ['expires_in -1', altered({ expires_in: -1 })],
  ['expires_in in words', altered({ expires_in: 'soon' })],
  ['no access_token', altered({ access_token: undefined })],
  ['an access_token with a line break', altered({ access_token: 'a\r\nX-Injected: 1' })],
  ['an access_token of 1 MB', altered({ access_token: 'a'.repeat(1_000_000) })],
  ['another scope', altered({ scope: 'nhn:other/scope' })],
];

/** A token that cannot be had: ten questions get legal faults, soon, and HelseID is not asked ten times. */
function tokenTrouble([tried, fault]: readonly [string, Fault]): Probe {
  return onHospital(tried, async (hospital) => {
    const { target, sandbox } = hospital;
    await hospital.restart();
    sandbox.faults.always('helseid', fault);
    // Where a token was fetched ahead of need, it is not good any more.
    sandbox.faults.always('persontjenesten', { kind: 'expired-token' });
    const before = tokensAsked(hospital);
    let slowest = 0;
    for (let index = 0; index < 6; index += 1) {
      const fault = await post(target, question(target));
      legalFault(fault, FAILED);
      tellsNobody(target, fault);
      slowest = Math.max(slowest, fault.milliseconds);
    }
    const asked = tokensAsked(hospital) - before;
    insist(asked <= 6, `HelseID was asked ${asked} times`);
    return `six faults, the slowest in ${within(slowest, 8_000)}; HelseID was asked ${asked} times`;
  });
}

export const tokenErrors: Item = {
  number: 30,
  title: 'Whatever the token endpoint says ends in a legal fault, and in no storm',
  probes: [
    ...troubles.map(tokenTrouble),
    onHospital('expires_in 0: whatever comes of it, no storm', async (hospital) => {
      const { target, sandbox } = hospital;
      await hospital.restart();
      sandbox.faults.always('helseid', altered({ expires_in: 0 }));
      const before = tokensAsked(hospital);
      for (let index = 0; index < 6; index += 1) {
        const came = await post(target, question(target));
        if (came.status === 200) tells(target, came);
        else legalFault(came, FAILED);
      }
      const asked = tokensAsked(hospital) - before;
      insist(asked <= 14, `HelseID was asked ${asked} times for six questions`);
      return `HelseID was asked ${asked} times for six questions`;
    }),
  ],
};

let rotating = 0;

export const nonces: Item = {
  number: 31,
  title: 'A nonce that is asked for is given, once',
  probes: [
    onHospital('by the token endpoint, once', async (hospital) => {
      await hospital.restart();
      const before = tokensAsked(hospital);
      const came = tells(hospital.target, await post(hospital.target, question(hospital.target)));
      const asked = tokensAsked(hospital) - before;
      insist(asked <= 2, `HelseID was asked ${asked} times`);
      return `${came}; HelseID was asked ${asked} times`;
    }),
    onHospital('by the token endpoint, a new one each time and never content', async (hospital) => {
      const { target, sandbox } = hospital;
      await hospital.restart();
      sandbox.faults.always(
        'helseid',
        answer(400, { error: 'use_dpop_nonce' }, { ...json, 'dpop-nonce': 'never-right' }),
      );
      sandbox.faults.always('persontjenesten', { kind: 'expired-token' });
      const before = tokensAsked(hospital);
      legalFault(await post(target, question(target)), FAILED);
      const asked = tokensAsked(hospital) - before;
      insist(asked <= 4, `HelseID was asked ${asked} times`);
      return `a fault; HelseID was asked ${asked} times`;
    }),
    onHospital('by the API, once, and remembered', async (hospital) => {
      const { target, sandbox, front } = hospital;
      sandbox.faults.always('persontjenesten', { kind: 'use-dpop-nonce', nonce: 'api-nonce' });
      tells(target, await post(target, question(target)));
      const from = front.heard.length;
      tells(target, await post(target, question(target)));
      const calls = front.heard.slice(from);
      insist(
        calls.every(({ headers }) => claims(headers['dpop'])['nonce'] === 'api-nonce'),
        'a proof without the nonce',
      );
      return `the right answer; the next question came with it at once, ${calls.length} calls`;
    }),
    onHospital('by the API, a new one each time and never content', async (hospital) => {
      const { target, front } = hospital;
      tells(target, await post(target, question(target)));
      const needed = await callsFor(hospital);
      front.reply((request, response) => {
        rotating += 1;
        request.resume();
        response
          .writeHead(401, {
            'dpop-nonce': `nonce-${rotating}`,
            'www-authenticate': 'DPoP error="use_dpop_nonce"',
          })
          .end();
        return true;
      });
      const from = front.heard.length;
      legalFault(await post(target, question(target)), FAILED);
      const calls = front.heard.length - from;
      // One for the nonce and one for a fresh token, at most.
      insist(calls <= needed * 4, `${calls} calls where ${needed} do`);
      return `a fault after ${calls} calls`;
    }),
  ],
};

async function callsFor({ target, front }: Hospital): Promise<number> {
  const from = front.heard.length;
  tells(target, await post(target, question(target)));
  return front.heard.length - from;
}

/** The claims of a proof; nothing where there is none. */
function claims(proof: string | readonly string[] | undefined): Readonly<Record<string, unknown>> {
  return typeof proof === 'string' ? jsonOf(proof.split('.')[1]) : {};
}

function jsonOf(part: string | undefined): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
}

async function together(hospital: Hospital, count: number): Promise<number> {
  const { target } = hospital;
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  try {
    const answers = await Promise.all(
      Array.from({ length: count }, () => post(target, question(target), { agent })),
    );
    let right = 0;
    for (const one of answers) {
      if (one.status === 200) {
        tells(target, one);
        right += 1;
      }
    }
    return right;
  } finally {
    agent.destroy();
  }
}

export const oneToken: Item = {
  number: 32,
  title: 'However many ask, one token is fetched',
  probes: [
    onHospital('150 first questions at the same time', async (hospital) => {
      await hospital.restart();
      const given = (): number =>
        hospital.sandbox.requests
          .of('helseid')
          .filter(({ path, status }) => path === '/connect/token' && status === 200).length;
      const before = given();
      const right = await together(hospital, 150);
      insist(given() - before === 1, `${given() - before} tokens`);
      insist(right >= 120, `${right} right answers`);
      return `one token, ${right} right answers`;
    }),
    onHospital('the token ends in the middle of thirty questions', async (hospital) => {
      const { front, target } = hospital;
      // More than one new token in half a minute is not fetched for such a reason: a process that has fetched none.
      await hospital.restart();
      tells(target, await post(target, question(target)));
      const before = tokensAsked(hospital);
      const old = front.heard.at(-1)?.headers.authorization;
      front.reply((request, response) => {
        if (request.headers.authorization !== old) return undefined;
        request.resume();
        response.writeHead(401, { 'www-authenticate': 'DPoP error="invalid_token"' }).end();
        return true;
      });
      const right = await together(hospital, 30);
      const asked = tokensAsked(hospital) - before;
      insist(asked <= 2, `HelseID was asked ${asked} times`);
      insist(right >= 29, `${30 - right} of thirty failed`);
      return `${right} right answers; HelseID was asked ${asked} times`;
    }),
    onHospital('each try has a proof of its own, made when it was sent', async (hospital) => {
      const { front, sandbox, target } = hospital;
      const from = front.heard.length;
      sandbox.faults.next('persontjenesten', { kind: 'server-error', status: 503 }, { times: 2 });
      tells(target, await post(target, question(target)));
      await together(hospital, 20);
      const calls = front.heard.slice(from);
      const ids = calls.map(({ headers }) => claims(headers['dpop'])['jti']);
      insist(new Set(ids).size === calls.length, 'a proof was sent twice');
      const late = calls.filter(
        ({ at, headers }) => Math.abs(at / 1000 - Number(claims(headers['dpop'])['iat'])) > 3,
      );
      insist(late.length === 0, `${late.length} of ${calls.length} proofs were old`);
      return `${calls.length} calls, ${calls.length} fresh proofs`;
    }),
  ],
};

export const skew: Item = {
  number: 33,
  title: 'A clock that differs from that of HelseID is noticed and told',
  probes: [60, -60].map((seconds) =>
    onHospital(`HelseID is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`, async (hospital) => {
      const { target, sandbox, ports } = hospital;
      await hospital.restart();
      const from = hospital.lines.length;
      sandbox.faults.always('helseid', { kind: 'skewed-clock', seconds }, { path: '/' });
      sandbox.faults.next('persontjenesten', { kind: 'expired-token' });
      const came = await post(target, question(target));
      if (came.status !== 200) legalFault(came, FAILED);
      await hospital.says(/the clock of this machine differs/, from);
      const health = await fetchPlain('127.0.0.1', ports.operations, '/health/ready');
      insist(
        /"clock":\{"status":"(warning|failed)"/.test(health.text.replace(/\s/g, '')),
        'health does not tell',
      );
      return `HTTP ${came.status}; told in the log and in health`;
    }),
  ),
};

function proofOf({ headers }: Heard): {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
} {
  const proof = headers['dpop'];
  return { header: typeof proof === 'string' ? jsonOf(proof.split('.')[0]) : {}, claims: claims(proof) };
}

export const proofs: Item = {
  number: 34,
  title: 'Proofs say what RFC 9449 wants, and no key or token is ever told',
  probes: [
    onHospital('htu, htm, ath and the key', async (hospital) => {
      const { front, target } = hospital;
      const from = front.heard.length;
      tells(target, await post(target, question(target)));
      const calls = front.heard.slice(from);
      insist(calls.length > 0, 'nothing was asked');
      for (const call of calls) {
        const { header, claims: said } = proofOf(call);
        const [scheme, token = ''] = (call.headers.authorization ?? '').split(' ');
        insist(scheme === 'DPoP', `scheme ${scheme ?? 'none'}`);
        insist(said['htu'] === `${front.url}${call.url.replace(/[?#].*/, '')}`, 'htu is another address');
        insist(
          said['htm'] === call.method && call.method === call.method.toUpperCase(),
          'htm is another method',
        );
        insist(said['ath'] === createHash('sha256').update(token).digest('base64url'), 'ath does not fit');
        insist(
          header['typ'] === 'dpop+jwt' && !String(header['alg']).startsWith('HS'),
          'another type or algorithm',
        );
        insist(!('d' in jwkOf(header)), 'the private key is in the proof');
      }
      return `right in ${calls.length} calls`;
    }),
    onHospital('no token, proof or private key in any line of the log so far', (hospital) => {
      const found = hospital.lines.filter((line) => /eyJ[\w-]{10,}|"d":|PRIVATE KEY/.test(line));
      insist(found.length === 0, `${found.length} lines`);
      return Promise.resolve(`none in ${hospital.lines.length} lines`);
    }),
    onTarget('a key that is replaced under load', () => {
      throw new NotTried('test/cli/rotate-under-load.test.ts has it');
    }),
  ],
};

function jwkOf(header: Readonly<Record<string, unknown>>): object {
  const jwk = header['jwk'];
  return typeof jwk === 'object' && jwk !== null ? jwk : {};
}
