import { expect } from 'chai';
import { clientAddress } from '../../src/legacy/client-address.js';
import { parseNetworkList, type NetworkList } from '../../src/runtime/network-list.js';

describe('client address', () => {
  const none = networks();
  const proxies = networks('10.0.0.0/8', '::1', '2001:db8::/32');

  it('is the peer when no proxy is trusted, whatever the peer claims', () => {
    expect(clientAddress('192.0.2.1', '203.0.113.9', none)).to.equal('192.0.2.1');
  });

  it('is the peer when the peer is not a trusted proxy', () => {
    expect(clientAddress('192.0.2.1', '203.0.113.9', proxies)).to.equal('192.0.2.1');
  });

  it('is what a trusted proxy says', () => {
    expect(clientAddress('10.0.0.1', '203.0.113.9', proxies)).to.equal('203.0.113.9');
    expect(clientAddress('2001:db8::5', '203.0.113.9', proxies)).to.equal('203.0.113.9');
  });

  it('ignores what stands left of the first untrusted address, which anybody can write', () => {
    expect(clientAddress('10.0.0.1', '127.0.0.1, 203.0.113.9, 10.0.0.2', proxies)).to.equal('203.0.113.9');
  });

  it('is the outermost address when all are trusted', () => {
    expect(clientAddress('10.0.0.1', '10.0.0.3, 10.0.0.2', proxies)).to.equal('10.0.0.3');
  });

  it('is the trusted proxy itself when it says nothing or something that is no address', () => {
    expect(clientAddress('10.0.0.1', undefined, proxies)).to.equal('10.0.0.1');
    expect(clientAddress('10.0.0.1', '', proxies)).to.equal('10.0.0.1');
    expect(clientAddress('10.0.0.1', 'unknown', proxies)).to.equal('10.0.0.1');
    expect(clientAddress('10.0.0.1', '203.0.113.9, _hidden', proxies)).to.equal('10.0.0.1');
  });

  it('reads ports, brackets and IPv4 written as IPv6', () => {
    expect(clientAddress('::ffff:10.0.0.1', '203.0.113.9:4711', proxies)).to.equal('203.0.113.9');
    expect(clientAddress('::1', '[2001:db9::7]:4711', proxies)).to.equal('2001:db9::7');
  });
});

describe('network list', () => {
  it('knows addresses and networks of both versions', () => {
    const list = networks('10.1.0.0/16', '192.0.2.7', '2001:db8::/32');
    expect(list.has('10.1.255.255')).to.equal(true);
    expect(list.has('10.2.0.0')).to.equal(false);
    expect(list.has('192.0.2.7')).to.equal(true);
    expect(list.has('192.0.2.8')).to.equal(false);
    expect(list.has('2001:db8:1::1')).to.equal(true);
    expect(list.has('not an address')).to.equal(false);
  });

  for (const malformed of [
    '',
    'example.org',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0/8',
  ]) {
    it(`refuses ${JSON.stringify(malformed)}`, () => {
      expect(parseNetworkList([malformed])).to.equal(undefined);
    });
  }
});

function networks(...entries: string[]): NetworkList {
  const list = parseNetworkList(entries);
  if (list === undefined) throw new Error('malformed');
  return list;
}
