import { expect } from 'chai';
import { judgePerson } from '../../bench/load/question.js';
import { medianOf, percentilesOf } from '../../bench/load/percentiles.js';
import { inTurn, mixed } from '../../bench/load/askers.js';
import { closedLoop, openLoop } from '../../bench/load/loops.js';
import { limitGoal } from '../../bench/report/goals.js';
import { acrossRounds, inRounds } from '../../bench/report/rounds.js';

const question = { path: '/', body: '', judge: (): undefined => undefined };

describe('the figures of measurements', () => {
  it('have percentiles by the nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentilesOf(values)).to.deep.equal({ p50: 100, p95: 190, p99: 198, max: 200 });
    expect(percentilesOf([7])).to.deep.equal({ p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('have medians of even and odd counts', () => {
    expect(medianOf([3, 1, 2])).to.equal(2);
    expect(medianOf([4, 1, 2, 3])).to.equal(2.5);
    expect(medianOf([])).to.be.NaN;
  });

  it('are compared within a round before they are compared over rounds', async () => {
    // Both are ten times slower in every other round: their ratio is the same in all.
    let call = 0;
    const pace = (): number => (Math.floor(call++ / 2) % 2 === 0 ? 1 : 10);
    const contenders = new Map([
      ['a', (): Promise<number> => Promise.resolve(6 * pace())],
      ['b', (): Promise<number> => Promise.resolve(3 * pace())],
    ]);
    const rounds = await inRounds(contenders, 4);
    expect(acrossRounds(rounds, (at) => at('a') / at('b'))).to.deep.equal({
      median: 2,
      lowest: 2,
      highest: 2,
    });
  });

  it('are taken in the other order every other time', async () => {
    const order: string[] = [];
    const contender = (name: string): [string, () => Promise<number>] => [
      name,
      (): Promise<number> => Promise.resolve(order.push(name)),
    ];
    await inRounds(new Map([contender('a'), contender('b')]), 2);
    expect(order).to.deep.equal(['a', 'b', 'b', 'a']);
  });

  it('miss every goal when there are none', () => {
    for (const comparison of ['at least', 'at most', 'above'] as const) {
      expect(limitGoal('', NaN, comparison, 1).isMet).to.equal(false);
    }
    expect(limitGoal('', 1, 'above', 1).isMet).to.equal(false);
    expect(limitGoal('', 1, 'at least', 1).isMet).to.equal(true);
  });
});

describe('questions of a load generator', () => {
  it('go round the people, so that two at a time are never about one', () => {
    const next = inTurn(['a', 'b', 'c']);
    expect(Array.from({ length: 5 }, next)).to.deep.equal(['a', 'b', 'c', 'a', 'b']);
  });

  it('are mixed as the weights say', () => {
    const asker = (path: string) => (): typeof question => ({ ...question, path });
    const next = mixed([
      [3, asker('often')],
      [1, asker('seldom')],
    ]);
    const paths = Array.from({ length: 400 }, () => next().path);
    expect(paths.filter((path) => path === 'seldom')).to.have.length(100);
  });

  it('are answered rightly only about the person and the message', () => {
    const answer = (nin: string, relatesTo: string): string =>
      `<a:RelatesTo>${relatesTo}</a:RelatesTo><identifiedPerson classCode="IDENT"><id root="1.2" extension="${nin}"/>`;
    const judge = (status: number, text: string): string | undefined =>
      judgePerson({ status, text }, { nin: '11868426235', messageId: 'urn:1' }, 'person-and-message');
    expect(judge(200, answer('11868426235', 'urn:1'))).to.equal(undefined);
    expect(judge(200, answer('11868426236', 'urn:1'))).to.equal('another person');
    expect(judge(200, answer('11868426235', 'urn:2'))).to.equal('another message');
    expect(judge(200, '<empty/>')).to.equal('nobody');
    expect(judge(500, answer('11868426235', 'urn:1'))).to.equal('status 500');
  });

  it('are counted, right ones and wrong ones', async () => {
    let asked = 0;
    const outcome = await closedLoop(
      async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return (asked += 1) % 2 === 0 ? undefined : 'nobody';
      },
      () => question,
      { concurrency: 3, milliseconds: 5 },
    );
    expect(outcome.asked).to.equal(asked);
    expect(outcome.right + (outcome.wrong['nobody'] ?? 0)).to.equal(asked);
    expect(outcome.right).to.equal(Math.floor(asked / 2));
  });

  it('count from when they were to be asked, however long the one before took', async () => {
    // Whoever answers holds everything up: each question after the first is sent late.
    const outcome = await openLoop(
      () => {
        const until = performance.now() + 5;
        while (performance.now() < until);
        return Promise.resolve(undefined);
      },
      () => question,
      { perSecond: 1_000, milliseconds: 50, seed: 1 },
    );
    expect(outcome.right).to.equal(outcome.asked);
    expect(outcome.latency.max).to.be.greaterThan(50);
  });
});
