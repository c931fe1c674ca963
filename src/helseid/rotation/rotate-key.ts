import type { JWK } from 'jose';
import { TokenRefused, TokenUnavailable } from '../../errors/errors.js';
import type { Clock } from '../../runtime/clock.js';
import type { KeyFiles } from './key-files.js';
import { publicHalf, type NewKey } from './new-key.js';
import { RotationFailed } from './rotation-failed.js';
import type { UploadAnswer } from './self-service.js';

/** What a rotation works with. */
export interface RotationParts {
  /** The key in use. */
  readonly current: JWK;
  readonly files: Pick<KeyFiles, 'pending' | 'keep' | 'note' | 'discard' | 'install' | 'pendingFile'>;
  readonly makeKey: () => Promise<NewKey>;
  /** A token for self service by that key. @throws TokenRefused, TokenUnavailable */
  readonly tokenBy: (key: JWK) => Promise<string>;
  /** Sends the public half of a key to self service. */
  readonly register: (publicJwk: JWK, accessToken: string) => Promise<UploadAnswer>;
  readonly clock: Clock;
  /** Told what is being done, in sentences for the operator. */
  readonly onProgress: (sentence: string) => void;
}

/** The key that is in use from now on. */
export interface RotatedKey {
  readonly keyId: string;
  readonly algorithm: string;
  /** Undefined when self service's answer got lost or told no time to come. */
  readonly expiresAt: Date | undefined;
}

/** How long to wait before asking once more after an unclear answer, in milliseconds. */
const PAUSES = [2_000, 5_000];

/**
 * Puts a new key in place of the one in use (helseid 5). The new key is on the disk before anybody hears of it, and it is the
 * answer that decides; after an unclear one, or when a former run was stopped, HelseID is asked for a token by the new key, which
 * tells whether it is registered. There is never more than one pending key, so that runs that overlap work toward the same end.
 * @throws RotationFailed, TokenRefused or TokenUnavailable; the key in use is as it was then, unless the text says otherwise
 */
export async function rotateKey(parts: RotationParts): Promise<RotatedKey> {
  const { files, onProgress } = parts;
  const pending = files.pending();
  if (pending !== undefined) {
    onProgress(
      `A former run left a new key in ${files.pendingFile}; asking HelseID whether it is registered.`,
    );
    if (await isRegistered(pending, parts)) return finish(pending, parts);
  }
  const accessToken = await tokenByCurrent(pending, parts);
  // What became of the former run is not known, so that its key may have been sent.
  if (pending !== undefined) return registerAndFinish(pending, accessToken, true, parts);
  onProgress('Making a new key.');
  const key = await parts.makeKey();
  files.keep(key);
  return registerAndFinish(key, accessToken, false, parts);
}

/** @throws RotationFailed when HelseID knows neither the key in use nor the pending one, so that the latter must not get lost */
async function tokenByCurrent(
  pending: NewKey | undefined,
  { current, tokenBy, files }: RotationParts,
): Promise<string> {
  try {
    return await tokenBy(current);
  } catch (error) {
    if (pending === undefined || !isAboutTheKey(error)) throw error;
    throw new RotationFailed(
      `HelseID accepts neither the key in use nor the new one in ${files.pendingFile}, which may have been registered just now: ` +
        'keep that file. Run the command again in some minutes; if it stays so, compare both with what self service shows.',
      { cause: error },
    );
  }
}

/** @param mayBeRegistered whether the key was sent before and nobody heard what became of it */
async function registerAndFinish(
  key: NewKey,
  accessToken: string,
  mayBeRegistered: boolean,
  parts: RotationParts,
): Promise<RotatedKey> {
  parts.onProgress(`Sending the public half of key ${key.kid} to self service.`);
  let isUnclear = mayBeRegistered;
  for (const pause of [...PAUSES, undefined]) {
    const answer = await parts.register(publicHalf(key), accessToken);
    if (answer.kind === 'accepted') {
      return finish(withEnd(key, answer.expiresAt, parts), parts);
    }
    if (await isRegisteredAfterAll(key, answer.reason, parts)) return finish(key, parts);
    isUnclear ||= answer.kind === 'unclear';
    if (!isUnclear) {
      parts.files.discard();
      throw new RotationFailed(`HelseID did not take the new key: ${answer.reason}. The key in use stays.`);
    }
    if (pause === undefined) throw notTakenSoFar(key, answer, parts);
    parts.onProgress(`No clear answer (${answer.reason}); trying again.`);
    await parts.clock.sleep(pause);
  }
  throw new TypeError('the last turn neither returned nor threw');
}

/** A refusal may come of a key that is registered already, of which HelseID has not heard yet: its only copy is kept. */
function notTakenSoFar(
  { kid }: NewKey,
  { kind, reason }: Exclude<UploadAnswer, { readonly kind: 'accepted' }>,
  { files }: RotationParts,
): RotationFailed {
  return new RotationFailed(
    kind === 'unclear'
      ? `HelseID has not taken the new key so far: ${reason}. The key in use stays. ` +
          'Run the command again; it goes on with the same key.'
      : `HelseID did not take the new key: ${reason}. But an earlier answer got lost, so that it may be registered all the same: ` +
          `it is kept in ${files.pendingFile}. Run the command again in some minutes; it finds out and goes on. ` +
          `If it stays so and self service does not show the key ${kid}, delete that file, and the next run makes another key.`,
  );
}

/** Whether HelseID knows this key. @throws TokenRefused, TokenUnavailable for whatever tells nothing of it */
async function isRegistered(key: JWK, { tokenBy }: RotationParts): Promise<boolean> {
  try {
    await tokenBy(key);
    return true;
  } catch (error) {
    if (isAboutTheKey(error)) return false;
    throw error;
  }
}

function isAboutTheKey(error: unknown): boolean {
  return error instanceof TokenRefused && error.trouble.alarm?.name === 'invalid_client';
}

async function isRegisteredAfterAll(key: JWK, reason: string, parts: RotationParts): Promise<boolean> {
  try {
    return await isRegistered(key, parts);
  } catch (error) {
    if (!(error instanceof TokenUnavailable || error instanceof TokenRefused)) throw error;
    throw new RotationFailed(
      `It is not known whether the new key is registered: ${reason}, and ${error.message}. ` +
        'Run the command again as soon as HelseID gives tokens; it finds out and goes on.',
      { cause: error },
    );
  }
}

/**
 * The key with its end, which is worth knowing and not worth failing for: the key is registered, and has to get in place. An end
 * that is not to come is what a service writes that has none to tell, and would make the key look as if it had ended.
 */
function withEnd(key: NewKey, end: Date, { files, clock, onProgress }: RotationParts): NewKey {
  if (!(end > clock.now())) {
    onProgress('Self service told no date to come for the end of the new key.');
    return key;
  }
  const dated = { ...key, exp: Math.floor(end.getTime() / 1000) };
  try {
    files.note(dated);
  } catch (error) {
    if (!(error instanceof RotationFailed)) throw error;
    onProgress('The end of the new key could not be written down.');
  }
  return dated;
}

function finish(key: NewKey, { files }: RotationParts): RotatedKey {
  try {
    files.install(key);
  } catch (error) {
    if (!(error instanceof RotationFailed)) throw error;
    throw new RotationFailed(
      `The new key is registered, and the one in use may have stopped, but it could not be put in place. ${error.message} ` +
        `Then run the command again, or rename ${files.pendingFile} yourself.`,
      { cause: error },
    );
  }
  const { exp } = key;
  return {
    keyId: key.kid,
    algorithm: key.alg,
    expiresAt: exp === undefined ? undefined : new Date(exp * 1000),
  };
}
