import { expect } from 'chai';
import { accountsFrom } from '../../src/access/accounts.js';
import { UnusableSecret, type ClientSecrets } from '../../src/access/client-secrets.js';
import type { ClientSettings, Profile } from '../../src/config/schema.js';
import { someHash } from '../support/configuration-files.js';
import { noQuirks, usualFilematch, usualHl7v2 } from '../support/quirks.js';

const secrets: ClientSecrets = {
  open: (sealed) => {
    if (!sealed.startsWith('sealed ')) throw new UnusableSecret('it was changed');
    // What is sealed twice is sealed in two ways.
    return sealed.replace(/^sealed \d* ?/, '');
  },
  fingerprint: (secret) => `fingerprint of ${secret}`,
};

function accountOf(
  change: Partial<ClientSettings>,
  complete: Profile = { groups: [] },
): ReturnType<typeof accountsFrom>[number] | undefined {
  const client: ClientSettings = {
    id: 'lab',
    username: 'lab-user',
    enabled: true,
    protocols: ['hl7v3'],
    organisation: { parent: '999999999' },
    access: 'full',
    profile: 'complete',
    quirks: noQuirks,
    filematch: usualFilematch,
    hl7v2: usualHl7v2,
    ...change,
  };
  return accountsFrom({ clients: [client], profiles: { complete } }, secrets)[0];
}

describe('accounts', () => {
  it('have the hash, and a digest that changes with it', () => {
    const one = accountOf({ passwordHash: someHash });
    const other = accountOf({ passwordHash: someHash.replace('BwcH', 'CAgI') });
    expect(one).to.have.property('passwordHash').which.includes({ cost: 32768 });
    expect(one).to.not.have.property('sharedSecret');
    expect(one?.credentialDigest).to.not.equal(other?.credentialDigest);
  });

  it('have the secret behind a sealed password, and a digest that outlives sealing it anew', () => {
    const one = accountOf({ sealedPassword: 'sealed 1 hush' });
    const again = accountOf({ sealedPassword: 'sealed 2 hush' });
    const other = accountOf({ sealedPassword: 'sealed 1 hushed' });
    expect(one).to.include({ username: 'lab-user', sharedSecret: 'hush' });
    expect(one).to.not.have.property('passwordHash');
    expect(one?.credentialDigest).to.equal(again?.credentialDigest);
    expect(one?.credentialDigest).to.not.equal(other?.credentialDigest);
  });

  for (const [requestsPerSecond, requestBurst, rate] of [
    [undefined, undefined, undefined],
    [7, undefined, { perSecond: 7, burst: 14 }],
    [7, 100, { perSecond: 7, burst: 100 }],
  ] as const) {
    it(`may ask as often as ${requestsPerSecond ?? 'they like'}, ${requestBurst ?? 'as many as usual'} at once`, () => {
      const account = accountOf({ passwordHash: someHash, requestsPerSecond, requestBurst });
      expect(account?.client.rate).to.deep.equal(rate);
    });
  }

  for (const [ofClient, ofProfile, access] of [
    ['full', undefined, 'full'],
    ['full', 'full', 'full'],
    ['full', 'restricted', 'restricted'],
    ['restricted', undefined, 'restricted'],
    ['restricted', 'full', 'restricted'],
    ['restricted', 'restricted', 'restricted'],
  ] as const) {
    it(`of a client with ${ofClient} access have ${access} access when the profile says ${ofProfile ?? 'nothing'}`, () => {
      const change = { passwordHash: someHash, access: ofClient };
      expect(accountOf(change, { groups: [], access: ofProfile })?.client.access).to.equal(access);
    });
  }

  it('tell which client’s secret cannot be opened', () => {
    expect(() => accountOf({ sealedPassword: 'broken' })).to.throw(
      UnusableSecret,
      /^the sealedPassword of client lab cannot be used: it was changed$/,
    );
  });

  it('are not made from settings that were not checked', () => {
    expect(() => accountOf({})).to.throw(TypeError, /lab/);
    expect(() => accountOf({ passwordHash: 'x' })).to.throw(TypeError, /lab/);
    expect(() => accountOf({ passwordHash: someHash, profile: 'x' })).to.throw(TypeError, /lab/);
  });
});
