import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import {
  CallerLeft,
  UpstreamRateLimited,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import type { Lane } from '../../../src/registry/person-registry.js';
import { QueueFull, TurnRefused } from '../../../src/registry/persontjenesten/calls/refusals.js';
import { Turns, type Turn, type TurnSettings } from '../../../src/registry/persontjenesten/calls/turns.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';
import { outcomeOf, settle, type Outcome } from './calls-bench.js';

const START = '2026-03-01T12:00:00.000Z';

describe('turns', () => {
  let clock: StandingClock;
  let events: RecordedEvents;
  /** Who was let go, in order. */
  let gone: string[];
  let underWay: Turn[];

  beforeEach(() => {
    clock = new StandingClock(START);
    events = new RecordedEvents();
    gone = [];
    underWay = [];
  });

  function make(settings: Partial<TurnSettings> = {}): Turns {
    return new Turns(
      { maxConcurrentCalls: 2, maxConcurrentBatchCalls: 1, maxWaitingCalls: 100, ...settings },
      clock,
      events,
    );
  }

  interface Asking {
    readonly lane?: Lane;
    readonly signal?: AbortSignal;
    readonly seconds?: number;
  }

  /** Asks for a turn on behalf of the client that the name begins with. */
  function take(turns: Turns, name: string, asking: Asking = {}): Outcome {
    const { lane = 'interactive', signal = new AbortController().signal, seconds } = asking;
    const deadline = seconds === undefined ? undefined : new Date(clock.now().getTime() + seconds * 1_000);
    const taking = turns.take({ clientId: name.charAt(0), lane, signal, deadline });
    taking.then(
      (turn) => {
        gone.push(name);
        underWay.push(turn);
      },
      () => undefined,
    );
    return outcomeOf(taking);
  }

  /** Ends the call that has been under way for the longest time. */
  async function endOne(): Promise<void> {
    underWay.shift()?.end();
    await settle();
  }

  async function drain(): Promise<void> {
    for (let round = 0; underWay.length > 0 && round < 1_000; round += 1) await endOne();
  }

  describe('are limited', () => {
    it('to so many calls under way', async () => {
      const turns = make({ maxConcurrentCalls: 3 });
      for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) take(turns, name);
      await settle();
      expect(gone).to.deep.equal(['a1', 'a2', 'a3']);
      expect([turns.underWay, turns.waiting]).to.deep.equal([3, 2]);
      await endOne();
      expect(gone).to.have.length(4);
      await drain();
      expect([gone.length, turns.underWay, turns.waiting]).to.deep.equal([5, 0, 0]);
    });

    it('and each ends once, however often that is said', async () => {
      const turns = make();
      for (const name of ['a1', 'a2', 'a3', 'a4']) take(turns, name);
      await settle();
      const [first] = underWay;
      first?.end();
      first?.end();
      await settle();
      expect(gone).to.have.length(3);
      expect(turns.underWay).to.equal(2);
    });

    it('to so many calls per second', async () => {
      const turns = make({ maxConcurrentCalls: 100, callsPerSecond: 5 });
      for (let call = 0; call < 12; call += 1) take(turns, `a${call}`);
      await settle();
      expect(gone).to.have.length(1);
      for (let fifth = 0; fifth < 5; fifth += 1) await clock.advance(200);
      expect(gone).to.have.length(6);
      for (let fifth = 0; fifth < 6; fifth += 1) await clock.advance(200);
      expect(gone).to.have.length(12);
      expect(clock.sleeping, 'no timer is left').to.equal(0);
    });

    it('to so many of a batch, so that others always find room', async () => {
      const turns = make({ maxConcurrentCalls: 3, maxConcurrentBatchCalls: 1 });
      for (const name of ['f1', 'f2', 'f3']) take(turns, name, { lane: 'batch' });
      await settle();
      expect(gone).to.deep.equal(['f1']);
      take(turns, 'a1');
      take(turns, 'a2');
      await settle();
      expect(gone).to.deep.equal(['f1', 'a1', 'a2']);
      await endOne();
      expect(gone.at(-1)).to.equal('f2');
    });
  });

  describe('are fair', () => {
    it('to clients: one that storms waits longer, the others as if it were alone', async () => {
      const turns = make({ maxConcurrentCalls: 1 });
      for (let call = 0; call < 50; call += 1) take(turns, `s${call}`);
      for (const name of ['a1', 'b1', 'c1', 'a2']) take(turns, name);
      await settle();
      await drain();
      expect(gone.slice(0, 7)).to.deep.equal(['s0', 's1', 'a1', 'b1', 'c1', 's2', 'a2']);
      expect(gone).to.have.length(54);
    });

    it('to clients with a rate budget, too', async () => {
      const turns = make({ maxConcurrentCalls: 100, callsPerSecond: 10 });
      for (let call = 0; call < 50; call += 1) take(turns, `s${call}`);
      for (let call = 0; call < 5; call += 1) take(turns, `a${call}`);
      await settle();
      for (let tenth = 0; tenth < 10; tenth += 1) await clock.advance(100);
      expect(gone.filter((name) => name.startsWith('a'))).to.have.length(5);
    });

    it('to whoever waits for an answer: before any batch', async () => {
      const turns = make({ maxConcurrentCalls: 1 });
      take(turns, 'a0');
      for (const name of ['f1', 'f2']) take(turns, name, { lane: 'batch' });
      for (const name of ['a1', 'b1']) take(turns, name);
      await settle();
      await drain();
      expect(gone).to.deep.equal(['a0', 'a1', 'b1', 'f1', 'f2']);
    });

    it('to a batch: it gets every eighth turn', async () => {
      const turns = make({ maxConcurrentCalls: 1 });
      for (let call = 0; call < 40; call += 1) take(turns, `a${call}`);
      for (let call = 0; call < 3; call += 1) take(turns, `f${call}`, { lane: 'batch' });
      await settle();
      await drain();
      const turnsOfBatch = gone.flatMap((name, index) => (name.startsWith('f') ? [index] : []));
      expect(turnsOfBatch).to.deep.equal([8, 16, 24]);
    });

    it('to a batch that came when others had gone already: it waits for its seven, not for a turn that others saved', async () => {
      const turns = make({ maxConcurrentCalls: 1 });
      for (let call = 0; call < 30; call += 1) take(turns, `a${call}`);
      await settle();
      for (let call = 0; call < 10; call += 1) await endOne();
      take(turns, 'f', { lane: 'batch' });
      await drain();
      expect(gone.indexOf('f')).to.equal(18);
    });
  });

  describe('are refused', () => {
    it('when too many wait, at once and with the fault of too much to do', async () => {
      const turns = make({ maxConcurrentCalls: 1, maxWaitingCalls: 2 });
      const outcomes = ['a1', 'a2', 'a3', 'a4'].map((name) => take(turns, name));
      await settle();
      expect(outcomes.map(({ state }) => state)).to.deep.equal(['answered', 'waits', 'waits', 'failed']);
      expect(outcomes[3]?.error).to.be.instanceOf(QueueFull).and.instanceOf(UpstreamRateLimited);
      expect(turns.waiting).to.equal(2);
    });

    it('to the client of whom most wait, for the sake of one of whom fewer do', async () => {
      const turns = make({ maxConcurrentCalls: 1, maxWaitingCalls: 3 });
      const storming = ['s0', 's1', 's2', 's3'].map((name) => take(turns, name));
      const other = take(turns, 'a1');
      await settle();
      expect(storming.map(({ state }) => state)).to.deep.equal(['answered', 'waits', 'waits', 'failed']);
      expect(other.state).to.equal('waits');
      await drain();
      expect(gone).to.deep.equal(['s0', 's1', 'a1', 's2']);
    });

    it('to the newcomer where nobody has more waiting', async () => {
      const turns = make({ maxConcurrentCalls: 1, maxWaitingCalls: 2 });
      const [, a, b, c] = ['x0', 'a1', 'b1', 'c1'].map((name) => take(turns, name));
      await settle();
      expect([a?.state, b?.state, c?.state]).to.deep.equal(['waits', 'waits', 'failed']);
    });

    it('to a batch that fills the queue, for the sake of somebody who waits for an answer, and the other way round', async () => {
      for (const [many, few] of [
        ['batch', 'interactive'],
        ['interactive', 'batch'],
      ] as const) {
        const turns = make({ maxConcurrentCalls: 1, maxWaitingCalls: 3 });
        take(turns, 'x');
        const filling = ['s1', 's2', 's3'].map((name) => take(turns, name, { lane: many }));
        const newcomer = take(turns, 's4', { lane: few });
        await settle();
        expect(filling.map(({ state }) => state)).to.deep.equal(['waits', 'waits', 'failed']);
        expect(newcomer.state).to.equal('waits');
      }
    });

    it('to nobody who need not wait', async () => {
      const turns = make({ maxConcurrentCalls: 2, maxWaitingCalls: 1 });
      const outcomes = ['a1', 'a2', 'a3'].map((name) => take(turns, name));
      await settle();
      expect(outcomes.map(({ state }) => state)).to.deep.equal(['answered', 'answered', 'waits']);
    });

    it('to all who wait when that is wanted, and not to those under way', async () => {
      const turns = make({ maxConcurrentCalls: 1 });
      const [under, ...waiting] = ['a1', 'a2', 'b1'].map((name) => take(turns, name));
      const batch = take(turns, 'f1', { lane: 'batch' });
      const error = new UpstreamUnavailable('down');
      turns.refuseWaiting(error);
      await settle();
      expect(under?.state).to.equal('answered');
      for (const outcome of [...waiting, batch]) expect(outcome.error).to.equal(error);
      take(turns, 'c1');
      await endOne();
      expect(gone).to.deep.equal(['a1', 'c1']);
    });
  });

  describe('of shadows', () => {
    const shadow = { lane: 'shadow' } as const;

    it('leave half of the calls to others, and come after everybody', async () => {
      const turns = make({ maxConcurrentCalls: 4, maxConcurrentBatchCalls: 4 });
      for (const name of ['s1', 's2', 's3']) take(turns, name, shadow);
      await settle();
      expect(gone).to.deep.equal(['s1', 's2']);
      for (const name of ['a1', 'a2', 'a3']) take(turns, name);
      await settle();
      expect(gone).to.deep.equal(['s1', 's2', 'a1', 'a2']);
      await drain();
      expect(gone.slice(4)).to.deep.equal(['a3', 's3']);
    });

    it('leave half of the rate to others, who are not delayed by their waiting', async () => {
      const turns = make({ maxConcurrentCalls: 100, maxConcurrentBatchCalls: 100, callsPerSecond: 40 });
      for (const name of ['s1', 's2', 's3', 's4', 's5']) take(turns, name, shadow);
      await settle();
      expect(gone, 'four may go at once').to.deep.equal(['s1', 's2']);
      for (const name of ['a1', 'a2', 'a3']) take(turns, name);
      await settle();
      expect(gone.slice(2)).to.deep.equal(['a1', 'a2']);
      await clock.advance(25);
      expect(gone.slice(4)).to.deep.equal(['a3']);
      await clock.advance(1_000);
      expect(gone.slice(5)).to.deep.equal(['s3', 's4']);
    });

    it('are refused first, and to nobody else for their sake', async () => {
      const turns = make({ maxConcurrentCalls: 1, maxWaitingCalls: 2 });
      take(turns, 'a1');
      const [first, waiting] = [take(turns, 's1', shadow), take(turns, 'a2')];
      const another = take(turns, 'a3');
      await settle();
      expect([first.state, waiting.state, another.state]).to.deep.equal(['failed', 'waits', 'waits']);
      const late = take(turns, 's2', shadow);
      await settle();
      expect([late.state, waiting.state, another.state]).to.deep.equal(['failed', 'waits', 'waits']);
    });

    it('are refused while calls are held back, and when nothing is left for them in good time', async () => {
      const turns = make({ maxConcurrentCalls: 1 });
      take(turns, 'a1');
      const patient = take(turns, 's1', shadow);
      await clock.advance(9_999);
      expect(patient.state).to.equal('waits');
      await clock.advance(1);
      expect(patient.error).to.be.instanceOf(TurnRefused);
      await drain();
      expect(clock.sleeping).to.equal(0);
      take(turns, 'a2');
      const waiting = take(turns, 's2', shadow);
      turns.holdBack(1_000);
      const late = take(turns, 's3', shadow);
      await settle();
      expect([waiting.state, late.state]).to.deep.equal(['failed', 'failed']);
    });
  });

  describe('are given up', () => {
    it('by who leaves while waiting, in the words of whoever aborts, and the place is free', async () => {
      const turns = make({ maxConcurrentCalls: 1 });
      const watch = new AbortController();
      take(turns, 'a1');
      const leaving = take(turns, 'a2', { signal: watch.signal });
      take(turns, 'a3');
      const reason = new CallerLeft('left');
      watch.abort(reason);
      await settle();
      expect(leaving.error).to.equal(reason);
      expect(turns.waiting).to.equal(1);
      await drain();
      expect(gone).to.deep.equal(['a1', 'a3']);
    });

    it('by who was gone before', async () => {
      const turns = make();
      const outcome = take(turns, 'a1', { signal: AbortSignal.abort() });
      await settle();
      expect(outcome.error).to.be.instanceOf(UpstreamTimeout);
      expect([turns.underWay, turns.waiting]).to.deep.equal([0, 0]);
    });

    it('and leave neither listener nor timer', async () => {
      const turns = make({ maxConcurrentCalls: 10, callsPerSecond: 1 });
      const watch = new AbortController();
      for (const name of ['a1', 'a2', 'a3']) take(turns, name, { signal: watch.signal });
      await settle();
      expect(getEventListeners(watch.signal, 'abort')).to.have.length(2);
      expect(clock.sleeping).to.equal(1);
      watch.abort(new CallerLeft('left'));
      await settle();
      expect([getEventListeners(watch.signal, 'abort').length, clock.sleeping]).to.deep.equal([0, 0]);
    });

    it('and who was let go leaves no listener', async () => {
      const turns = make();
      const watch = new AbortController();
      take(turns, 'a1', { signal: watch.signal });
      await settle();
      expect(getEventListeners(watch.signal, 'abort')).to.have.length(0);
    });
  });

  describe('are held back', () => {
    it('for as long as is wanted, for those who can wait so long', async () => {
      const turns = make();
      turns.holdBack(5_000);
      const outcome = take(turns, 'a1', { seconds: 30 });
      await clock.advance(4_999);
      expect(outcome.state).to.equal('waits');
      await clock.advance(1);
      await settle();
      expect(outcome.state).to.equal('answered');
      expect(clock.sleeping).to.equal(0);
    });

    it('and refused at once, saying for how long, to those whose deadline is sooner', async () => {
      const turns = make();
      turns.holdBack(3_000);
      const [soon, later] = [take(turns, 'a1', { seconds: 3 }), take(turns, 'a2', { seconds: 3.001 })];
      await settle();
      expect(soon.error).to.be.instanceOf(TurnRefused).with.property('retryAfterSeconds', 3);
      expect(later.state).to.equal('waits');
    });

    it('and refused at once to everybody when it is for more than a few seconds', async () => {
      const turns = make();
      turns.holdBack(5_001);
      const outcome = take(turns, 'a1', { seconds: 30 });
      await settle();
      expect(outcome.error).to.be.instanceOf(TurnRefused).with.property('retryAfterSeconds', 6);
      await clock.advance(1);
      take(turns, 'a2', { seconds: 30 });
      await clock.advance(5_000);
      expect(gone).to.deep.equal(['a2']);
    });

    it('also from those who wait already', async () => {
      const turns = make({ maxConcurrentCalls: 1 });
      take(turns, 'a1');
      const [patient, hasty] = [take(turns, 'a2', { seconds: 30 }), take(turns, 'a3', { seconds: 1 })];
      turns.holdBack(2_000);
      await settle();
      expect(hasty.error).to.be.instanceOf(TurnRefused);
      await endOne();
      expect(patient.state).to.equal('waits');
      await clock.advance(2_000);
      expect(gone).to.deep.equal(['a1', 'a2']);
    });

    it('and who waited through a pause may still leave', async () => {
      const turns = make();
      const watch = new AbortController();
      turns.holdBack(2_000);
      const outcome = take(turns, 'a1', { signal: watch.signal });
      turns.holdBack(3_000);
      watch.abort(new CallerLeft('left'));
      await settle();
      expect(outcome.error).to.be.instanceOf(CallerLeft);
      expect([turns.waiting, clock.sleeping]).to.deep.equal([0, 0]);
    });

    it('no shorter for a second wish that is shorter', async () => {
      const turns = make();
      turns.holdBack(4_000);
      turns.holdBack(1_000);
      take(turns, 'a1');
      await clock.advance(3_999);
      expect(gone).to.deep.equal([]);
      await clock.advance(1);
      expect(gone).to.deep.equal(['a1']);
    });

    it('which is told once it becomes longer, and not without a time', async () => {
      const turns = make();
      turns.holdBack(0);
      turns.holdBack(4_000);
      turns.holdBack(1_000);
      await clock.advance(3_000);
      turns.holdBack(3_600_000);
      expect(events.of.callsHeldBack).to.deep.equal([{ seconds: 4 }, { seconds: 3_600 }]);
    });

    it('and then go one by one at first, and one more for each that ends', async () => {
      const turns = make({ maxConcurrentCalls: 8 });
      turns.holdBack(1_000);
      for (let call = 0; call < 40; call += 1) take(turns, `${'abcde'.charAt(call % 5)}${call}`);
      await clock.advance(1_000);
      const widths: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        await settle();
        widths.push(turns.underWay);
        for (const turn of underWay.splice(0)) turn.end();
      }
      expect(widths).to.deep.equal([1, 2, 4, 8, 8]);
    });

    it('and calls from before a pause do not widen the way after it', async () => {
      const turns = make({ maxConcurrentCalls: 4 });
      for (const name of ['a1', 'a2', 'a3', 'a4']) take(turns, name);
      await settle();
      turns.holdBack(1_000);
      for (const turn of underWay.splice(0)) turn.end();
      for (const name of ['b1', 'b2', 'b3']) take(turns, name);
      await clock.advance(1_000);
      await settle();
      expect(turns.underWay).to.equal(1);
    });
  });
});
