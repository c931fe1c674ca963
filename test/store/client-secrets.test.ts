import { expect } from 'chai';
import { UnusableSecret } from '../../src/access/client-secrets.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createClientSecrets, openClientSecret, sealClientSecret } from '../../src/store/client-secrets.js';
import { Sealer } from '../../src/store/sealer.js';
import { sealingKey, testKey } from './store-fixture.js';

const sealer = new Sealer([sealingKey('k1')], systemRandom);

describe('secrets of clients', () => {
  it('open as what was sealed, white space and all', () => {
    for (const secret of ['hush', ' blåbær 1 ', 'æ'.repeat(1_000), '🫐']) {
      expect(openClientSecret(sealClientSecret(secret, sealer), sealer)).to.equal(secret);
    }
  });

  it('are sealed in another way each time, and show nothing', () => {
    const one = sealClientSecret('hush', sealer);
    expect(one).to.not.equal(sealClientSecret('hush', sealer));
    expect(one).to.match(/^[A-Za-z0-9+/]+={0,2}$/);
    expect(Buffer.from(one, 'base64').toString('latin1')).to.not.contain('hush');
  });

  it('open after a new key came in front', () => {
    const sealed = sealClientSecret('hush', sealer);
    const rotated = new Sealer([sealingKey('k2'), sealingKey('k1')], systemRandom);
    expect(openClientSecret(sealed, rotated)).to.equal('hush');
  });

  it('stay closed without their key, which is named', () => {
    const sealed = sealClientSecret('hush', sealer);
    expect(() => openClientSecret(sealed, new Sealer([sealingKey('k2')], systemRandom))).to.throw(
      UnusableSecret,
      /sealed with the key "k1"/,
    );
  });

  it('stay closed when they were changed, cut, or are something else', () => {
    const sealed = Buffer.from(sealClientSecret('hush', sealer), 'base64');
    const place = { table: 'audit_entry', column: 'sealed_detail', row: '' };
    for (const other of [
      Buffer.alloc(0),
      Buffer.from('hush'),
      sealed.subarray(0, -1),
      Buffer.concat([sealed.subarray(0, -1), Buffer.of((sealed.at(-1) ?? 0) ^ 1)]),
      Buffer.from(sealer.seal(Buffer.from('hush'), place)),
    ]) {
      expect(() => openClientSecret(other.toString('base64'), sealer)).to.throw(UnusableSecret);
    }
  });

  it('have a fingerprint that depends on the secret and the pseudonym key alone', () => {
    const secrets = createClientSecrets(sealer, testKey('pseudonym'));
    const rotated = createClientSecrets(new Sealer([sealingKey('k2')], systemRandom), testKey('pseudonym'));
    expect(secrets.fingerprint('hush')).to.equal(rotated.fingerprint('hush'));
    expect(secrets.fingerprint('hush')).to.not.equal(secrets.fingerprint('hushed'));
    expect(secrets.fingerprint('hush')).to.not.equal(
      createClientSecrets(sealer, testKey('other')).fingerprint('hush'),
    );
  });
});
