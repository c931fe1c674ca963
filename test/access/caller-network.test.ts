import { expect } from 'chai';
import { networkOf } from '../../src/access/caller-network.js';

describe('the network of a caller', () => {
  for (const [address, network] of [
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::9', '2001:db8:1:3::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['2001:db8::5:6:7:8:9', '2001:db8:0:5::/64'],
    ['2001:db8:1:2::192.0.2.7', '2001:db8:1:2::/64'],
    ['2001::192.0.2.7', '2001:0:0:0::/64'],
    ['::1:2:3:4:5:6:7', '0:1:2:3::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '::1'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    ['::ffff:c000:207', '::ffff:c000:207'],
    ['', ''],
    ['somewhere', 'somewhere'],
  ] as const) {
    it(`of ${JSON.stringify(address)} is ${JSON.stringify(network)}`, () => {
      expect(networkOf(address)).to.equal(network);
    });
  }
});
