import { expect } from 'chai';
import { oncePerObject } from '../../src/runtime/once-per-object.js';

describe('what is found out once for each object', () => {
  it('is not found out again for the same object, whatever it is', () => {
    let times = 0;
    const find = oncePerObject((given: { readonly of: number }) => {
      times += 1;
      return given.of > 0 ? given.of : undefined;
    });
    const [one, none] = [{ of: 1 }, { of: 0 }];
    expect([find(one), find(one), find(none), find(none)]).to.deep.equal([1, 1, undefined, undefined]);
    expect(times).to.equal(2);
  });

  it('is found out for each of two that are alike', () => {
    let times = 0;
    const find = oncePerObject(() => (times += 1));
    expect([find({}), find({})]).to.deep.equal([1, 2]);
  });
});
