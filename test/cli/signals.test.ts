import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { listenForEnd } from '../../src/cli/signals.js';
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
