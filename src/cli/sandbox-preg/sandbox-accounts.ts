import type { Authenticator, Credentials } from '../../access/authenticator.js';
import type { ClientDirectory, EnabledClient } from '../../access/client-directory.js';
import type { LegacyClient } from '../../access/legacy-client.js';
import { NotAuthenticated } from '../../errors/errors.js';
import { fieldGroups } from '../../person/field-groups.js';
import type { Random } from '../../runtime/random.js';

/** The account of one of our clients at the sandbox's PREG. */
export interface SandboxAccount {
  /** `clients[].id`. */
  readonly client: string;
  readonly username: string;
  readonly password: string;
}

/** The longest answer that we can read of it. */
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/**
 * The accounts at the sandbox's PREG, one for each of our clients, with passwords that are good for this process. They open
 * nothing but made-up persons and are compared as they are: no login here costs what a real one does.
 */
export class SandboxAccounts implements Authenticator, ClientDirectory {
  readonly #byUser: ReadonlyMap<string, SandboxAccount>;

  constructor(clients: readonly string[], random: Random) {
    const accounts = clients.map((client) => ({
      client,
      username: `${client}-at-preg`,
      password: Buffer.from(random.bytes(24)).toString('base64url'),
    }));
    this.#byUser = new Map(accounts.map((account) => [account.username, account]));
  }

  all(): SandboxAccount[] {
    return [...this.#byUser.values()];
  }

  authenticate(credentials: Credentials): Promise<LegacyClient> {
    const account = this.#byUser.get(credentials.username);
    const isRight = 'password' in credentials && credentials.password === account?.password;
    return account !== undefined && isRight
      ? Promise.resolve(clientOf(account))
      : Promise.reject(new NotAuthenticated('not an account of the sandbox’s PREG'));
  }

  enabledClient(id: string): EnabledClient | undefined {
    const account = this.#byUser.get(id);
    return account && { client: clientOf(account), credentialDigest: account.password };
  }
}

/** PREG told its clients everything that it told anybody. */
function clientOf({ username }: SandboxAccount): LegacyClient {
  return {
    id: username,
    protocols: new Set(['hl7v3', 'preg-xml']),
    organisation: { parent: '310000027' },
    access: 'full',
    visible: new Set(fieldGroups),
    quirks: { noFixedAbode: 'send', refusedSearch: 'fault', maxReplyBytes: MAX_REPLY_BYTES },
  };
}
