import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  CallerLeft,
  InternalError,
  TokenRefused,
  TokenUnavailable,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import { CallTimeout } from '../../../src/registry/persontjenesten/calls/attempt-timeout.js';
import { CallsSuspended, TurnRefused } from '../../../src/registry/persontjenesten/calls/refusals.js';
import { Retry } from '../../../src/registry/persontjenesten/calls/retry.js';
import type { ApiRequest, ApiResponse } from '../../../src/registry/persontjenesten/transport.js';
import type { Random } from '../../../src/runtime/random.js';
import { CountedRandom } from '../../support/counted-random.js';
import { runs } from '../../support/long-runs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { rejectionOf } from '../../support/rejection.js';
import { StandingClock } from '../../support/standing-clock.js';
import { CORRELATION_ID, lookup } from '../transport-bench.js';
import { answer, outcomeOf, settle } from './calls-bench.js';

interface Sending {
  readonly retries?: number;
  readonly request?: ApiRequest;
  readonly random?: Random;
}

describe('a call that fails', () => {
  let clock: ManualClock;
  let events: RecordedEvents;
  let sent: ApiRequest[];

  beforeEach(() => {
    clock = new ManualClock('2026-03-01T12:00:00.000Z');
    events = new RecordedEvents();
    sent = [];
  });

  /** Sends a call to another side that fails in these ways, one after the other, and then answers. */
  function send(
    errors: readonly Error[],
    { retries = 2, request = lookup(), random = new CountedRandom() }: Sending = {},
  ): Promise<ApiResponse> {
    return new Retry({ retries, clock, random, events }).send(request, (one) => {
      sent.push(one);
      const error = errors[sent.length - 1];
      return error === undefined ? Promise.resolve(answer()) : Promise.reject(error);
    });
  }

  const passing: readonly Error[] = [
    new UpstreamUnavailable('refused'),
    new UpstreamUnavailable('status 503', undefined, 5),
    new CallTimeout('silence'),
    new UpstreamRateLimited('status 429', 0),
    new UpstreamRateLimited('status 429', 5),
  ];
  for (const error of passing) {
    const wish = 'retryAfterSeconds' in error ? ` ${String(error.retryAfterSeconds)}` : '';
    it(`for a reason that passes, ${error.name}${wish}, is made again`, async () => {
      expect((await send([error])).status).to.equal(200);
      expect(sent).to.have.length(2);
    });

    it(`as often as is set with ${error.name}${wish}, fails as it failed last`, async () => {
      const last = new UpstreamUnavailable('the last');
      for (const retries of [0, 1, 3]) {
        sent = [];
        const errors = [...Array.from({ length: retries }, () => error), last];
        expect(await rejectionOf(send(errors, { retries }))).to.equal(last);
        expect(sent).to.have.length(retries + 1);
      }
    });
  }

  for (const error of [
    new UpstreamRejected('status 400'),
    new UpstreamForbidden('status 401'),
    new UpstreamInvalidAnswer('HTML'),
    new UpstreamTimeout('the deadline'),
    new CallerLeft('left'),
    new TokenUnavailable('HelseID is down'),
    new TokenRefused('invalid_client'),
    new UpstreamRateLimited('status 429'),
    new UpstreamRateLimited('status 429', 6),
    new UpstreamUnavailable('status 503', undefined, 6),
    new CallsSuspended('too many failed'),
    new TurnRefused('too many wait'),
    new TurnRefused('left alone', 1),
    new InternalError('a mistake'),
    new TypeError('a mistake'),
  ]) {
    it(`with ${error.name}: ${error.message} fails at once`, async () => {
      expect(await rejectionOf(send([error]))).to.equal(error);
      expect(sent).to.have.length(1);
      expect(clock.sleeps).to.deep.equal([]);
      expect(events.of.callRetried).to.deep.equal([]);
    });
  }

  it('is made again after a pause that doubles, half of it at random', async () => {
    const down = new UpstreamUnavailable('refused');
    const random = (octet: number): Random => ({
      uuid: () => '',
      bytes: (length) => new Uint8Array(length).fill(octet),
    });
    const errors = Array.from({ length: 5 }, () => down);
    await send(errors, { retries: 5, random: random(0) });
    expect(clock.sleeps).to.deep.equal([100, 200, 400, 800, 1_000]);
    clock.sleeps.length = 0;
    sent = [];
    await send(errors, { retries: 5, random: random(255) });
    expect(clock.sleeps).to.deep.equal([200, 400, 800, 1_600, 2_000]);
  });

  it('is made again no sooner than was asked for', async () => {
    await send([new UpstreamRateLimited('status 429', 3)]);
    expect(clock.sleeps).to.deep.equal([3_000]);
  });

  it('is made again as it was, and each time that is told', async () => {
    const request = lookup();
    const [first, second] = [new UpstreamUnavailable('refused'), new CallTimeout('silence')];
    await send([first, second], { request });
    expect(sent.every((one) => one === request)).to.equal(true);
    expect(events.of.callRetried).to.deep.equal(
      [first, second].map((error, index) => ({
        correlationId: CORRELATION_ID,
        operation: 'get-by-nin',
        error,
        retry: index + 1,
        inMilliseconds: clock.sleeps[index],
      })),
    );
  });

  it('is not made again when the caller is gone by then', async () => {
    const gone = new AbortController();
    const error = new UpstreamUnavailable('refused');
    const retry = new Retry({ retries: 2, clock, random: new CountedRandom(), events });
    const sending = retry.send(lookup({ signal: gone.signal }), () => {
      gone.abort(new CallerLeft('left'));
      return Promise.reject(error);
    });
    expect(await rejectionOf(sending)).to.equal(error);
    expect(clock.sleeps).to.deep.equal([]);
  });

  it('is given up as soon as the caller leaves in the pause, in the words of whoever aborts', async () => {
    const standing = new StandingClock('2026-03-01T12:00:00Z');
    const gone = new AbortController();
    const retry = new Retry({ retries: 2, clock: standing, random: new CountedRandom(), events });
    let calls = 0;
    const outcome = outcomeOf(
      retry.send(lookup({ signal: gone.signal }), () => {
        calls += 1;
        return Promise.reject(new UpstreamUnavailable('refused'));
      }),
    );
    await settle();
    const reason = new CallerLeft('left');
    gone.abort(reason);
    await settle();
    expect(outcome.error).to.equal(reason);
    expect([calls, standing.sleeping, getEventListeners(gone.signal, 'abort').length]).to.deep.equal([
      1, 0, 0,
    ]);
  });

  describe('for people who can be asked for in parts', () => {
    const request = lookup({ isDivisible: true });

    for (const error of [new UpstreamUnavailable('status 500'), new CallTimeout('silence')]) {
      it(`is not made again with ${error.name}, which may be due to some of them`, async () => {
        expect(await rejectionOf(send([error], { request }))).to.equal(error);
        expect(sent).to.have.length(1);
      });
    }

    for (const error of [
      new UpstreamUnavailable('status 503', undefined, 1),
      new UpstreamRateLimited('status 429', 1),
    ]) {
      it(`is made again with ${error.name} that says when, since that is due to none of them`, async () => {
        expect((await send([error], { request })).status).to.equal(200);
        expect(sent).to.have.length(2);
      });
    }
  });

  it('counts the tries that others made for it, and keeps the distance of a retry from them', async () => {
    const error = new UpstreamUnavailable('status 500');
    for (const [triedBefore, tries] of [
      [1, 2],
      [2, 1],
      [3, 1],
    ] as const) {
      sent = [];
      clock.sleeps.length = 0;
      await rejectionOf(send([error, error, error, error], { request: lookup({ triedBefore }) }));
      expect(sent).to.have.length(tries);
      expect(clock.sleeps).to.have.length(tries);
      expect(clock.sleeps[0]).to.be.within(100, 200);
    }
  });

  it('is not made at all when its caller leaves before that distance is kept', async () => {
    const left = new AbortController();
    const reason = new CallerLeft('left');
    clock.onSleep = () => {
      left.abort(reason);
    };
    const request = lookup({ triedBefore: 1, signal: left.signal });
    expect(await rejectionOf(send([], { request }))).to.equal(reason);
    expect(sent).to.have.length(0);
  });

  it('is not made again when the pause would end at the deadline or later', async () => {
    const error = new UpstreamRateLimited('status 429', 3);
    const at = (time: string): ApiRequest => lookup({ deadline: new Date(time) });
    expect(await rejectionOf(send([error], { request: at('2026-03-01T12:00:03.000Z') }))).to.equal(error);
    expect(sent).to.have.length(1);
    sent = [];
    expect((await send([error], { request: at('2026-03-01T12:00:03.001Z') })).status).to.equal(200);
  });

  it('is never begun at or after its deadline, nor more often than is set', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 8_000 }),
        fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 6, maxLength: 6 }),
        fc.array(fc.constantFrom(...passing), { minLength: 6, maxLength: 6 }),
        async (retries, time, durations, errors) => {
          clock = new ManualClock('2026-03-01T12:00:00.000Z');
          const deadline = new Date(clock.now().getTime() + time);
          const begun: number[] = [];
          const retry = new Retry({ retries, clock, random: new CountedRandom(), events });
          await rejectionOf(
            retry.send(lookup({ deadline }), () => {
              begun.push(clock.now().getTime());
              clock.advance(durations[begun.length - 1] ?? 0);
              return Promise.reject(errors[begun.length - 1] ?? new UpstreamUnavailable('refused'));
            }),
          );
          expect(begun.length).to.be.at.most(retries + 1);
          expect(begun.every((at) => at < deadline.getTime())).to.equal(true);
        },
      ),
      { numRuns: runs(100) },
    );
  });
});
