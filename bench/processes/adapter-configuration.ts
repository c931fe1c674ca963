import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { hashPassword } from '../../src/access/password-hash.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { ServerStart } from './running-upstream.js';

/** The account that the load generator logs in with. It opens nothing but made-up people. */
export const ACCOUNT = { username: 'epj-bench', password: 'epj-bench' } as const;

const settingsForm = z.record(z.string(), z.unknown());
type Settings = Readonly<z.output<typeof settingsForm>>;

/**
 * Writes a configuration as an operator would, with an upstream that is not its own, and gives its file. It is JSON, which
 * is YAML too.
 */
export async function writeConfiguration(start: ServerStart): Promise<string> {
  const { directory, upstream } = start;
  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const key = (): string => randomBytes(32).toString('base64');
  const needed: Settings = {
    data: { directory: join(directory, 'data') },
    listeners: {
      legacy: {
        port: '0',
        tls: {
          certificateFile: file('certificate.pem', start.certificatePem),
          privateKeyFile: file('key.pem', start.privateKeyPem),
        },
      },
      operations: { port: '0' },
    },
    clients: [
      {
        id: 'epj-bench',
        username: ACCOUNT.username,
        passwordHash: await hashPassword(ACCOUNT.password, systemRandom),
        protocols: ['hl7v3', 'preg-xml', 'filematch'],
        organisation: { parent: upstream.parent },
      },
    ],
    persontjenesten: { baseUrl: upstream.baseUrl },
    helseid: {
      issuer: upstream.issuer,
      clientId: upstream.clientId,
      privateKeyFile: file('client.jwk', JSON.stringify(upstream.privateJwk)),
    },
    outbound: { caFile: file('upstream.pem', upstream.certificatePem) },
    // Calls are counted, and those that the adapter makes of its own accord are no part of a question.
    upstream: { probeSeconds: 0 },
    store: { sealingKeys: [{ id: 'bench', key: key() }], pseudonymKey: key() },
  };
  return file('configuration.yaml', JSON.stringify(laidOver(needed, start.settings)));
}

/** Lays settings over those of a file that was written so, as an operator would who changes them. */
export function changeConfiguration(file: string, settings: Settings): void {
  const written = settingsForm.parse(JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, JSON.stringify(laidOver(written, settings)));
}

/** Groups are merged, anything else is replaced. */
function laidOver(under: Settings, over: Settings): Settings {
  const merged = Object.entries(over).map(([name, value]) => {
    const below = under[name];
    return [name, isGroup(below) && isGroup(value) ? laidOver(below, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(merged) };
}

function isGroup(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
