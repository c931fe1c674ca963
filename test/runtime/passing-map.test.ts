import { expect } from 'chai';
import fc from 'fast-check';
import { PassingMap } from '../../src/runtime/passing-map.js';
import { runs } from '../support/long-runs.js';

const step = fc.record({ key: fc.integer({ min: 0, max: 5 }), value: fc.option(fc.record({ n: fc.nat() })) });

describe('a map for what comes and goes', () => {
  it('holds what a map holds, in the same order', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const passing = new PassingMap<number, { n: number }>();
        const model = new Map<number, { n: number }>();
        for (const { key, value } of steps) {
          if (value === null) {
            expect(passing.delete(key)).to.equal(model.delete(key));
          } else {
            passing.set(key, value);
            model.set(key, value);
          }
          expect(passing.size).to.equal(model.size);
          expect(passing.get(key)).to.equal(model.get(key));
          expect([...passing.values()]).to.deep.equal([...model.values()]);
          expect(passing.first).to.deep.equal([...model][0]);
        }
      }),
      { numRuns: runs(200) },
    );
  });
});
