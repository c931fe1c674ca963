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
});
