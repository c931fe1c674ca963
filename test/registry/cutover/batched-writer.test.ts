import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { StoreFailed } from '../../../src/errors/errors.js';
import { BatchedWriter } from '../../../src/registry/cutover/batched-writer.js';
import { StoreBusy } from '../../../src/registry/cutover/store-busy.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';

describe('writing many at once', () => {
  function bench(most = 1_000): {
    writer: BatchedWriter<number>;
    written: number[][];
    trouble: { error?: Error; bad?: number };
    clock: StandingClock;
    events: RecordedEvents;
  } {
    const clock = new StandingClock('2022-09-01T12:00:00Z');
    const events = new RecordedEvents();
    const written: number[][] = [];
    const trouble: { error?: Error; bad?: number } = {};
    const writer = new BatchedWriter<number>({
      what: 'comparisons',
      write: (items) => {
        if (trouble.error !== undefined) throw trouble.error;
        if (trouble.bad !== undefined && items.includes(trouble.bad)) throw new StoreFailed('refused');
        written.push([...items]);
      },
      most,
      milliseconds: 1_000,
      clock,
      events,
    });
    return { writer, written, trouble, clock, events };
  }
  const numbers = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, index) => from + index);

  it('waits for others, for so long at most', async () => {
    const { writer, written, clock } = bench();
    writer.add(1);
    await clock.advance(500);
    writer.add(2);
    expect(written).to.deep.equal([]);
    await clock.advance(500);
    expect(written).to.deep.equal([[1, 2]]);
    expect(clock.sleeping, 'nothing runs where nothing waits').to.equal(0);
  });

  it('takes some in each turn once there are many, in their order', async () => {
    const { writer, written } = bench();
    for (const number of numbers(0, 450)) writer.add(number);
    expect(written).to.deep.equal([]);
    await setImmediate();
    expect(written).to.deep.equal([numbers(0, 200)]);
    await setImmediate();
    expect(written).to.deep.equal([numbers(0, 200), numbers(200, 400)]);
    await writer.end();
    expect(written.flat()).to.deep.equal(numbers(0, 450));
  });

  it('holds no more than it may while the store fails, and says how much was lost', async () => {
    const { writer, written, trouble, clock, events } = bench(300);
    trouble.error = new StoreFailed('full');
    for (const number of numbers(0, 310)) writer.add(number);
    await clock.advance(1_000);
    await clock.advance(10_000);
    expect(events.of.cutoverNotStored).to.have.length(1);
    delete trouble.error;
    await clock.advance(9_999);
    expect(written).to.deep.equal([]);
    await clock.advance(1);
    for (let turn = 0; turn < 9; turn += 1) await setImmediate();
    await clock.advance(1_000);
    expect(written.flat()).to.deep.equal(numbers(0, 300));
    expect(events.of.cutoverStored).to.deep.equal([{ what: 'comparisons', lost: 10 }]);
  });

  it('tells of what was lost once', async () => {
    const { writer, trouble, clock, events } = bench(1);
    for (const lost of [2, 1]) {
      trouble.error = new StoreFailed('full');
      for (const number of numbers(0, 1 + lost)) writer.add(number);
      await clock.advance(1_000);
      delete trouble.error;
      await clock.advance(10_000);
    }
    expect(events.of.cutoverStored.map(({ lost }) => lost)).to.deep.equal([2, 1]);
  });

  it('does not hammer a store that fails', async () => {
    const { writer, trouble, clock } = bench();
    let tries = 0;
    trouble.error = new StoreFailed('full');
    Object.defineProperty(trouble, 'error', {
      get: () => {
        tries += 1;
        return new StoreFailed('full');
      },
    });
    for (const number of numbers(0, 900)) {
      writer.add(number);
      if (number % 10 === 0) await setImmediate();
    }
    await clock.advance(0);
    const before = tries;
    for (const number of numbers(0, 50)) writer.add(number);
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    expect(tries).to.equal(before);
  });

  it('lets what the store will never take not be in the way of the rest', async () => {
    const { writer, written, trouble, clock, events } = bench();
    trouble.error = new TypeError('an item that cannot be written');
    writer.add(1);
    await clock.advance(1_000);
    delete trouble.error;
    writer.add(2);
    await clock.advance(10_000);
    expect(written).to.deep.equal([[2]]);
    expect(events.of.cutoverStored).to.deep.equal([{ what: 'comparisons', lost: 1 }]);
  });

  it('loses what the store will never take, and nothing else, though it says only that it failed', async () => {
    const { writer, written, trouble, clock, events } = bench();
    trouble.bad = 27;
    for (const number of numbers(0, 150)) writer.add(number);
    for (let second = 0; second < 60; second += 1) await clock.advance(1_000);
    expect(written.flat().sort((a, b) => a - b)).to.deep.equal(numbers(0, 150).filter((one) => one !== 27));
    expect(events.of.cutoverNotStored).to.have.length(1);
    expect(events.of.cutoverStored.map(({ lost }) => lost)).to.deep.equal([1]);
  });

  it('comes again soon where somebody else writes, and calls that trouble only when it lasts', async () => {
    const { writer, written, trouble, clock, events } = bench();
    trouble.error = new StoreBusy('somebody else writes');
    writer.add(1);
    for (let quarter = 0; quarter < 16; quarter += 1) await clock.advance(250);
    expect(events.of.cutoverNotStored).to.deep.equal([]);
    delete trouble.error;
    await clock.advance(250);
    expect(written).to.deep.equal([[1]]);
    trouble.error = new StoreBusy('somebody else writes');
    writer.add(2);
    for (let quarter = 0; quarter < 30; quarter += 1) await clock.advance(250);
    expect(events.of.cutoverNotStored).to.have.length(1);
  });

  it('is not kept awake by a store that fails at the end', async () => {
    const { writer, trouble, clock } = bench();
    trouble.error = new StoreFailed('full');
    writer.add(1);
    await writer.end();
    expect(clock.sleeping).to.equal(0);
    writer.add(2);
    expect(clock.sleeping).to.equal(0);
  });
});
