import { expect } from 'chai';
import {
  CallerLeft,
  UpstreamRateLimited,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import {
  createCallPolicy,
  type CallPolicy,
} from '../../../src/registry/persontjenesten/calls/call-policy.js';
import { layered } from '../../../src/registry/persontjenesten/calls/layer.js';
import { CallsSuspended, TurnRefused } from '../../../src/registry/persontjenesten/calls/refusals.js';
import type { ApiRequest } from '../../../src/registry/persontjenesten/transport.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { callSettings } from '../../support/call-settings.js';
import { CountedRandom } from '../../support/counted-random.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';
import { lookup } from '../transport-bench.js';
import { answer, OtherSide, outcomeOf, settle, type Outcome } from './calls-bench.js';

const OTHER = newCorrelationId({ uuid: () => '99999999-2222-4333-8444-555555555555' });
const breaker = { failurePercent: 50, minimumCalls: 4, windowSeconds: 30, openSeconds: 10 };

describe('calls to Persontjenesten', () => {
  let clock: StandingClock;
  let events: RecordedEvents;
  let side: OtherSide;
  let policy: CallPolicy;

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00.000Z');
    events = new RecordedEvents();
    side = new OtherSide();
    policy = make();
  });

  function make(settings: Parameters<typeof callSettings>[0] = {}): CallPolicy {
    const random = new CountedRandom();
    return createCallPolicy({ settings: callSettings({ breaker, ...settings }), clock, random, events });
  }

  function call(parts: Partial<ApiRequest> = {}, kind: keyof CallPolicy = 'lookups'): Outcome {
    const { calls, attempts } = policy[kind];
    return outcomeOf(layered(calls, attempts).send(lookup(parts), side.send));
  }
  const read = (): Outcome => call({ clientId: 'event-follower', lane: 'batch' }, 'feed');

  /** Answers, or fails, all that have reached the other side. */
  async function reply(how: ((index: number) => Error | undefined) | Error | undefined): Promise<void> {
    for (const [index, one] of side.reached.splice(0).entries()) {
      const error = typeof how === 'function' ? how(index) : how;
      if (error === undefined) one.answer(answer());
      else one.fail(error);
    }
    await settle();
  }
  const down = new UpstreamUnavailable('refused');

  it('go straight through while all is well', async () => {
    const outcome = call();
    await settle();
    await reply(undefined);
    expect(outcome.state).to.equal('answered');
    expect(clock.sleeping).to.equal(0);
  });

  it('wait for their turn anew with each try, and leave it in the pause', async () => {
    policy = make({ maxConcurrentCalls: 1 });
    const first = call({ clientId: 'a' });
    const second = call({ clientId: 'b' });
    await settle();
    await reply(down);
    expect(side.reached.map(({ request }) => request.clientId)).to.deep.equal(['b']);
    await reply(undefined);
    expect([first.state, second.state]).to.deep.equal(['waits', 'answered']);
    await clock.advance(200);
    await settle();
    await reply(undefined);
    expect(first.state).to.equal('answered');
  });

  it('have their own time for each try, and a turn is not part of it', async () => {
    policy = make({ maxConcurrentCalls: 1, retries: 0 });
    const [first, second] = [call(), call()];
    await clock.advance(10_000);
    await settle();
    expect(first.error).to.be.instanceOf(UpstreamTimeout);
    await clock.advance(9_999);
    expect(second.state).to.equal('waits');
    await reply(undefined);
    expect(second.state).to.equal('answered');
  });

  describe('while too many fail', () => {
    beforeEach(() => {
      policy = make({ maxConcurrentCalls: 4, retries: 0, callsPerSecond: 40 });
    });

    async function open(): Promise<void> {
      for (let count = 0; count < 4; count += 1) call();
      await settle();
      await reply(down);
      expect(events.of.breakerChanged.map(({ state }) => state)).to.deep.equal(['open']);
    }

    it('are not made: at once, without a turn and without a place in the budget', async () => {
      await open();
      const outcomes = Array.from({ length: 500 }, () => call());
      await settle();
      for (const { error } of outcomes) expect(error).to.be.instanceOf(CallsSuspended);
      expect(side.reached).to.have.length(0);
      expect(events.of.callRefused).to.have.length(500);
      expect(clock.sleeping).to.equal(0);
      await clock.advance(10_000);
      const probe = call();
      await settle();
      expect(side.reached, 'nothing was used up').to.have.length(1);
      await reply(undefined);
      expect(probe.state).to.equal('answered');
    });

    it('are given up, too, if they wait for their turn', async () => {
      for (let count = 0; count < 4; count += 1) call();
      const waiting = Array.from({ length: 20 }, () => call());
      await settle();
      expect(side.reached).to.have.length(4);
      await reply(down);
      for (const { error } of waiting) expect(error).to.be.instanceOf(CallsSuspended);
      expect(side.reached).to.have.length(0);
    });

    it('are tried by a single one, while all others are refused at once', async () => {
      await open();
      await clock.advance(10_000);
      const probe = call();
      const others = Array.from({ length: 4 }, () => call({ correlationId: OTHER }));
      await settle();
      expect(side.reached).to.have.length(1);
      expect(others.every(({ error }) => error instanceof CallsSuspended)).to.equal(true);
      await reply(undefined);
      expect(probe.state).to.equal('answered');
      expect(events.of.breakerChanged.map(({ state }) => state)).to.deep.equal([
        'open',
        'half-open',
        'closed',
      ]);
      call();
      await settle();
      expect(side.reached).to.have.length(1);
    });

    it('wait for the one that finds out if they are of the same request, which fails or is answered as a whole', async () => {
      await open();
      for (const [error, state] of [
        [down, 'failed'],
        [undefined, 'answered'],
      ] as const) {
        await clock.advance(10_000);
        const outcomes = [call(), call(), call()];
        await settle();
        expect(side.reached).to.have.length(1);
        await reply(error);
        expect(side.reached).to.have.length(error === undefined ? 2 : 0);
        await reply(undefined);
        expect(outcomes.map((outcome) => outcome.state)).to.deep.equal([state, state, state]);
      }
    });

    it('are tried by the next of the same request when the caller of the first one left', async () => {
      await open();
      await clock.advance(10_000);
      const leaving = new AbortController();
      call({ signal: leaving.signal });
      const next = call();
      await settle();
      leaving.abort(new CallerLeft('left'));
      await settle();
      side.reached.shift();
      await reply(undefined);
      expect(next.state).to.equal('answered');
      expect(events.of.breakerChanged.at(-1)?.state).to.equal('closed');
    });

    it('are made again within one period, however many wanted to meanwhile', async () => {
      await open();
      for (let second = 0; second < 9; second += 1) {
        for (let count = 0; count < 50; count += 1) call();
        await clock.advance(1_000);
      }
      expect(side.reached).to.have.length(0);
      await clock.advance(1_000);
      const outcome = call();
      await settle();
      await reply(undefined);
      expect(outcome.state).to.equal('answered');
    });

    it('silence counts like a refusal', async () => {
      for (let count = 0; count < 4; count += 1) call();
      await clock.advance(10_000);
      await settle();
      expect(events.of.breakerChanged.map(({ state }) => state)).to.deep.equal(['open']);
    });

    it('are not made again by those who had another try left', async () => {
      policy = make({ retries: 2, maxConcurrentCalls: 4 });
      const outcomes = Array.from({ length: 4 }, () => call());
      await settle();
      await reply(down);
      await clock.advance(400);
      await settle();
      expect(side.reached).to.have.length(0);
      for (const { error } of outcomes) expect(error).to.be.instanceOf(CallsSuspended);
    });
  });

  describe('after 429', () => {
    const limited = (seconds: number): Error => new UpstreamRateLimited('status 429', seconds);

    it('to a shadow, shadows alone rest, and nobody else waits for it', async () => {
      const shadow = call({ lane: 'shadow' });
      await settle();
      await reply(limited(300));
      expect(shadow.state).to.equal('failed');
      const [another, answered] = [call({ lane: 'shadow' }), call()];
      await settle();
      expect([another.state, side.reached.length]).to.deep.equal(['failed', 1]);
      await reply(undefined);
      expect(answered.state).to.equal('answered');
      await clock.advance(300_000);
      const later = call({ lane: 'shadow' });
      await settle();
      await reply(undefined);
      expect(later.state).to.equal('answered');
    });

    it('are not made for as long as was asked for; who cannot wait is told at once', async () => {
      policy = make({ retries: 0 });
      call();
      await settle();
      await reply(limited(30));
      const outcomes = [call(), read()];
      await settle();
      for (const { error } of outcomes) {
        expect(error).to.be.instanceOf(TurnRefused).with.property('retryAfterSeconds', 30);
      }
      expect(side.reached).to.have.length(0);
      await clock.advance(30_000);
      call();
      await settle();
      expect(side.reached).to.have.length(1);
    });

    it('for a short while wait, and then come one by one', async () => {
      const outcomes = Array.from({ length: 20 }, () => call());
      await settle();
      expect(side.reached).to.have.length(20);
      await reply(limited(2));
      await clock.advance(1_999);
      await settle();
      expect(side.reached).to.have.length(0);
      await clock.advance(1);
      const widths: number[] = [];
      for (let round = 0; round < 6; round += 1) {
        await settle();
        widths.push(side.reached.length);
        await reply(undefined);
      }
      expect(widths).to.deep.equal([1, 2, 4, 8, 5, 0]);
      expect(outcomes.every(({ state }) => state === 'answered')).to.equal(true);
    });

    it('tell nothing against Persontjenesten', async () => {
      policy = make({ retries: 0 });
      for (let count = 0; count < 10; count += 1) call();
      await settle();
      await reply(limited(0));
      expect(events.of.breakerChanged).to.deep.equal([]);
    });
  });

  describe('of the event feed', () => {
    it('take turns with lookups, after them', async () => {
      policy = make({ maxConcurrentCalls: 1 });
      call();
      const page = read();
      call();
      await settle();
      await reply(undefined);
      expect(page.state).to.equal('waits');
      await reply(undefined);
      await reply(undefined);
      expect(page.state).to.equal('answered');
    });

    it('are tried once, since the follower waits and tries again', async () => {
      const page = read();
      await settle();
      await reply(down);
      expect(page.error).to.equal(down);
      expect([clock.sleeping, events.of.callRetried.length]).to.deep.equal([0, 0]);
    });

    it('do not stop lookups, whatever becomes of them', async () => {
      for (const error of [down, new UpstreamRateLimited('status 429', 300)]) {
        for (let count = 0; count < 10; count += 1) {
          read();
          await settle();
          await reply(error);
        }
      }
      const outcome = call();
      await settle();
      await reply(undefined);
      expect(outcome.state).to.equal('answered');
    });

    it('are made while lookups are not, since they fare by themselves', async () => {
      policy = make({ retries: 0 });
      for (let count = 0; count < 4; count += 1) call();
      await settle();
      await reply(down);
      const page = read();
      await settle();
      await reply(undefined);
      expect(page.state).to.equal('answered');
      const outcome = call();
      await settle();
      expect(outcome.error, 'and do not decide that lookups go well').to.be.instanceOf(CallsSuspended);
    });
  });

  it('are told of when they are made again, refused, suspended and resumed', async () => {
    policy = make({ maxConcurrentCalls: 1, maxWaitingCalls: 1, retries: 1 });
    for (const clientId of ['a', 'b', 'c']) call({ clientId });
    await settle();
    expect(events.of.callRefused.map(({ clientId, lane }) => [clientId, lane])).to.deep.equal([
      ['c', 'interactive'],
    ]);
    await reply(down);
    expect(events.of.callRetried).to.have.length(1);
  });
});
