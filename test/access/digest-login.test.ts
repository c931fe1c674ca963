import { expect } from 'chai';
import type { Account } from '../../src/access/accounts.js';
import { KnownAccounts } from '../../src/access/known-accounts.js';
import type { NonceLedger } from '../../src/access/nonce-ledger.js';
import {
  createPasswordAuthenticator,
  type PasswordAuthenticatorSettings,
} from '../../src/access/password-authenticator.js';
import { defaultParameters, type PasswordHash } from '../../src/access/password-hash.js';
import { InvalidSecurity, NotAuthenticated, Overloaded, StoreFailed } from '../../src/errors/errors.js';
import { CountedRandom } from '../support/counted-random.js';
import { digestOf, someNonce } from '../support/digest-token.js';
import { ManualClock } from '../support/manual-clock.js';
import { noQuirks } from '../support/quirks.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { rejectionOf } from '../support/rejection.js';

const HASH: PasswordHash = { ...defaultParameters, salt: Buffer.from('hash'), key: new Uint8Array(32) };

describe('a login by digest', () => {
  it('lets the right digest in and gives the client behind it', async () => {
    const { login } = setUp();
    expect((await login('anna', 'secret-anna')).id).to.equal('client-anna');
  });

  it('gives one and the same error for whatever is wrong, at no key derivation', async () => {
    const { login, derivations, used } = setUp();
    const errors = [];
    for (const [user, secret] of [
      ['nobody', 'secret-anna'],
      ['anna', 'wrong'],
      ['disabled', 'secret-disabled'],
      ['hashed', 'secret-hashed'],
      ['', ''],
    ] as const) {
      errors.push(await rejectionOf(login(user, secret)));
    }
    for (const error of errors) {
      expect(error).to.be.instanceOf(NotAuthenticated);
      expect(String(error)).to.equal(String(errors[0]));
    }
    expect(derivations).to.deep.equal([]);
    expect(used).to.deep.equal([]);
  });

  it('uses up the nonce of a right digest alone', async () => {
    const { login, used } = setUp();
    await rejectionOf(login('anna', 'wrong', { nonce: someNonce(5) }));
    expect(used).to.deep.equal([]);
    await login('anna', 'secret-anna', { nonce: someNonce(5) });
    expect(used).to.deep.equal([['anna', someNonce(5), new Date('2026-03-01T12:10:00Z')]]);
  });

  it('refuses a digest that was used before, also of two at the same time', async () => {
    const { login, events } = setUp();
    const nonce = someNonce(1);
    const both = await Promise.allSettled([
      login('anna', 'secret-anna', { nonce }),
      login('anna', 'secret-anna', { nonce }),
    ]);
    expect(both.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected']);
    expect(await rejectionOf(login('anna', 'secret-anna', { nonce }))).to.be.instanceOf(InvalidSecurity);
    expect(events.of.authenticationFailed).to.deep.equal([]);
  });

  it('does not count a digest that was used before as a guess', async () => {
    const { login, clock } = setUp();
    for (let time = 0; time < 20; time += 1) {
      await login('anna', 'secret-anna', { nonce: someNonce(1) }).catch(() => undefined);
    }
    expect(clock.sleeps).to.deep.equal([]);
  });

  it('slows guessing down like that of passwords', async () => {
    const { login, clock } = setUp();
    for (let guess = 0; guess < 7; guess += 1) await rejectionOf(login('anna', `guess ${guess}`));
    expect(clock.sleeps).to.deep.equal([250, 500, 1000, 2000]);
    await rejectionOf(login('berit', 'guess'));
    expect(clock.sleeps).to.have.length(4);
  });

  it('lets nobody who has just proven itself wait for the guesses of others', async () => {
    const { login, clock } = setUp();
    await login('anna', 'secret-anna', { address: '10.0.0.1' });
    for (let guess = 0; guess < 9; guess += 1) {
      await rejectionOf(login('anna', `guess ${guess}`, { address: '10.0.0.2' }));
      await rejectionOf(login(`other ${guess}`, 'guess', { address: '10.0.0.1' }));
    }
    const slept = clock.sleeps.length;
    await login('anna', 'secret-anna', { address: '10.0.0.1' });
    expect(clock.sleeps).to.have.length(slept);
  });

  it('gives those who guess no fresh start by each right digest', async () => {
    const { login, clock } = setUp();
    await login('anna', 'secret-anna', { address: '10.0.0.1' });
    for (let guess = 0; guess < 7; guess += 1) {
      await rejectionOf(login('anna', `guess ${guess}`, { address: '10.0.0.2' }));
      await login('anna', 'secret-anna', { address: '10.0.0.1' });
    }
    expect(clock.sleeps).to.deep.equal([250, 500, 1000, 2000]);
  });

  it('slows down guesses at the address of the one who has proven itself, too', async () => {
    const { login, clock } = setUp();
    for (let guess = 0; guess < 7; guess += 1) {
      await rejectionOf(login('anna', `guess ${guess}`));
      await login('anna', 'secret-anna');
    }
    expect(clock.sleeps.filter((sleep) => sleep >= 1000)).to.have.length.greaterThan(1);
  });

  it('forgets who has proven itself after a day', async () => {
    const { login, clock } = setUp();
    await login('anna', 'secret-anna', { address: '10.0.0.1' });
    clock.advance(24 * 60 * 60_000);
    for (let guess = 0; guess < 4; guess += 1) {
      await rejectionOf(login('anna', `guess ${guess}`, { address: '10.0.0.2' }));
    }
    clock.sleeps.length = 0;
    await login('anna', 'secret-anna', { address: '10.0.0.1' });
    expect(clock.sleeps).to.deep.equal([500]);
  });

  it('takes no more at a time than there is room for', async () => {
    const { login } = setUp({ attemptsAtOnce: 1 });
    const [, second] = await Promise.allSettled([
      login('anna', 'secret-anna'),
      login('berit', 'secret-berit'),
    ]);
    expect(second.status === 'rejected' && second.reason).to.be.instanceOf(Overloaded);
  });

  it('turns a client away that has no room for nonces, and tells so once', async () => {
    const { login, events, answers } = setUp();
    answers.push('full', 'full', 'fresh', 'full');
    for (let time = 0; time < 4; time += 1) await login('anna', 'secret-anna').catch(() => undefined);
    expect(events.of.noncesExhausted).to.deep.equal([
      { clientId: 'client-anna' },
      { clientId: 'client-anna' },
    ]);
    answers.push('full');
    expect(await rejectionOf(login('anna', 'secret-anna'))).to.be.instanceOf(Overloaded);
    expect(events.of.noncesExhausted).to.have.length(2);
  });

  it('lets nobody in when the nonce cannot be taken note of', async () => {
    const { login, answers } = setUp();
    answers.push(new StoreFailed('disk full'));
    expect(await rejectionOf(login('anna', 'secret-anna'))).to.be.instanceOf(StoreFailed);
  });

  it('is of no use as a password', async () => {
    const { loginInClear } = setUp();
    const digest = digestOf(someNonce(), '2026-03-01T12:00:00Z', 'secret-anna');
    expect(await rejectionOf(loginInClear('anna', digest))).to.be.instanceOf(NotAuthenticated);
  });
});

describe('a login in clear by a client with a shared secret', () => {
  it('is let in at the cost of one derivation of nobody’s hash', async () => {
    const { loginInClear, derivations } = setUp();
    expect((await loginInClear('anna', 'secret-anna')).id).to.equal('client-anna');
    expect(await rejectionOf(loginInClear('anna', 'wrong'))).to.be.instanceOf(NotAuthenticated);
    expect(await rejectionOf(loginInClear('nobody', 'wrong'))).to.be.instanceOf(NotAuthenticated);
    expect(derivations).to.have.length(3);
    for (const hash of derivations) {
      expect(hash.salt).to.not.deep.equal(HASH.salt);
      expect([hash.cost, hash.salt.length, hash.key.length]).to.deep.equal([HASH.cost, 4, 32]);
    }
  });

  it('takes a password for the same however its letters are composed', async () => {
    const { loginInClear } = setUp();
    expect((await loginInClear('berit', 'secret-berit'.normalize('NFD'))).id).to.equal('client-berit');
    expect((await loginInClear('åse', 'secret-a\u030ase')).id).to.equal('client-åse');
  });

  it('is refused while the client is switched off', async () => {
    const { loginInClear } = setUp();
    expect(await rejectionOf(loginInClear('disabled', 'secret-disabled'))).to.be.instanceOf(NotAuthenticated);
  });
});

interface Wish {
  readonly nonce?: Uint8Array;
  readonly address?: string;
}

function setUp(settings: Partial<PasswordAuthenticatorSettings> = {}): {
  login: (user: string, secret: string, wish?: Wish) => Promise<{ readonly id: string }>;
  loginInClear: (user: string, password: string) => Promise<{ readonly id: string }>;
  clock: ManualClock;
  derivations: PasswordHash[];
  events: RecordedEvents;
  used: Parameters<NonceLedger['use']>[];
  /** What the ledger says next, in place of what it knows. */
  answers: (ReturnType<NonceLedger['use']> | Error)[];
} {
  const clock = new ManualClock();
  const events = new RecordedEvents();
  const derivations: PasswordHash[] = [];
  const used: Parameters<NonceLedger['use']>[] = [];
  const answers: (ReturnType<NonceLedger['use']> | Error)[] = [];
  let nonces = 1_000;
  const authenticator = createPasswordAuthenticator({
    accounts: new KnownAccounts([
      { ...account('hashed'), passwordHash: HASH },
      ...['anna', 'berit', 'åse'].map((name) => ({ ...account(name), sharedSecret: `secret-${name}` })),
      { ...account('disabled'), sharedSecret: 'secret-disabled', enabled: false },
    ]),
    clock,
    random: new CountedRandom(),
    events,
    nonces: {
      use: (...request) => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        if (answer !== undefined) return answer;
        const [user, nonce] = request;
        const isUsed = used.some(([name, before]) => name === user && Buffer.from(before).equals(nonce));
        if (!isUsed) used.push(request);
        return isUsed ? 'used' : 'fresh';
      },
    },
    settings,
    verify: (_password, hash) => {
      derivations.push(hash);
      return Promise.resolve(false);
    },
  });
  const { signal } = new AbortController();
  return {
    login: (username, secret, { nonce = someNonce((nonces += 1)), address = '10.0.0.1' } = {}) => {
      const created = '2026-03-01T12:00:00Z';
      const value = Buffer.from(digestOf(nonce, created, secret), 'base64');
      const digest = { value, nonce, created, acceptableUntil: new Date('2026-03-01T12:10:00Z') };
      return authenticator.authenticate({ username, digest, remoteAddress: address }, signal);
    },
    loginInClear: (username, password) =>
      authenticator.authenticate({ username, password, remoteAddress: '10.0.0.1' }, signal),
    clock,
    derivations,
    events,
    used,
    answers,
  };
}

function account(name: string): Pick<Account, 'username' | 'credentialDigest' | 'enabled' | 'client'> {
  return {
    username: name,
    credentialDigest: `digest-${name}`,
    enabled: true,
    client: {
      id: `client-${name}`,
      protocols: new Set(['hl7v3']),
      organisation: { parent: '999999999' },
      access: 'full',
      visible: new Set(['names']),
      quirks: noQuirks,
    },
  };
}
