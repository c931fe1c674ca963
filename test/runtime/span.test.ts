import { expect } from 'chai';
import { Span } from '../../src/runtime/span.js';
import { StandingClock } from '../support/standing-clock.js';

describe('a span', () => {
  let clock: StandingClock;
  let span: Span;

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00Z');
    span = new Span(clock, 1_000);
  });

  it('ends when its time has passed', () => {
    clock.move(999);
    expect(span.left).to.equal(1);
    clock.move(1);
    expect(span.left).to.equal(0);
  });

  it('begins anew when the clock is set back behind its beginning', () => {
    clock.move(600);
    clock.move(-3_600_000);
    expect(span.left).to.equal(1_000);
    clock.move(1_000);
    expect(span.left).to.equal(0);
  });

  it('that was seen to end stays ended, wherever the clock is set', () => {
    clock.move(1_000);
    expect(span.left).to.equal(0);
    clock.move(-500);
    expect(span.left).to.equal(0);
    clock.move(-3_600_000);
    expect(span.left).to.equal(0);
  });
});
