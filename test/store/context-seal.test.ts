import { expect } from 'chai';
import fc from 'fast-check';
import { BadContextToken } from '../../src/errors/errors.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createContextSeal } from '../../src/store/context-seal.js';
import { Sealer } from '../../src/store/sealer.js';
import { sealingKey } from './store-fixture.js';

const identifier = 'urn:uuid:11111111-2222-4333-8444-555555555555';
const state = Buffer.from('some state');
const sealWith = (...ids: readonly string[]): ReturnType<typeof createContextSeal> =>
  createContextSeal(new Sealer(ids.map(sealingKey), systemRandom));

describe('the seal of security contexts', () => {
  it('opens what it sealed, for the same context', () => {
    const seal = sealWith('k1');
    expect(Buffer.from(seal.open(seal.seal(state, identifier), identifier))).to.deep.equal(state);
    expect(() => seal.open(seal.seal(state, identifier), `${identifier}x`)).to.throw(BadContextToken);
  });

  it('opens what another node sealed with any of the keys', () => {
    const sealed = sealWith('k1').seal(state, identifier);
    expect(Buffer.from(sealWith('k2', 'k1').open(sealed, identifier))).to.deep.equal(state);
    expect(() => sealWith('k2').open(sealed, identifier)).to.throw(BadContextToken, 'not configured');
  });

  it('does not repeat what stands in place of a key id', () => {
    const forged = Buffer.concat([Buffer.of(1, 11), Buffer.from('12345678901'), Buffer.alloc(40)]);
    try {
      sealWith('k1').open(forged, identifier);
      expect.fail('it was opened');
    } catch (error) {
      if (!(error instanceof BadContextToken)) throw error;
      expect(error.cause).to.equal(undefined);
      expect(error.message).to.not.contain('12345678901');
    }
  });

  it('opens nothing that was sealed for another purpose', () => {
    const sealer = new Sealer([sealingKey('k1')], systemRandom);
    const elsewhere = sealer.seal(state, { table: 'audit_entry', column: 'sealed_detail', row: identifier });
    expect(() => createContextSeal(sealer).open(elsewhere, identifier)).to.throw(BadContextToken);
  });

  it('refuses whatever a stranger writes', () => {
    const seal = sealWith('k1');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        expect(() => seal.open(octets, identifier)).to.throw(BadContextToken);
      }),
    );
  });
});
