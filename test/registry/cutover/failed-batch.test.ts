import { expect } from 'chai';
import { UpstreamUnavailable } from '../../../src/errors/errors.js';
import { cutoverWorld, knowingCaller } from '../../support/cutover-world.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

describe('a batch that one register leaves unanswered', () => {
  it('counts with everybody in it, as one that is compared does', async () => {
    const world = cutoverWorld({ routes: [{ route: 'shadow-preg' }] });
    world.registers.persontjenesten.before = () =>
      Promise.reject(new UpstreamUnavailable('the register is away'));
    const ids = Array.from({ length: 40 }, (_, index) => syntheticNumber(index));
    await world.cutover.registry.lookupMany({ ids }, knowingCaller().caller);
    await world.clock.advance(30_000);
    await world.settle();
    const recorded = world.recorded();
    expect(recorded.map(({ subject }) => subject)).to.deep.equal(ids);
    expect(new Set(recorded.map(({ outcomes }) => outcomes.persontjenesten.outcome))).to.deep.equal(
      new Set(['upstream-unavailable']),
    );
  });
});
