import { createHash } from 'node:crypto';
import type { Account } from '../access/accounts.js';
import { KnownAccounts } from '../access/known-accounts.js';
import { createPasswordAuthenticator } from '../access/password-authenticator.js';
import { parsePasswordHash } from '../access/password-hash.js';
import type { LegacyClient } from '../access/legacy-client.js';
import { NotAuthenticated } from '../errors/errors.js';
import { readBasicCredentials } from '../legacy/http-basic.js';
import type { EventSink } from '../operations/events.js';
import type { OperatorLogin } from '../operations/operator-login.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import type { OnReload } from './reloading.js';

/** The name that goes with the password of the operations listener. */
export const OPERATOR = 'operator';

/** What the login is made of. */
export interface OperatorLoginParts {
  /** `listeners.operations.passwordHash`. */
  readonly passwordHash?: string | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** An operator as the authenticator knows those whom it lets in: nobody who could look a person up. */
const operator: LegacyClient = {
  id: OPERATOR,
  protocols: new Set(),
  organisation: { parent: '' },
  access: 'restricted',
  visible: new Set(),
  quirks: { noFixedAbode: 'send', refusedSearch: 'fault', maxReplyBytes: 0 },
};

/** A login whose password can become another one while the adapter runs. */
export interface ChangeableLogin extends OperatorLogin {
  /** Lets in who has this password from now on, and nobody who has the one before. @throws TypeError for a hash that was not checked */
  change(passwordHash: string): void;
}

/** Takes over the password of each reload; without a login, or without a password any more, nothing changes before a restart. */
export function renewingPassword(login: ChangeableLogin | undefined): OnReload {
  return ({ listeners: { operations } }) => {
    if (operations.passwordHash !== undefined) login?.change(operations.passwordHash);
  };
}

/**
 * The login of the operations listener by HTTP Basic, slowed down as legacy logins are; undefined where there is no password.
 * @throws TypeError for a hash that was not checked
 */
export function operatorLogin({ passwordHash, ...parts }: OperatorLoginParts): ChangeableLogin | undefined {
  if (passwordHash === undefined) return undefined;
  const accounts = new KnownAccounts([accountWith(passwordHash)]);
  const authenticator = createPasswordAuthenticator({
    ...parts,
    accounts,
    // Passwords in the clear are the only way in.
    nonces: { use: () => 'full' },
  });
  return {
    admit: async (authorization, remoteAddress, signal) => {
      const credentials = readBasicCredentials(authorization);
      // Browsers come without at first, which is no attempt.
      if (credentials === undefined) throw new NotAuthenticated('HTTP does not say who is asking');
      await authenticator.authenticate({ ...credentials, remoteAddress }, signal);
    },
    change: (next) => {
      accounts.replace([accountWith(next)]);
    },
  };
}

function accountWith(passwordHash: string): Account {
  const hash = parsePasswordHash(passwordHash);
  if (hash === undefined) throw new TypeError('listeners.operations.passwordHash was not checked');
  // A password that is remembered as proven is good for as long as this stays the same.
  const credentialDigest = createHash('sha256').update(passwordHash).digest('base64');
  return { username: OPERATOR, passwordHash: hash, credentialDigest, enabled: true, client: operator };
}
