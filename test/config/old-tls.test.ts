import { expect } from 'chai';
import type { Environment } from '../../src/config/environment.js';
import { loadConfiguration } from '../../src/config/load.js';
import { ConfigurationError, type ConfigurationProblem } from '../../src/config/problems.js';
import type { Configuration } from '../../src/config/schema.js';
import type { SelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { smallest, someCertificate, write } from '../support/configuration-files.js';
import { ManualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';

describe('the configuration of old TLS', () => {
  const newFolder = temporaryFolders();
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  let own: string;
  let others: string;

  let pairs: readonly SelfSignedCertificate[];

  before(async () => {
    pairs = [await someCertificate(clock), await someCertificate(clock)];
  });

  beforeEach(() => {
    const [first = '', second = ''] = pairs.map(({ certificatePem, privateKeyPem }) => {
      const folder = newFolder();
      const certificateFile = write(folder, 'certificate.pem', certificatePem);
      const privateKeyFile = write(folder, 'key.pem', privateKeyPem);
      return `{ certificateFile: ${certificateFile}, privateKeyFile: ${privateKeyFile} }`;
    });
    own = first;
    others = second;
  });

  function load(listeners: string, environment: Environment = {}): Configuration {
    const yaml = `${smallest}\nlisteners: ${listeners}\n`;
    return loadConfiguration({ file: write(newFolder(), 'c.yaml', yaml), environment, clock });
  }

  function problems(listeners: string): readonly ConfigurationProblem[] {
    try {
      load(listeners);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
    return [];
  }

  it('is no listener where there are no settings of one', () => {
    expect(load('{}').listeners.oldTls).to.equal(undefined);
  });

  it('fills in every default but who may connect and the certificate', () => {
    const { oldTls } = load(`{ oldTls: { tls: ${own}, addresses: [10.1.0.0/16] } }`).listeners;
    expect(oldTls).to.deep.include({
      host: '127.0.0.1',
      port: 8448,
      minVersion: 'TLSv1',
      addresses: ['10.1.0.0/16'],
      maxConcurrentRequests: 20,
      maxConnections: 50,
    });
  });

  it('wants a certificate and somebody who may connect', () => {
    const paths = problems('{ oldTls: {} }').map(({ path }) => path);
    expect(paths).to.include.members(['listeners.oldTls.tls', 'listeners.oldTls.addresses']);
    expect(problems(`{ oldTls: { tls: ${own}, addresses: [] } }`).map(({ path }) => path)).to.deep.equal([
      'listeners.oldTls.addresses',
    ]);
    expect(problems('{ oldTls: { tls: {}, addresses: [10.1.0.1] } }')).to.deep.equal([
      {
        path: 'listeners.oldTls.tls',
        found: 'no certificate',
        expected: 'certificateFile with privateKeyFile, or pfxFile',
      },
    ]);
  });

  it('speaks no SSL, and is not for TLS 1.2 alone', () => {
    for (const version of ['SSLv3', 'TLSv1.2']) {
      const found = problems(`{ oldTls: { tls: ${own}, addresses: [10.1.0.1], minVersion: ${version} } }`);
      expect(
        found.map(({ path }) => path),
        version,
      ).to.deep.equal(['listeners.oldTls.minVersion']);
    }
  });

  for (const listener of ['legacy', 'mllp', 'operations']) {
    it(`has a key of its own, and not that of listeners.${listener}`, () => {
      const old = `oldTls: { tls: ${own}, addresses: [10.1.0.1] }`;
      expect(problems(`{ ${listener}: { tls: ${others} }, ${old} }`)).to.deep.equal([]);
      expect(problems(`{ ${listener}: { tls: ${own} }, ${old} }`)).to.deep.equal([
        {
          path: 'listeners.oldTls.tls',
          found: `the key of listeners.${listener}`,
          expected: 'a certificate with a key of its own, since old TLS may give a key away',
        },
      ]);
    });
  }

  it('has a port of its own', () => {
    const found = problems(`{ oldTls: { port: 8443, tls: ${own}, addresses: [10.1.0.1] } }`);
    expect(found.map(({ path }) => path)).to.deep.equal(['listeners.oldTls.port']);
  });

  it('says that a certificate is past its time', () => {
    clock.advance(31 * 24 * 60 * 60_000);
    const found = problems(`{ oldTls: { tls: ${own}, addresses: [10.1.0.1] } }`);
    clock.advance(-31 * 24 * 60 * 60_000);
    expect(found.map(({ path }) => path)).to.deep.equal(['listeners.oldTls.tls.certificateFile']);
  });

  it('can be reached from the environment', () => {
    const { oldTls } = load(`{ oldTls: { tls: ${own}, addresses: [10.1.0.1] } }`, {
      PREG_ADAPTER__LISTENERS__OLD_TLS__ADDRESSES: '10.2.0.0/16,10.3.0.1',
    }).listeners;
    expect(oldTls?.addresses).to.deep.equal(['10.2.0.0/16', '10.3.0.1']);
  });
});
