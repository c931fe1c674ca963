import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { NotTried, onHospital, onTarget, type Item, type Probe } from '../item.js';
import { insist, legalFault, tells, tellsNobody, within } from '../judge.js';
import {
  PERSON_SERVICE_PATH,
  post,
  pregXmlQuestion,
  question,
  security,
  timestamp,
  usernameToken,
  demographicsBody,
} from '../wire/message.js';
import type { Fault } from '../../src/sandbox/faults.js';
import type { Hospital } from '../world/hospital.js';

const FAILED = { code: 'InternalServiceFault' } as const;

/** The deadline of the adapter under attack, and what a busy machine may add. */
const DEADLINE = 6_000 + 2_500;

/** The most tries of one call: the first and two more. */
const TRIES = 3;

const json = { 'content-type': 'application/json; charset=utf-8' };

function status(code: number, body = '{}', headers: Readonly<Record<string, string>> = json): Fault {
  return { kind: 'answer', status: code, headers, body };
}

type Expected = 'fault' | 'nobody' | 'person' | 'either';

/** Asks in both protocols while that lasts. */
async function asked(hospital: Hospital, expected: Expected): Promise<string> {
  const { target, front } = hospital;
  const told: string[] = [];
  for (const path of ['hl7v3', 'preg-xml'] as const) {
    const from = front.heard.length;
    const line = hospital.lines.length;
    const came =
      path === 'hl7v3'
        ? await post(target, question(target))
        : await post(target, pregXmlQuestion(target), { path: PERSON_SERVICE_PATH });
    const { outcome } = await hospital.recorded(line);
    within(came.milliseconds, DEADLINE);
    const calls = front.heard.length - from;
    insist(calls <= 2 * TRIES + 2, `${calls} calls for one question`);
    if (expected === 'fault' || (expected === 'either' && came.status !== 200)) {
      told.push(legalFault(came, FAILED));
      tellsNobody(target, came);
      insist(/^(upstream|token)-/.test(outcome), `recorded as ${outcome}`);
      insist(/[Cc]orrelation id/.test(came.text), 'no correlation id in the fault');
    } else if (expected === 'nobody') {
      insist(came.status === 200, `HTTP ${came.status} instead of nobody`);
      tellsNobody(target, came);
      insist(
        path === 'hl7v3' ? came.text.includes('"NF"') : came.text.includes('nil="true"'),
        'not the answer for nobody',
      );
      told.push('nobody');
    } else {
      told.push(tells(target, came));
    }
  }
  return [...new Set(told)].join('; ');
}

function fault(tried: string, what: Fault, expected: Expected = 'fault'): Probe {
  return onHospital(tried, (hospital) => {
    hospital.sandbox.faults.always('persontjenesten', what);
    return asked(hospital, expected);
  });
}

function replying(
  tried: string,
  reply: (response: ServerResponse) => void,
  expected: Expected = 'fault',
): Probe {
  return onHospital(tried, async (hospital) => {
    bomb();
    const before = resident(hospital);
    hospital.front.reply((request, response) => {
      request.resume();
      reply(response);
      return true;
    });
    const came = await asked(hospital, expected);
    const grown = resident(hospital) - before;
    insist(Number.isNaN(grown) || grown < 200, `grew by ${Math.round(grown)} MB`);
    return came;
  });
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function resident(hospital: Hospital): number {
  try {
    const text = readFileSync(`/proc/${hospital.pid ?? 0}/status`, 'utf8');
    return Number(/VmRSS:\s+([0-9]+) kB/.exec(text)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The right answer, with every member of that name replaced, wherever it stands. */
function withMember(name: string, value: unknown): Fault {
  const alter = (body: unknown): unknown => {
    if (Array.isArray(body)) return body.map(alter);
    if (typeof body !== 'object' || body === null) return body;
    return Object.fromEntries(
      Object.entries(body).map(([key, old]) => [key, key === name ? value : alter(old)]),
    );
  };
  return { kind: 'altered-answer', alter };
}

let packed: Buffer | undefined;

/** Made once, and not while the adapter waits. */
function bomb(): Buffer {
  packed ??= gzipSync(Buffer.alloc(60_000_000, 0x20));
  return packed;
}

function drip(response: ServerResponse): void {
  response.writeHead(200, json);
  const timer = setInterval(() => response.write(' '), 200);
  response.once('close', () => {
    clearInterval(timer);
  });
}

function flood(response: ServerResponse): void {
  response.writeHead(200, json);
  const chunk = Buffer.alloc(1_000_000, 0x20);
  let sent = 0;
  const more = (): void => {
    while (sent < 50 && !response.destroyed) {
      sent += 1;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

function withManners(tried: string, behave: (hospital: Hospital) => unknown): Probe {
  return onHospital(tried, async (hospital) => {
    await behave(hospital);
    return asked(hospital, 'fault');
  });
}

export const upstream: Item = {
  number: 35,
  title: 'Whatever the register does ends in the documented answer before the deadline',
  probes: [
    withManners('connections are refused', ({ front }) => front.refuse()),
    withManners('connections are reset', ({ front }) => {
      front.behave({ kind: 'reset' });
    }),
    withManners('what answers speaks no TLS', ({ front }) => {
      front.behave({ kind: 'garbage' });
    }),
    withManners('connections are taken, and nothing is said', ({ front }) => {
      front.behave({ kind: 'silence' });
    }),
    withManners('the certificate has expired', ({ front, wrongCertificates }) => {
      front.behave({ kind: 'certificate', ...wrongCertificates.expired });
    }),
    withManners('the certificate is for another name', ({ front, wrongCertificates }) => {
      front.behave({ kind: 'certificate', ...wrongCertificates.otherName });
    }),
    withManners('the certificate is of nobody whom we trust', ({ front, wrongCertificates }) => {
      front.behave({ kind: 'certificate', ...wrongCertificates.untrusted });
    }),
    onHospital('its name cannot be found', async (hospital) => {
      await hospital.restart({ over: { persontjenesten: { baseUrl: 'https://register.invalid' } } });
      try {
        return await asked(hospital, 'fault');
      } finally {
        await hospital.restart();
      }
    }),
    fault('reset before the header', { kind: 'cut-connection', when: 'before-headers' }),
    fault('reset in the body', { kind: 'cut-connection', when: 'mid-body' }),
    fault('30 s without an answer', { kind: 'latency', milliseconds: 30_000 }),
    fault('a body that stands still', { kind: 'stalled-body' }),
    replying('a body that drips', drip),
    replying('50 MB of white space', flood),
    replying('60 MB out of little gzip', (response) => {
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb());
    }),
    replying('gzip that is none', (response) => {
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('no gzip');
    }),
    replying('a coding that nobody asked for', (response) => {
      response.writeHead(200, { ...json, 'content-encoding': 'br' }).end('no brotli');
    }),
    replying('a header of a megabyte', (response) => {
      response.writeHead(200, { ...json, 'x-long': 'x'.repeat(1_000_000) }).end('{}');
    }),
    replying('a thousand informational answers first', (response) => {
      for (let index = 0; index < 1_000; index += 1) response.writeProcessing();
      response.writeHead(503).end();
    }),
    replying('JSON 100 000 levels deep', (response) => {
      response.writeHead(200, json).end('['.repeat(100_000) + ']'.repeat(100_000));
    }),
    replying('JSON with __proto__', (response) => {
      response
        .writeHead(200, json)
        .end('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    }),
    fault('200 with HTML', { kind: 'html-page' }),
    fault('200 with JSON cut short', { kind: 'truncated-json' }),
    fault('200 with nothing', status(200, '')),
    fault('200 with null', status(200, 'null')),
    fault('200 with a number', status(200, '42')),
    fault('200 with an empty list', status(200, '[]')),
    fault('204', { kind: 'answer', status: 204 }),
    ...[301, 400, 401, 403, 409, 410, 422, 418, 429, 500, 502, 503, 504, 599].map((code) =>
      fault(String(code), status(code)),
    ),
    fault(
      '404 as the API says it',
      status(404, JSON.stringify({ status: 404, title: 'Not Found' }), {
        'content-type': 'application/problem+json',
      }),
      'nobody',
    ),
    fault('404 of something else: a page', { kind: 'html-page', status: 404 }),
    fault('an enum member that nobody knows', withMember('gender', 'Unicorn'), 'person'),
    fault('a status that nobody knows', withMember('status', 'Unicorn'), 'either'),
    fault(
      'a field that nobody knows',
      {
        kind: 'altered-answer',
        alter: (body) =>
          typeof body === 'object' && !Array.isArray(body) ? { ...body, unicorn: { a: [1] } } : body,
      },
      'person',
    ),
    fault('a name that is a number', withMember('givenName', 42), 'either'),
    fault('a list that is a text', withMember('birth', 'yesterday'), 'either'),
    fault('a list that is null', withMember('birth', null), 'either'),
    fault('dates that are none', withMember('birthDate', '2026-02-31T00:00:00Z'), 'either'),
    fault('a name of 100 000 letters', withMember('givenName', 'X'.repeat(100_000)), 'either'),
    fault('the document of somebody else', withMember('identificationNumber', '01818049818')),
    onHospital('a protection of the address that nobody knows: no address is told', async (hospital) => {
      hospital.sandbox.faults.always('persontjenesten', withMember('addressConfidentiality', 'Unicorn'));
      const { target } = hospital;
      for (const came of [
        await post(target, question(target)),
        await post(target, pregXmlQuestion(target), { path: PERSON_SERVICE_PATH }),
      ]) {
        tells(target, came);
        insist(!/TROLLFLØYTEVEGEN|VAFFELBAKKEN|BRISLINGVEIEN|OSLO/i.test(came.text), 'the address is told');
      }
      return 'the person, without an address';
    }),
    onHospital('an answer for a person, twice as many as asked for', async (hospital) => {
      hospital.sandbox.faults.always('persontjenesten', {
        kind: 'altered-answer',
        alter: (body) => (isList(body) ? [...body, ...body] : body),
      });
      return asked(hospital, 'either');
    }),
  ],
};

export const retries: Item = {
  number: 36,
  title: 'Tries share one deadline, and a register that is down is left alone',
  probes: [
    onHospital('each try takes long and fails', async (hospital) => {
      hospital.sandbox.faults.always('persontjenesten', {
        kind: 'latency',
        milliseconds: 1_900,
        then: { kind: 'server-error', status: 503 },
      });
      return asked(hospital, 'fault');
    }),
    onHospital('what passes is tried again, and answered', async (hospital) => {
      hospital.sandbox.faults.next('persontjenesten', { kind: 'server-error', status: 503 });
      return tells(hospital.target, await post(hospital.target, question(hospital.target)));
    }),
    onHospital('what does not pass is not tried again', async (hospital) => {
      const { target, front, sandbox } = hospital;
      const from = front.heard.length;
      tells(target, await post(target, question(target)));
      const usual = front.heard.length - from;
      sandbox.faults.always('persontjenesten', status(400));
      const then = front.heard.length;
      legalFault(await post(target, question(target)), FAILED);
      const calls = front.heard.length - then;
      insist(calls <= usual, `${calls} calls where ${usual} do`);
      return `${calls} calls`;
    }),
    onHospital('Retry-After of an hour is no reason to keep a caller waiting', async (hospital) => {
      hospital.sandbox.faults.always('persontjenesten', { kind: 'too-many-requests', retryAfter: 3_600 });
      try {
        const came = await post(hospital.target, question(hospital.target));
        return `${legalFault(came, FAILED)} in ${within(came.milliseconds, DEADLINE)}`;
      } finally {
        // A process that starts asks the register, too.
        hospital.sandbox.faults.clear();
        await hospital.restart();
      }
    }),
    onHospital('the breaker opens, answers at once, tries one, and closes', async (hospital) => {
      const { target, sandbox, front } = hospital;
      await hospital.restart({
        over: { upstream: { retries: 0, breaker: { minimumCalls: 6, windowSeconds: 10, openSeconds: 3 } } },
      });
      try {
        sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 500 });
        for (let index = 0; index < 10; index += 1) legalFault(await post(target, question(target)), FAILED);
        const from = front.heard.length;
        const open = await post(target, question(target));
        legalFault(open, FAILED);
        insist(front.heard.length === from, 'the register was called although the breaker is open');
        const time = within(open.milliseconds, 500);
        await new Promise((resolve) => setTimeout(resolve, 3_500));
        const then = front.heard.length;
        await Promise.all(Array.from({ length: 8 }, () => post(target, question(target))));
        const tried = front.heard.length - then;
        insist(tried <= 2, `${tried} calls found out whether it answers again`);
        sandbox.faults.clear();
        await new Promise((resolve) => setTimeout(resolve, 3_500));
        tells(target, await post(target, question(target)));
        return `open: a fault in ${time}; ${tried} calls to find out; then the right answer`;
      } finally {
        await hospital.restart();
      }
    }),
  ],
};

export const fairness: Item = {
  number: 37,
  title: 'A client that storms does not starve another',
  probes: [
    onHospital('a budget of 20 calls a second, 150 questions of one, and another', async (hospital) => {
      const { target, accounts } = hospital;
      await hospital.restart({ over: { upstream: { callsPerSecond: 20, coalescing: { enabled: false } } } });
      try {
        tells(target, await post(target, question(target)));
        const { username, password } = accounts.other;
        const storm = Array.from({ length: 150 }, () =>
          post(
            target,
            question(target, {
              security: security(timestamp() + usernameToken(username, password)),
              body: demographicsBody(target.person.nin),
            }),
            { from: '127.0.0.31' },
          ).catch(() => undefined),
        );
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        let slowest = 0;
        for (let index = 0; index < 5; index += 1) {
          const came = await post(target, question(target), { from: '127.0.0.32' });
          tells(target, came);
          slowest = Math.max(slowest, came.milliseconds);
        }
        const stormed = (await Promise.all(storm)).filter((one) => one?.status === 200).length;
        return `the other is answered in ${within(slowest, 5_000)}; of the storm ${stormed} of 150`;
      } finally {
        await hospital.restart();
      }
    }),
  ],
};

export const elsewhere: Item = {
  number: 38,
  title: 'Credentials go to the register alone',
  probes: [
    ...[301, 302, 303, 307, 308].map((code) =>
      onHospital(`${code} to another host`, async (hospital) => {
        const heard = hospital.canaryHeard.length;
        hospital.sandbox.faults.always(
          'persontjenesten',
          status(code, '', { location: `${hospital.canaryUrl}/stolen` }),
        );
        const came = await asked(hospital, 'fault');
        insist(hospital.canaryHeard.length === heard, 'it was followed');
        return `${came}, not followed`;
      }),
    ),
    onHospital('a redirect of the token endpoint', async (hospital) => {
      const { target, sandbox, canaryUrl } = hospital;
      await hospital.restart();
      const heard = hospital.canaryHeard.length;
      sandbox.faults.always('helseid', status(307, '', { location: `${canaryUrl}/token` }));
      sandbox.faults.always('persontjenesten', { kind: 'expired-token' });
      const came = legalFault(await post(target, question(target)), FAILED);
      insist(hospital.canaryHeard.length === heard, 'it was followed');
      return `${came}, not followed`;
    }),
    onHospital('HTTPS_PROXY and the like, which nobody configured', (hospital) => {
      insist(hospital.canaryHeard.length === 0, `the proxy heard ${hospital.canaryHeard.length} requests`);
      return Promise.resolve('the proxy heard nothing in all this time');
    }),
    onHospital('a proxy that somebody configured', async (hospital) => {
      const { target, canaryUrl } = hospital;
      const heard = hospital.canaryHeard.length;
      await hospital.restart({ over: { outbound: { proxy: { address: canaryUrl } } } });
      try {
        legalFault(await post(target, question(target)), FAILED);
        const asked = hospital.canaryHeard.slice(heard);
        insist(
          asked.length > 0 && asked.every((one) => one.startsWith('CONNECT ')),
          'the proxy was not asked for a tunnel',
        );
        return 'the proxy is asked for a tunnel, and for nothing else';
      } finally {
        await hospital.restart();
      }
    }),
    onTarget('a proxy that asks for a password', () => {
      throw new NotTried('test/outbound has it');
    }),
  ],
};
