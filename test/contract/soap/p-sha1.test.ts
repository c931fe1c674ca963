import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { deriveKey } from '../../../src/contract/soap/p-sha1.js';
import { sessionVectors } from '../../support/session-vectors.js';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const entropy = (): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: 1, maxLength: 100 });

/** The same key by OpenSSL: its TLS1-PRF with SHA-1 is P_SHA1 with the label before the seed, and no label is allowed. */
function byOpenssl(secret: Uint8Array, seed: Uint8Array, length: number): string | undefined {
  const options = ['digest:SHA1', `hexsecret:${hex(secret)}`, `hexseed:${hex(seed)}`];
  const { status, stdout } = spawnSync(
    'openssl',
    ['kdf', '-keylen', String(length), ...options.flatMap((option) => ['-kdfopt', option]), 'TLS1-PRF'],
    { encoding: 'utf8' },
  );
  return status === 0 ? stdout.replaceAll(/[:\s]/g, '').toLowerCase() : undefined;
}

describe('deriveKey', () => {
  const { clientEntropy, serverEntropy, key } = sessionVectors;

  it('derives the key of the contract', () => {
    expect(hex(deriveKey(clientEntropy, serverEntropy))).to.equal(hex(key));
  });

  it('takes the client for the secret and the server for the seed', () => {
    expect(hex(deriveKey(serverEntropy, clientEntropy))).to.not.equal(hex(key));
  });

  it('gives as many octets as asked for, the shorter key being the start of the longer', () => {
    fc.assert(
      fc.property(entropy(), entropy(), fc.integer({ min: 1, max: 200 }), (secret, seed, length) => {
        const longer = deriveKey(secret, seed, 200);
        expect(longer).to.have.length(200);
        expect(hex(deriveKey(secret, seed, length))).to.equal(hex(longer.subarray(0, length)));
      }),
    );
  });

  it('agrees with OpenSSL', function () {
    if (byOpenssl(clientEntropy, serverEntropy, 32) === undefined) this.skip();
    expect(byOpenssl(clientEntropy, serverEntropy, 32)).to.equal(hex(key));
    fc.assert(
      fc.property(entropy(), entropy(), fc.integer({ min: 1, max: 100 }), (secret, seed, length) => {
        expect(hex(deriveKey(secret, seed, length))).to.equal(byOpenssl(secret, seed, length));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses to make a key of nothing, or no key', () => {
    expect(() => deriveKey(new Uint8Array(), serverEntropy)).to.throw(RangeError);
    expect(() => deriveKey(clientEntropy, new Uint8Array())).to.throw(RangeError);
    for (const length of [0, -1, 1.5, Number.NaN]) {
      expect(() => deriveKey(clientEntropy, serverEntropy, length)).to.throw(RangeError);
    }
  });
});
