import { expect } from 'chai';
import {
  CallerLeft,
  InternalError,
  TokenRefused,
  TokenUnavailable,
  UpstreamInvalidAnswer,
  UpstreamRateLimited,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import type { EventSink } from '../../../src/operations/events.js';
import { CallTimeout } from '../../../src/registry/persontjenesten/calls/attempt-timeout.js';
import { BehindBreaker } from '../../../src/registry/persontjenesten/calls/behind-breaker.js';
import { Breaker } from '../../../src/registry/persontjenesten/calls/breaker.js';
import { CallsSuspended, TurnRefused } from '../../../src/registry/persontjenesten/calls/refusals.js';
import { ManualClock } from '../../support/manual-clock.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { rejectionOf } from '../../support/rejection.js';
import { lookup } from '../transport-bench.js';
import { answer } from './calls-bench.js';

describe('behind the breaker', () => {
  let clock: ManualClock;
  let events: RecordedEvents;
  let layer: BehindBreaker;

  beforeEach(() => {
    clock = new ManualClock();
    events = new RecordedEvents();
    const settings = { failurePercent: 100, minimumCalls: 1, windowSeconds: 30, openSeconds: 10 };
    const breaker = (told: EventSink): Breaker =>
      new Breaker({ settings, clock, events: told, onOpen: () => undefined });
    layer = new BehindBreaker(breaker(events), breaker(new RecordedEvents()));
  });

  const state = (): string => events.of.breakerChanged.at(-1)?.state ?? 'closed';

  for (const error of [new UpstreamUnavailable('refused'), new CallTimeout('silence')]) {
    it(`${error.name} is told as a failure and handed on`, async () => {
      expect(await rejectionOf(layer.send(lookup(), () => Promise.reject(error)))).to.equal(error);
      expect(state()).to.equal('open');
    });
  }

  it('nothing is sent while it is open', async () => {
    await rejectionOf(layer.send(lookup(), () => Promise.reject(new UpstreamUnavailable('refused'))));
    let sent = 0;
    const refused = layer.send(lookup(), () => {
      sent += 1;
      return Promise.resolve(answer());
    });
    expect(await rejectionOf(refused))
      .to.be.instanceOf(CallsSuspended)
      .and.instanceOf(UpstreamUnavailable);
    expect(sent).to.equal(0);
  });

  it('the trouble of shadows is theirs alone', async () => {
    const shadow = lookup({ lane: 'shadow' });
    await rejectionOf(layer.send(shadow, () => Promise.reject(new UpstreamUnavailable('refused'))));
    expect(state()).to.equal('closed');
    const refused = await rejectionOf(layer.send(shadow, () => Promise.resolve(answer())));
    expect(refused).to.be.instanceOf(CallsSuspended);
    await layer.send(lookup(), () => Promise.resolve(answer()));
  });

  it('a shadow neither goes while it is open, nor finds out whether it may close', async () => {
    await halfOpen();
    await layer.send(lookup({ lane: 'shadow' }), () => Promise.resolve(answer()));
    expect(state()).to.equal('open');
    await rejectionOf(layer.send(lookup(), () => Promise.reject(new UpstreamUnavailable('refused'))));
    const refused = layer.send(lookup({ lane: 'shadow' }), () => Promise.resolve(answer()));
    expect(await rejectionOf(refused)).to.be.instanceOf(CallsSuspended);
  });

  async function halfOpen(): Promise<void> {
    await rejectionOf(layer.send(lookup(), () => Promise.reject(new UpstreamUnavailable('refused'))));
    clock.advance(10_000);
  }

  for (const status of [200, 301, 400, 401, 403, 404, 410, 422]) {
    it(`an answer of status ${status} shows that somebody is there`, async () => {
      await halfOpen();
      await layer.send(lookup(), () => Promise.resolve(answer(status)));
      expect(state()).to.equal('closed');
    });
  }

  for (const error of [new UpstreamRateLimited('status 429', 7), new UpstreamInvalidAnswer('too large')]) {
    it(`${error.name} shows that somebody is there`, async () => {
      await halfOpen();
      await rejectionOf(layer.send(lookup(), () => Promise.reject(error)));
      expect(state()).to.equal('closed');
    });
  }

  for (const error of [
    new TokenUnavailable('HelseID is down'),
    new TokenRefused('invalid_client'),
    new TurnRefused('too many wait'),
    new InternalError('a mistake'),
    new TypeError('a mistake'),
  ]) {
    it(`${error.name} tells nothing of Persontjenesten`, async () => {
      await rejectionOf(layer.send(lookup(), () => Promise.reject(error)));
      expect(state()).to.equal('closed');
      await halfOpen();
      await rejectionOf(layer.send(lookup(), () => Promise.reject(error)));
      expect(events.of.breakerChanged.at(-1)).to.deep.equal({ state: 'open', retryInSeconds: 0 });
    });
  }

  for (const reason of [new CallerLeft('left'), new UpstreamTimeout('time is up'), undefined]) {
    it(`a call that was aborted with ${reason?.name ?? 'nothing'} tells nothing, whatever it failed with`, async () => {
      const watch = new AbortController();
      const sending = layer.send(lookup({ signal: watch.signal }), () => {
        watch.abort(reason);
        return Promise.reject(new UpstreamUnavailable('aborted'));
      });
      await rejectionOf(sending);
      expect(state()).to.equal('closed');
    });
  }

  it('a call that waited for most of its time is a failure, also when the deadline ended it', async () => {
    const watch = new AbortController();
    const sending = layer.send(lookup({ signal: watch.signal }), () => {
      watch.abort(new UpstreamTimeout('time is up'));
      return Promise.reject(new CallTimeout('no answer came before the deadline'));
    });
    await rejectionOf(sending);
    expect(state()).to.equal('open');
  });
});
