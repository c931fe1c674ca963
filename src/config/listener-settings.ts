import { z } from 'zod';
import { flag, listOf, network, oneOf, passwordHash, port, secretText, text, wholeNumber } from './values.js';

const tls = z.strictObject({
  certificateFile: text('the file with the certificate and its chain, in PEM').optional(),
  privateKeyFile: text('the file with the private key, in PEM').optional(),
  pfxFile: text('the file with certificate, chain and key, as PFX').optional(),
  passphrase: secretText('the passphrase of the private key or of the PFX file').optional(),
});

const legacyListener = z.strictObject({
  host: text('a host name or an IP address to listen on').default('127.0.0.1'),
  port: port().default(8443),
  tls: tls.optional(),
  plaintext: flag().default(false),
  requestDeadlineSeconds: wholeNumber(1, 300, 'seconds').default(30),
  maxRequestBytes: wholeNumber(1024, 64 * 1024 * 1024, 'octets').default(1024 * 1024),
  maxConcurrentRequests: wholeNumber(1, 10_000, 'a number of requests').default(200),
  maxWaitMilliseconds: wholeNumber(100, 60_000, 'milliseconds').default(1_000),
  maxConnections: wholeNumber(1, 50_000, 'a number of connections').default(2_000),
  maxConnectionsPerAddress: wholeNumber(1, 50_000, 'a number of connections').optional(),
  trustedProxies: listOf(network(), 'a list of addresses and networks').default([]),
});

const oldTlsListener = z.strictObject({
  host: text('a host name or an IP address to listen on').default('127.0.0.1'),
  port: port().default(8448),
  tls,
  minVersion: oneOf(['TLSv1', 'TLSv1.1']).default('TLSv1'),
  addresses: listOf(network(), 'a list of addresses and networks').min(1, 'at least one address or network'),
  maxConcurrentRequests: wholeNumber(1, 1_000, 'a number of requests').default(20),
  maxConnections: wholeNumber(1, 1_000, 'a number of connections').default(50),
  maxConnectionsPerAddress: wholeNumber(1, 1_000, 'a number of connections').optional(),
});

const mllpListener = z.strictObject({
  host: text('a host name or an IP address to listen on').default('127.0.0.1'),
  port: port().default(2575),
  tls: tls
    .extend({ clientCaFile: text('a file with the certificates that vouch for clients, in PEM').optional() })
    .optional(),
  plaintext: flag().default(false),
  maxMessageBytes: wholeNumber(1024, 64 * 1024 * 1024, 'octets').default(1024 * 1024),
  maxConnections: wholeNumber(1, 10_000, 'a number of connections').default(100),
  maxConnectionsPerAddress: wholeNumber(1, 10_000, 'a number of connections').optional(),
  idleSeconds: wholeNumber(1, 86_400, 'seconds').default(300),
  messageSeconds: wholeNumber(1, 3_600, 'seconds').default(30),
});

const operationsListener = z.strictObject({
  host: text('a host name or an IP address to listen on').default('127.0.0.1'),
  port: port().default(9090),
  tls: tls.optional(),
  passwordHash: passwordHash().optional(),
  maxConnections: wholeNumber(1, 1_000, 'a number of connections').default(100),
});

/** Where others connect. */
export const listenerSettings = z
  .strictObject({
    legacy: legacyListener.prefault({}),
    oldTls: oldTlsListener.optional(),
    mllp: mllpListener.optional(),
    operations: operationsListener.prefault({}),
  })
  .prefault({});
