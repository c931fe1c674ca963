import { expect } from 'chai';
import fc from 'fast-check';
import { systemRandom } from '../../src/runtime/system-random.js';
import { Sealer, type SealedPlace } from '../../src/store/sealer.js';
import { SealBroken, UnknownSealingKey, UnusableKey } from '../../src/store/store-errors.js';
import { sealingKey, testKey } from './store-fixture.js';

const place: SealedPlace = { table: 'audit_entry', column: 'sealed_detail', row: '7' };
const secret = Buffer.from('a secret that must not be seen', 'utf8');

describe('the sealer', () => {
  const sealer = new Sealer([sealingKey('k1')], systemRandom);

  it('opens what it sealed, whatever the value and the place', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.string(), fc.string(), (value, table, column, row) => {
        const at = { table, column, row };
        expect(Buffer.from(sealer.open(sealer.seal(value, at), at)).equals(Buffer.from(value))).to.equal(
          true,
        );
      }),
    );
  });

  it('shows nothing of the value and never seals twice alike', () => {
    const once = sealer.seal(secret, place);
    expect(Buffer.from(once).includes('secret')).to.equal(false);
    expect(Buffer.from(once).equals(Buffer.from(sealer.seal(secret, place)))).to.equal(false);
  });

  it('never uses a nonce twice', () => {
    const nonces = Array.from({ length: 1_000 }, () => sealer.seal(secret, place).subarray(4, 16));
    expect(new Set(nonces.map((nonce) => Buffer.from(nonce).toString('hex'))).size).to.equal(1_000);
  });

  it('names the key in the sealed form', () => {
    expect(Buffer.from(sealer.seal(secret, place)).subarray(2, 4).toString()).to.equal('k1');
  });

  it('refuses a value in which any single bit was changed', () => {
    const sealed = sealer.seal(secret, place);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      const octet = bit >> 3;
      changed[octet] = (changed[octet] ?? 0) ^ (1 << (bit & 7));
      expect(() => sealer.open(changed, place), `bit ${bit}`).to.throw(/sealed|cut short|belong/);
    }
  });

  it('refuses a value that was cut anywhere', () => {
    const sealed = sealer.seal(secret, place);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => sealer.open(sealed.subarray(0, length), place), `length ${length}`).to.throw();
    }
  });

  for (const part of ['table', 'column', 'row'] as const) {
    it(`refuses a value that was moved to another ${part}`, () => {
      const sealed = sealer.seal(secret, place);
      expect(() => sealer.open(sealed, { ...place, [part]: 'other' })).to.throw(SealBroken);
    });
  }

  it('keeps the parts of a place apart', () => {
    const sealed = sealer.seal(secret, { table: 'a', column: 'bc', row: 'd' });
    expect(() => sealer.open(sealed, { table: 'ab', column: 'c', row: 'd' })).to.throw(SealBroken);
  });

  it('opens old values after a new key was put in front, and seals with the new one', () => {
    const old = sealer.seal(secret, place);
    const rotated = new Sealer([sealingKey('k2'), sealingKey('k1')], systemRandom);
    expect(Buffer.from(rotated.open(old, place)).toString()).to.equal(secret.toString());
    const fresh = rotated.seal(secret, place);
    expect(() => sealer.open(fresh, place))
      .to.throw(UnknownSealingKey)
      .with.property('keyId', 'k2');
  });

  it('refuses a value sealed with another key of the same id', () => {
    const other = new Sealer([{ id: 'k1', key: testKey('other') }], systemRandom);
    expect(() => other.open(sealer.seal(secret, place), place)).to.throw(SealBroken);
  });

  it('does not print a damaged key id as it is', () => {
    const sealed = Uint8Array.from(sealer.seal(secret, place));
    sealed[2] = 0x1b;
    expect(() => sealer.open(sealed, place))
      .to.throw(UnknownSealingKey)
      .with.property('keyId', '?1');
  });

  const unusable = {
    'no key': [],
    'a short key': [{ id: 'k1', key: new Uint8Array(31) }],
    'a long key': [{ id: 'k1', key: new Uint8Array(33) }],
    'an empty id': [{ id: '', key: testKey('a') }],
    'an id with a space': [{ id: 'k 1', key: testKey('a') }],
    'an id of 65 letters': [{ id: 'k'.repeat(65), key: testKey('a') }],
    'an id given twice': [sealingKey('k1'), { id: 'k1', key: testKey('b') }],
  };
  for (const [what, keys] of Object.entries(unusable)) {
    it(`refuses ${what}`, () => {
      expect(() => new Sealer(keys, systemRandom)).to.throw(UnusableKey);
    });
  }
});
