import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import iconv from 'iconv-lite';
import { onHospital, onTarget, type Item, type Probe } from '../item.js';
import { bareStatus, insist, legalFault, noInternals, tells, tellsNobody, within } from '../judge.js';
import { send } from '../wire/http.js';
import {
  demographicsBody,
  envelope,
  honest,
  HL7V3_PATH,
  PERSON_SERVICE_PATH,
  personBody,
  GET_PERSON,
  post,
  pregXmlQuestion,
  question,
  security,
  timestamp,
  usernameToken,
} from '../wire/message.js';
import type { Hospital } from '../world/hospital.js';
import type { Target } from '../world/target.js';

const UNREADABLE = { code: 'DeserializationFailed' } as const;

/** What is refused unread, and quickly: the quickest of three, so that a busy machine does not count. */
async function refusedWithin(target: Target, body: string | Buffer, bound: number): Promise<string> {
  let quickest = Number.POSITIVE_INFINITY;
  let came = '';
  for (let index = 0; index < 3; index += 1) {
    const answer = await post(target, body);
    came = answer.status === 413 ? bareStatus(answer, 413) : legalFault(answer, UNREADABLE);
    quickest = Math.min(quickest, answer.milliseconds);
  }
  return `${came}, ${within(quickest, bound)}`;
}

/** The cost of TLS and of sending a megabyte is not the reader's. */
const SENDING = 150;

async function recordedAs(
  hospital: Hospital,
  outcome: string,
  body: string | Buffer,
  type?: string,
): Promise<string> {
  const from = hospital.lines.length;
  const answer = await post(
    hospital.target,
    body,
    type === undefined ? {} : { headers: { 'Content-Type': type } },
  );
  tellsNobody(hospital.target, answer);
  const recorded = await hospital.recorded(from);
  insist(recorded.outcome === outcome, `HTTP ${answer.status}, recorded as ${recorded.outcome}`);
  return `HTTP ${answer.status}, recorded as ${outcome}`;
}

const doctypes: readonly (readonly [string, (message: string) => string | Buffer, string?])[] = [
  ['at the beginning', (message) => `<!DOCTYPE s:Envelope>${message}`],
  ['in lower case', (message) => `<!doctype x>${message}`],
  [
    'after a declaration and a comment',
    (message) => `<?xml version="1.0"?><!-- x --> <!DOCTYPE x []>${message}`,
  ],
  ['inside the body', (message) => message.replace('<s:Body>', '<s:Body><!DOCTYPE x>')],
  [
    'in UTF-16LE with a byte order mark',
    (message) => iconv.encode(`<!DOCTYPE x>${message}`, 'utf-16le', { addBOM: true }),
    'application/soap+xml',
  ],
  [
    'in UTF-16BE without one',
    (message) => iconv.encode(`<!DOCTYPE x>${message}`, 'utf-16be'),
    'application/soap+xml; charset=utf-16be',
  ],
  ['with white space within', (message) => `<!DOCTYPE\n\tx\n>${message}`],
  [
    'with an internal subset of parameter entities',
    (message) => `<!DOCTYPE x [<!ENTITY % a "b"> %a;]>${message}`,
  ],
];

export const doctype: Item = {
  number: 1,
  title: 'A DOCTYPE of any kind is refused unparsed',
  probes: doctypes.map(([where, write, type], index) =>
    onHospital(
      where,
      (hospital) => recordedAs(hospital, 'xml-dtd', write(question(hospital.target)), type),
      index < 2,
    ),
  ),
};

export const externalEntity: Item = {
  number: 2,
  title: 'An external entity reads no file and calls nobody',
  probes: [
    onTarget('entities and subsets at a file and at a web server', async (target) => {
      const heard: string[] = [];
      const canary = createServer((request, response) => {
        heard.push(request.url ?? '');
        response.end('CANARY');
      });
      canary.listen(0, '127.0.0.1');
      await once(canary, 'listening');
      const address = canary.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const file = join('/tmp', `attack-canary-${randomUUID()}`);
      writeFileSync(file, 'CANARY');
      try {
        for (const system of [`http://127.0.0.1:${port}/entity`, pathToFileURL(file).href]) {
          for (const [subset, value] of [
            [`<!ENTITY e SYSTEM "${system}">`, '&e;'],
            [`<!ENTITY % e SYSTEM "${system}"> %e;`, ''],
          ] as const) {
            const body = `<!DOCTYPE x [${subset}]>${pregXmlQuestion(target, { body: personBody(value) })}`;
            const answer = await post(target, body, { path: PERSON_SERVICE_PATH });
            legalFault(answer, UNREADABLE);
            insist(!answer.text.includes('CANARY'), 'the file was read');
          }
          const include = `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${system}" parse="text"/>`;
          const answer = await post(target, question(target, { moreHeaders: include }));
          insist(!answer.text.includes('CANARY'), 'XInclude was followed');
          const schema = question(target, {
            moreHeaders: `<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x ${system}"/>`,
          });
          await post(target, schema);
          const style = `<?xml version="1.0"?><?xml-stylesheet href="${system}"?>${question(target)}`;
          insist((await post(target, style)).status === 500, 'a processing instruction was accepted');
        }
        legalFault(
          await post(target, `<!DOCTYPE x SYSTEM "http://127.0.0.1:${port}/dtd">${question(target)}`),
          UNREADABLE,
        );
        insist(heard.length === 0, `the canary heard ${heard.length} requests`);
        return 'faults; the canary heard nothing';
      } finally {
        canary.close();
        canary.closeAllConnections();
        writeFileSync(file, '');
      }
    }),
  ],
};

const laughs = Array.from(
  { length: 12 },
  (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
).join('');

function resident(hospital: Hospital): number {
  try {
    const status = readFileSync(`/proc/${hospital.pid ?? 0}/status`, 'utf8');
    return Number(/VmRSS:\s+([0-9]+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

function bomb(tried: string, write: (target: Target) => string): Probe {
  return onHospital(tried, async (hospital) => {
    const before = resident(hospital);
    const came = await refusedWithin(hospital.target, write(hospital.target), 50 + SENDING);
    const grown = resident(hospital) - before;
    insist(Number.isNaN(grown) || grown < 100, `grew by ${Math.round(grown)} MB`);
    return came;
  });
}

export const entities: Item = {
  number: 3,
  title: 'Entities that grow are refused at once and cost no memory',
  probes: [
    bomb(
      'billion laughs',
      (target) => `<!DOCTYPE x [<!ENTITY e0 "ha">${laughs}]>${question(target, { body: '&e12;' })}`,
    ),
    bomb(
      'quadratic blow-up',
      (target) =>
        `<!DOCTYPE x [<!ENTITY e "${'x'.repeat(100_000)}">]>${question(target, { body: '&e;'.repeat(100_000) })}`,
    ),
    bomb('50 000 DOCTYPEs', (target) => '<!DOCTYPE x>'.repeat(50_000) + question(target)),
    bomb('entities without a DOCTYPE', (target) => question(target, { body: '&e;'.repeat(100_000) })),
  ],
};

/** While something large is judged, others are answered. */
async function blocksNobody(target: Target, bodies: readonly string[], bound: number): Promise<string> {
  await post(target, question(target));
  const attacks = bodies.map((body) => post(target, body));
  let slowest = 0;
  const settled = Promise.allSettled(attacks);
  const over = new AbortController();
  void settled.then(() => {
    over.abort();
  });
  while (!over.signal.aborted) {
    const answer = await send(target, HL7V3_PATH, { method: 'GET' });
    slowest = Math.max(slowest, answer.milliseconds);
  }
  const statuses = (await settled).map((one) => (one.status === 'fulfilled' ? one.value.status : 0));
  return `HTTP ${[...new Set(statuses)].join(', ')}; others waited ${within(slowest, bound)}`;
}

export const references: Item = {
  number: 4,
  title: 'Character references in great number hold nobody up',
  probes: [
    onTarget('a million of them', async (target) =>
      bareStatus(await post(target, question(target, { body: '&#65;'.repeat(1_000_000) })), 413),
    ),
    onTarget('as many as fit in the largest message', async (target) =>
      blocksNobody(
        target,
        [question(target, { body: demographicsBody('&#65;'.repeat(200_000)) })],
        500 + SENDING,
      ),
    ),
    onTarget('the same, eight at a time', async (target) =>
      blocksNobody(
        target,
        Array.from({ length: 8 }, () => question(target, { body: `<a>${'&#65;'.repeat(200_000)}</a>` })),
        1_500 + SENDING,
      ),
    ),
  ],
};

export const depth: Item = {
  number: 5,
  title: 'Deep nesting is refused at the cap',
  probes: [65, 1_000, 100_000, 140_000]
    .map((levels) =>
      onTarget(`${levels} levels`, (target) =>
        refusedWithin(
          target,
          question(target, { body: '<a>'.repeat(levels - 2) + '</a>'.repeat(levels - 2) }),
          50 + SENDING,
        ),
      ),
    )
    .concat([
      onTarget('100 000 levels that are never closed', (target) =>
        refusedWithin(target, question(target, { body: '<a>'.repeat(100_000) }), 50 + SENDING),
      ),
      onTarget('100 000 levels in the header', (target) =>
        refusedWithin(
          target,
          question(target, { moreHeaders: '<a>'.repeat(60_000) + '</a>'.repeat(60_000) }),
          50 + SENDING,
        ),
      ),
    ]),
};

const numbered = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => one(index)).join(' ');

const large: readonly (readonly [string, () => string])[] = [
  ['50 000 attributes', () => `<a ${numbered(50_000, (index) => `a${index}=""`)}/>`],
  [
    '20 000 namespace declarations in one element',
    () => `<a ${numbered(20_000, (index) => `xmlns:a${index}="urn:x"`)}/>`,
  ],
  ['20 000 namespace declarations in as many elements', () => '<a xmlns="urn:x"/>'.repeat(20_000)],
  ['an attribute of 1 MB', () => `<a b="${'x'.repeat(1_000_000)}"/>`],
  ['an element name of 1 MB', () => `<${'x'.repeat(1_000_000)}/>`],
  ['a prefix of 1 MB', () => `<${'x'.repeat(500_000)}:a xmlns:${'x'.repeat(500_000)}="urn:x"/>`],
  ['a text of 1 MB', () => `<a>${'x'.repeat(1_000_000)}</a>`],
  ['200 000 elements', () => '<a/>'.repeat(200_000)],
  ['a comment of 1 MB', () => `<!--${'x'.repeat(1_000_000)}-->`],
  ['200 000 comments', () => '<!---->'.repeat(140_000)],
  ['a CDATA section of 1 MB', () => `<a><![CDATA[${'x'.repeat(1_000_000)}]]></a>`],
  ['80 000 CDATA sections', () => `<a>${'<![CDATA[]]>'.repeat(80_000)}</a>`],
  ['nested declarations of one prefix', () => '<a xmlns:p="urn:1">'.repeat(60) + '</a>'.repeat(60)],
];

export const parts: Item = {
  number: 6,
  title: 'Large parts are refused by their caps, and hold nobody up',
  probes: large.map(([tried, write]) =>
    onTarget(tried, async (target) => {
      const began = await post(target, question(target, { body: write() }));
      // What is within all limits is no operation all the same.
      legalFault(began, { code: ['DeserializationFailed', 'ActionNotSupported'] });
      return blocksNobody(target, [question(target, { body: write() })], 500 + SENDING);
    }),
  ),
};

const broken: readonly (readonly [string, (message: string, target: Target) => string | Buffer])[] = [
  ['nothing', () => ''],
  ['white space', () => ' \n'],
  ['a message cut short', (message) => message.slice(0, -20)],
  ['two roots', (message) => message + message],
  ['text after the root', (message) => `${message}x`],
  ['an attribute twice', (_, target) => question(target, { body: '<x a="1" a="2"/>' })],
  [
    'an attribute twice by two prefixes',
    (_, target) => question(target, { body: '<x xmlns:p="urn:x" xmlns:q="urn:x" p:a="1" q:a="2"/>' }),
  ],
  ['a prefix that stands for nothing', (_, target) => question(target, { body: '<x:y/>' })],
  ['a prefix xmlns', (_, target) => question(target, { body: '<x xmlns:xmlns="urn:x"/>' })],
  [
    'the namespace of xml for another prefix',
    (_, target) => question(target, { body: '<x xmlns:p="http://www.w3.org/XML/1998/namespace"/>' }),
  ],
  ['a control character', (_, target) => question(target, { body: demographicsBody('\u0001') })],
  ['a reference to a control character', (_, target) => question(target, { body: demographicsBody('&#8;') })],
  ['a reference to a surrogate', (_, target) => question(target, { body: demographicsBody('&#xD800;') })],
  ['a reference beyond Unicode', (_, target) => question(target, { body: demographicsBody('&#x110000;') })],
  [
    'octets that are no UTF-8',
    (_, target) => Buffer.from(question(target, { body: demographicsBody('\u00e5') }), 'latin1'),
  ],
  [
    'an overlong NUL in UTF-8',
    (message) =>
      Buffer.concat([
        Buffer.from(message.slice(0, -20)),
        Buffer.from([0xc0, 0x80]),
        Buffer.from(message.slice(-20)),
      ]),
  ],
  ['two byte order marks and text', (message) => `\ufeff\ufeffx${message}`],
  ['JSON', () => '{"a":1}'],
  ['XML that is no envelope', () => '<a/>'],
  ['XML 1.1', (message) => `<?xml version="1.1"?>${message}`],
  [
    'an XML declaration in the middle',
    (message) => message.replace('<s:Body>', '<?xml version="1.0"?><s:Body>'),
  ],
  ['end tags that do not fit', (_, target) => question(target, { body: '<a><b></a></b>' })],
  ['a comment with two hyphens', (_, target) => question(target, { body: '<!-- -- -->' })],
  ['a less-than sign in an attribute', (_, target) => question(target, { body: '<a b="<"/>' })],
];

export const malformed: Item = {
  number: 8,
  title: 'What is not XML is a fault',
  probes: broken.map(([tried, write], index) =>
    onTarget(
      tried,
      async (target) => {
        const answers = [
          await post(target, write(question(target), target)),
          await post(target, write(pregXmlQuestion(target), target), { path: PERSON_SERVICE_PATH }),
        ];
        return answers.map((answer) => legalFault(answer, UNREADABLE))[0] ?? '';
      },
      index < 4,
    ),
  ),
};

export const splitBrain: Item = {
  number: 12,
  title: 'CDATA and comments inside a value are read as XML says, everywhere',
  probes: [
    ['CDATA', (nin: string) => `<![CDATA[${nin}]]>`],
    ['a comment in the middle', (nin: string) => `${nin.slice(0, 5)}<!-- 99 -->${nin.slice(5)}`],
    [
      'CDATA, a comment and a reference',
      (nin: string) => `<![CDATA[${nin.slice(0, 4)}]]><!-- 0 -->&#${nin.charCodeAt(4)};${nin.slice(5)}`,
    ],
  ]
    .flatMap(([tried, write]) =>
      typeof write === 'string'
        ? []
        : [
            onTarget(`a number with ${String(tried)}`, async (target) =>
              tells(
                target,
                await post(
                  target,
                  pregXmlQuestion(target, { body: personBody(write?.(target.person.nin) ?? '') }),
                  {
                    path: PERSON_SERVICE_PATH,
                  },
                ),
              ),
            ),
          ],
    )
    .concat([
      onHospital(
        'a user name with a comment: one and the same to the login and the log',
        async (hospital) => {
          const { target } = hospital;
          const { username, password } = target.account;
          const from = hospital.lines.length;
          const token = usernameToken(`${username.slice(0, 4)}<!-- other -->${username.slice(4)}`, password);
          tells(target, await post(target, question(target, { security: security(timestamp() + token) })));
          const { line } = await hospital.recorded(from);
          insist(line['clientId'] === username, 'recorded as another client');
          return 'the right answer, recorded as the same client';
        },
      ),
      onTarget('an action with CDATA', async (target) => {
        const headers = envelope({
          action: `<![CDATA[${GET_PERSON}]]>`,
          security: honest(target),
          body: personBody(target.person.nin),
        });
        return tells(target, await post(target, headers, { path: PERSON_SERVICE_PATH }));
      }),
    ]),
};

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

export const prototypes: Item = {
  number: 13,
  title: 'Elements called as JavaScript calls its own are data',
  probes: [
    onTarget('as elements, attributes and headers', async (target) => {
      for (const name of names) {
        const inside = `<${name}><polluted>yes</polluted></${name}>`;
        const asHeader = await post(
          target,
          question(target, { moreHeaders: `<${name} xmlns="urn:x">1</${name}>` }),
        );
        tells(target, asHeader);
        const asElement = await post(
          target,
          question(target, {
            body: `<t:GetDemographics xmlns:t="http://tempuri.org/">${inside}</t:GetDemographics>`,
          }),
        );
        noInternals(asElement.text);
        insist([200, 500].includes(asElement.status), `HTTP ${asElement.status}`);
        const asAction = await post(target, question(target, { action: name }));
        legalFault(asAction, { code: 'ActionNotSupported' });
        const asUser = security(timestamp() + usernameToken(name, 'x'));
        legalFault(await post(target, question(target, { security: asUser }), { from: '127.0.0.13' }), {
          code: 'FailedAuthentication',
        });
        const path = await send(target, `/${name}`, { method: 'GET' });
        bareStatus(path, 404);
        const schema = await send(target, `${HL7V3_PATH}?xsd=${name}`, { method: 'GET' });
        insist(schema.status === 404, `?xsd=${name}: HTTP ${schema.status}`);
      }
      const plain = await post(target, question(target));
      insist(!plain.text.includes('polluted'), 'the prototype was changed');
      return tells(target, plain);
    }),
    onTarget('as a number asked for', async (target) => {
      for (const name of names) {
        const answer = await post(target, question(target, { body: demographicsBody(name) }));
        noInternals(answer.text);
        insist(answer.status === 200 && answer.text.includes('"QE"'), `HTTP ${answer.status} without QE`);
      }
      return 'AE, QE';
    }),
  ],
};
