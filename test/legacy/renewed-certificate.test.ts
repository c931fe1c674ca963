import { connect, type ConnectionOptions, type TlsOptions } from 'node:tls';
import { expect } from 'chai';
import { errorCode } from '../../src/errors/error-code.js';
import { createLegacyListener } from '../../src/legacy/listener.js';
import { silentLogger } from '../../src/operations/logger.js';
import { parseNetworkList } from '../../src/runtime/network-list.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { silentDoorkeeper } from '../support/silent-doorkeeper.js';

const OLD: ConnectionOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };

describe('the legacy listener with a renewed certificate', function () {
  this.timeout(20_000);
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function certificate(commonName: string): Promise<TlsOptions> {
    const made = await createSelfSignedCertificate({ commonName, clock: systemClock, random: systemRandom });
    return { cert: made.certificatePem, key: made.privateKeyPem };
  }

  /** Listens by the first certificate and policy, and goes on by the second. */
  async function renewed(policy: TlsOptions): Promise<number> {
    const nobody = parseNetworkList([]);
    if (nobody === undefined) throw new Error('malformed');
    const listener = createLegacyListener({
      doors: [],
      settings: {
        host: '127.0.0.1',
        port: 0,
        maxRequestBytes: 4096,
        maxConcurrentRequests: 10,
        maxConnections: 10,
        trustedProxies: nobody,
      },
      tls: { ...(await certificate('first')), ...policy },
      doorkeeper: silentDoorkeeper(10),
      events: new RecordedEvents(),
      logger: silentLogger,
      clock: systemClock,
    });
    const { port } = await listener.start();
    stops.push(() => listener.stop(0));
    listener.renewCertificate(await certificate('second'));
    return port;
  }

  it('lets nobody in by older TLS than before', async () => {
    const port = await renewed({});
    expect(await met(port)).to.deep.equal(['CN=second', 'TLSv1.3']);
    expect(await met(port, OLD)).to.match(/^ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|^ECONNRESET/);
  });

  it('goes on by the versions and ciphers that it was given', async () => {
    const port = await renewed({
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.2',
      ciphers: 'AES128-SHA:@SECLEVEL=0',
    });
    expect(await met(port, OLD)).to.deep.equal(['CN=second', 'TLSv1.1']);
    expect(await met(port)).to.deep.equal(['CN=second', 'TLSv1.2']);
  });
});

/** Whose certificate a connection is shown, and by which version; the code of the refusal otherwise. */
function met(port: number, options: ConnectionOptions = {}): Promise<readonly (string | null)[] | string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      resolve([socket.getPeerX509Certificate()?.subject ?? 'nobody', socket.getProtocol()]);
      socket.destroy();
    });
    socket.once('error', (error: Error) => {
      resolve(errorCode(error) ?? error.message);
    });
  });
}
