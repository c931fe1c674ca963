import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashPassword } from '../../src/access/password-hash.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { sealClientSecret } from '../../src/store/client-secrets.js';
import { Sealer } from '../../src/store/sealer.js';

export type Settings = Readonly<Record<string, unknown>>;

/** The accounts of the adapter under attack: what stands for what is in their names. All of it is made up for one run. */
export interface Accounts {
  readonly honest: { readonly username: string; readonly password: string };
  readonly other: { readonly username: string; readonly password: string };
  readonly digest: { readonly username: string; readonly password: string };
  readonly otherDigest: { readonly username: string; readonly password: string };
  readonly switchedOff: { readonly username: string; readonly password: string };
  /** Whose password is guessed while it works. */
  readonly victim: { readonly username: string; readonly password: string };
  /** Whose settings change, and whose password nobody guesses. */
  readonly changing: { readonly username: string; readonly password: string };
  /** May speak nothing but Personregister-XML. */
  readonly narrow: { readonly username: string; readonly password: string };
}

/** Ports that the adapter is told to take. */
export interface Ports {
  readonly legacy: number;
  readonly operations: number;
  readonly mllp: number;
}

/** What the configuration is made of. */
export interface SettingsParts {
  readonly directory: string;
  readonly ports: Ports;
  readonly sandbox: Sandbox;
  readonly baseUrl: string;
  readonly accounts: Accounts;
  readonly certificate: { readonly certificatePem: string; readonly privateKeyPem: string };
  /** Who is trusted upstream, PEM. */
  readonly upstreamCa: string;
}

/** Accounts whose passwords nobody knew before. */
export function freshAccounts(): Accounts {
  const account = (username: string): { username: string; password: string } => ({
    username,
    password: randomBytes(12).toString('base64url'),
  });
  return {
    honest: account('epj-honest'),
    other: account('epj-other'),
    digest: account('epj-digest'),
    otherDigest: account('epj-other-digest'),
    switchedOff: account('epj-off'),
    victim: account('epj-victim'),
    changing: account('epj-changing'),
    narrow: account('epj-narrow'),
  };
}

/** A hospital's settings, with limits that make an attack short. Everything secret lies in files beside them. */
export async function hospitalSettings(parts: SettingsParts): Promise<Settings> {
  const { directory, ports, sandbox, accounts } = parts;
  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const organisation = { parent: sandbox.organisation.parent };
  const sealingKey = { id: 'attack', key: randomBytes(32) };
  const sealer = new Sealer([sealingKey], systemRandom);
  const hashed = async ({ username, password }: Accounts['honest']): Promise<Settings> => ({
    id: username,
    username,
    passwordHash: await hashPassword(password, systemRandom),
    organisation,
  });
  const peer = (application: string): Settings => ({
    peers: [{ addresses: ['127.0.0.0/8'], application }],
  });
  const tls = {
    certificateFile: file('certificate.pem', parts.certificate.certificatePem),
    privateKeyFile: file('key.pem', parts.certificate.privateKeyPem),
  };
  return {
    data: { directory: join(directory, 'data') },
    listeners: {
      legacy: { port: ports.legacy, tls, requestDeadlineSeconds: 6 },
      mllp: { port: ports.mllp, messageSeconds: 3, idleSeconds: 5 },
      operations: { port: ports.operations },
    },
    clients: [
      {
        ...(await hashed(accounts.honest)),
        protocols: ['hl7v3', 'preg-xml', 'hl7v2', 'filematch'],
        hl7v2: peer('HONEST'),
      },
      { ...(await hashed(accounts.other)), protocols: ['hl7v3', 'hl7v2', 'filematch'], hl7v2: peer('OTHER') },
      ...[accounts.digest, accounts.otherDigest].map(({ username, password }) => ({
        id: username,
        username,
        sealedPassword: sealClientSecret(password, sealer),
        organisation,
        protocols: ['hl7v3'],
      })),
      { ...(await hashed(accounts.victim)), protocols: ['hl7v3'] },
      { ...(await hashed(accounts.changing)), protocols: ['hl7v3'] },
      { ...(await hashed(accounts.switchedOff)), protocols: ['hl7v3'], enabled: false },
      { ...(await hashed(accounts.narrow)), protocols: ['preg-xml'] },
    ],
    pregXml: { httpBasic: true },
    persontjenesten: { baseUrl: parts.baseUrl },
    helseid: {
      issuer: sandbox.issuer,
      clientId: sandbox.clientId,
      privateKeyFile: file('client.jwk', JSON.stringify(sandbox.clientPrivateJwk)),
    },
    outbound: { caFile: file('upstream.pem', parts.upstreamCa) },
    // Many faults in a row would open the breaker, which has an item of its own.
    upstream: {
      callTimeoutSeconds: 2,
      // Calls are counted, and those that the adapter makes of its own accord are no answer to anybody.
      probeSeconds: 0,
      breaker: { minimumCalls: 1000 },
    },
    store: {
      sealingKeys: [{ id: sealingKey.id, key: sealingKey.key.toString('base64') }],
      pseudonymKey: randomBytes(32).toString('base64'),
    },
    logging: { level: 'debug', format: 'json' },
  };
}

/** Lays settings over others: groups are merged, anything else is replaced. */
export function laidOver(under: Settings, over: Settings): Settings {
  const merged = Object.entries(over).map(([name, value]) => {
    const below = under[name];
    return [name, isGroup(below) && isGroup(value) ? laidOver(below, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(merged) };
}

function isGroup(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
