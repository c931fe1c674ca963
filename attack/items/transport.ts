import { Agent } from 'node:https';
import { readFileSync } from 'node:fs';
import { Breach, NotTried, onHospital, onTarget, type Item } from '../item.js';
import { bareStatus, insist, tells, within } from '../judge.js';
import { RawConnection, statusLines } from '../wire/raw.js';
import { fetchPlain } from '../wire/http.js';
import { HL7V3_PATH, PERSON_SERVICE_PATH, post, pregXmlQuestion, question } from '../wire/message.js';
import type { Target } from '../world/target.js';

/** Who attacks, while others go on. */
const ATTACKER = '127.0.0.66';

/** The end of a message in MLLP. */
const END_OF_BLOCK = String.fromCharCode(0x1c);

const asText = 'Content-Type: application/soap+xml; charset=utf-8';

function head(path: string, ...lines: readonly string[]): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${asText}\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** Honest questions while something lasts; each is answered rightly and soon. */
async function othersAreServed(target: Target, count = 3): Promise<string> {
  let slowest = 0;
  for (let index = 0; index < count; index += 1) {
    const answer = await post(target, question(target), { from: '127.0.0.77', timeout: 10_000 });
    tells(target, answer);
    slowest = Math.max(slowest, answer.milliseconds);
  }
  return `others answered in ${within(slowest, 3_000)}`;
}

async function many<T>(count: number, open: () => Promise<T>): Promise<readonly T[]> {
  const opened: T[] = [];
  while (opened.length < count) {
    const batch = await Promise.allSettled(
      Array.from({ length: Math.min(100, count - opened.length) }, open),
    );
    const good = batch.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (good.length === 0) break;
    opened.push(...good);
  }
  return opened;
}

function residentMegabytes(target: Target): number {
  try {
    const status = readFileSync(`/proc/${target.pid ?? 0}/status`, 'utf8');
    return Number(/VmRSS:\s+([0-9]+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

export const slowness: Item = {
  number: 17,
  title: 'Slow and half-open connections are cut, and others are served meanwhile',
  probes: [
    onTarget('a header that never ends, one octet in a while', async (target) => {
      const connection = await RawConnection.toLegacy(target, ATTACKER);
      connection.send(`POST ${HL7V3_PATH} HTTP/1.1\r\nHost: localhost\r\n`);
      const drip = setInterval(() => {
        connection.send('X');
      }, 1_000);
      const others = await othersAreServed(target);
      const isCut = await connection.closesWithin(20_000);
      clearInterval(drip);
      insist(isCut, 'still open after 20 s');
      return `cut; ${others}`;
    }),
    onTarget('a connection that says nothing after TLS', async (target) => {
      const connection = await RawConnection.toLegacy(target, ATTACKER);
      insist(await connection.closesWithin(90_000), 'still open after 90 s');
      return 'cut';
    }),
    onTarget('a connection that never begins TLS', async (target) => {
      const connection = await RawConnection.toPlain(target.host, target.port, ATTACKER);
      insist(await connection.closesWithin(20_000), 'still open after 20 s');
      return 'cut';
    }),
    onTarget('250 requests whose bodies never end', async (target) => {
      const connections = await many(250, async () => {
        const connection = await RawConnection.toLegacy(target, ATTACKER);
        connection.send(`${head(HL7V3_PATH, 'Content-Length: 1000')}<s:Envelope`);
        return connection;
      });
      try {
        await pause(500);
        return `${connections.length} open; ${await othersAreServed(target)}`;
      } finally {
        for (const one of connections) one.close();
      }
    }),
    onTarget('250 who ask for the service description and do not read it', async (target) => {
      const connections = await many(250, async () => {
        const connection = await RawConnection.toLegacy(target, ATTACKER);
        connection.stopReading();
        // As much as it takes for no buffer on the way to hold it.
        connection.send(`GET ${HL7V3_PATH}?singleWsdl HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(60));
        return connection;
      });
      try {
        await pause(2_000);
        return `${connections.length} open; ${await othersAreServed(target)}`;
      } finally {
        for (const one of connections) one.close();
      }
    }),
    onTarget('one who does not read its answers is cut', async (target) => {
      const connection = await RawConnection.toLegacy(target, ATTACKER);
      connection.stopReading();
      connection.send(`GET ${HL7V3_PATH}?singleWsdl HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(60));
      const end = Date.now() + 100_000;
      let isCut = false;
      while (Date.now() < end && !isCut) {
        await pause(1_000);
        // Whoever reads nothing sees no end either: writing on shows it.
        connection.send('\r\n');
        isCut = connection.socket.destroyed || connection.isClosed;
      }
      connection.close();
      insist(isCut, 'still open after 100 s');
      return 'cut';
    }),
    onTarget('3 000 idle connections', async (target) => {
      const before = residentMegabytes(target);
      const connections = await many(3_000, () => RawConnection.toPlain(target.host, target.port, ATTACKER));
      try {
        const others = await othersAreServed(target);
        const grown = residentMegabytes(target) - before;
        insist(Number.isNaN(grown) || grown < 300, `grew by ${Math.round(grown)} MB`);
        return `${connections.length} opened; ${others}`;
      } finally {
        for (const one of connections) one.close();
      }
    }),
    onTarget('a body in chunks of one octet, a second apart', async (target) => {
      const connection = await RawConnection.toLegacy(target, ATTACKER);
      connection.send(head(HL7V3_PATH, 'Transfer-Encoding: chunked'));
      const drip = setInterval(() => {
        connection.send('1\r\n \r\n');
      }, 1_000);
      const isCut = await connection.closesWithin(50_000);
      clearInterval(drip);
      insist(isCut, 'still open after 50 s');
      return `cut after HTTP ${statusLines(connection.received).join(', ')}`;
    }),
    onHospital('HL7 v2 over MLLP: a message that never ends', async ({ target }) => {
      if (target.mllp === undefined) throw new NotTried('no MLLP');
      const connection = await RawConnection.toPlain(target.mllp.host, target.mllp.port, ATTACKER);
      connection.send('\x0bMSH|^~\\&|HONEST');
      const drip = setInterval(() => {
        connection.send('|');
      }, 500);
      const isCut = await connection.closesWithin(10_000);
      clearInterval(drip);
      insist(isCut, 'still open after 10 s');
      return 'cut';
    }),
    onHospital(
      'HL7 v2 over MLLP: more connections than there may be, and somebody else',
      async ({ target }) => {
        const { mllp } = target;
        if (mllp === undefined) throw new NotTried('no MLLP');
        const connections = await many(150, () => RawConnection.toPlain(mllp.host, mllp.port, ATTACKER));
        await pause(300);
        const open = connections.filter(({ isClosed }) => !isClosed).length;
        insist(open <= 100, `${open} are open`);
        const other = await RawConnection.toPlain(mllp.host, mllp.port, '127.0.0.77');
        other.send('\x0bMSH|^~\\&|HONEST|HERE|PREG|NHN|20260101120000||QBP^Q22^QBP_Q21|A1|P|2.5\r\x1c\r');
        const came = await other.receivesText(END_OF_BLOCK);
        other.close();
        for (const one of connections) one.close();
        insist(came.includes('MSA|A'), 'the other one is not answered');
        return `${open} of ${connections.length} stay open; the other one is answered`;
      },
    ),
    onHospital('the operations listener: a header that never ends', async ({ target }) => {
      if (target.operations === undefined) throw new NotTried('no operations listener');
      const { host, port } = target.operations;
      const connection = await RawConnection.toPlain(host, port);
      connection.send('GET /health/live HTTP/1.1\r\nX-');
      const drip = setInterval(() => {
        connection.send('a');
      }, 1_000);
      const isCut = await connection.closesWithin(40_000);
      clearInterval(drip);
      insist(isCut, 'still open after 40 s');
      return 'cut';
    }),
    onHospital('the operations listener: 2 000 idle connections', async ({ target }) => {
      if (target.operations === undefined) throw new NotTried('no operations listener');
      const { host, port } = target.operations;
      const connections = await many(2_000, () => RawConnection.toPlain(host, port, ATTACKER));
      try {
        // A load balancer that gets no answer takes the adapter out of service.
        const health = await fetchPlain(host, port, '/health/live');
        insist(health.status === 200, `health is HTTP ${health.status}`);
        return `${connections.length} opened; health is told in ${within(health.milliseconds, 2_000)}; ${await othersAreServed(target)}`;
      } finally {
        for (const one of connections) one.close();
      }
    }),
  ],
};

const good = (target: Target): string => question(target);

/** Two readers of these may see two requests where there is one. */
const smuggled: readonly (readonly [string, (body: string) => string])[] = [
  [
    'Content-Length and Transfer-Encoding',
    (body) =>
      head(HL7V3_PATH, `Content-Length: ${body.length}`, 'Transfer-Encoding: chunked') + chunked(body),
  ],
  [
    'two lengths that differ',
    (body) => head(HL7V3_PATH, `Content-Length: ${body.length}`, 'Content-Length: 3') + body,
  ],
  [
    'two lengths that agree',
    (body) => head(HL7V3_PATH, `Content-Length: ${body.length}`, `Content-Length: ${body.length}`) + body,
  ],
  ['a list of lengths', (body) => head(HL7V3_PATH, `Content-Length: ${body.length}, ${body.length}`) + body],
  ['a length with a sign', (body) => head(HL7V3_PATH, `Content-Length: +${body.length}`) + body],
  [
    'a length in hexadecimal',
    (body) => head(HL7V3_PATH, `Content-Length: 0x${body.length.toString(16)}`) + body,
  ],
  [
    'a folded header (obs-fold)',
    (body) => head(HL7V3_PATH, 'X-Folded: one', ' two', `Content-Length: ${body.length}`) + body,
  ],
  [
    'a folded Transfer-Encoding',
    (body) => head(HL7V3_PATH, 'Transfer-Encoding:', ' chunked') + chunked(body),
  ],
  [
    'lines that end on a bare LF',
    (body) => head(HL7V3_PATH, `Content-Length: ${body.length}`).replaceAll('\r\n', '\n') + body,
  ],
  ['white space before the colon', (body) => head(HL7V3_PATH, `Content-Length : ${body.length}`) + body],
  [
    'chunked and another coding',
    (body) => head(HL7V3_PATH, 'Transfer-Encoding: gzip, chunked') + chunked(body),
  ],
  ['chunked twice', (body) => head(HL7V3_PATH, 'Transfer-Encoding: chunked, chunked') + chunked(body)],
  [
    'Transfer-Encoding twice',
    (body) => head(HL7V3_PATH, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + chunked(body),
  ],
  ['a coding in other words', (body) => head(HL7V3_PATH, 'Transfer-Encoding: xchunked') + chunked(body)],
  [
    'chunked in HTTP/1.0',
    (body) => head(HL7V3_PATH, 'Transfer-Encoding: chunked').replace('HTTP/1.1', 'HTTP/1.0') + chunked(body),
  ],
  [
    'a chunk size that is none',
    () => `${head(HL7V3_PATH, 'Transfer-Encoding: chunked')}xyz\r\nabc\r\n0\r\n\r\n`,
  ],
  [
    'a chunk size of 17 digits',
    () => `${head(HL7V3_PATH, 'Transfer-Encoding: chunked')}fffffffffffffffff\r\nabc\r\n0\r\n\r\n`,
  ],
  [
    'a chunk that ends on a bare LF',
    (body) => `${head(HL7V3_PATH, 'Transfer-Encoding: chunked')}${body.length.toString(16)}\n${body}\n0\n\n`,
  ],
  ['two hosts', (body) => head(HL7V3_PATH, 'Host: other', `Content-Length: ${body.length}`) + body],
  [
    'no host',
    (body) => head(HL7V3_PATH, `Content-Length: ${body.length}`).replace('Host: localhost\r\n', '') + body,
  ],
  ['a NUL in a header', (body) => head(HL7V3_PATH, 'X-Nul: a\0b', `Content-Length: ${body.length}`) + body],
  [
    'a bare CR in a header',
    (body) => head(HL7V3_PATH, 'X-Cr: a\rb', `Content-Length: ${body.length}`) + body,
  ],
  ['HTTP/2 without agreement', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/0.9', () => `GET ${HL7V3_PATH}\r\n\r\n`],
  [
    'a header of 64 KiB',
    (body) => head(HL7V3_PATH, `X-Long: ${'x'.repeat(65_536)}`, `Content-Length: ${body.length}`) + body,
  ],
  [
    '3 000 headers',
    (body) =>
      head(
        HL7V3_PATH,
        ...Array.from({ length: 3_000 }, (_, at) => `X${at}: 1`),
        `Content-Length: ${body.length}`,
      ) + body,
  ],
];

function chunked(body: string): string {
  return `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

export const smuggling: Item = {
  number: 18,
  title: 'What two servers could read in two ways is 400 and the end of the connection',
  probes: smuggled.map(([tried, write], index) =>
    onTarget(
      tried,
      async (target) => {
        const connection = await RawConnection.toLegacy(target, ATTACKER);
        // What follows must never be taken for a request of its own.
        connection.send(`${write(good(target))}GET ${HL7V3_PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
        const isClosed = await connection.closesWithin(12_000);
        const statuses = statusLines(connection.received);
        connection.close();
        if (connection.received.includes(target.person.familyName))
          throw new Breach(`answered: HTTP ${statuses.join(', ')}`);
        if (statuses.length > 1) throw new Breach(`two answers: HTTP ${statuses.join(', ')}`);
        if (statuses[0] !== undefined && (statuses[0] < 400 || statuses[0] >= 500)) {
          throw new Breach(`HTTP ${statuses[0]}`);
        }
        insist(isClosed, `HTTP ${statuses.join(', ')}, and the connection stays open`);
        return statuses.length === 0 ? 'closed' : `HTTP ${statuses.join(', ')} and closed`;
      },
      index < 3,
    ),
  ),
};

export const reuse: Item = {
  number: 19,
  title: 'After an error the next request on the connection is answered rightly',
  probes: [
    onTarget(
      'faults and answers by turns on one connection',
      async (target) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        try {
          for (const broken of [
            '<',
            question(target, { security: '' }),
            question(target, { action: 'urn:none' }),
          ]) {
            const fault = await post(target, broken, { agent, from: ATTACKER });
            insist(fault.status === 500, `HTTP ${fault.status} to what is broken`);
            tells(target, await post(target, question(target), { agent, from: ATTACKER }));
          }
          return 'three faults, three right answers';
        } finally {
          agent.destroy();
        }
      },
      true,
    ),
    onTarget('six requests sent at once, every other one broken', async (target) => {
      const connection = await RawConnection.toLegacy(target, ATTACKER);
      const broken = '<not-xml';
      const whole = question(target);
      const pair =
        head(HL7V3_PATH, `Content-Length: ${Buffer.byteLength(whole)}`) +
        whole +
        head(HL7V3_PATH, `Content-Length: ${broken.length}`) +
        broken;
      connection.send(pair.repeat(3));
      const statuses = statusLines(await connection.answers(6, 10_000));
      connection.close();
      insist(statuses.join() === '200,500,200,500,200,500', `HTTP ${statuses.join(', ')}`);
      return `HTTP ${statuses.join(', ')}`;
    }),
    onTarget('two protocols by turns on one connection', async (target) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      try {
        tells(target, await post(target, question(target), { agent }));
        tells(target, await post(target, pregXmlQuestion(target), { agent, path: PERSON_SERVICE_PATH }));
        return 'the right answers';
      } finally {
        agent.destroy();
      }
    }),
    onTarget('a request whose answer is not waited for, and then another', async (target) => {
      const connection = await RawConnection.toLegacy(target, ATTACKER);
      const whole = question(target);
      connection.send(head(HL7V3_PATH, `Content-Length: ${Buffer.byteLength(whole)}`) + whole);
      connection.close();
      tells(target, await post(target, question(target), { from: ATTACKER }));
      return 'the other is answered';
    }),
    onTarget('an unknown path, an unknown method, an unknown query', async (target) => {
      const unknown = await post(target, question(target), { path: '/elsewhere' });
      bareStatus(unknown, 404);
      const method = await post(target, question(target), { method: 'PUT' });
      bareStatus(method, 405);
      const trace = await post(target, '', { method: 'TRACE' });
      insist(trace.status === 405 && !trace.text.includes('TRACE'), `TRACE: HTTP ${trace.status}`);
      return 'HTTP 404, 405, 405';
    }),
  ],
};

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
