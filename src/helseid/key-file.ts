import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorCode } from '../errors/error-code.js';
import type { EventSink } from '../operations/events.js';
import type { Clock } from '../runtime/clock.js';
import { SigningKey, type SigningJwk, type SigningKeys } from './signing-key.js';

/** Often enough that nobody waits for a new key, seldom enough that nobody notices. */
const POLL_MILLISECONDS = 10_000;

/** What a key file is watched with. */
export interface KeyFileParts {
  readonly file: string;
  /** The key as it was when the configuration was read. */
  readonly key: SigningJwk;
  /** The key in the text of the file, or what is wrong with it in words that tell nothing of the key. */
  readonly read: (text: string) => SigningJwk | string;
  readonly clock: Clock;
  readonly events: EventSink;
}

/**
 * A key in a file that is watched: a new key is in use a few seconds after it was put there, by rename or in place. What cannot
 * be read as a key leaves the old one in use; it is told at the second look, since the first may have met a file half written.
 */
export class KeyFile implements SigningKeys {
  #key: SigningKey;
  /** Of the text that was last looked at, or why there was none. */
  #seen: string | undefined;
  #trouble: string | undefined;
  #looking: Promise<void> | undefined;
  #watching = false;
  readonly #closing = new AbortController();

  constructor(private readonly parts: KeyFileParts) {
    this.#key = new SigningKey(parts.key);
  }

  /** The key in use. Watching begins when somebody asks for the first time. */
  current(): SigningKey {
    if (!this.#watching) {
      this.#watching = true;
      void this.#watch();
    }
    return this.#key;
  }

  /** When the registration of the key in use ends, where that is known. */
  get expiresAt(): Date | undefined {
    return this.#key.expiresAt;
  }

  /** Why what stands in the file is not in use. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  async reread(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Ends the watching. */
  close(): void {
    this.#closing.abort();
  }

  async #watch(): Promise<void> {
    const { clock } = this.parts;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.reread();
      // Its only failure is the end of the watching.
      await clock.sleep(POLL_MILLISECONDS, signal).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const found = await this.#found();
    const seen = typeof found === 'string' ? found : digestOf(found.text);
    const isSecondLook = seen === this.#seen;
    this.#seen = seen;
    const key = typeof found === 'string' ? found : this.parts.read(found.text);
    if (typeof key === 'string') {
      if (isSecondLook) this.#tell(key);
      return;
    }
    this.#trouble = undefined;
    if (isSecondLook) return;
    const fresh = new SigningKey(key);
    const isNew = fresh.fingerprint !== this.#key.fingerprint;
    if (isNew || fresh.expiresAt?.getTime() !== this.#key.expiresAt?.getTime()) this.#key = fresh;
    if (isNew) {
      this.parts.events.emit('signingKeyChanged', {
        keyId: fresh.id,
        expiresAt: fresh.expiresAt,
      });
    }
  }

  async #found(): Promise<{ readonly text: string } | string> {
    try {
      return { text: await readFile(this.parts.file, 'utf8') };
    } catch (error) {
      return `a file that cannot be read (${errorCode(error) ?? 'unknown'})`;
    }
  }

  #tell(problem: string): void {
    if (this.#trouble === problem) return;
    this.#trouble = problem;
    this.parts.events.emit('signingKeyUnusable', { problem });
  }
}

/** Nothing but the key in use is kept in memory. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
