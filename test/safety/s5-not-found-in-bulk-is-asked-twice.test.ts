import { expect } from 'chai';
import { UpstreamInvalidAnswer, UpstreamUnavailable } from '../../src/errors/errors.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { rejectionOf } from '../support/rejection.js';
import { manyBench, someone, type ManyBench, type ManyCall, type Upset } from '../registry/many-bench.js';

const [a, b, stranger] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];
const people = [someone(1), someone(2), someone(3)];

const isBulk = ({ operation }: ManyCall): boolean => operation === 'bulk-by-nin';

/** Changes bulk answers alone. */
function inBulk(upset: Upset): Upset {
  return (call, documents) => (isBulk(call) ? upset(call, documents) : documents);
}

for (const version of Object.values(apiVersions)) {
  describe(`S5: "not found" is asked for twice in bulk of version ${version.number}`, () => {
    const benchOf = (known: Parameters<typeof manyBench>[0], upset?: Upset): ManyBench =>
      manyBench(known, upset, version);

    const lacking: Record<string, Upset> = {
      'both answers in bulk': (_, documents) => documents.slice(1),
      'the answer about what is shown': ({ history }, documents) =>
        history ? documents : documents.slice(1),
      'the answer about numbers': ({ history }, documents) => (history ? documents.slice(1) : documents),
    };
    for (const [where, upset] of Object.entries(lacking)) {
      it(`somebody who is missing from ${where} is asked for alone, and found`, async () => {
        const bench = benchOf(people, inBulk(upset));
        const answers = await bench.lookupMany({ ids: [a, b] });
        expect([...answers].map(([id, { outcome }]) => [id, outcome])).to.deep.equal([
          [a, 'found'],
          [b, 'found'],
        ]);
        expect(bench.calls.filter((call) => !isBulk(call)).map(({ nins }) => nins)).to.deep.equal([[a], [a]]);
      });
    }

    it('everybody missing from an empty answer is asked for alone', async () => {
      const bench = benchOf(
        people,
        inBulk(() => []),
      );
      const answers = await bench.lookupMany({ ids: [a, b] });
      expect([...answers.values()].map(({ outcome }) => outcome)).to.deep.equal(['found', 'found']);
    });

    it('a number is only unknown when the register says so of that number alone', async () => {
      const bench = benchOf([someone(1)]);
      const answers = await bench.lookupMany({ ids: [b, a] });
      expect(answers.get(b)).to.deep.equal({ outcome: 'not-found' });
      expect(answers.get(a)).to.have.property('outcome', 'found');
      expect(bench.calls.filter((call) => !isBulk(call)).map(({ nins }) => nins)).to.deep.equal([[b], [b]]);
    });

    it('trouble with one asked for alone is trouble with all', async () => {
      const trouble = new UpstreamUnavailable('status 503');
      const bench = benchOf(people, (call, documents) => (isBulk(call) ? documents.slice(1) : trouble));
      expect(await rejectionOf(bench.lookupMany({ ids: [a, b] }))).to.equal(trouble);
    });

    it('trouble with one of many batches is trouble with all', async () => {
      const trouble = new UpstreamUnavailable('status 503');
      const many = Array.from({ length: 250 }, (_, index) => someone(index));
      const ids = many.map((_, index) => syntheticNumber(index));
      for (const history of [true, false]) {
        const bench = benchOf(many, (call, documents) =>
          call.history === history && call.nins.length === 50 ? trouble : documents,
        );
        expect(await rejectionOf(bench.lookupMany({ ids }))).to.equal(trouble);
      }
    });

    it('a document that lists none of the numbers asked for is never rendered', async () => {
      const upset = inBulk(({ history }, documents) => [
        ...documents,
        history ? someone(3) : someone(3, { sequenceNumber: 2 }),
      ]);
      const bench = benchOf(people, upset);
      expect(await rejectionOf(bench.lookupMany({ ids: [a, b] }))).to.be.instanceOf(UpstreamInvalidAnswer);
    });

    it('a document in the place of another is not taken for it', async () => {
      const bench = benchOf(people, (_, documents) => documents.map(() => someone(3)));
      expect(await rejectionOf(bench.lookupMany({ ids: [a] }))).to.be.instanceOf(UpstreamInvalidAnswer);
      expect(await rejectionOf(bench.lookup(a))).to.be.instanceOf(UpstreamInvalidAnswer);
      const honest = await benchOf(people).lookupMany({ ids: [stranger] });
      expect(honest.get(stranger)).to.have.property('outcome', 'found');
    });
  });
}
