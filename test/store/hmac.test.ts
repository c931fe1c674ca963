import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { Hmac } from '../../src/store/hmac.js';
import { runs } from '../support/long-runs.js';

describe('the quick HMAC', () => {
  it('is the HMAC-SHA-256 of node:crypto, for keys and messages of any length, one after the other', () => {
    const message = fc.tuple(
      fc.string({ unit: 'binary', maxLength: 3_000 }),
      fc.uint8Array({ maxLength: 5_000 }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), fc.array(message, { maxLength: 4 }), (key, messages) => {
        const quick = new Hmac(key);
        for (const [text, octets] of messages) {
          const known = createHmac('sha256', key).update(text, 'utf8').update(octets).digest('hex');
          expect(quick.hexOf(text, octets)).to.equal(known);
          expect(quick.hexOf(text)).to.equal(createHmac('sha256', key).update(text, 'utf8').digest('hex'));
        }
      }),
      { numRuns: runs(100) },
    );
  });
});
