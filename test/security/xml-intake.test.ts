import { expect } from 'chai';
import iconv from 'iconv-lite';
import { writeFileSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync, deflateSync, brotliCompressSync } from 'node:zlib';
import type { AuditOutcome } from '../../src/operations/audit-trail.js';
import type { XmlCharset } from '../../src/xml/charset.js';
import { decodeXml } from '../../src/xml/decode.js';
import { readXml } from '../../src/xml/reader.js';
import { fastest } from '../support/fastest.js';
import {
  faultOf,
  isCleanFault,
  soapBench,
  stillAnswers,
  textOf,
  type SoapBench,
} from '../support/soap-bench.js';
import { echoBody, envelope, soapMessage } from '../support/soap-request.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const megabyte = 1_048_576;

async function expectUnreadable(
  bench: SoapBench,
  body: string | Uint8Array,
  outcome: AuditOutcome,
): Promise<void> {
  const answer = await bench.post(body);
  expect(isCleanFault(answer)).to.equal(true);
  expect(faultOf(answer).code).to.equal('d:DeserializationFailed');
  expect(textOf(answer)).to.contain('<o:Security ');
  expect(bench.audited.at(-1)?.outcome).to.equal(outcome);
  expect(bench.calls).to.deep.equal([]);
}

describe('Quality 1: a DOCTYPE of any kind', () => {
  const message = soapMessage();
  for (const [what, body] of [
    ['plain', `<!DOCTYPE s:Envelope>${message}`],
    ['lower case', `<!doctype x>${message}`],
    ['after a comment', `<?xml version="1.0"?><!-- x --> <!DOCTYPE x []>${message}`],
    ['inside the body', soapMessage({ body: '<!DOCTYPE x>' })],
    ['UTF-16LE', iconv.encode(`<!DOCTYPE x>${message}`, 'utf-16le', { addBOM: true })],
  ] as const) {
    it(`is refused unparsed: ${what}`, async () => {
      const bench = soapBench();
      const answer = await bench.post(
        typeof body === 'string' ? body : Buffer.from(body),
        typeof body === 'string' ? {} : { 'content-type': 'application/soap+xml' },
      );
      const text = decodeXml(Buffer.from(answer.body), undefined).text;
      expect(answer.status).to.equal(500);
      expect(text).to.contain('<s:Value>s:Sender</s:Value>').and.contain('d:DeserializationFailed');
      expect(bench.audited[0]?.outcome).to.equal('xml-dtd');
      expect(bench.tried).to.deep.equal([]);
    });
  }
});

describe('Quality 2: an external entity', () => {
  const folder = temporaryFolders();
  let canary: Server | undefined;
  afterEach(async () => {
    canary?.close();
    canary?.closeAllConnections();
    if (canary?.listening === true) await once(canary, 'close');
  });

  it('reads no file and calls nobody', async () => {
    const heard: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      heard.push(request.url);
      response.end('CANARY');
    });
    canary = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const base = `http://127.0.0.1:${address.port}`;
    const file = path.join(folder(), 'canary.txt');
    writeFileSync(file, 'CANARY');

    for (const system of [`${base}/entity`, pathToFileURL(file).href]) {
      for (const subset of [`<!ENTITY e SYSTEM "${system}">`, `<!ENTITY % e SYSTEM "${system}"> %e;`]) {
        const bench = soapBench();
        const body = `<!DOCTYPE x [${subset}]>${soapMessage({ body: echoBody('&e;') })}`;
        expect(textOf(await bench.post(body))).to.not.contain('CANARY');
        expect(bench.audited[0]?.outcome).to.equal('xml-dtd');
      }
    }
    const answer = await soapBench().post(`<!DOCTYPE x SYSTEM "${base}/dtd">${soapMessage()}`);
    expect(answer.status).to.equal(500);

    // Whatever had been sent before this would have been heard before this.
    await once(get(`${base}/last`), 'response');
    expect(heard).to.deep.equal(['/last']);
  });
});

describe('Quality 3: entities that grow', () => {
  const laughs = Array.from(
    { length: 12 },
    (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
  ).join('');
  for (const [what, body] of [
    [
      'billion laughs',
      `<!DOCTYPE x [<!ENTITY e0 "ha">${laughs}]>${soapMessage({ body: echoBody('&e12;') })}`,
    ],
    [
      'quadratic blow-up',
      `<!DOCTYPE x [<!ENTITY e "${'x'.repeat(100_000)}">]>${soapMessage({ body: echoBody('&e;'.repeat(100_000)) })}`,
    ],
    ['repeated DOCTYPE', '<!DOCTYPE x>'.repeat(50_000) + soapMessage()],
  ] as const) {
    it(`are refused in 50 ms and 100 MB: ${what}`, async () => {
      const bench = soapBench();
      const before = process.memoryUsage().rss;
      expect(await fastest(() => expectUnreadable(bench, body, 'xml-dtd'))).to.be.below(50);
      expect(process.memoryUsage().rss - before).to.be.below(100 * megabyte);
    });
  }
});

describe('Quality 4: a million character references', () => {
  it('are refused, the event loop blocked for less than 500 ms', async () => {
    const body = soapMessage({ body: echoBody('&#65;'.repeat(1_000_000)) });
    const bench = soapBench({
      settings: { maxRequestBytes: 16 * megabyte, maxDecompressedBytes: 16 * megabyte },
    });
    expect(await fastest(() => expectUnreadable(bench, body, 'malformed-request'))).to.be.below(500);
    expect((await soapBench().post(body)).status).to.equal(413);
  });
});

describe('Quality 5: deep nesting', () => {
  for (const depth of [65, 1_000, 100_000]) {
    it(`is refused in 50 ms: ${depth} levels`, async () => {
      const nested = '<a>'.repeat(depth - 2) + '</a>'.repeat(depth - 2);
      const body = envelope(`<s:Body>${nested}</s:Body>`);
      const bench = soapBench();
      expect(await fastest(() => expectUnreadable(bench, body, 'malformed-request'))).to.be.below(50);
      expect(bench.answered[0]?.error?.message).to.equal('XML over the limit: depth');
    });
  }

  it('is read up to the cap', async () => {
    const bench = soapBench();
    const nested = '<a>'.repeat(60) + '</a>'.repeat(60);
    await bench.post(soapMessage({ body: `<Echo xmlns="urn:example:echo"><value/>${nested}</Echo>` }));
    expect(bench.calls).to.have.length(1);
  });
});

describe('Quality 6: large parts', () => {
  const many = (count: number, one: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => one(index)).join(' ');
  for (const [what, limit, content] of [
    ['50 000 attributes', 'attributesPerElement', `<a ${many(50_000, (index) => `a${index}=""`)}/>`],
    ['50 000 attributes in many elements', 'attributes', `<a b="" c="" d="" e="" f=""/>`.repeat(10_001)],
    [
      '20 000 namespace declarations',
      'attributesPerElement',
      `<a ${many(20_000, (index) => `xmlns:a${index}="urn:x"`)}/>`,
    ],
    [
      '20 000 namespace declarations in many elements',
      'namespaceDeclarations',
      '<a xmlns="urn:x"/>'.repeat(20_000),
    ],
    ['a 1 MB attribute', 'attributeLength', `<a b="${'x'.repeat(1_000_000)}"/>`],
    ['a 1 MB element name', 'nameLength', `<${'x'.repeat(1_000_000)}/>`],
    ['1 MB of text', 'textLength', `<a>${'x'.repeat(1_000_000)}</a>`],
    ['60 000 elements', 'elements', '<a/>'.repeat(60_000)],
  ] as const) {
    it(`are refused by cap: ${what}`, async () => {
      const bench = soapBench();
      await expectUnreadable(bench, envelope(`<s:Body>${content}</s:Body>`), 'malformed-request');
      expect(bench.answered[0]?.error?.message).to.equal(`XML over the limit: ${limit}`);
    });
  }
});

describe('Quality 7: bodies that HTTP cannot give us', () => {
  const bomb = gzipSync(Buffer.alloc(60 * 1_000_000, 0x20), { level: 9 });
  const good = Buffer.from(soapMessage());
  for (const [what, status, body, headers] of [
    ['too large by Content-Length', 413, good, { 'content-length': String(megabyte + 1) }],
    ['too large as it came', 413, Buffer.alloc(megabyte + 1, 0x20), {}],
    ['a gzip bomb', 413, bomb, { 'content-encoding': 'gzip' }],
    ['a deflate bomb', 413, deflateSync(Buffer.alloc(8 * megabyte)), { 'content-encoding': 'deflate' }],
    ['not gzip at all', 400, good, { 'content-encoding': 'gzip' }],
    ['gzip with a broken checksum', 400, broken(gzipSync(good)), { 'content-encoding': 'gzip' }],
    ['truncated gzip', 400, gzipSync(good).subarray(0, 100), { 'content-encoding': 'gzip' }],
    ['empty gzip', 400, Buffer.alloc(0), { 'content-encoding': 'gzip' }],
    ['not deflate at all', 400, good, { 'content-encoding': 'deflate' }],
    ['br', 415, brotliCompressSync(good), { 'content-encoding': 'br' }],
    ['compress', 415, good, { 'content-encoding': 'compress' }],
    ['two codings', 415, gzipSync(gzipSync(good)), { 'content-encoding': 'gzip, gzip' }],
  ] as const) {
    it(`are refused with ${status} and an empty body: ${what}`, async () => {
      const bench = soapBench();
      const answer = await bench.post(body, headers);
      expect(answer.status).to.equal(status);
      expect(answer.body).to.equal('');
      expect(bench.audited[0]).to.include({ outcome: 'malformed-request', clientId: null, operation: null });
      expect(await stillAnswers(bench)).to.equal(true);
    });
  }

  it('are read in gzip, deflate and as they are', async () => {
    for (const [coding, body] of [
      ['gzip', gzipSync(good)],
      ['X-GZIP', gzipSync(good)],
      ['deflate', deflateSync(good)],
      ['identity', good],
    ] as const) {
      const answer = await soapBench().post(body, { 'content-encoding': coding });
      expect(answer.status, coding).to.equal(200);
    }
  });

  it('are never decompressed beyond the limit', async () => {
    expect(bomb.length).to.be.below(60_000);
    const bench = soapBench();
    const before = process.memoryUsage().rss;
    await bench.post(bomb, { 'content-encoding': 'gzip' });
    expect(process.memoryUsage().rss - before).to.be.below(100 * megabyte);
  });
});

function broken(octets: Buffer): Buffer {
  const copy = Buffer.from(octets);
  const at = copy.length - 8;
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

describe('Quality 8: what is not XML', () => {
  const message = soapMessage();
  for (const [what, body] of [
    ['an empty body', ''],
    ['truncated', message.slice(0, -20)],
    ['two roots', message + message],
    ['a duplicate attribute', soapMessage({ body: '<x a="1" a="2"/>' })],
    ['an unbound prefix', soapMessage({ body: '<x:y/>' })],
    ['control characters', soapMessage({ body: echoBody('\u0001') })],
    ['a reference to a control character', soapMessage({ body: echoBody('&#8;') })],
    ['two byte order marks and text', `\ufeff\ufeffx${message}`],
    ['plain text', 'hello'],
    ['JSON', '{"a":1}'],
    ['XML that is no envelope', '<a/>'],
  ] as const) {
    it(`is a fault: ${what}`, async () => {
      await expectUnreadable(soapBench(), body, 'malformed-request');
    });
  }

  it('is a fault: a lone surrogate in UTF-8 and in UTF-16', async () => {
    const utf8 = Buffer.from(soapMessage({ body: echoBody('@') }).replace('@', '\u00e5'), 'latin1');
    await expectUnreadable(soapBench(), utf8, 'encoding-conflict');
    const utf16 = iconv.encode(soapMessage({ body: echoBody('@@') }), 'utf-16le', { addBOM: true });
    const at = utf16.indexOf(Buffer.from('@\0', 'latin1'));
    utf16.writeUInt16LE(0xd800, at);
    const bench = soapBench();
    const answer = await bench.post(utf16, { 'content-type': 'application/soap+xml' });
    expect(faultOf(answer).reason).to.match(/do not fit/);
  });

  it('is read with each byte order mark that fits', async () => {
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be']) {
      const body = iconv.encode(message, encoding, { addBOM: true });
      const answer = await soapBench().post(body, { 'content-type': 'application/soap+xml' });
      expect(answer.status, encoding).to.equal(200);
    }
  });
});

describe('Quality 9: encodings', () => {
  const declaration = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>`;
  const text = 'æøå ÆØÅ é';
  for (const [what, encoding, contentType, declared, charset] of [
    ['ISO-8859-1 by header', 'iso-8859-1', 'ISO-8859-1', '', 'iso-8859-1'],
    ['ISO-8859-1 by declaration', 'iso-8859-1', undefined, declaration('ISO-8859-1'), 'iso-8859-1'],
    ['ISO-8859-1 by both', 'iso-8859-1', '"iso-8859-1"', declaration('iso-8859-1'), 'iso-8859-1'],
    ['windows-1252', 'windows-1252', 'windows-1252', '', 'windows-1252'],
    ['UTF-16LE', 'utf-16le', 'utf-16le', '', 'utf-16'],
    ['UTF-16BE', 'utf-16be', 'utf-16', '', 'utf-16'],
    ['UTF-8 by default', 'utf-8', undefined, '', 'utf-8'],
  ] as const) {
    it(`are kept in the answer: ${what}`, async () => {
      const bench = soapBench();
      const answer = await bench.post(
        iconv.encode(soapMessage({ declaration: declared, body: echoBody(text) }), encoding),
        {
          'content-type': `application/soap+xml${contentType === undefined ? '' : `; charset=${contentType}`}`,
        },
      );
      expect(answer.status).to.equal(200);
      expect(answer.headers['Content-Type']).to.equal(`application/soap+xml; charset=${charset}`);
      const back = iconv.decode(Buffer.from(answer.body), encoding);
      expect(back).to.contain(`<value>${text}</value>`);
      expect(back).to.match(new RegExp(`^\\ufeff?<\\?xml version="1.0" encoding="${charset}"\\?>`));
    });

    it(`are kept in a fault: ${what}`, async () => {
      const message = soapMessage({ declaration: declared, security: '' });
      const answer = await soapBench().post(iconv.encode(message, encoding), {
        'content-type': `application/soap+xml${contentType === undefined ? '' : `; charset=${contentType}`}`,
      });
      expect(answer.status).to.equal(500);
      expect(answer.headers['Content-Type']).to.equal(`application/soap+xml; charset=${charset}`);
      expect(iconv.decode(Buffer.from(answer.body), encoding)).to.contain('w:InvalidSecurity');
    });
  }

  for (const [what, contentType, declared, reason] of [
    ['header against declaration', 'iso-8859-1', declaration('utf-8'), /XML declaration names another/],
    ['two charsets in the header', 'utf-8; charset=iso-8859-1', '', /two character sets/],
    ['an unknown name', 'x-unknown', '', /not known here/],
  ] as const) {
    it(`that conflict are a fault that says so: ${what}`, async () => {
      const bench = soapBench();
      const answer = await bench.post(soapMessage({ declaration: declared }), {
        'content-type': `application/soap+xml; charset=${contentType}`,
      });
      expect(isCleanFault(answer)).to.equal(true);
      expect(faultOf(answer).reason).to.match(reason);
      expect(bench.audited[0]?.outcome).to.equal('encoding-conflict');
    });
  }
});

describe('Quality 10: characters', () => {
  const name = `æøåÆØÅ š ŋ a\u030a 😀 & < > ]]> " '`;
  const written = 'æøåÆØÅ š ŋ a\u030a 😀 &amp; &lt; &gt; ]]&gt; " \'';
  const charsets: readonly XmlCharset[] = [
    'utf-8',
    'utf-16le',
    'utf-16be',
    'iso-8859-1',
    'windows-1252',
    'us-ascii',
  ];
  for (const charset of charsets) {
    it(`survive both ways in ${charset}`, async () => {
      const bench = soapBench();
      const plain = soapMessage({ body: echoBody(written) });
      const sent = plain.replace(/[^\0-\x7f]/gu, (character) =>
        iconv.decode(
          iconv.encode(character, charset === 'us-ascii' ? 'ascii' : charset),
          charset === 'us-ascii' ? 'ascii' : charset,
        ) === character
          ? character
          : `&#x${(character.codePointAt(0) ?? 0).toString(16)};`,
      );
      const answer = await bench.post(iconv.encode(sent, charset === 'us-ascii' ? 'ascii' : charset), {
        'content-type': `application/soap+xml; charset=${charset}`,
      });
      expect(bench.calls[0]?.body.children[0]?.text).to.equal(name);
      const { text } = decodeXml(Buffer.from(answer.body), undefined);
      const body = readXml(text).children[1];
      expect(body?.children[0]?.children[0]?.text).to.equal(name);
    });
  }

  it('become numeric references where ISO-8859-1 cannot carry them', async () => {
    const sent = soapMessage({ body: echoBody('\u00e6&#353;&#331;&#x1F600;') });
    const answer = await soapBench().post(Buffer.from(sent, 'latin1'), {
      'content-type': 'application/soap+xml; charset=iso-8859-1',
    });
    expect(Buffer.from(answer.body).toString('latin1')).to.contain('<value>æ&#353;&#331;&#128512;</value>');
  });
});
