import { scrypt, timingSafeEqual } from 'node:crypto';
import type { Random } from '../runtime/random.js';

/**
 * Password hashes: scrypt (RFC 7914) in the text form `scrypt$N=32768,r=8,p=1$<salt>$<hash>`, salt and hash in base64.
 * The parameters stand in the text, so that they can be raised later while old hashes keep working.
 */
export interface PasswordHash {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** The parameters of new hashes: about 100 ms and 32 MiB on a server of 2024. */
export const defaultParameters = { cost: 2 ** 15, blockSize: 8, parallelization: 1 } as const;

const saltLength = 16;
const keyLength = 32;

/** A new hash of the password, with the default parameters and a random salt. */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const salt = random.bytes(saltLength);
  const key = await derive(password, { ...defaultParameters, salt, key: new Uint8Array(keyLength) });
  return formatPasswordHash({ ...defaultParameters, salt, key });
}

/** Whether the password is the one that was hashed. Takes as long for a wrong password as for the right one. */
export async function verifyPassword(password: string, hash: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, hash), hash.key);
}

/** The text form of a hash. */
export function formatPasswordHash(hash: PasswordHash): string {
  const parameters = `N=${hash.cost},r=${hash.blockSize},p=${hash.parallelization}`;
  const salt = Buffer.from(hash.salt).toString('base64');
  const key = Buffer.from(hash.key).toString('base64');
  return `scrypt$${parameters}$${salt}$${key}`;
}

/**
 * Reads the text form. Undefined when it is not one, or when its parameters are weaker than is safe or so strong that
 * one login would starve the machine.
 */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const match =
    /^scrypt\$N=(\d{1,8}),r=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{1,172}={0,2})\$([A-Za-z0-9+/]{1,172}={0,2})$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, cost, blockSize, parallelization, salt, key] = match;
  const hash = {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
    salt: Buffer.from(salt ?? '', 'base64'),
    key: Buffer.from(key ?? '', 'base64'),
  };
  return isReasonable(hash) ? hash : undefined;
}

function isReasonable({ cost, blockSize, parallelization, salt, key }: PasswordHash): boolean {
  const powerOfTwo = cost > 0 && Number.isInteger(Math.log2(cost));
  return (
    powerOfTwo &&
    cost >= 2 ** 14 &&
    cost <= 2 ** 18 &&
    blockSize >= 8 &&
    blockSize <= 16 &&
    parallelization >= 1 &&
    parallelization <= 4 &&
    salt.length >= 16 &&
    salt.length <= 64 &&
    key.length >= 32 &&
    key.length <= 64
  );
}

function derive(
  password: string,
  { cost, blockSize, parallelization, salt, key }: PasswordHash,
): Promise<Buffer> {
  // Node refuses to use more than 32 MiB unless told; scrypt needs 128·N·r octets and a little.
  const maxmem = 128 * cost * blockSize + 1024 * 1024 * (1 + parallelization);
  return new Promise((resolve, reject) => {
    scrypt(
      // One spelling for a password that a keyboard may compose in two ways.
      password.normalize('NFC'),
      salt,
      key.length,
      { N: cost, r: blockSize, p: parallelization, maxmem },
      (error, derived) => {
        if (error === null) resolve(derived);
        else reject(error);
      },
    );
  });
}
