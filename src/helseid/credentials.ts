import type { AxiosInstance } from 'axios';
import { readPrivateKey } from '../config/private-key.js';
import type { HelseIdSettings } from '../config/schema.js';
import type { KeyState } from '../operations/key-check.js';
import type { EventSink } from '../operations/events.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { AccessTokens } from './access-tokens.js';
import { DpopAuthorisation, bearer, type Authorisation } from './authorisation.js';
import { ClockDrift } from './clock-drift.js';
import { newDpopKey } from './dpop-key.js';
import { KeyFile } from './key-file.js';
import { SigningKey } from './signing-key.js';
import { TokenClient } from './token-client.js';

/** What calls to Persontjenesten show, and where it comes from. */
export interface Credentials {
  readonly tokens: AccessTokens;
  /** Another one for each origin that is called, and for each who calls it. */
  authorisation(): Authorisation;
  /** What is known of the key that HelseID knows us by. */
  keyState(): KeyState;
  /** Ends what runs by the clock. */
  close(): void;
}

/** What credentials are made of. */
export interface CredentialsParts {
  readonly settings: HelseIdSettings;
  /** Which tokens are used where `settings.tokens` does not say. */
  readonly usualTokens: 'dpop' | 'bearer';
  readonly http: AxiosInstance;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** Puts together what HelseID is asked with. Nothing is asked or read before the first token is wanted. */
export async function createCredentials(parts: CredentialsParts): Promise<Credentials> {
  const { settings, usualTokens, http, clock, random, events } = parts;
  const dpopKey = (settings.tokens ?? usualTokens) === 'dpop' ? await newDpopKey() : undefined;
  const drift = new ClockDrift(clock, events);
  const keys = keyFile(parts);
  const fixed = new SigningKey(settings.privateKey);
  const client = new TokenClient(settings, http, dpopKey, clock, { keys, drift });
  const tokens = new AccessTokens(client, clock, events, random);
  return {
    tokens,
    authorisation: () =>
      dpopKey === undefined ? bearer : new DpopAuthorisation({ key: dpopKey, clock, random, drift }),
    keyState: () => keys ?? { expiresAt: fixed.expiresAt, trouble: undefined },
    close: () => {
      tokens.close();
      keys?.close();
    },
  };
}

function keyFile({ settings, clock, events }: CredentialsParts): KeyFile | undefined {
  const { privateKeyFile: file, privateKey: key, keyId, algorithm } = settings;
  if (file === undefined) return undefined;
  return new KeyFile({
    file,
    key,
    read: (text) => {
      // A new JWK has an id of its own, whatever the settings said of the first one.
      const own = readPrivateKey(text, {}).key;
      if (own !== undefined) return own;
      const { key: configured, problem } = readPrivateKey(text, { keyId, algorithm });
      return configured ?? `${problem.found} (expected: ${problem.expected})`;
    },
    clock,
    events,
  });
}
