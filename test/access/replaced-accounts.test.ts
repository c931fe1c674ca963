import { expect } from 'chai';
import type { Account, Credential } from '../../src/access/accounts.js';
import { createClientDirectory, isGoodFor } from '../../src/access/client-directory.js';
import { KnownAccounts } from '../../src/access/known-accounts.js';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { createPasswordAuthenticator } from '../../src/access/password-authenticator.js';
import { defaultParameters } from '../../src/access/password-hash.js';
import { NotAuthenticated } from '../../src/errors/errors.js';
import { CountedRandom } from '../support/counted-random.js';
import { digestOf, someNonce } from '../support/digest-token.js';
import { ManualClock } from '../support/manual-clock.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { rejectionOf } from '../support/rejection.js';
import { someClient } from '../support/session-bench.js';

const remoteAddress = '10.0.0.1';

describe('(QUALITY 28) a password that is changed', () => {
  it('is good beside the new one as long as it is kept, and refused at once when it is not', async () => {
    const { login, accounts } = setUp([account(hashed('old'))]);
    expect((await login('old')).provenBy).to.equal('digest of old');
    expect(await rejectionOf(login('new'))).to.be.instanceOf(NotAuthenticated);

    accounts.replace([account(hashed('new'), hashed('old'))]);
    expect((await login('old')).provenBy).to.equal('digest of old');
    expect((await login('new')).provenBy).to.equal('digest of new');
    expect(await rejectionOf(login('older'))).to.be.instanceOf(NotAuthenticated);

    accounts.replace([account(hashed('new'))]);
    expect(await rejectionOf(login('old')), 'though it was remembered').to.be.instanceOf(NotAuthenticated);
    expect((await login('new')).provenBy).to.equal('digest of new');
  });

  it('is told of once an hour while it is used, so that it is known when it can be taken out', async () => {
    const { login, byDigest, events, clock } = setUp([account(hashed('new'), shared('old'))]);
    await login('new');
    expect(events.of.previousPasswordUsed).to.deep.equal([]);
    for (let call = 0; call < 3; call += 1) await login('old');
    for (let call = 0; call < 3; call += 1) await byDigest('old');
    expect(events.of.previousPasswordUsed).to.deep.equal([{ clientId: 'epj' }]);
    clock.advance(60 * 60_000);
    await byDigest('old');
    expect(events.of.previousPasswordUsed).to.have.length(2);
  });

  it('stays remembered where it is not the one that was changed', async () => {
    const { login, accounts, derived } = setUp([account(hashed('old'))]);
    await login('old');
    accounts.replace([account(hashed('new'), hashed('old'))]);
    await login('old');
    expect(derived).to.deep.equal(['old by old']);
  });

  it('costs whoever does not know it as much as everybody else, whatever account has two', async () => {
    const { login, derived, accounts } = setUp([
      account(hashed('new'), hashed('old')),
      account(hashed('x'), undefined, 'lab'),
    ]);
    const cost = async (password: string, username?: string): Promise<number> => {
      const before = derived.length;
      await login(password, username).catch(() => undefined);
      return derived.length - before;
    };
    expect([await cost('guess'), await cost('guess', 'lab'), await cost('guess', 'nobody')]).to.deep.equal([
      2, 2, 2,
    ]);
    accounts.replace([
      account(hashed('x'), undefined, 'lab'),
      { ...account(hashed('new'), hashed('old')), enabled: false },
    ]);
    expect([await cost('new'), await cost('old'), await cost('new', 'nobody')], 'switched off').to.deep.equal(
      [2, 2, 2],
    );
    accounts.replace([account(hashed('new'))]);
    expect([await cost('guess 2'), await cost('guess 2', 'nobody')]).to.deep.equal([1, 1]);
  });

  it('may be a shared secret before and a hash after', async () => {
    const { login, byDigest, accounts } = setUp([account(shared('old'))]);
    expect((await byDigest('old')).provenBy).to.equal('digest of old');
    accounts.replace([account(hashed('new'), shared('old'))]);
    expect((await byDigest('old')).provenBy).to.equal('digest of old');
    expect((await login('old')).provenBy).to.equal('digest of old');
    expect((await login('new')).provenBy).to.equal('digest of new');
    expect(await rejectionOf(byDigest('new')), 'which is a hash').to.be.instanceOf(NotAuthenticated);
    accounts.replace([account(hashed('new'))]);
    expect(await rejectionOf(byDigest('old'))).to.be.instanceOf(NotAuthenticated);
  });

  it('while it is being judged, counts as it is in the end', async () => {
    const { login, accounts, whileDeriving, derived } = setUp([account(hashed('old'))]);
    whileDeriving(() => {
      accounts.replace([account(hashed('new'))]);
    });
    expect(await rejectionOf(login('old'))).to.be.instanceOf(NotAuthenticated);
    whileDeriving(() => {
      accounts.replace([account(hashed('newer'))]);
    });
    expect((await login('newer')).provenBy).to.equal('digest of newer');
    expect(derived).to.deep.equal(['old by old', 'old by new', 'newer by new', 'newer by newer']);
  });
});

describe('accounts that are replaced', () => {
  it('let nobody in who is switched off or gone, and give those who are let in what they may do now', async () => {
    const { login, accounts } = setUp([account(hashed('old'))]);
    expect((await login('old')).access).to.equal('full');
    const [before] = accounts.all;
    if (before === undefined) throw new Error('there is no account');
    accounts.replace([{ ...before, client: { ...before.client, access: 'restricted' } }]);
    expect((await login('old')).access).to.equal('restricted');
    accounts.replace([{ ...before, enabled: false }]);
    expect(await rejectionOf(login('old'))).to.be.instanceOf(NotAuthenticated);
    accounts.replace([]);
    expect(await rejectionOf(login('old'))).to.be.instanceOf(NotAuthenticated);
    accounts.replace([before]);
    expect((await login('old')).id).to.equal('epj');
  });

  it('let what was begun go on as long as its password is good and its client switched on', () => {
    const { accounts } = setUp([account(hashed('old'))]);
    const directory = createClientDirectory(accounts);
    const isGood = (digest: string): boolean | undefined => {
      const known = directory.enabledClient('epj');
      return known && isGoodFor(known, digest);
    };
    expect(isGood('digest of old')).to.equal(true);
    accounts.replace([account(hashed('new'), hashed('old'))]);
    expect([isGood('digest of old'), isGood('digest of new'), isGood('digest of older')]).to.deep.equal([
      true,
      true,
      false,
    ]);
    accounts.replace([account(hashed('new'))]);
    expect([isGood('digest of old'), isGood('digest of new')]).to.deep.equal([false, true]);
    accounts.replace([{ ...account(hashed('new')), enabled: false }]);
    expect(isGood('digest of new')).to.equal(undefined);
  });
});

interface Bench {
  readonly accounts: KnownAccounts;
  readonly clock: ManualClock;
  readonly events: RecordedEvents;
  readonly login: (password: string, username?: string) => Promise<LegacyClient>;
  readonly byDigest: (password: string) => Promise<LegacyClient>;
  /** Each derivation, as the password by that of the hash. */
  readonly derived: string[];
  /** Done during the next derivation. */
  readonly whileDeriving: (happens: () => void) => void;
}

function setUp(known: readonly Account[]): Bench {
  const accounts = new KnownAccounts(known);
  const derived: string[] = [];
  const [clock, events] = [new ManualClock(), new RecordedEvents()];
  let happens: () => void = () => undefined;
  let nonces = 0;
  const authenticator = createPasswordAuthenticator({
    accounts,
    clock,
    random: new CountedRandom(),
    nonces: { use: () => 'fresh' },
    events,
    // Stands for scrypt: the salt holds the password.
    verify: (password, { salt }) => {
      const right = Buffer.from(salt).toString();
      derived.push(`${password} by ${right}`);
      happens();
      happens = () => undefined;
      return Promise.resolve(password === right);
    },
  });
  const { signal } = new AbortController();
  return {
    accounts,
    clock,
    events,
    login: (password, username = 'epj') =>
      authenticator.authenticate({ username, password, remoteAddress }, signal),
    byDigest: (password) => {
      const [nonce, created] = [someNonce((nonces += 1)), '2026-03-01T12:00:00Z'];
      const value = Buffer.from(digestOf(nonce, created, password), 'base64');
      const digest = { value, nonce, created, acceptableUntil: new Date('2026-03-01T12:10:00Z') };
      return authenticator.authenticate({ username: 'epj', digest, remoteAddress }, signal);
    },
    derived,
    whileDeriving: (then) => {
      happens = then;
    },
  };
}

function account(present: Credential, previous?: Credential, name = 'epj'): Account {
  return { ...present, previous, username: name, enabled: true, client: someClient(name) };
}

function hashed(password: string): Credential {
  const passwordHash = { ...defaultParameters, salt: Buffer.from(password), key: new Uint8Array(32) };
  return { passwordHash, credentialDigest: `digest of ${password}` };
}

function shared(password: string): Credential {
  return { sharedSecret: password, credentialDigest: `digest of ${password}` };
}
