import { expect } from 'chai';
import { Nap } from '../../../../src/legacy/hl7v2/notifications/nap.js';
import { StandingClock } from '../../../support/standing-clock.js';

describe('a nap', () => {
  const clock = new StandingClock('2026-03-01T12:00:00Z');
  const never = new AbortController().signal;

  it('lasts for its time', async () => {
    const rest = new Nap(clock).rest(1_000, never);
    await clock.advance(1_000);
    await rest;
  });

  it('is over when somebody ends it, at once where that was before', async () => {
    const nap = new Nap(clock);
    const rest = nap.rest(1_000, never);
    nap.end();
    await rest;
    nap.end();
    await nap.rest(1_000, never);
    const next = nap.rest(1_000, never);
    expect(clock.sleeping).to.equal(1);
    await clock.advance(1_000);
    await next;
  });

  it('is over when everything is, and leaves nothing behind', async () => {
    const stopping = new AbortController();
    const nap = new Nap(clock);
    const rest = nap.rest(1_000, stopping.signal);
    stopping.abort();
    await rest;
    await nap.rest(1_000, stopping.signal);
    expect(clock.sleeping).to.equal(0);
  });
});
