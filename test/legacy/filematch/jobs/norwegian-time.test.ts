import { expect } from 'chai';
import { norwegianTimeWithOffset } from '../../../../src/legacy/filematch/jobs/norwegian-time.js';

describe('the time on a receipt', () => {
  const instants: Readonly<Record<string, string>> = {
    '2025-11-03T07:00:07Z': '2025-11-03T08:00:07+01:00',
    '2025-07-03T07:00:07.999Z': '2025-07-03T09:00:07+02:00',
    '2025-12-31T23:30:00Z': '2026-01-01T00:30:00+01:00',
    '2026-03-29T00:59:59Z': '2026-03-29T01:59:59+01:00',
    '2026-03-29T01:00:00Z': '2026-03-29T03:00:00+02:00',
    '2026-10-25T00:30:00Z': '2026-10-25T02:30:00+02:00',
    '2026-10-25T01:30:00Z': '2026-10-25T02:30:00+01:00',
  };
  for (const [instant, shown] of Object.entries(instants)) {
    it(`is ${shown} at ${instant}`, () => {
      expect(norwegianTimeWithOffset(new Date(instant))).to.equal(shown);
    });
  }
});
