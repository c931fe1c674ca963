import { expect } from 'chai';
import { NotAuthenticated, Overloaded } from '../../src/errors/errors.js';
import type { Account } from '../../src/access/accounts.js';
import type { Authenticator } from '../../src/access/authenticator.js';
import { KnownAccounts } from '../../src/access/known-accounts.js';
import {
  createPasswordAuthenticator,
  type PasswordAuthenticatorSettings,
} from '../../src/access/password-authenticator.js';
import type { PasswordHash, verifyPassword } from '../../src/access/password-hash.js';
import type { AdapterEvents } from '../../src/operations/events.js';
import { CountedRandom } from '../support/counted-random.js';
import { ManualClock } from '../support/manual-clock.js';
import { until } from '../support/until.js';
import { noQuirks } from '../support/quirks.js';

describe('password authenticator', () => {
  it('lets the right password in and gives the client behind it', async () => {
    const { login } = setUp();
    expect((await login('anna', 'right-anna')).id).to.equal('client-anna');
    expect((await login('berit', 'right-berit')).id).to.equal('client-berit');
  });

  it('gives one and the same error for an unknown user, a wrong password and a disabled client', async () => {
    const { login } = setUp();
    const errors = await Promise.all([
      rejection(login('nobody', 'right-anna')),
      rejection(login('anna', 'wrong')),
      rejection(login('disabled', 'right-disabled')),
    ]);
    for (const error of errors) {
      expect(error).to.be.instanceOf(NotAuthenticated);
      expect(String(error)).to.equal(String(errors[0]));
    }
  });

  it('names no user and no password in the error', async () => {
    const { login } = setUp();
    const error = await rejection(login('anna', 'almost-right'));
    expect(JSON.stringify([String(error), error])).to.not.match(/anna|almost-right/);
  });

  it('pays for one derivation with the same parameters when the user is unknown', async () => {
    const { login, derivations } = setUp();
    await rejection(login('anna', 'wrong'));
    await rejection(login('nobody', 'wrong'));
    const [known, unknown] = derivations;
    expect(derivations).to.have.length(2);
    expect(parameters(unknown)).to.deep.equal(parameters(known));
    expect(unknown?.key).to.not.deep.equal(known?.key);
  });

  it('remembers a proven credential for a while and derives again after it', async () => {
    const { login, derivations, clock } = setUp();
    await login('anna', 'right-anna');
    await login('anna', 'right-anna', '10.0.0.9');
    expect(derivations).to.have.length(1);
    clock.advance(10 * 60_000);
    await login('anna', 'right-anna');
    expect(derivations).to.have.length(2);
  });

  it('does not take a wrong password for a remembered one', async () => {
    const { login } = setUp();
    await login('anna', 'right-anna');
    expect(await rejection(login('anna', 'right-ann'))).to.be.instanceOf(NotAuthenticated);
    expect(await rejection(login('annar', 'ight-anna'))).to.be.instanceOf(NotAuthenticated);
  });

  it('answers a burst of the same credential with one derivation', async () => {
    const { login, derivations, clock } = setUp();
    await Promise.all(Array.from({ length: 50 }, () => login('anna', 'right-anna')));
    expect(derivations).to.have.length(1);
    expect(clock.sleeps).to.deep.equal([]);
  });

  it('slows guessing down more and more, up to a limit, before the derivation is paid for', async () => {
    const { login, clock, derivations } = setUp();
    let derivedAtLastSleep = 0;
    clock.onSleep = () => {
      derivedAtLastSleep = derivations.length;
    };
    for (let guess = 0; guess < 10; guess += 1) await rejection(login('anna', `guess ${guess}`));
    expect(clock.sleeps).to.deep.equal([250, 500, 1000, 2000, 4000, 5000, 5000]);
    expect(derivedAtLastSleep).to.equal(9);
  });

  it('slows down guesses that come all at once, too', async () => {
    const { login, clock } = setUp();
    await Promise.all(Array.from({ length: 8 }, (_, guess) => rejection(login('anna', `guess ${guess}`))));
    expect(clock.sleeps).to.deep.equal([250, 500, 1000, 2000, 4000]);
  });

  it('slows down one address that tries many users, and nobody else', async () => {
    const { login, clock } = setUp();
    for (let guess = 0; guess < 11; guess += 1)
      await rejection(login(`user ${guess}`, 'Winter2026', '10.9.9.9'));
    expect(clock.sleeps).to.deep.equal([250]);
    await login('berit', 'right-berit', '10.1.1.1');
    expect(clock.sleeps).to.deep.equal([250]);
  });

  it('takes all addresses of one IPv6 network for one', async () => {
    const { login, clock } = setUp();
    for (let guess = 0; guess < 11; guess += 1)
      await rejection(login(`user ${guess}`, 'Winter2026', `2001:db8:0:1::${guess}`));
    expect(clock.sleeps).to.deep.equal([250]);
    await login('berit', 'right-berit', '2001:db8:0:2::1');
    expect(clock.sleeps).to.deep.equal([250]);
  });

  it('slows down guesses for one user from many addresses', async () => {
    const { login, clock } = setUp();
    for (let guess = 0; guess < 5; guess += 1) await rejection(login('anna', 'wrong', `10.0.0.${guess}`));
    expect(clock.sleeps).to.deep.equal([250, 500]);
  });

  it('never locks the right password out, and begins anew for the user after it', async () => {
    const { login, clock } = setUp();
    for (let guess = 0; guess < 30; guess += 1) await rejection(login('anna', `guess ${guess}`));
    expect((await login('anna', 'right-anna')).id).to.equal('client-anna');
    const before = clock.sleeps.length;
    await rejection(login('anna', 'wrong', '10.0.0.9'));
    expect(clock.sleeps).to.have.length(before);
  });

  it('does not forgive an address its guesses for one right password among them', async () => {
    const { login, clock } = setUp();
    for (let guess = 0; guess < 12; guess += 1) await rejection(login(`user ${guess}`, 'Winter2026'));
    await login('berit', 'right-berit');
    const before = clock.sleeps.length;
    await rejection(login('somebody else', 'Winter2026'));
    expect(clock.sleeps.slice(before)).to.deep.equal([1000]);
  });

  for (const [what, settings, addresses] of [
    ['one address', { delayedCallersPerAddress: 2 }, ['10.9.9.9', '10.9.9.9', '10.9.9.9']],
    ['one IPv6 network', { delayedCallersPerAddress: 2 }, ['2001:db8::1', '2001:db8::2', '2001:db8::3']],
    ['all addresses', { delayedCallersAtOnce: 2 }, ['10.9.9.1', '10.9.9.2', '10.9.9.3']],
  ] as const) {
    it(`turns away who comes when enough callers from ${what} wait out a delay`, async () => {
      const { login, gate } = setUp(settings);
      await login('berit', 'right-berit');
      for (let guess = 0; guess < 5; guess += 1) await rejection(login('anna', `guess ${guess}`, '10.9.9.9'));
      gate.close();
      const [first, second, third] = addresses.map((address) =>
        rejection(login('anna', 'the same guess', address)),
      );
      expect(await third).to.be.instanceOf(Overloaded);
      expect((await login('berit', 'right-berit')).id, 'who is known passes').to.equal('client-berit');
      gate.open();
      for (const waiting of [first, second]) expect(await waiting).to.be.instanceOf(NotAuthenticated);
      expect(await rejection(login('anna', 'later', addresses[0]))).to.be.instanceOf(NotAuthenticated);
    });
  }

  it('does not slow down a remembered credential while its account is under attack', async () => {
    const { login, clock } = setUp();
    await login('anna', 'right-anna');
    for (let guess = 0; guess < 10; guess += 1) await rejection(login('anna', `guess ${guess}`, '10.9.9.9'));
    const before = clock.sleeps.length;
    await login('anna', 'right-anna');
    expect(clock.sleeps).to.have.length(before);
    await rejection(login('anna', 'one more guess', '10.9.9.9'));
    expect(clock.sleeps.at(-1), 'the attack is not forgiven by it').to.equal(5000);
  });

  it('does not make a user wait, or turn it away, where it came in from within a day', async () => {
    const { login, clock, gate } = setUp({ delayedCallersAtOnce: 1 });
    await login('anna', 'right-anna');
    clock.advance(10 * 60 * 60_000);
    for (let guess = 0; guess < 10; guess += 1) await rejection(login('anna', `guess ${guess}`, '10.9.9.9'));
    const before = clock.sleeps.length;
    gate.close();
    const waiting = rejection(login('anna', 'one more guess', '10.9.9.9'));
    const renewal = login('anna', 'right-anna');
    gate.open();
    expect((await renewal).id).to.equal('client-anna');
    expect(await waiting).to.be.instanceOf(NotAuthenticated);
    expect(clock.sleeps.slice(before)).to.deep.equal([5000]);
    await rejection(login('anna', 'and one more', '10.9.9.9'));
    expect(clock.sleeps.at(-1), 'the attack is not forgiven by it').to.equal(5000);
  });

  it('slows down guesses where the user came in from, too', async () => {
    const { login, clock } = setUp();
    await login('anna', 'right-anna');
    for (let guess = 0; guess < 7; guess += 1) await rejection(login('anna', `guess ${guess}`));
    expect(clock.sleeps).to.deep.equal([250, 500, 1000, 2000]);
  });

  it('forgets failures in time', async () => {
    const { login, clock } = setUp();
    for (let guess = 0; guess < 5; guess += 1) await rejection(login('anna', `guess ${guess}`));
    const before = clock.sleeps.length;
    clock.advance(15 * 60_000);
    await rejection(login('anna', 'wrong'));
    expect(clock.sleeps).to.have.length(before);
  });

  it('derives two keys at a time and turns away who finds the line full', async () => {
    const { login, gate } = setUp({ derivationsWaiting: 3 });
    gate.close();
    const attempts = Array.from({ length: 6 }, (_, index) => login(`user ${index}`, 'x', `10.0.0.${index}`));
    const outcomes = Promise.all(attempts.map(rejection));
    await until(() => gate.waiting === 2);
    gate.open();
    const errors = await outcomes;
    expect(errors.filter((error) => error instanceof Overloaded)).to.have.length(1);
    expect(errors.filter((error) => error instanceof NotAuthenticated)).to.have.length(5);
    expect(gate.most).to.equal(2);
  });

  it('does not hold a login against a user that was turned away', async () => {
    const { login, gate, clock } = setUp({ derivationsAtOnce: 1, derivationsWaiting: 0 });
    gate.close();
    const first = login('berit', 'right-berit');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await rejection(login('anna', `try ${attempt}`))).to.be.instanceOf(Overloaded);
    }
    gate.open();
    await first;
    await login('anna', 'right-anna');
    expect(clock.sleeps).to.deep.equal([]);
  });

  it('stops waiting when the caller is gone, and spares the derivation', async () => {
    const { login, derivations, clock } = setUp();
    for (let guess = 0; guess < 5; guess += 1) await rejection(login('anna', `guess ${guess}`));
    const caller = new AbortController();
    clock.onSleep = () => {
      caller.abort(new Error('peer is gone'));
    };
    const before = derivations.length;
    expect(String(await rejection(login('anna', 'another', '127.0.0.1', caller.signal)))).to.contain('gone');
    await until(() => clock.sleeps.length === 3);
    expect(derivations).to.have.length(before);
  });

  it('serves those who still wait when one of them leaves', async () => {
    const { login, gate } = setUp();
    gate.close();
    const leaver = new AbortController();
    const left = rejection(login('anna', 'right-anna', '127.0.0.1', leaver.signal));
    const stays = login('anna', 'right-anna');
    await until(() => gate.waiting === 1);
    leaver.abort(new Error('peer is gone'));
    expect(String(await left)).to.contain('gone');
    gate.open();
    expect((await stays).id).to.equal('client-anna');
  });

  it('reports each failure with address and count, and nothing about the credential', async () => {
    const { login, events } = setUp();
    await rejection(login('anna', 'wrong 1', '10.0.0.7'));
    await rejection(login('anna', 'wrong 2', '10.0.0.7'));
    await login('anna', 'right-anna', '10.0.0.7');
    expect(events).to.deep.equal([
      { remoteAddress: '10.0.0.7', failures: 1 },
      { remoteAddress: '10.0.0.7', failures: 2 },
    ]);
  });
});

/** Lets derivations through, or holds them, and counts how many there are at a time. */
class Gate {
  most = 0;
  waiting = 0;
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;

  close(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  async pass(): Promise<void> {
    this.waiting += 1;
    this.most = Math.max(this.most, this.waiting);
    await this.#opened;
    this.waiting -= 1;
  }
}

function setUp(settings: Partial<PasswordAuthenticatorSettings> = {}): {
  login: (
    user: string,
    password: string,
    address?: string,
    signal?: AbortSignal,
  ) => ReturnType<Authenticator['authenticate']>;
  clock: ManualClock;
  gate: Gate;
  derivations: PasswordHash[];
  events: AdapterEvents['authenticationFailed'][];
} {
  const clock = new ManualClock();
  const gate = new Gate();
  const derivations: PasswordHash[] = [];
  const events: AdapterEvents['authenticationFailed'][] = [];
  // Stands for scrypt, so that a test takes no time: the salt holds the right password.
  const verify: typeof verifyPassword = async (password, hash) => {
    derivations.push(hash);
    await gate.pass();
    return Buffer.from(hash.salt).toString() === password;
  };
  const authenticator = createPasswordAuthenticator({
    accounts: new KnownAccounts([account('anna'), account('berit'), account('disabled', false)]),
    clock,
    random: new CountedRandom(),
    nonces: { use: () => 'fresh' },
    events: {
      emit: (name, event) => {
        if (name === 'authenticationFailed' && 'remoteAddress' in event && 'failures' in event)
          events.push(event);
      },
    },
    settings,
    verify,
  });
  return {
    login: (username, password, remoteAddress = '127.0.0.1', signal = new AbortController().signal) =>
      authenticator.authenticate({ username, password, remoteAddress }, signal),
    clock,
    gate,
    derivations,
    events,
  };
}

function account(name: string, enabled = true): Account {
  return {
    username: name,
    passwordHash: {
      cost: 65536,
      blockSize: 8,
      parallelization: 1,
      salt: Buffer.from(`right-${name}`),
      key: new Uint8Array(48),
    },
    credentialDigest: `digest-${name}`,
    enabled,
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

function parameters(hash: PasswordHash | undefined): unknown {
  return hash && [hash.cost, hash.blockSize, hash.parallelization, hash.salt.length, hash.key.length];
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was fulfilled');
}
