import { expect } from 'chai';
import { isOpen } from '../../../../src/legacy/filematch/jobs/window.js';

describe('the window for lookups', () => {
  const cases: readonly (readonly [from: string, to: string, instant: string, open: boolean])[] = [
    // Winter time is an hour ahead, summer time two.
    ['20:00', '06:00', '2025-03-01T18:59:59Z', false],
    ['20:00', '06:00', '2025-03-01T19:00:00Z', true],
    ['20:00', '06:00', '2025-03-01T23:30:00Z', true],
    ['20:00', '06:00', '2025-03-02T04:59:59Z', true],
    ['20:00', '06:00', '2025-03-02T05:00:00Z', false],
    ['20:00', '06:00', '2025-07-01T18:00:00Z', true],
    ['08:00', '16:00', '2025-07-01T05:59:00Z', false],
    ['08:00', '16:00', '2025-07-01T06:00:00Z', true],
    ['08:00', '16:00', '2025-07-01T14:00:00Z', false],
    // In spring there is no 02:30; it is 03:00 at once.
    ['02:30', '06:00', '2026-03-29T00:59:59Z', false],
    ['02:30', '06:00', '2026-03-29T01:00:00Z', true],
    // In autumn 02:30 comes twice.
    ['02:30', '06:00', '2026-10-25T00:30:00Z', true],
    ['02:30', '06:00', '2026-10-25T01:00:00Z', false],
    ['02:30', '06:00', '2026-10-25T01:30:00Z', true],
  ];
  for (const [from, to, instant, open] of cases) {
    it(`from ${from} to ${to} is ${open ? 'open' : 'closed'} at ${instant}`, () => {
      expect(isOpen({ from, to }, new Date(instant))).to.equal(open);
    });
  }

  it('is always open where there is none', () => {
    expect(isOpen(undefined, new Date())).to.equal(true);
  });
});
