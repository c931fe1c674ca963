import { expect } from 'chai';
import type { TlsOptions } from 'node:tls';
import { CertificateEnds } from '../../src/cli/certificate-ends.js';
import { renewingCertificates } from '../../src/cli/renewed-certificates.js';
import { reloaded } from '../../src/cli/reloaded-configuration.js';
import { changedSettings } from '../../src/config/changed-settings.js';
import { completeConfiguration } from '../../src/config/adapter-configuration.js';
import type { Configuration } from '../../src/config/schema.js';
import { someKey } from '../support/configuration-files.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { sandboxConfiguration } from '../support/sandbox-configuration.js';
import { serverCertificate } from '../support/server-certificate.js';

const settings = sandboxConfiguration();

describe('certificates that are read anew', () => {
  function setUp(initial: TlsOptions | undefined) {
    const events = new RecordedEvents();
    const shown: TlsOptions[] = [];
    let next: TlsOptions | Error | undefined = initial;
    const renewing = renewingCertificates(
      [
        {
          setting: 'listeners.legacy',
          initial,
          read: () => {
            if (next instanceof Error) throw next;
            return next;
          },
          renew: (tls) => {
            if (tls.cert === 'broken') throw Object.assign(new Error('secret'), { code: 'ERR_OSSL_X' });
            shown.push(tls);
          },
        },
      ],
      events,
    );
    return {
      events,
      shown,
      reread: (found: TlsOptions | Error | undefined) => {
        next = found;
        renewing.reread(settings);
      },
      settled: () => renewing.settled(),
    };
  }

  it('are left alone where they are the same, and exchanged where anything of them is not', async () => {
    const { certificatePem: cert, privateKeyPem: key } = await serverCertificate();
    const { shown, events, reread, settled } = setUp({ cert, key });
    reread({ cert, key });
    expect(shown).to.deep.equal([]);
    const others: TlsOptions[] = [
      { cert, key, ca: 'another' },
      { cert, key: Buffer.from(`${key}\n`) },
      { cert, key, passphrase: 'secret' },
    ];
    for (const other of others) {
      reread(other);
      reread(other);
    }
    expect(shown).to.deep.equal(others);
    await settled();
    expect(events.of.certificateRenewed.map(({ setting }) => setting)).to.deep.equal([
      'listeners.legacy',
      'listeners.legacy',
      'listeners.legacy',
    ]);
    expect(events.of.certificateRenewed[0]?.endsAt?.getTime()).to.be.greaterThan(Date.parse('2025-01-01'));
  });

  it('stay as they are where what was read cannot be used, which is told each time in a code', async () => {
    const { certificatePem: cert, privateKeyPem: key } = await serverCertificate();
    const { shown, events, reread } = setUp({ cert, key });
    reread(Object.assign(new Error('/etc/secret'), { code: 'ENOENT' }));
    reread({ cert: 'broken', key });
    expect(shown).to.deep.equal([]);
    expect(events.of.certificateUnusable).to.deep.equal([
      { setting: 'listeners.legacy', problem: 'ENOENT' },
      { setting: 'listeners.legacy', problem: 'ERR_OSSL_X' },
    ]);
    reread({ cert, key });
    expect(shown, 'the one in use').to.deep.equal([]);
  });

  it('are none where the listener speaks without TLS, or was given its certificate by the sandbox', async () => {
    const { certificatePem: cert, privateKeyPem: key } = await serverCertificate();
    const plain = setUp(undefined);
    plain.reread({ cert, key });
    const sandboxed = setUp({ cert, key });
    sandboxed.reread(undefined);
    expect([plain.shown, sandboxed.shown]).to.deep.equal([[], []]);
  });

  it('are taken from other files at a reload, but TLS is neither begun nor ended', () => {
    const file = (name: string) => ({ certificateFile: name, privateKeyFile: name });
    const withTls = (
      legacy: string | undefined,
      mllp: string | undefined,
      clientCaFile?: string,
    ): Configuration => ({
      ...settings,
      listeners: {
        ...settings.listeners,
        legacy: { ...settings.listeners.legacy, tls: legacy === undefined ? undefined : file(legacy) },
        mllp: settings.listeners.mllp && {
          ...settings.listeners.mllp,
          tls: mllp === undefined ? undefined : { ...file(mllp), clientCaFile },
        },
      },
    });
    const change = (from: Configuration, to: Configuration) => {
      const next = reloaded(to, { started: from, effective: from });
      return { applied: changedSettings(from, next), waiting: changedSettings(next, to) };
    };
    const files = (listener: string) =>
      ['certificateFile', 'privateKeyFile'].map((name) => `listeners.${listener}.tls.${name}`);
    expect(change(withTls('a', 'a'), withTls('b', 'b'))).to.deep.equal({
      applied: [...files('legacy'), ...files('mllp')],
      waiting: [],
    });
    expect(change(withTls(undefined, 'a', 'x'), withTls('b', undefined))).to.deep.equal({
      applied: [],
      waiting: ['listeners.legacy.tls', 'listeners.mllp.tls'],
    });
    expect(change(withTls('a', 'a', 'x'), withTls('a', 'a'))).to.deep.equal({
      applied: [],
      waiting: ['listeners.mllp.tls.clientCaFile'],
    });
  });

  it('have another end in the metrics from then on', async () => {
    const { certificatePem, privateKeyPem } = await serverCertificate();
    const ends = await CertificateEnds.read(
      completeConfiguration(settings, {
        persontjenesten: { baseUrl: 'https://register.invalid', version: 3 },
        helseid: {
          issuer: 'https://helseid.invalid',
          clientId: 'c',
          privateKey: { kty: 'EC', kid: 'k', alg: 'ES256' },
          tenancy: 'single',
        },
        store: {
          sealingKeys: [{ id: 'a', key: Buffer.from(someKey, 'base64') }],
          pseudonymKey: Buffer.from(someKey, 'base64'),
        },
        tls: { kind: 'pem', certificatePem, privateKeyPem },
      }),
    );
    expect([...ends.all().keys()]).to.deep.equal(['listeners.legacy']);
    const endsAt = new Date('2031-01-01');
    ends.listener('certificateRenewed', { setting: 'listeners.legacy', endsAt });
    expect(ends.all().get('listeners.legacy')).to.equal(endsAt);
    ends.listener('certificateRenewed', { setting: 'listeners.legacy', endsAt: undefined });
    expect([...ends.all()]).to.deep.equal([]);
  });
});
