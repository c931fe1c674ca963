import { expect } from 'chai';
import { isDigestOf } from '../../src/access/password-digest.js';

// Made by Python's hashlib.
const digest = {
  value: Buffer.from('81qsA5IMoRyxkujQ7p5NsrcNlnQ=', 'base64'),
  nonce: Uint8Array.from({ length: 16 }, (_, index) => index),
  created: '2025-01-15T10:30:00.000Z',
  acceptableUntil: new Date('2025-01-15T10:40:00.000Z'),
};

describe('isDigestOf', () => {
  it('knows the digest of a password', () => {
    expect(isDigestOf('blåbær-1', digest)).to.equal(true);
  });

  it('refuses any other password', () => {
    for (const other of ['', 'blåbær-', 'blåbær-11', 'Blåbær-1', 'bla\u030abær-1']) {
      expect(isDigestOf(other, digest), other).to.equal(false);
    }
  });

  it('refuses another nonce, another time and another digest', () => {
    for (const change of [
      { nonce: digest.nonce.subarray(1) },
      { created: '2025-01-15T10:30:00Z' },
      { value: digest.value.subarray(0, 19) },
      { value: new Uint8Array(0) },
      { value: Buffer.concat([digest.value, Buffer.of(0)]) },
      { value: new Uint8Array(20) },
    ]) {
      expect(isDigestOf('blåbær-1', { ...digest, ...change })).to.equal(false);
    }
  });
});
