import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import { expect } from 'chai';
import type { TlsSource } from '../../src/config/adapter-configuration.js';
import { addressOf, askOperations, NotOurAdapter } from '../../src/cli/operations-client.js';
import type { SelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { someCertificate } from '../support/configuration-files.js';
import { rejectionOf } from '../support/rejection.js';
import { serverCertificate } from '../support/server-certificate.js';

describe('asking the operations listener', () => {
  let server: Server;
  let heard: (string | undefined)[];
  let port: number;

  async function serve({ certificatePem, privateKeyPem }: SelfSignedCertificate): Promise<void> {
    heard = [];
    server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
      heard.push(request.headers.authorization);
      response.end('here');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    port = address.port;
  }

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (tls: TlsSource): ReturnType<typeof askOperations> =>
    askOperations({ host: '0.0.0.0', port, tls }, '/traces', { Authorization: 'Basic c2VjcmV0' });

  it('sends a password to whoever shows the configured certificate', async () => {
    const certificate = await serverCertificate();
    await serve(certificate);
    expect(await ask({ kind: 'pem', ...certificate })).to.deep.equal({ status: 200, body: 'here' });
    expect(heard).to.deep.equal(['Basic c2VjcmV0']);
  });

  it('sends none to anybody else', async () => {
    await serve(await someCertificate(systemClock));
    const error = await rejectionOf(ask({ kind: 'pem', ...(await serverCertificate()) }));
    expect(error).to.be.instanceOf(NotOurAdapter);
    expect(heard).to.deep.equal([]);
  });

  it('names an address that one can connect to', async () => {
    const certificate = await serverCertificate();
    await serve(certificate);
    const tls = { kind: 'pem', ...certificate } as const;
    expect(addressOf({ host: '0.0.0.0', port: 9090, tls })).to.equal('https://127.0.0.1:9090');
    expect(addressOf({ host: '::', port: 9090, tls: undefined })).to.equal('http://[::1]:9090');
  });
});
