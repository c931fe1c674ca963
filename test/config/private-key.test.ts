import { createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { assertionAlgorithms, readPrivateKey, type KeySettings } from '../../src/config/private-key.js';
import { runs } from '../support/long-runs.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;
const p256 = ec('P-256');

const jwkOf = (key: KeyObject, members: object = {}): string =>
  JSON.stringify({ ...key.export({ format: 'jwk' }), kid: 'k1', ...members });
const pemOf = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8'): string =>
  key.export({ format: 'pem', type }).toString();

/** Secrets of a key that nobody may be told. */
function secretsOf(key: KeyObject): string[] {
  const { d, p, q } = key.export({ format: 'jwk' });
  return [d, p, q].filter((part): part is string => part !== undefined);
}

describe('reading a private key', () => {
  describe('takes', () => {
    const taken: readonly (readonly [string, string, KeySettings, string])[] = [
      ...assertionAlgorithms
        .filter((alg) => !alg.startsWith('ES'))
        .map((alg) => [`a JWK of RSA with ${alg}`, jwkOf(rsa, { alg }), {}, alg] as const),
      ['a JWK on P-256', jwkOf(p256, { alg: 'ES256' }), {}, 'ES256'],
      ['a JWK on P-384', jwkOf(ec('P-384'), { alg: 'ES384' }), {}, 'ES384'],
      ['a JWK on P-521', jwkOf(ec('P-521'), { alg: 'ES512', use: 'sig' }), {}, 'ES512'],
      ['a JWK whose algorithm is a setting', jwkOf(rsa), { algorithm: 'RS512' }, 'RS512'],
      ['PKCS#8 of RSA, PS256 by default', pemOf(rsa), { keyId: 'k1' }, 'PS256'],
      ['PKCS#8 of RSA with an algorithm', pemOf(rsa), { keyId: 'k1', algorithm: 'RS256' }, 'RS256'],
      ['PKCS#1', pemOf(rsa, 'pkcs1'), { keyId: 'k1' }, 'PS256'],
      ['PKCS#8 on P-256', pemOf(p256), { keyId: 'k1' }, 'ES256'],
      ['PKCS#8 on P-384', pemOf(ec('P-384')), { keyId: 'k1' }, 'ES384'],
      ['SEC 1 on P-521', pemOf(ec('P-521'), 'sec1'), { keyId: 'k1' }, 'ES512'],
      ['PEM with CR LF', pemOf(p256).replaceAll('\n', '\r\n'), { keyId: 'k1' }, 'ES256'],
      [
        'PEM on one line, as a variable has it',
        pemOf(p256).replaceAll('\n', '\\n'),
        { keyId: 'k1' },
        'ES256',
      ],
    ];
    for (const [name, text, settings, algorithm] of taken) {
      it(name, () => {
        const { key, problem } = readPrivateKey(text, settings);
        expect(problem).to.equal(undefined);
        expect(key).to.include({ kid: 'k1', alg: algorithm }).and.have.property('d');
      });
    }

    it('a JWK without kid where a setting has it, and settings that say the same', () => {
      const settings = { keyId: 'k2', algorithm: 'ES256' } as const;
      expect(readPrivateKey(jwkOf(p256, { kid: undefined, alg: 'ES256' }), settings).key?.kid).to.equal('k2');
      expect(readPrivateKey(jwkOf(p256, { kid: 'k2', alg: 'ES256' }), settings).key?.kid).to.equal('k2');
    });

    it('a JWK by its own id and algorithm, whatever the settings say of the key before it', () => {
      const { key } = readPrivateKey(jwkOf(rsa, { kid: 'k3', alg: 'PS256' }), {
        keyId: 'k2',
        algorithm: 'ES256',
      });
      expect(key).to.include({ kid: 'k3', alg: 'PS256' });
    });

    it('the end of the registration along with it', () => {
      expect(readPrivateKey(jwkOf(p256, { alg: 'ES256', exp: 1_900_000_000 }), {}).key?.exp).to.equal(
        1_900_000_000,
      );
    });
  });

  describe('refuses, and says why without telling anything of the key,', () => {
    const other = p256.export({ format: 'jwk' });
    const third = ec('P-256').export({ format: 'jwk' });
    const mixed: JsonWebKey = { ...other, x: third.x ?? '', y: third.y ?? '' };
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const edwards = generateKeyPairSync('ed25519').privateKey;
    const bitcoin = ec('secp256k1');
    const encrypted = p256
      .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'open-sesame' })
      .toString();
    const publicPem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .publicKey.export({ format: 'pem', type: 'spki' })
      .toString();
    const withId = { keyId: 'k1' };
    const refused: readonly [
      name: string,
      text: string,
      settings: KeySettings,
      setting: string,
      found: RegExp,
    ][] = [
      ['a JWK without kid', jwkOf(p256, { kid: undefined, alg: 'ES256' }), {}, 'privateKey', /without kid/],
      ['a JWK without alg', jwkOf(p256), {}, 'privateKey', /without alg/],
      ['a JWK without d', jwkOf(p256, { alg: 'ES256', d: undefined }), {}, 'privateKey', /no private JWK/],
      ['a JWK for encryption', jwkOf(p256, { alg: 'ES256', use: 'enc' }), {}, 'privateKey', /signatures/],
      ['a symmetric JWK', '{"kty":"oct","k":"c2VjcmV0","kid":"k"}', {}, 'privateKey', /no private JWK/],
      ['JSON that breaks off', jwkOf(p256).slice(0, -9), {}, 'privateKey', /JSON/],
      ['members that make no key', jwkOf(p256, { alg: 'ES256', d: '!' }), {}, 'privateKey', /key/],
      ['halves of two keys', JSON.stringify({ ...mixed, kid: 'k', alg: 'ES256' }), {}, 'privateKey', /key/],
      ['an algorithm of the other kind', jwkOf(p256, { alg: 'PS256' }), {}, 'privateKey', /fit/],
      ['an algorithm of another curve', jwkOf(p256, { alg: 'ES384' }), {}, 'privateKey', /fit/],
      ['a symmetric algorithm', jwkOf(rsa, { alg: 'HS256' }), {}, 'privateKey', /fit/],
      ['PEM without an id', pemOf(p256), {}, 'keyId', /nothing/],
      [
        'PEM with an algorithm of the other kind',
        pemOf(rsa),
        { ...withId, algorithm: 'ES256' },
        'algorithm',
        /fit/,
      ],
      [
        'PEM with another curve’s algorithm',
        pemOf(p256),
        { ...withId, algorithm: 'ES512' },
        'algorithm',
        /fit/,
      ],
      ['PEM that breaks off', pemOf(p256).slice(0, 90), withId, 'privateKey', /PEM/],
      ['PEM under a passphrase', encrypted, withId, 'privateKey', /encrypted/],
      ['a public key', publicPem, withId, 'privateKey', /public/],
      ['a certificate', '-----BEGIN CERTIFICATE-----\nMII\n', withId, 'privateKey', /certificate/],
      ['RSA of 1024 bits', pemOf(small), withId, 'privateKey', /2048/],
      ['Ed25519', pemOf(edwards), withId, 'privateKey', /kind/],
      ['the curve of bitcoin', pemOf(bitcoin), withId, 'privateKey', /kind/],
      ['the curve of bitcoin in a JWK', jwkOf(bitcoin, { alg: 'ES256K' }), {}, 'privateKey', /curve/],
      ['nothing', '', {}, 'privateKey', /neither/],
      ['something else', 'open-sesame', {}, 'privateKey', /neither/],
    ];
    for (const [name, text, settings, setting, found] of refused) {
      it(name, () => {
        const { key, problem } = readPrivateKey(text, settings);
        expect(key).to.equal(undefined);
        expect(problem?.setting).to.equal(setting);
        expect(problem?.found).to.match(found);
        for (const secret of [...secretsOf(p256), ...secretsOf(rsa), 'sesame', 'BEGIN EC']) {
          expect(JSON.stringify(problem)).to.not.include(secret);
        }
      });
    }
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom('{', '}', '-----BEGIN PRIVATE KEY-----\n', '"d":"x"', '"kty":"EC"'),
      ),
    );
    fc.assert(
      fc.property(pieces, (parts) => readPrivateKey(parts.join(''), { keyId: 'k' }).key === undefined),
      { numRuns: runs(500) },
    );
  });

  it('gives a key that the platform reads again', () => {
    const { key } = readPrivateKey(pemOf(rsa, 'pkcs1'), { keyId: 'k1' });
    expect(createPrivateKey({ key: { ...key }, format: 'jwk' }).asymmetricKeyType).to.equal('rsa');
  });
});
