import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { ManualClock } from '../support/manual-clock.js';

describe('self-signed certificate', () => {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  let certificate: X509Certificate;
  let privateKeyPem: string;

  before(async () => {
    const made = await createSelfSignedCertificate({
      commonName: 'preg.example',
      clock,
      random: systemRandom,
      hostNames: ['localhost', 'preg.example'],
      validDays: 30,
    });
    certificate = new X509Certificate(made.certificatePem);
    privateKeyPem = made.privateKeyPem;
  });

  it('is for the name and signed by itself', () => {
    expect(certificate.subject).to.equal('CN=preg.example');
    expect(certificate.issuer).to.equal('CN=preg.example');
    expect(certificate.verify(certificate.publicKey)).to.equal(true);
  });

  it('comes with its own key, RSA of 2048 bits', () => {
    expect(certificate.checkPrivateKey(createPrivateKey(privateKeyPem))).to.equal(true);
    expect(certificate.publicKey.asymmetricKeyType).to.equal('rsa');
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).to.equal(2048);
  });

  it('covers its host names and both loopback addresses, and nothing else', () => {
    expect(certificate.checkHost('localhost')).to.equal('localhost');
    expect(certificate.checkHost('preg.example')).to.equal('preg.example');
    expect(certificate.checkHost('other.example')).to.equal(undefined);
    expect(certificate.checkIP('127.0.0.1')).to.equal('127.0.0.1');
    expect(certificate.subjectAltName).to.contain('0:0:0:0:0:0:0:1');
  });

  it('is good from the day before the clock until its days are over', () => {
    expect(new Date(certificate.validFrom).toISOString()).to.equal('2026-02-28T12:00:00.000Z');
    expect(new Date(certificate.validTo).toISOString()).to.equal('2026-03-30T12:00:00.000Z');
  });

  it('cannot sign other certificates', () => {
    expect(certificate.ca).to.equal(false);
  });
});
