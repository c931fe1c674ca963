import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { FewInATurn } from '../../src/runtime/few-in-a-turn.js';

/** Sends so many through, and gives those who have passed, in order. */
function send(turns: FewInATurn, from: number, count: number, passed: number[] = []): number[] {
  for (let name = from; name < from + count; name += 1) void turns.pass().then(() => passed.push(name));
  return passed;
}

/** Runs what can run without another turn. */
async function restOfTurn(): Promise<void> {
  for (let step = 0; step < 20; step += 1) await Promise.resolve();
}

describe('few in a turn', () => {
  it('lets a lone one pass at once, turn after turn', async () => {
    const turns = new FewInATurn(2);
    for (let turn = 0; turn < 3; turn += 1) {
      const passed = send(turns, 0, 1);
      await restOfTurn();
      expect(passed).to.deep.equal([0]);
      await setImmediate();
    }
  });

  it('lets many pass a few at a time, in order, whoever sent them', async () => {
    const turns = new FewInATurn(2);
    const passed = send(turns, 0, 3);
    send(turns, 3, 2, passed);
    await restOfTurn();
    expect(passed).to.deep.equal([0, 1]);
    await setImmediate();
    expect(passed).to.deep.equal([0, 1, 2, 3]);
    await setImmediate();
    expect(passed).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('counts those who waited among the few of their turn', async () => {
    const turns = new FewInATurn(2);
    const passed = send(turns, 0, 3);
    await setImmediate();
    send(turns, 3, 2, passed);
    await restOfTurn();
    expect(passed).to.deep.equal([0, 1, 2, 3]);
    await setImmediate();
    expect(passed).to.deep.equal([0, 1, 2, 3, 4]);
  });
});
