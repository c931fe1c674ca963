import { z } from 'zod';
import { flag, listOf, network, passwordHash, port, secretText, text, wholeNumber } from './values.js';

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
  trustedProxies: listOf(network(), 'a list of addresses and networks').default([]),
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
});

/** Where others connect. */
export const listenerSettings = z
  .strictObject({
    legacy: legacyListener.prefault({}),
    mllp: mllpListener.optional(),
    operations: operationsListener.prefault({}),
  })
  .prefault({});
