import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { Pseudonymiser } from '../../src/store/pseudonymiser.js';
import { UnusableKey } from '../../src/store/store-errors.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { testKey } from './store-fixture.js';

describe('the pseudonymiser', () => {
  const number = syntheticNumber();
  const pseudonym = new Pseudonymiser(testKey('a')).pseudonymOf(number);

  it('gives the HMAC-SHA-256 of the number in hexadecimal', () => {
    expect(pseudonym).to.equal(createHmac('sha256', testKey('a')).update(number).digest('hex'));
    expect(pseudonym).to.match(/^[0-9a-f]{64}$/);
  });

  it('gives another pseudonym to another number and under another key', () => {
    expect(new Pseudonymiser(testKey('a')).pseudonymOf(syntheticNumber(1))).not.to.equal(pseudonym);
    expect(new Pseudonymiser(testKey('b')).pseudonymOf(number)).not.to.equal(pseudonym);
  });

  it('refuses a key shorter than 32 octets', () => {
    expect(() => new Pseudonymiser(new Uint8Array(31))).to.throw(UnusableKey);
  });
});
