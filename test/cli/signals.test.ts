import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { listenForEnd, listenForReload } from '../../src/cli/signals.js';
import { ManualClock } from '../support/manual-clock.js';

describe('signals that end the program', () => {
  function setUp(): { source: EventEmitter; clock: ManualClock; calls: string[]; stop: () => void } {
    const source = new EventEmitter();
    const clock = new ManualClock();
    const calls: string[] = [];
    const stop = listenForEnd({
      source,
      clock,
      onFirst: () => calls.push('first'),
      onInsistence: () => calls.push('insistence'),
    });
    return { source, clock, calls, stop };
  }

  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`ends on ${signal}`, () => {
      const { source, calls } = setUp();
      source.emit(signal);
      expect(calls).to.deep.equal(['first']);
    });
  }

  it('takes the same Ctrl-C, passed on once more by npm, as one', () => {
    const { source, clock, calls } = setUp();
    source.emit('SIGINT');
    clock.advance(999);
    source.emit('SIGINT');
    source.emit('SIGTERM');
    expect(calls).to.deep.equal(['first']);
  });

  it('takes a later signal as insistence', () => {
    const { source, clock, calls } = setUp();
    source.emit('SIGTERM');
    clock.advance(1000);
    source.emit('SIGTERM');
    expect(calls).to.deep.equal(['first', 'insistence']);
  });

  it('lets go of the process when it is told to', () => {
    const { source, calls, stop } = setUp();
    stop();
    source.emit('SIGINT');
    expect(calls).to.deep.equal([]);
    expect(source.eventNames()).to.deep.equal([]);
  });
});

describe('the signal to reload', () => {
  function setUp(terminals: readonly boolean[]): { source: EventEmitter; calls: string[]; stop: () => void } {
    const source = new EventEmitter();
    const calls: string[] = [];
    const seen = [...terminals];
    const stop = listenForReload({
      source,
      hasTerminal: () => seen.shift() ?? false,
      onReload: () => calls.push('reload'),
      onTerminalGone: () => calls.push('gone'),
    });
    return { source, calls, stop };
  }

  it('reloads a program without a terminal, as often as it comes', () => {
    const { source, calls } = setUp([]);
    source.emit('SIGHUP');
    source.emit('SIGHUP');
    expect(calls).to.deep.equal(['reload', 'reload']);
  });

  it('reloads a program whose terminal is still there, and ends one whose terminal went away', () => {
    const { source, calls } = setUp([true, true, false]);
    source.emit('SIGHUP');
    expect(calls).to.deep.equal(['reload']);
    source.emit('SIGHUP');
    expect(calls).to.deep.equal(['reload', 'gone']);
  });

  it('is not listened for any more once that is over', () => {
    const { source, calls, stop } = setUp([]);
    stop();
    source.emit('SIGHUP');
    expect(calls).to.deep.equal([]);
  });
});
