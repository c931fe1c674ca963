import { expect } from 'chai';
import fc from 'fast-check';
import { Breaker, type Report } from '../../../src/registry/persontjenesten/calls/breaker.js';
import { CallsSuspended } from '../../../src/registry/persontjenesten/calls/refusals.js';
import { runs } from '../../support/long-runs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { CORRELATION_ID } from '../transport-bench.js';

const settings = { failurePercent: 50, minimumCalls: 4, windowSeconds: 30, openSeconds: 10 };

describe('the breaker', () => {
  let clock: ManualClock;
  let events: RecordedEvents;
  let told: CallsSuspended[];
  let breaker: Breaker;

  beforeEach(() => {
    clock = new ManualClock();
    events = new RecordedEvents();
    told = [];
    breaker = make();
  });

  function make(change: Partial<typeof settings> = {}): Breaker {
    return new Breaker({
      settings: { ...settings, ...change },
      clock,
      events,
      onOpen: (error) => told.push(error),
    });
  }

  const states = (): readonly string[] => events.of.breakerChanged.map(({ state }) => state);
  function call(verdict: Parameters<Report>[0]): void {
    breaker.admit(CORRELATION_ID)(verdict);
  }
  function open(): void {
    for (let count = 0; count < 4; count += 1) call('fails');
    expect(states()).to.deep.equal(['open']);
  }

  it('lets calls through as long as most succeed', () => {
    for (let count = 0; count < 100; count += 1) call(count % 3 === 2 ? 'fails' : 'answers');
    expect(states()).to.deep.equal([]);
  });

  it('opens when so many of the calls fail, says for how long, and refuses every call', () => {
    for (const verdict of ['answers', 'answers', 'fails'] as const) call(verdict);
    expect(states()).to.deep.equal([]);
    call('fails');
    expect(events.of.breakerChanged).to.deep.equal([{ state: 'open', retryInSeconds: 10 }]);
    expect(told).to.have.length(1);
    expect(() => breaker.admit(CORRELATION_ID)).to.throw(CallsSuspended);
  });

  it('does not judge by too few calls', () => {
    for (let count = 0; count < 3; count += 1) call('fails');
    expect(states()).to.deep.equal([]);
  });

  it('does not count what tells nothing', () => {
    for (let count = 0; count < 100; count += 1) call('unknown');
    for (let count = 0; count < 3; count += 1) call('fails');
    expect(states()).to.deep.equal([]);
  });

  it('opens at 100 % only when all fail', () => {
    breaker = make({ failurePercent: 100 });
    for (const verdict of ['fails', 'fails', 'fails', 'answers', 'fails'] as const) call(verdict);
    expect(states()).to.deep.equal([]);
    clock.advance(31_000);
    for (let count = 0; count < 4; count += 1) call('fails');
    expect(states()).to.deep.equal(['open']);
  });

  it('forgets what is older than its window, also when nothing was called meanwhile', () => {
    for (let count = 0; count < 3; count += 1) call('fails');
    clock.advance(30_000);
    call('fails');
    expect(states()).to.deep.equal([]);
    for (let count = 0; count < 3; count += 1) call('fails');
    expect(states()).to.deep.equal(['open']);
  });

  it('remembers what is within its window', () => {
    for (let count = 0; count < 3; count += 1) call('fails');
    clock.advance(26_000);
    call('fails');
    expect(states()).to.deep.equal(['open']);
  });

  it('is not confused by a clock that is set back', () => {
    for (let count = 0; count < 3; count += 1) call('fails');
    clock.advance(-3_600_000);
    call('fails');
    expect(states(), 'what seems to be yet to come does not count').to.deep.equal([]);
    for (let count = 0; count < 3; count += 1) call('fails');
    expect(states()).to.deep.equal(['open']);
    clock.advance(-3_600_000);
    expect(() => breaker.admit(CORRELATION_ID)).to.throw(CallsSuspended);
    clock.advance(10_000);
    expect(() => breaker.admit(CORRELATION_ID)).not.to.throw();
  });

  it('lets a single call through when its time is over', () => {
    open();
    clock.advance(9_999);
    expect(() => breaker.admit(CORRELATION_ID)).to.throw(CallsSuspended);
    clock.advance(1);
    breaker.admit(CORRELATION_ID);
    expect(states()).to.deep.equal(['open', 'half-open']);
    expect(() => breaker.admit(CORRELATION_ID)).to.throw(CallsSuspended);
  });

  it('closes when that call is answered, and begins to count anew', () => {
    open();
    clock.advance(10_000);
    call('answers');
    expect(states()).to.deep.equal(['open', 'half-open', 'closed']);
    for (let count = 0; count < 3; count += 1) call('fails');
    expect(states()).to.have.length(3);
    call('fails');
    expect(states().at(-1)).to.equal('open');
  });

  it('stays open for as long again when that call fails', () => {
    open();
    clock.advance(10_000);
    call('fails');
    expect(states()).to.deep.equal(['open', 'half-open', 'open']);
    expect(told).to.have.length(2);
    clock.advance(9_999);
    expect(() => breaker.admit(CORRELATION_ID)).to.throw(CallsSuspended);
    clock.advance(1);
    expect(() => breaker.admit(CORRELATION_ID)).not.to.throw();
  });

  it('lets the next call find out when that one told nothing, without another wait', () => {
    open();
    clock.advance(10_000);
    call('unknown');
    expect(told, 'nothing was given up').to.have.length(1);
    expect(events.of.breakerChanged.at(-1)).to.deep.equal({ state: 'open', retryInSeconds: 0 });
    call('answers');
    expect(states().at(-1)).to.equal('closed');
  });

  it('does not heed late news of calls from before it opened, nor a second report', () => {
    const early = Array.from({ length: 10 }, () => breaker.admit(CORRELATION_ID));
    open();
    clock.advance(10_000);
    const probe = breaker.admit(CORRELATION_ID);
    for (const report of early.slice(0, 5)) report('fails');
    expect(states()).to.deep.equal(['open', 'half-open']);
    probe('answers');
    probe('fails');
    for (const report of early.slice(5)) report('fails');
    expect(states()).to.deep.equal(['open', 'half-open', 'closed']);
    expect(() => breaker.admit(CORRELATION_ID)).not.to.throw();
  });

  it('never lets more than one call through while not closed, and recovers whatever happened', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('call' as const) }),
      fc.record({
        do: fc.constant('end' as const),
        which: fc.nat(30),
        verdict: fc.constantFrom('answers' as const, 'fails' as const, 'unknown' as const),
      }),
      fc.record({ do: fc.constant('pass' as const), milliseconds: fc.integer({ min: 0, max: 12_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        clock = new ManualClock();
        events = new RecordedEvents();
        breaker = make();
        const underWay: Report[] = [];
        let sinceClosed = 0;
        for (const one of steps) {
          const before = events.of.breakerChanged.length;
          if (one.do === 'pass') clock.advance(one.milliseconds);
          else if (one.do === 'end') underWay.splice(one.which, 1)[0]?.(one.verdict);
          else {
            try {
              underWay.push(breaker.admit(CORRELATION_ID));
              if ((states().at(-1) ?? 'closed') !== 'closed') sinceClosed += 1;
            } catch (error) {
              expect(error).to.be.instanceOf(CallsSuspended);
            }
          }
          if (events.of.breakerChanged.length > before && states().at(-1) !== 'half-open') sinceClosed = 0;
          expect(sinceClosed).to.be.at.most(1);
        }
        for (const report of underWay) report('unknown');
        clock.advance(10_000);
        breaker.admit(CORRELATION_ID)('answers');
        expect(states().at(-1) ?? 'closed').to.equal('closed');
      }),
      { numRuns: runs(200) },
    );
  });
});
