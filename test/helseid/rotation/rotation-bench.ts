import fs from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { TokenRefused, TokenUnavailable } from '../../../src/errors/errors.js';
import { KeyFiles, type FileSystem } from '../../../src/helseid/rotation/key-files.js';
import type { NewKey } from '../../../src/helseid/rotation/new-key.js';
import { rotateKey, type RotatedKey, type RotationParts } from '../../../src/helseid/rotation/rotate-key.js';
import type { UploadAnswer } from '../../../src/helseid/rotation/self-service.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { ManualClock } from '../../support/manual-clock.js';

/** The process is killed: nothing that it would still do happens. */
export class Killed extends Error {}

/** Kills at one of the steps toward the disk or the network, counted from 1. */
export class Steps {
  count = 0;
  constructor(private readonly killAt = Number.POSITIVE_INFINITY) {}

  step(): void {
    this.count += 1;
    if (this.count >= this.killAt) throw new Killed();
  }

  /** The file system, each of whose changes is a step. */
  get fileSystem(): FileSystem {
    const counted = <Args extends unknown[], Result>(
      act: (...args: Args) => Result,
    ): ((...args: Args) => Result) => {
      return (...args) => {
        this.step();
        return act(...args);
      };
    };
    return {
      ...fs,
      openSync: counted((path: string, flags: string, mode?: number) => fs.openSync(path, flags, mode)),
      writeSync: counted((handle: number, octets: Uint8Array, offset: number) =>
        fs.writeSync(handle, octets, offset),
      ),
      fsyncSync: counted(fs.fsyncSync),
      linkSync: counted(fs.linkSync),
      renameSync: counted(fs.renameSync),
      rmSync: counted(fs.rmSync),
      chmodSync: counted(fs.chmodSync),
    };
  }
}

/** HelseID and self service in memory, a key file, and rotations that work with them. */
export class RotationBench {
  readonly file: string;
  readonly clock = new ManualClock();
  /** What was asked and done, in order. */
  readonly log: string[] = [];
  readonly sentences: string[] = [];
  /** What self service was sent. */
  readonly uploads: JWK[] = [];
  /** The id of the key that HelseID takes. */
  registered = 'old';
  /** What self service answers, after the key has been registered or instead. */
  answer: (jwk: JWK, accept: () => UploadAnswer) => UploadAnswer = (_, accept) => accept();
  /** What HelseID answers, for trouble; default none. */
  tokenTrouble: (kid: string) => Error | undefined = () => undefined;
  #made = 0;

  constructor(folder: string) {
    this.file = join(folder, 'key.jwk');
    fs.writeFileSync(this.file, JSON.stringify(keyNamed('old')), { mode: 0o600 });
  }

  get end(): Date {
    return new Date('2027-03-01T12:00:00Z');
  }

  rotate(steps = new Steps(), more: Partial<RotationParts> = {}): Promise<RotatedKey> {
    return rotateKey({
      current: jwkIn(this.file) ?? {},
      files: new KeyFiles(this.file, systemRandom, noProblemIn, steps.fileSystem),
      makeKey: () => {
        this.log.push('make');
        this.#made += 1;
        return Promise.resolve(keyNamed(`new-${this.#made}`));
      },
      tokenBy: async ({ kid = '' }) => {
        steps.step();
        await Promise.resolve();
        this.log.push(`token by ${kid}`);
        const trouble = this.tokenTrouble(kid);
        if (trouble !== undefined) throw trouble;
        if (kid === this.registered) return `token of ${kid}`;
        throw keyRefused();
      },
      register: async (jwk) => {
        steps.step();
        await Promise.resolve();
        this.log.push(`register ${jwk.kid ?? ''}`);
        this.uploads.push(jwk);
        const answer = this.answer(jwk, () => this.accept(jwk));
        // The answer may not arrive although the key did.
        steps.step();
        return answer;
      },
      clock: this.clock,
      onProgress: (sentence) => this.sentences.push(sentence),
      ...more,
    });
  }

  accept({ kid = '' }: JWK): UploadAnswer {
    this.registered = kid;
    return { kind: 'accepted', expiresAt: this.end };
  }

  get inUse(): JWK | undefined {
    return jwkIn(this.file);
  }

  get pending(): JWK | undefined {
    return jwkIn(`${this.file}.pending`);
  }

  get previous(): JWK | undefined {
    return jwkIn(`${this.file}.previous`);
  }

  /** The names of all files beside one another. */
  get names(): string[] {
    return fs.readdirSync(join(this.file, '..')).sort();
  }
}

/** Takes every text for a key that can be used. */
export function noProblemIn(): undefined {
  return undefined;
}

/** HelseID does not know the key. */
export function keyRefused(): TokenRefused {
  const alarm = { name: 'invalid_client', meaning: '', action: '' };
  return new TokenRefused('HelseID answered 401 invalid_client', { alarm });
}

/** HelseID does not answer. */
export function unreachable(): TokenUnavailable {
  return new TokenUnavailable('the call to HelseID failed: ECONNREFUSED');
}

/** A private key in form; nothing is ever signed with it. */
export function keyNamed(kid: string): NewKey {
  return { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', d: 'c2VjcmV0LWQ', kid, alg: 'ES256', use: 'sig' };
}

export function jwkIn(file: string): JWK | undefined {
  if (!fs.existsSync(file)) return undefined;
  const jwk: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
  return typeof jwk === 'object' && jwk !== null ? { ...jwk } : undefined;
}
