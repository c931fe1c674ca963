import { expect } from 'chai';
import { plaintextListeners } from '../../src/cli/plaintext-listeners.js';
import type { TlsSource } from '../../src/config/adapter-configuration.js';
import { startSandboxedAdapter } from '../support/sandboxed-adapter.js';

const certificate: TlsSource = { kind: 'pfx-file', pfxFile: 'listener.pfx' };

describe('plaintext listeners', () => {
  it('are told of when another machine can reach them', () => {
    for (const host of ['0.0.0.0', '::', '10.1.2.3', 'preg.example']) {
      expect(plaintextListeners({ legacy: { host, tls: undefined } }), host).to.deep.equal([
        'listeners.legacy',
      ]);
    }
  });

  it('are nothing to tell of on loopback', () => {
    for (const host of ['127.0.0.1', '::1', 'localhost']) {
      expect(plaintextListeners({ legacy: { host, tls: undefined } }), host).to.deep.equal([]);
    }
  });

  it('are not those with a certificate', () => {
    expect(plaintextListeners({ legacy: { host: '0.0.0.0', tls: certificate } })).to.deep.equal([]);
  });

  it('of MLLP are told of in the same way, where there is one', () => {
    const legacy = { host: '127.0.0.1', tls: undefined };
    const told = (host: string, tls: unknown): readonly string[] =>
      plaintextListeners({ legacy, mllp: { host, tls } });
    expect(told('0.0.0.0', undefined)).to.deep.equal(['listeners.mllp']);
    expect(told('127.0.0.1', undefined)).to.deep.equal([]);
    expect(told('0.0.0.0', { certificate })).to.deep.equal([]);
  });

  it('of operations are told of in the same way', () => {
    const legacy = { host: '127.0.0.1', tls: undefined };
    const told = (host: string, tls: unknown): readonly string[] =>
      plaintextListeners({ legacy, operations: { host, tls } });
    expect(told('0.0.0.0', undefined)).to.deep.equal(['listeners.operations']);
    expect(told('127.0.0.1', undefined)).to.deep.equal([]);
    expect(told('0.0.0.0', certificate)).to.deep.equal([]);
  });

  it('leave readiness without a warning on loopback', async () => {
    const adapter = await startSandboxedAdapter({ PREG_ADAPTER__LISTENERS__LEGACY__PLAINTEXT: 'true' });
    try {
      const response = await fetch(`${adapter.operationsUrl}/health/ready`);
      const readiness: unknown = await response.json();
      expect(readiness).to.have.nested.property('checks.plaintext').that.deep.equals({ status: 'ok' });
    } finally {
      await adapter.stop();
    }
  });
});
