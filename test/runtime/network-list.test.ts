import { expect } from 'chai';
import { networksOverlap } from '../../src/runtime/network-list.js';

describe('networks', () => {
  const pairs: readonly [one: string, other: string, overlap: boolean][] = [
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['10.1.0.0/16', '10.1.2.3', true],
    ['10.1.2.200/16', '10.1.3.0/24', true],
    ['10.1.0.0/16', '10.2.0.0/16', false],
    ['0.0.0.0/0', '192.0.2.1', true],
    ['2001:db8::/32', '2001:db8:1::7', true],
    ['2001:db8::/32', '2001:db9::/32', false],
    // IPv4 is a part of IPv6 here (RFC 4291, 2.5.5.2).
    ['::/0', '10.1.2.3', true],
    ['2001:db8::/32', '10.1.2.3', false],
    ['10.1.2.0/24', 'host', false],
    ['10.1.2.0/33', '10.1.2.3', false],
  ];
  for (const [one, other, overlap] of pairs) {
    it(`${one} and ${other} ${overlap ? 'overlap' : 'do not overlap'}`, () => {
      expect(networksOverlap(one, other)).to.equal(overlap);
      expect(networksOverlap(other, one)).to.equal(overlap);
    });
  }
});
