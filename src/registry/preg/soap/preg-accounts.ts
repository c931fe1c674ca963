import { PregRejected } from '../../../errors/errors.js';
import type { Clock } from '../../../runtime/clock.js';
import { Span } from '../../../runtime/span.js';
import type { PregAccount } from './preg-service-parts.js';

/** So long an account rests that PREG has refused: a wrong password, sent again and again, gets it locked for everybody. */
const REST_MILLISECONDS = 30_000;

/** Who the clients are at PREG. */
export class PregAccounts {
  readonly #byClient: ReadonlyMap<string, PregAccount>;
  readonly #resting = new Map<string, Span>();

  constructor(
    accounts: readonly PregAccount[],
    private readonly clock: Clock,
  ) {
    this.#byClient = new Map(accounts.map((account) => [account.client, account]));
  }

  /** @throws PregRejected for a client without an account, and while that rests */
  of(clientId: string): PregAccount {
    const account = this.#byClient.get(clientId);
    if (account === undefined) {
      throw new PregRejected('no-account', 'the client has no account in cutover.preg.accounts');
    }
    if ((this.#resting.get(account.username)?.left ?? 0) > 0) {
      throw new PregRejected('not-let-in', 'the account was refused a moment ago and rests');
    }
    return account;
  }

  /** Lets an account rest. */
  refused({ username }: PregAccount): void {
    this.#resting.set(username, new Span(this.clock, REST_MILLISECONDS));
  }
}
