import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { Gate, type Crowding, type Place } from '../../../src/legacy/overload/gate.js';
import { StandingClock } from '../../support/standing-clock.js';

describe('the gate', () => {
  let clock: StandingClock;

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00Z');
  });

  function placeFor(gate: Gate, group = 'a'): Place {
    const entered = gate.enter(group);
    if (typeof entered === 'string') throw new Error(entered);
    return entered;
  }

  /** Whether somebody is let in; who is leaves at once. */
  function looked(gate: Gate, group = 'a'): 'in' | Crowding {
    const entered = gate.enter(group);
    if (typeof entered === 'string') return entered;
    entered.leave();
    return 'in';
  }

  it('lets in as many as there are places, and another one when somebody leaves', () => {
    const gate = new Gate(clock, 2);
    placeFor(gate);
    const second = placeFor(gate);
    expect(looked(gate)).to.equal('no-place');
    second.leave();
    expect(looked(gate)).to.equal('in');
  });

  it('turns nobody away while people wait for others than us, however long', () => {
    const gate = new Gate(clock, 100);
    for (let index = 0; index < 99; index += 1) placeFor(gate);
    clock.move(30_000);
    expect(looked(gate)).to.equal('in');
  });

  it('lets all of a crowd in that comes at once and can be served in a second', () => {
    const gate = new Gate(clock, 200);
    const places = Array.from({ length: 200 }, () => placeFor(gate));
    for (const place of places) void place.turn();
    places[0]?.leave();
    expect(looked(gate)).to.equal('in');
  });

  it('turns away whoever would wait more than a second for its turn, or as long as it was told', async () => {
    const gate = new Gate(clock, 10_000);
    const patient = new Gate(clock, 10_000, 60_000);
    for (let index = 0; index < 400; index += 1) {
      void placeFor(gate).turn();
      void placeFor(patient).turn();
    }
    for (let count = 0; count < 30; count += 1) {
      await turn();
      clock.move(40);
    }
    // Five milliseconds for each of some two hundred who wait.
    expect([looked(gate), looked(patient)]).to.deep.equal(['long-wait', 'in']);
    for (let count = 0; count < 10; count += 1) {
      await turn();
      clock.move(1);
    }
    expect([looked(gate), looked(patient)]).to.deep.equal(['long-wait', 'in']);
  });

  it('keeps the wait short where it does not go away by itself', async () => {
    const gate = new Gate(clock, 10_000);
    const pressed = async (milliseconds: number): Promise<number> => {
      let refused = 0;
      for (let elapsed = 0; elapsed < milliseconds; elapsed += 8) {
        // Three times as many as pass.
        for (let index = 0; index < 24; index += 1) {
          const entered = gate.enter('a');
          if (typeof entered === 'string') refused += 1;
          else void entered.turn();
        }
        await turn();
        clock.move(8);
      }
      return refused;
    };
    expect(await pressed(400)).to.equal(0);
    expect(await pressed(2_000)).to.be.above(0);
    for (let count = 0; count < 8; count += 1) {
      await turn();
      clock.move(8);
    }
    expect(looked(gate)).to.equal('in');
  });

  it('keeps a few places for those who hold few, and no more than a tenth', () => {
    const gate = new Gate(clock, 20);
    const storm = Array.from({ length: 20 }, () => placeFor(gate, 'storm'));
    expect(looked(gate, 'storm')).to.equal('no-place');
    placeFor(gate, 'quiet');
    placeFor(gate, 'quiet');
    expect(looked(gate, 'quiet')).to.equal('no-place');
    storm[0]?.leave();
    expect(looked(gate, 'quiet')).to.equal('in');
  });

  it('keeps nothing for a second caller where there is one place', () => {
    const gate = new Gate(clock, 1);
    placeFor(gate, 'one');
    expect(looked(gate, 'other')).to.equal('no-place');
  });
});
