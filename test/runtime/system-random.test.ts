import { expect } from 'chai';
import { systemRandom } from '../../src/runtime/system-random.js';

describe('the randomness of the system', () => {
  for (const length of [0, 1, 12, 16, 17, 32, 5_000]) {
    it(`gives ${length} octets when so many are wanted`, () => {
      expect(systemRandom.bytes(length)).to.have.length(length);
    });
  }

  it('gives nobody the same few octets, nor nothing but zeros, however many ask', () => {
    const drawn = Array.from({ length: 2_000 }, () => Buffer.from(systemRandom.bytes(12)).toString('hex'));
    expect(new Set(drawn).size).to.equal(drawn.length);
    expect(drawn).not.to.include('0'.repeat(24));
  });

  it('leaves what was given as it is when others draw, and others alone when it is changed', () => {
    const first = systemRandom.bytes(16);
    const kept = Uint8Array.from(first);
    const second = systemRandom.bytes(16);
    const keptSecond = Uint8Array.from(second);
    for (let draw = 0; draw < 1_000; draw += 1) systemRandom.bytes(16);
    expect(first).to.deep.equal(Buffer.from(kept));
    first.fill(0);
    expect(second).to.deep.equal(Buffer.from(keptSecond));
  });
});
