import { expect } from 'chai';
import fc from 'fast-check';
import { long, runs } from '../../support/long-runs.js';
import { EndpointBench, linesOf, query } from './endpoint-bench.js';

const usual = Buffer.from(query('Bø^a&b~c'), 'latin1');

/** A message with some of its octets replaced, taken out or put in. */
const broken = fc
  .array(fc.tuple(fc.nat(usual.length - 1), fc.nat(3), fc.uint8Array({ maxLength: 6 })), { maxLength: 6 })
  .map((changes) =>
    changes.reduce<Buffer>(
      (octets, [at, length, put]) =>
        Buffer.concat([octets.subarray(0, at), put, octets.subarray(at + length)]),
      usual,
    ),
  );

describe('the endpoint of HL7 v2, given any octets', function () {
  // Much to do on a busy machine; nothing here is about speed.
  this.timeout(long ? 600_000 : 20_000);

  it('answers with an acknowledgement, and leaves one audit entry and one line in the log', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(broken, fc.uint8Array({ maxLength: 200 })),
        fc.boolean(),
        async (octets, whole) => {
          const bench = new EndpointBench();
          const { endpoint, origin } = bench;
          const reply = whole
            ? await endpoint.answer(octets, origin)
            : await endpoint.refuseTooLarge(octets, origin);
          const [msh, msa] = linesOf(reply.octets);
          expect(msh).to.match(/^MSH\|\^~\\&\|/);
          expect(msa).to.match(whole ? /^MSA\|A[AER]/ : /^MSA\|AR/);
          seen.add(msa?.slice(4, 6) ?? '');
          expect(bench.audited).to.have.length(1);
          expect(bench.events.of.requestAnswered).to.have.length(1);
          expect(bench.audited[0]?.outcome).to.not.equal('internal');
        },
      ),
      { numRuns: runs(500) },
    );
    expect(seen).to.include('AA').and.include('AR');
  });

  it('never answers with an octet that MLLP frames messages with, however it comes', async () => {
    const part = fc.constantFrom(
      ...[
        'a',
        'ø',
        '\x0b',
        '\x1c',
        '\\X0B\\',
        '\\X1C\\',
        '\\X1C0D\\',
        '\\X0D0B\\',
        '\\XC3\\',
        '\\X85\\',
        '\\E\\X1C\\',
      ],
    );
    const value = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const charset = fc.constantFrom('8859/1', 'UNICODE UTF-8', 'ASCII', '8859/15', '');
    let echoed = 0;
    await fc.assert(
      fc.asyncProperty(value, value, charset, async (text, id, name) => {
        const message = query(text, { id, charset: name }).replace('EPJ', text);
        const { endpoint, origin } = new EndpointBench();
        const octets = Buffer.from(message, name === 'UNICODE UTF-8' ? 'utf8' : 'latin1');
        const reply = Buffer.from((await endpoint.answer(octets, origin)).octets);
        expect(reply.includes(0x0b) || reply.includes(0x1c)).to.equal(false);
        if (reply.includes('ZAA|')) echoed += 1;
      }),
      { numRuns: runs(300) },
    );
    expect(echoed).to.be.greaterThan(50);
  });
});
