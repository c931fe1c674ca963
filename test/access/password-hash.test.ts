import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultParameters,
  formatPasswordHash,
  hashPassword,
  parsePasswordHash,
  verifyPassword,
  type PasswordHash,
} from '../../src/access/password-hash.js';
import { CountedRandom } from '../support/counted-random.js';

describe('password hash', () => {
  it('verifies the password it was made of and no other', async () => {
    const hash = parsed(await hashPassword('blåbær 1', new CountedRandom()));
    expect(await verifyPassword('blåbær 1', hash)).to.equal(true);
    expect(await verifyPassword('blåbær 2', hash)).to.equal(false);
    expect(await verifyPassword('', hash)).to.equal(false);
  });

  it('takes a password as the same whether å was typed as one character or two', async () => {
    const hash = parsed(await hashPassword('\u00e5', new CountedRandom()));
    expect(await verifyPassword('a\u030a', hash)).to.equal(true);
  });

  it('salts, so that equal passwords have different hashes', async () => {
    const random = new CountedRandom();
    expect(await hashPassword('x', random)).to.not.equal(await hashPassword('x', random));
  });

  it('derives with parameters that cost at least 32 MiB', async () => {
    const { cost, blockSize, salt, key } = parsed(await hashPassword('x', new CountedRandom()));
    expect(128 * cost * blockSize).to.be.at.least(32 * 1024 * 1024);
    expect(salt).to.have.length(16);
    expect(key).to.have.length(32);
  });

  it('agrees with the scrypt of RFC 7914', async () => {
    // Section 12, the vector with N=16384, r=8, p=1: "pleaseletmein", "SodiumChloride".
    const key = Buffer.from(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
        'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
      'hex',
    );
    const salt = Buffer.from('SodiumChloride');
    const vector = { cost: 16384, blockSize: 8, parallelization: 1, salt, key };
    expect(await verifyPassword('pleaseletmein', vector)).to.equal(true);
  });

  it('survives being written and read', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        fc.uint8Array({ minLength: 32, maxLength: 64 }),
        (salt, key) => {
          const read = parsed(formatPasswordHash({ ...defaultParameters, salt, key }));
          expect([...read.salt]).to.deep.equal([...salt]);
          expect([...read.key]).to.deep.equal([...key]);
        },
      ),
    );
  });

  const good = formatPasswordHash({
    ...defaultParameters,
    salt: new Uint8Array(16),
    key: new Uint8Array(32),
  });
  for (const [what, text] of [
    ['an empty text', ''],
    ['a bare password', 'secret'],
    ['another scheme', good.replace('scrypt', 'bcrypt')],
    ['a cost that is too low', good.replace('N=32768', 'N=1024')],
    ['a cost that would starve the machine', good.replace('N=32768', 'N=1048576')],
    ['a cost that is no power of two', good.replace('N=32768', 'N=32769')],
    ['a block size that would starve the machine', good.replace('r=8', 'r=64')],
    ['a parallelization of nought', good.replace('p=1', 'p=0')],
    ['a parallelization that would starve the machine', good.replace('p=1', 'p=16')],
    ['a short salt', good.replace(/\$A+==\$/, '$AAAA$')],
    ['a short hash', good.replace(/\$A+=$/, '$AAAA')],
    ['something after the end', `${good}\n`],
  ] as const) {
    it(`does not read ${what}`, () => {
      expect(parsePasswordHash(good)).to.not.equal(undefined);
      expect(parsePasswordHash(text)).to.equal(undefined);
    });
  }
});

function parsed(text: string): PasswordHash {
  const hash = parsePasswordHash(text);
  if (hash === undefined) throw new Error('not a hash');
  return hash;
}
