import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { onTarget, type Item } from '../item.js';
import { bareStatus, insist, tells } from '../judge.js';
import { send, type Answer } from '../wire/http.js';
import { HL7V3_PATH, PERSON_SERVICE_PATH, post, question } from '../wire/message.js';
import { RawConnection, statusLines } from '../wire/raw.js';
import type { Target } from '../world/target.js';

const MEGABYTE = 1_048_576;

type Coded = readonly [
  tried: string,
  statuses: readonly number[],
  body: (message: string) => Buffer,
  headers: Readonly<Record<string, string>>,
];

const coded: readonly Coded[] = [
  ['a megabyte and an octet', [413], () => Buffer.alloc(MEGABYTE + 1, 0x20), {}],
  [
    '60 MB out of 58 kB of gzip',
    [413],
    () => gzipSync(Buffer.alloc(60_000_000, 0x20), { level: 9 }),
    { 'Content-Encoding': 'gzip' },
  ],
  [
    'the same in deflate',
    [413],
    () => deflateSync(Buffer.alloc(60_000_000, 0x20)),
    { 'Content-Encoding': 'deflate' },
  ],
  [
    'gzip in gzip in gzip',
    [413, 415],
    () => gzipSync(gzipSync(gzipSync(Buffer.alloc(60_000_000)))),
    { 'Content-Encoding': 'gzip, gzip, gzip' },
  ],
  ['not gzip at all', [400], (message) => Buffer.from(message), { 'Content-Encoding': 'gzip' }],
  [
    'gzip with a wrong checksum',
    [400],
    (message) => spoilt(gzipSync(message)),
    { 'Content-Encoding': 'gzip' },
  ],
  ['gzip cut short', [400], (message) => gzipSync(message).subarray(0, 100), { 'Content-Encoding': 'gzip' }],
  [
    'gzip followed by something else',
    [400],
    (message) => Buffer.concat([gzipSync(message), Buffer.from('more')]),
    { 'Content-Encoding': 'gzip' },
  ],
  ['gzip without a body', [400], () => Buffer.alloc(0), { 'Content-Encoding': 'gzip' }],
  [
    'deflate without a header',
    [400, 200],
    (message) => deflateRawSync(message),
    { 'Content-Encoding': 'deflate' },
  ],
  ['br', [415], (message) => brotliCompressSync(message), { 'Content-Encoding': 'br' }],
  ['compress', [415], (message) => Buffer.from(message), { 'Content-Encoding': 'compress' }],
  [
    'a coding that nobody knows',
    [415],
    (message) => Buffer.from(message),
    { 'Content-Encoding': 'x'.repeat(200) },
  ],
  [
    'a coding called __proto__',
    [415],
    (message) => Buffer.from(message),
    { 'Content-Encoding': '__proto__' },
  ],
];

function spoilt(octets: Buffer): Buffer {
  const copy = Buffer.from(octets);
  copy[copy.length - 8] = (copy[copy.length - 8] ?? 0) ^ 0xff;
  return copy;
}

function outcome(target: Target, answer: Answer, statuses: readonly number[]): string {
  return answer.status === 200 && statuses.includes(200)
    ? tells(target, answer)
    : bareStatus(answer, ...statuses);
}

export const bodies: Item = {
  number: 7,
  title: 'Bodies that HTTP cannot give us have a bare status',
  probes: [
    ...coded.map(([tried, statuses, body, headers], index) =>
      onTarget(
        tried,
        async (target) => {
          const octets = body(question(target));
          const came = outcome(target, await post(target, octets, { headers }), statuses);
          const other = await post(target, octets, { headers, path: PERSON_SERVICE_PATH });
          if (other.status !== 200) bareStatus(other, ...statuses);
          return came;
        },
        index < 2,
      ),
    ),
    onTarget('too long by Content-Length, whose body is never sent', async (target) => {
      const connection = await RawConnection.toLegacy(target, '127.0.0.66');
      connection.send(
        `POST ${HL7V3_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml\r\nContent-Length: 99999999999\r\n\r\n`,
      );
      const statuses = statusLines(await connection.answers(1, 10_000));
      const isClosed = await connection.closesWithin(10_000);
      connection.close();
      insist(statuses.join() === '413', `HTTP ${statuses.join(', ')}`);
      insist(isClosed, 'the connection stays open');
      return 'HTTP 413 and closed';
    }),
    onTarget('a length of 30 digits', async (target) => {
      const connection = await RawConnection.toLegacy(target, '127.0.0.66');
      connection.send(
        `POST ${HL7V3_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\n`,
      );
      const statuses = statusLines(await connection.answers(1, 10_000));
      connection.close();
      insist(['413', '400'].includes(statuses.join()), `HTTP ${statuses.join(', ')}`);
      return `HTTP ${statuses.join(', ')}`;
    }),
    onTarget('chunks without end', async (target) => {
      const connection = await RawConnection.toLegacy(target, '127.0.0.66');
      connection.send(
        `POST ${HL7V3_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
      for (let index = 0; index < 64 && statusLines(connection.received).length === 0; index += 1) {
        connection.send(chunk);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const statuses = statusLines(await connection.answers(1, 10_000));
      connection.close();
      insist(statuses.join() === '413', `HTTP ${statuses.join(', ')}`);
      return 'HTTP 413';
    }),
    onTarget('chunk extensions without end', async (target) => {
      const connection = await RawConnection.toLegacy(target, '127.0.0.66');
      connection.send(
        `POST ${HL7V3_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      for (let index = 0; index < 40; index += 1) connection.send(`1;${'x'.repeat(15_000)}\r\n \r\n`);
      const statuses = statusLines(await connection.answers(1, 10_000));
      connection.close();
      const isClosed = await connection.closesWithin(1_000);
      insist(isClosed || ['413', '400'].includes(statuses.join()), `HTTP ${statuses.join(', ')}`);
      return statuses.length === 0 ? 'closed' : `HTTP ${statuses.join(', ')}`;
    }),
    onTarget('Filematch: 1 GB out of 1 MB of gzip, without a password', async (target) => {
      const answer = await send(target, '/filematch/jobs', {
        body: gzipSync(Buffer.alloc(60_000_000)),
        headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'text/csv' },
      });
      insist(answer.status === 401, `HTTP ${answer.status}`);
      return 'HTTP 401';
    }),
    onTarget('HL7 v2 by POST: larger than it may be', async (target) => {
      const answer = await send(target, '/hl7v2', {
        body: Buffer.alloc(MEGABYTE + 1, 0x41),
        headers: {
          'Content-Type': 'application/hl7-v2',
          Authorization: `Basic ${Buffer.from(`${target.account.username}:${target.account.password}`).toString('base64')}`,
        },
      });
      return bareStatus(answer, 413);
    }),
    onTarget('octets at random, two hundred times', async (target) => {
      for (let index = 0; index < 200; index += 1) {
        const answer = await post(target, randomBytes(1 + ((index * 37) % 4_000)));
        insist(answer.status === 500 || answer.status === 400, `HTTP ${answer.status}`);
      }
      return '200 faults';
    }),
  ],
};

const boundary = 'MIMEBoundary';

function multipart(message: string): string {
  return (
    `--${boundary}\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\n` +
    `Content-Transfer-Encoding: binary\r\nContent-ID: <0>\r\n\r\n${message}\r\n--${boundary}--\r\n`
  );
}

export const mtom: Item = {
  number: 16,
  title: 'MTOM and other multipart bodies are 415, and never hang',
  probes: [
    [
      'MTOM',
      `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<0>"; start-info="application/soap+xml"`,
    ],
    ['MTOM without a boundary', 'multipart/related; type="application/xop+xml"'],
    ['a form', `multipart/form-data; boundary=${boundary}`],
    ['application/xml', 'application/xml'],
    ['no media type that is one', '/;;='],
    ['two media types', 'application/soap+xml, text/xml'],
  ]
    .map(([tried = '', type = '']) =>
      onTarget(tried, async (target) =>
        bareStatus(
          await post(target, multipart(question(target)), { headers: { 'Content-Type': type } }),
          415,
        ),
      ),
    )
    .concat([
      onTarget('an xop:Include in place of a value', async (target) => {
        const include = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:1"/>';
        const answer = await post(
          target,
          question(target, { moreHeaders: `<x xmlns="urn:x">${include}</x>` }),
        );
        return tells(target, answer);
      }),
    ]),
};
