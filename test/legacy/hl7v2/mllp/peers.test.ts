import { expect } from 'chai';
import type { LegacyClient } from '../../../../src/access/legacy-client.js';
import { NotAuthenticated } from '../../../../src/errors/errors.js';
import { Peers, fingerprintOf, type Peer } from '../../../../src/legacy/hl7v2/mllp/peers.js';
import { parseNetworkList } from '../../../../src/runtime/network-list.js';
import { noQuirks } from '../../../support/quirks.js';

function clientNamed(id: string): LegacyClient {
  return {
    id,
    protocols: new Set(['hl7v2']),
    organisation: { parent: '999999999' },
    access: 'full',
    visible: new Set(),
    quirks: noQuirks,
  };
}

function peer(id: string, addresses: readonly string[], marks: Partial<Peer> = {}): Peer {
  const list = parseNetworkList(addresses);
  if (list === undefined) throw new Error('malformed');
  return { client: clientNamed(id), addresses: list, ...marks };
}

describe('peers of MLLP', () => {
  const certificate = 'ab'.repeat(32);
  const peers = new Peers([
    peer('ward', ['10.1.2.3'], { application: 'EPJ', facility: 'WARD' }),
    peer('lab', ['10.1.2.3'], { application: 'LAB' }),
    peer('engine', ['10.2.0.0/16', '2001:db8::/32']),
    peer('sealed', ['10.3.0.1'], { certificate }),
  ]);
  const who = (remoteAddress: string, application = '', facility = '', shown?: string): string => {
    try {
      return peers.identify({ remoteAddress, certificate: shown }, { sender: { application, facility } }).id;
    } catch (error) {
      expect(error).to.be.instanceOf(NotAuthenticated);
      return 'nobody';
    }
  };

  it('are known by address', () => {
    expect(
      ['10.1.2.3', '10.2.255.1', '2001:db8::7', '10.3.0.1'].map((one) => peers.knows(one)),
    ).to.deep.equal([true, true, true, true]);
    expect(['10.1.2.4', '10.4.0.1', '2001:db9::7', '', 'x'].map((one) => peers.knows(one))).to.deep.equal([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(who('10.2.3.4', 'ANYTHING')).to.equal('engine');
    expect(who('2001:db8::1')).to.equal('engine');
    expect(who('192.0.2.1')).to.equal('nobody');
  });

  it('at one address are told apart by what they call themselves', () => {
    expect(who('10.1.2.3', 'EPJ', 'WARD')).to.equal('ward');
    expect(who('10.1.2.3', 'EPJ', 'OTHER')).to.equal('nobody');
    expect(who('10.1.2.3', 'EPJ')).to.equal('nobody');
    expect(who('10.1.2.3', 'LAB', 'OTHER')).to.equal('lab');
    expect(who('10.1.2.3', 'epj', 'WARD')).to.equal('nobody');
  });

  it('with a certificate need to have shown it', () => {
    expect(who('10.3.0.1', '', '', certificate)).to.equal('sealed');
    expect(who('10.3.0.1', '', '', 'cd'.repeat(32))).to.equal('nobody');
    expect(who('10.3.0.1')).to.equal('nobody');
  });

  it('have fingerprints that compare however they are written', () => {
    expect(fingerprintOf('AB:'.repeat(31) + 'AB')).to.equal(certificate);
  });
});
