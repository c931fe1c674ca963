import { expect } from 'chai';
import fc from 'fast-check';
import { norwegianTime } from '../../src/person/norwegian-time.js';

describe('the time in Norway', () => {
  it('is an hour ahead in winter and two in summer, to the second', () => {
    expect(norwegianTime(new Date('2026-01-15T22:59:59.999Z'))).to.equal('2026-01-15T23:59:59');
    expect(norwegianTime(new Date('2026-01-15T23:00:00Z'))).to.equal('2026-01-16T00:00:00');
    expect(norwegianTime(new Date('2026-07-15T22:00:00Z'))).to.equal('2026-07-16T00:00:00');
  });

  it('changes when clocks do', () => {
    expect(norwegianTime(new Date('2026-03-29T00:59:59Z'))).to.equal('2026-03-29T01:59:59');
    expect(norwegianTime(new Date('2026-03-29T01:00:00Z'))).to.equal('2026-03-29T03:00:00');
    expect(norwegianTime(new Date('2026-10-25T00:59:59Z'))).to.equal('2026-10-25T02:59:59');
    expect(norwegianTime(new Date('2026-10-25T01:00:00Z'))).to.equal('2026-10-25T02:00:00');
  });

  it('is what the platform says of any instant, in whatever order they are asked', () => {
    const platform = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Oslo',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (instant) => {
          expect(norwegianTime(instant)).to.equal(platform.format(instant).replace(' ', 'T'));
        },
      ),
    );
  });
});
