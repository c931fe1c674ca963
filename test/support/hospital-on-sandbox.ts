import { randomUUID } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { RegisteredClient } from '../../src/sandbox/helseid/registered-client.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { someKey, write } from './configuration-files.js';
import { serverCertificate } from './server-certificate.js';

/** A client of HelseID with a key of its own, as a hospital has one. */
export interface HospitalClient {
  readonly registered: RegisteredClient;
  readonly privateJwk: JWK & { readonly kid: string };
}

export const HOSPITAL_CLIENT = 'hospital';

/** A new client, to be registered with a sandbox. */
export async function hospitalClient(more: Partial<RegisteredClient> = {}): Promise<HospitalClient> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const marks = { kid: randomUUID().replaceAll('-', ''), alg: 'ES256', use: 'sig' };
  const publicJwk = { ...(await exportJWK(publicKey)), ...marks };
  return {
    registered: {
      id: HOSPITAL_CLIENT,
      publicJwk,
      organisations: [{ parent: '310000027', children: 'any' }],
      ...more,
    },
    privateJwk: { ...(await exportJWK(privateKey)), ...marks },
  };
}

/** The files of a hospital whose upstream is a sandbox. */
export interface HospitalFiles {
  readonly configuration: string;
  readonly key: string;
}

/** The account of config/sandbox.yaml: user and password are epj-sandbox. */
const ACCOUNT_HASH =
  'scrypt$N=32768,r=8,p=1$9PIIbkTPb77hICDJ40qxvg==$4O5vJgBI2/oaS4sbVK6aEFF4V5MhOzI1JtsFCeUVGf0=';

/** Writes configuration, key and certificates. `helseid` are further settings of that group, or others in their place. */
export async function hospitalOnSandbox(
  folder: string,
  sandbox: Sandbox,
  { privateJwk }: Pick<HospitalClient, 'privateJwk'>,
  helseid: Readonly<Record<string, string | undefined>> = {},
): Promise<HospitalFiles> {
  const { certificatePem, privateKeyPem } = await serverCertificate();
  const key = write(folder, 'helseid.jwk', JSON.stringify(privateJwk));
  chmodSync(key, 0o600);
  const group = {
    issuer: sandbox.issuer,
    selfServiceUrl: sandbox.selfServiceUrl,
    clientId: HOSPITAL_CLIENT,
    privateKeyFile: key,
    ...helseid,
  };
  const settings = {
    data: { directory: join(folder, 'data') },
    listeners: {
      legacy: {
        port: 0,
        tls: {
          certificateFile: write(folder, 'server.pem', certificatePem),
          privateKeyFile: write(folder, 'server-key.pem', privateKeyPem),
        },
      },
      operations: { port: 0 },
    },
    clients: [
      {
        id: 'epj-sandbox',
        username: 'epj-sandbox',
        passwordHash: ACCOUNT_HASH,
        protocols: ['hl7v3'],
        organisation: { parent: '310000027' },
      },
    ],
    persontjenesten: { baseUrl: sandbox.persontjenestenUrl },
    helseid: group,
    outbound: { caFile: write(folder, 'ca.pem', sandbox.certificatePem) },
    store: { sealingKeys: [{ id: 'a', key: someKey }], pseudonymKey: someKey },
  };
  return { configuration: write(folder, 'hospital.yaml', JSON.stringify(settings, undefined, 2)), key };
}
