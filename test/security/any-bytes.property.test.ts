import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadMappings } from '../../src/config/mapping-files.js';
import { packageRoot } from '../../src/config/package-root.js';
import { FixtureAdapter } from '../../src/fixtures/fixture-adapter.js';
import { readFixtureCase } from '../../src/fixtures/fixture-case.js';
import type { LegacyHttpResponse } from '../../src/legacy/http.js';
import { Population } from '../../src/sandbox/population/population.js';
import { decodeXml } from '../../src/xml/decode.js';
import { readXml } from '../../src/xml/reader.js';
import { transliteration } from '../support/hl7v2.js';
import { types } from '../support/hl7v3-message.js';
import { contracts } from '../support/preg-xml.js';
import { HL7V3_PATH } from '../support/get-demographics-request.js';
import { long } from '../support/long-runs.js';
import { UnservedPersontjenesten } from '../../src/sandbox/persontjenesten/unserved-persontjenesten.js';
import { namespaces } from '../support/soap-request.js';

const RUNS = long ? 20_000 : 2_000;

/** Pieces that have upset parsers before, put anywhere. */
const pieces = [
  ...[
    '<!DOCTYPE x>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?x y?>',
    '&#0;',
    '&#x10FFFF;',
    '&lt;',
    '&x;',
    '\0',
  ],
  ...['<a>', '</a>', '<a', '/>', '"', "'", '<', '>', '&', '\uFEFF', '\uD800', ' xmlns=""', ' xmlns:s="x"'],
  ...[
    ' u:Id="_0"',
    ' xsi:nil="true"',
    '9'.repeat(400),
    '<a>'.repeat(100),
    ' '.repeat(4_000),
    '\u202E',
    'é',
    '😀',
  ],
].map((piece) => Buffer.from(piece));

type Change = (message: Buffer, at: number) => Buffer;

function spliced(message: Buffer, at: number, remove: number, insert: Uint8Array): Buffer {
  return Buffer.concat([message.subarray(0, at), insert, message.subarray(at + remove)]);
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom(...pieces).map(
    (piece): Change =>
      (message, at) =>
        spliced(message, at, 0, piece),
  ),
  fc.nat(300).map(
    (length): Change =>
      (message, at) =>
        spliced(message, at, length, Buffer.alloc(0)),
  ),
  fc.nat(255).map(
    (octet): Change =>
      (message, at) =>
        spliced(message, at, 1, Buffer.of(octet)),
  ),
  fc.uint8Array({ maxLength: 20 }).map(
    (octets): Change =>
      (message, at) =>
        spliced(message, at, 0, octets),
  ),
  // What stood there once more, as wrapping attacks do.
  fc.nat(2_000).map(
    (length): Change =>
      (message, at) =>
        spliced(message, at, 0, message.subarray(at, at + length)),
  ),
  fc.constant<Change>((message, at) => message.subarray(0, at)),
);

interface Attempt {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const headers = fc.record(
  {
    'content-type': fc.oneof(
      fc.constantFrom('application/soap+xml; charset=utf-8', 'text/xml', 'text/xml; charset=iso-8859-1'),
      fc.string({ maxLength: 30 }),
    ),
    soapaction: fc.oneof(
      fc.constantFrom('"http://tempuri.org/IPersonRegistry/GetDemographics"', '""', '"'),
      fc.string(),
    ),
    'content-encoding': fc.constantFrom('gzip', 'deflate', 'br', 'identity', ''),
  },
  { requiredKeys: ['content-type'] },
);

function attempts(seeds: readonly Attempt[]): fc.Arbitrary<Attempt> {
  const changed = fc
    .record({
      seed: fc.constantFrom(...seeds),
      changes: fc.array(fc.tuple(change, fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 6 }),
    })
    .map(({ seed, changes }) => ({
      ...seed,
      body: changes.reduce((body, [apply, part]) => apply(body, Math.floor(part * body.length)), seed.body),
    }));
  return fc.oneof(
    { weight: 12, arbitrary: changed },
    { weight: 2, arbitrary: fc.record({ body: changed.map(({ body }) => body), headers }) },
    {
      weight: 1,
      arbitrary: fc.record({
        body: fc.uint8Array({ maxLength: 2_000 }).map((octets) => Buffer.from(octets)),
        headers,
      }),
    },
    {
      weight: 1,
      arbitrary: changed.map(({ body, headers: own }) => ({
        body: gzipSync(body),
        headers: { ...own, 'content-encoding': 'gzip' },
      })),
    },
  );
}

/** A well-formed SOAP message of the version that its media type names, or a bare refusal. */
function judge({ status, headers: sent, body }: LegacyHttpResponse): void {
  const octets = Buffer.from(body);
  if ((status >= 400 && status < 500) || status === 503) {
    expect(octets.length, `body of ${status}`).to.equal(0);
    return;
  }
  expect([200, 500]).to.include(status);
  const [type = '', charset] = (sent['Content-Type'] ?? '').split('; charset=');
  const root = readXml(decodeXml(octets, charset).text);
  const namespace = type === 'text/xml' ? namespaces.soap11 : namespaces.soap;
  expect([type === 'text/xml' || type === 'application/soap+xml', root.localName]).to.deep.equal([
    true,
    'Envelope',
  ]);
  expect(root.namespace).to.equal(namespace);
  expect(root.children.map(({ localName }) => localName).at(-1)).to.equal('Body');
  const isFault = root.children.at(-1)?.children[0]?.localName === 'Fault';
  expect(isFault).to.equal(status === 500);
}

describe('any octets as a request', function () {
  this.timeout(long ? 1_800_000 : 180_000);
  let adapter: FixtureAdapter;
  let now = new Date(0);
  let seeds: readonly Attempt[] = [];
  let transport: UnservedPersontjenesten;

  before(async () => {
    const folder = join(packageRoot(), 'fixtures', 'hl7v3');
    const cases = await Promise.all(readdirSync(folder).map((name) => readFixtureCase(join(folder, name))));
    const [first] = cases;
    if (first === undefined) throw new Error('there are no fixtures');
    now = new Date(first.settings.now);
    seeds = cases.map(({ judged: { request, headers: sent } }) => ({
      body: Buffer.from(request),
      headers: sent,
    }));
    adapter = new FixtureAdapter(first.settings, {
      mappings: await loadMappings(join(packageRoot(), 'mappings')),
      types,
      contracts,
      transliteration,
    });
    const persons = join(packageRoot(), 'fixtures', 'persons');
    transport = new UnservedPersontjenesten(
      await Population.create({ personFolders: [persons], generated: 0, seed: 1 }),
    );
  });

  after(() => {
    adapter.close();
  });

  function ask({ body, headers: sent }: Attempt): Promise<LegacyHttpResponse> {
    return adapter.ask(HL7V3_PATH, { request: body, headers: sent }, { now, transport });
  }

  it('gets a well-formed SOAP message, or a refusal of HTTP without a body', async () => {
    await fc.assert(
      fc.asyncProperty(attempts(seeds), async (attempt) => {
        judge(await ask(attempt));
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves no memory behind', async () => {
    // Contexts made from here on have a gc.
    setFlagsFromString('--expose-gc');
    const round = async (): Promise<number> => {
      const sample = fc.sample(attempts(seeds), { numRuns: 400, seed: 1 });
      for (const attempt of sample) await ask(attempt);
      runInNewContext('gc()');
      const { heapUsed, arrayBuffers, external } = process.memoryUsage();
      return heapUsed + arrayBuffers + external;
    };
    await round();
    const before = await round();
    for (let count = 0; count < (long ? 20 : 3); count += 1) await round();
    expect(await round()).to.be.lessThan(before + 8 * 1024 * 1024);
  });
});
