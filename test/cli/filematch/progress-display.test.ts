import { expect } from 'chai';
import { ProgressDisplay } from '../../../src/cli/filematch/progress-display.js';
import { viewAt } from '../../support/filematch-job-view.js';
import { StandingClock } from '../../support/standing-clock.js';

const CLEAR = '\u001B[K';

function display(terminal: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  const clock = new StandingClock('2026-03-01T12:00:00Z');
  const done = new AbortController();
  const output = Object.assign(terminal, { write: (text: string) => written.push(text) });
  const shown = new ProgressDisplay(output, clock);
  const running = shown.run(done.signal);
  return {
    written,
    clock,
    shown,
    end: async (): Promise<void> => {
      done.abort();
      await running;
    },
  };
}

/** What is written, with names for what a terminal obeys. */
function shape(text: string): string {
  return text.replaceAll('\r', '<begin>').replaceAll(CLEAR, '<clear>');
}

describe('progress on a terminal', () => {
  const terminal = (): { isTTY: boolean; columns: number } => ({ isTTY: true, columns: 60 });

  it('is one line that is drawn over itself, and left at the end', async () => {
    const { written, clock, shown, end } = display(terminal());
    shown.show(viewAt(100));
    await clock.advance(200);
    shown.show(viewAt(200));
    await clock.advance(200);
    expect(written).to.have.length(2);
    for (const text of written) expect(shape(text)).to.match(/^<begin>[^\r\n]+<clear>$/);
    expect(written[1]).to.contain('200 of 1 000 rows');
    shown.show(viewAt(1_000));
    await end();
    expect(shape(written.slice(2).join(''))).to.match(
      /^<begin>[^\r\n]*100 % {2}1 000 of 1 000 rows[^\r\n]*<clear>\n$/,
    );
  });

  it('is drawn five times a second at most, however often something is told, and only when it is another', async () => {
    const { written, clock, shown, end } = display(terminal());
    for (let turn = 1; turn <= 100; turn += 1) {
      shown.show(viewAt(turn));
      await clock.advance(20);
    }
    expect(written).to.have.length(10);
    for (let turn = 0; turn < 10; turn += 1) await clock.advance(200);
    // The rate falls meanwhile, and is told.
    expect(new Set(written).size).to.equal(written.length);
    await end();
  });

  it('fits the terminal, also when that becomes another', async () => {
    const changing = { isTTY: true, columns: 200 };
    const { written, clock, shown, end } = display(changing);
    shown.show(viewAt(100));
    await clock.advance(200);
    changing.columns = 20;
    await clock.advance(200);
    expect(written.map((text) => shape(text).replaceAll(/<\w+>/g, ''))).to.satisfy(
      ([wide = '', narrow = '']: readonly string[]) => wide.length > 60 && narrow.length <= 19,
    );
    await end();
  });

  it('makes way for lines, and comes back below them', async () => {
    const { written, clock, shown, end } = display(terminal());
    shown.show(viewAt(100));
    await clock.advance(200);
    shown.above('A sentence.\n');
    await clock.advance(200);
    expect(written[1]).to.equal(`\r${CLEAR}A sentence.\n`);
    expect(written[2]).to.match(/^\r.*100 of 1 000 rows/);
    await end();
  });

  it('counts no time in which the job waited', async () => {
    const { written, clock, shown, end } = display(terminal());
    shown.show(viewAt(0));
    await clock.advance(10_000);
    shown.show(viewAt(0, { waitingFor: 'register' }));
    await clock.advance(1_000_000);
    shown.show(viewAt(0));
    await clock.advance(1_000);
    shown.show(viewAt(50));
    await clock.advance(1_000);
    expect(written.at(-1)).to.contain('25 rows/s');
    await end();
  });
});

describe('progress where nobody looks', () => {
  it('is a line each ten seconds, without what only a terminal understands', async () => {
    const { written, clock, shown, end } = display();
    shown.show(viewAt(100));
    for (let second = 1; second <= 25; second += 1) {
      await clock.advance(1_000);
      shown.show(viewAt(100 + second));
    }
    await end();
    expect(written).to.have.length(2);
    for (const line of written) expect(line).to.match(/^[ \w/.%]+\n$/);
    expect(written[0]).to.contain('109 of 1 000 rows');
  });

  it('writes lines as they are', async () => {
    const { written, shown, end } = display();
    shown.above('A sentence.\n');
    await end();
    expect(written).to.deep.equal(['A sentence.\n']);
  });
});
