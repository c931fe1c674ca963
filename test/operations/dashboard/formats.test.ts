import { expect } from 'chai';
import { english } from '../../../src/operations/dashboard/english.js';
import { Formats } from '../../../src/operations/dashboard/formats.js';
import { norwegian } from '../../../src/operations/dashboard/norwegian.js';
import { NOW } from './dashboard-world.js';

const now = new Date(NOW);
const nb = new Formats('nb', norwegian.times, now);
const en = new Formats('en', english.times, now);

/** Spaces that do not break are spaces to readers. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

describe('how the dashboard writes', () => {
  it('numbers as the language has them', () => {
    expect(plain(nb.number(1_234_567))).to.equal('1 234 567');
    expect(en.number(1_234_567)).to.equal('1,234,567');
  });

  it('shares so that few are not none', () => {
    expect([0, 0.00001, 0.0123, 0.5, 1].map((share) => en.percent(share))).to.deep.equal([
      '0 %',
      '< 0.1 %',
      '1.2 %',
      '50 %',
      '100 %',
    ]);
    expect(nb.percent(0.0123)).to.equal('1,2 %');
  });

  it('durations to the digits that mean something', () => {
    const told = [undefined, 0.2, 4, 43.7, 999, 1_234, 61_000].map((time) => en.duration(time));
    expect(told).to.deep.equal(['–', '< 1 ms', '4 ms', '44 ms', '1 s', '1.2 s', '61 s']);
  });

  it('spans in two units at most', () => {
    const spans = [0, 59_999, 60_000, 3_600_000, 5_400_000, 26 * 3_600_000, 12 * 86_400_000];
    expect(spans.map((span) => en.span(span))).to.deep.equal([
      '0 s',
      '59 s',
      '1 min',
      '1 h',
      '1 h 30 min',
      '1 day 2 h',
      '12 days',
    ]);
    expect(nb.span(26 * 3_600_000)).to.equal('1 dag 2 t');
  });

  it('times as clocks in Norway show them, in winter and in summer', () => {
    expect(nb.time(now)).to.equal('11:23:41');
    expect(nb.minute(new Date('2026-07-01T10:00:00Z'))).to.equal('12:00');
  });

  it('instants of another day with the day', () => {
    expect(en.instant(new Date('2026-03-02T05:00:00Z'))).to.equal('06:00');
    expect(en.instant(new Date('2026-03-01T05:00:00Z')))
      .to.include('1 Mar')
      .and.to.include('06:00');
    // Midnight is that of Norway.
    expect(en.instant(new Date('2026-03-01T23:30:00Z'))).to.equal('00:30');
  });

  it('how long ago something was, also where clocks disagree', () => {
    expect(nb.ago(new Date(now.getTime() - 90_000))).to.equal('for 1 min siden');
    expect(nb.ago(now)).to.equal('nettopp');
    expect(en.ago(new Date(now.getTime() + 5_000))).to.equal('just now');
  });
});
