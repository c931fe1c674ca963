import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { TokenRefused, TokenUnavailable } from '../../src/errors/errors.js';
import { AccessTokens, type AccessToken, type TokenSource } from '../../src/helseid/access-tokens.js';
import { tokenLife } from '../../src/helseid/token-life.js';
import type { GrantedToken } from '../../src/helseid/token-client.js';
import type { Organisation } from '../../src/registry/person-registry.js';
import { CountedRandom } from '../support/counted-random.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';

const FULL = 'nhn:hgd-persontjenesten-api/full-access';
const RESTRICTED = 'nhn:hgd-persontjenesten-api/restricted-access';
const HOSPITAL: Organisation = { parent: '310000027' };
const NEVER = new AbortController().signal;

/** A source that answers when the test says so. */
class HeldSource implements TokenSource {
  identity = 'client key';
  readonly asked: { scope: string; organisation: Organisation }[] = [];
  readonly #waiting: { resolve: (token: GrantedToken) => void; reject: (error: Error) => void }[] = [];

  grant(scope: string, organisation: Organisation): Promise<GrantedToken> {
    this.asked.push({ scope, organisation });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  give(accessToken: string, expiresInSeconds = 600): void {
    this.#waiting.shift()?.resolve({ accessToken, expiresInSeconds });
  }

  fail(error: Error): void {
    this.#waiting.shift()?.reject(error);
  }
}

/** A source that answers at once: `token-1`, `token-2`, … */
class ReadySource implements TokenSource {
  granted = 0;
  constructor(private readonly expiresInSeconds = 600) {}

  grant(): Promise<GrantedToken> {
    this.granted += 1;
    return Promise.resolve({
      accessToken: `token-${this.granted}`,
      expiresInSeconds: this.expiresInSeconds,
    });
  }
}

function bench<Source extends TokenSource>(
  source: Source,
): { source: Source; clock: StandingClock; events: RecordedEvents; tokens: AccessTokens } {
  const clock = new StandingClock('2026-03-01T12:00:00.000Z');
  const events = new RecordedEvents();
  return { source, clock, events, tokens: new AccessTokens(source, clock, events, new CountedRandom()) };
}

const valueOf = ({ value }: AccessToken): string => value;

describe('access tokens', () => {
  it('asks once for 500 who ask at once', async () => {
    const { source, tokens } = bench(new HeldSource());
    const asking = Array.from({ length: 500 }, () => tokens.get(FULL, HOSPITAL, NEVER));
    source.give('token-1');
    expect(new Set((await Promise.all(asking)).map(valueOf))).to.deep.equal(new Set(['token-1']));
    expect(source.asked).to.deep.equal([{ scope: FULL, organisation: HOSPITAL }]);
  });

  it('keeps apart scopes, parents and children', async () => {
    const { source, tokens } = bench(new ReadySource());
    const kinds: readonly [string, Organisation][] = [
      [FULL, HOSPITAL],
      [RESTRICTED, HOSPITAL],
      [FULL, { parent: '310000035' }],
      [FULL, { parent: '310000027', child: '310000043' }],
      [FULL, { parent: '310000027', child: '310000051' }],
    ];
    const ask = async (): Promise<string[]> =>
      Promise.all(
        kinds.map(async ([scope, organisation]) => valueOf(await tokens.get(scope, organisation, NEVER))),
      );
    const first = await ask();
    expect(new Set(first).size).to.equal(kinds.length);
    expect(await ask()).to.deep.equal(first);
    expect(source.granted).to.equal(kinds.length);
  });

  describe('the life of a token', () => {
    for (const [life, refreshed, ended] of [
      [3600, 3565, 3595],
      [600, 565, 595],
      [100, 85, 95],
      [60, 49, 55],
      [40, 30, 35],
      [10, 2.5, 5],
      [6, 1.5, 3],
      [1, 0.25, 0.5],
    ] as const) {
      it(`of ${life} s: replaced after ${refreshed} s, handed out for ${ended} s`, () => {
        const { refreshAfter, usableFor } = tokenLife(life);
        expect([refreshAfter / 1000, usableFor / 1000]).to.deep.equal([refreshed, ended]);
      });
    }

    it('leaves time to replace it and a while for nobody, whatever its length', () => {
      fc.assert(
        fc.property(fc.double({ min: 1, max: 1e300, noNaN: true }), (life) => {
          const { refreshAfter, usableFor, whole } = tokenLife(life);
          return (
            refreshAfter > 0 &&
            refreshAfter < usableFor &&
            usableFor <= life * 1000 - Math.min(5000, life * 500) &&
            whole <= 86_400_000
          );
        }),
      );
    });

    it('is counted from when it was asked for, not from when it came', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const asking = tokens.get(FULL, HOSPITAL, NEVER);
      const askedAt = clock.now().getTime();
      await clock.advance(20_000);
      source.give('token-1', 100);
      expect((await asking).freshUntil.getTime()).to.equal(askedAt + 95_000);
    });

    it('is never used up: one that has ended is waited for, and asked for once', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const first = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-1');
      await first;
      await clock.advance(595_000);
      const asking = Array.from({ length: 50 }, () => tokens.get(FULL, HOSPITAL, NEVER));
      source.give('token-2');
      expect(new Set((await Promise.all(asking)).map(valueOf))).to.deep.equal(new Set(['token-2']));
      expect(source.asked).to.have.length(2);
    });
  });

  describe('ahead of its end a token', () => {
    async function held(): Promise<ReturnType<typeof bench<HeldSource>>> {
      const made = bench(new HeldSource());
      const first = made.tokens.get(FULL, HOSPITAL, NEVER);
      made.source.give('token-1');
      await first;
      return made;
    }

    it('is replaced by the clock, without anybody asking, and nobody waits', async () => {
      const { source, clock, tokens } = await held();
      await clock.advance(564_999);
      expect(source.asked).to.have.length(1);
      await clock.advance(1);
      expect(source.asked).to.have.length(2);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER)), 'while the next is on its way').to.equal(
        'token-1',
      );
      await clock.advance(29_999);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER)), 'until shortly before its end').to.equal(
        'token-1',
      );
      source.give('token-2');
      await clock.advance(0);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-2');
      expect(source.asked).to.have.length(2);
    });

    it('goes on being replaced as long as somebody uses it now and then', async () => {
      const { source, clock, tokens } = bench(new ReadySource(600));
      for (let hour = 0; hour < 24; hour += 1) {
        const before = source.granted;
        await tokens.get(FULL, HOSPITAL, NEVER);
        expect(source.granted - before, 'the lookup waited').to.equal(hour === 0 ? 1 : 0);
        for (let minute = 0; minute < 9; minute += 1) await clock.advance(60_000);
      }
      expect(source.granted).to.be.within(22, 26);
    });

    it('that nobody used for a whole life is let go', async () => {
      const { source, clock, tokens } = bench(new ReadySource(600));
      await tokens.get(FULL, HOSPITAL, NEVER);
      for (let step = 0; step < 480; step += 1) await clock.advance(5_000);
      expect(source.granted, 'one replacement, for the life in which it was used').to.equal(2);
      expect(clock.sleeping).to.equal(0);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-3');
    });

    it('that is wanted again just before it is let go stays', async () => {
      const { source, clock, tokens } = bench(new ReadySource(600));
      await tokens.get(FULL, HOSPITAL, NEVER);
      await clock.advance(565_000);
      await clock.advance(580_000);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-2');
      await clock.advance(15_000);
      await clock.advance(1_000);
      expect(source.granted).to.equal(3);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-3');
    });

    it('serves until its end while HelseID is down, then the error is told at once', async () => {
      const { source, clock, events, tokens } = await held();
      await clock.advance(565_000);
      source.fail(new TokenUnavailable('HelseID answered 503'));
      for (let second = 0; second < 29; second += 1) {
        await clock.advance(1_000);
        source.fail(new TokenUnavailable('HelseID answered 503'));
        expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-1');
      }
      expect(source.asked.length, 'ever more seldom').to.be.within(4, 8);
      await clock.advance(1_000);
      const asked = source.asked.length;
      const error: unknown = await tokens.get(FULL, HOSPITAL, NEVER).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(TokenUnavailable);
      expect(source.asked).to.have.length(asked);
      expect(events.of.tokenFailed).to.have.length(asked - 1);
    });

    it('is back without a request once HelseID is, as long as somebody used it', async () => {
      const { source, clock, tokens } = await held();
      await clock.advance(565_000);
      source.fail(new TokenUnavailable('HelseID answered 503'));
      await clock.advance(0);
      for (let second = 0; second < 40; second += 1) {
        await clock.advance(1_000);
        source.give('token-2');
      }
      await clock.advance(0);
      const asked = source.asked.length;
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-2');
      expect(source.asked).to.have.length(asked);
    });

    it('is replaced when the clock is set back, since it ends sooner than it seems to', async () => {
      const { source, clock, tokens } = await held();
      clock.move(-3_600_000);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER)), 'nobody waits').to.equal('token-1');
      expect(source.asked).to.have.length(2);
      source.give('token-2');
      await clock.advance(0);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-2');
      expect(source.asked).to.have.length(2);
    });

    it('is left to its end once closed', async () => {
      const { source, clock, tokens } = await held();
      tokens.close();
      await clock.advance(0);
      expect(clock.sleeping).to.equal(0);
      await clock.advance(594_000);
      expect(source.asked).to.have.length(1);
      tokens.close();
    });
  });

  describe('after a change of key', () => {
    it('one new token is fetched in the background, and no lookup waits or fails', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const first = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-1');
      await first;
      source.identity = 'client new-key';
      for (let asking = 0; asking < 20; asking += 1) {
        expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-1');
      }
      expect(source.asked).to.have.length(2);
      source.give('token-2');
      await clock.advance(0);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-2');
      expect(source.asked).to.have.length(2);
    });

    it('a refusal of the old one holds nobody up', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const refused = tokens.get(FULL, HOSPITAL, NEVER).catch((error: unknown) => error);
      source.fail(new TokenRefused('HelseID answered 400 invalid_client'));
      expect(await refused).to.be.instanceOf(TokenRefused);
      await clock.advance(1);
      expect(await tokens.get(FULL, HOSPITAL, NEVER).catch((error: unknown) => error)).to.be.instanceOf(
        TokenRefused,
      );
      source.identity = 'client new-key';
      const next = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-1');
      expect(valueOf(await next)).to.equal('token-1');
    });
  });

  describe('a token that was not accepted', () => {
    it('is forgotten, and those of others are not', async () => {
      const { source, tokens } = bench(new ReadySource());
      const mine = await tokens.get(FULL, HOSPITAL, NEVER);
      const other = await tokens.get(RESTRICTED, HOSPITAL, NEVER);
      tokens.drop(mine);
      expect(await tokens.get(RESTRICTED, HOSPITAL, NEVER)).to.equal(other);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-3');
      expect(source.granted).to.equal(3);
    });

    it('does not take its successor with it, however many report it', async () => {
      const { source, tokens } = bench(new ReadySource());
      const old = await tokens.get(FULL, HOSPITAL, NEVER);
      tokens.drop(old);
      const successor = await tokens.get(FULL, HOSPITAL, NEVER);
      for (let report = 0; report < 500; report += 1) tokens.drop(old);
      expect(await tokens.get(FULL, HOSPITAL, NEVER)).to.equal(successor);
      expect(source.granted).to.equal(2);
    });
  });

  describe('a token that was not accepted is told of', () => {
    it('once, and not when it is not forgotten', async () => {
      const { events, tokens } = bench(new ReadySource());
      const first = await tokens.get(FULL, HOSPITAL, NEVER);
      tokens.drop(first);
      tokens.drop(first);
      tokens.drop(await tokens.get(FULL, HOSPITAL, NEVER));
      expect(events.of.tokenDropped).to.deep.equal([{ scope: FULL, organisation: HOSPITAL }]);
    });

    it('and so is that there is no other, also while HelseID is left alone', async () => {
      const { source, events, tokens } = bench(new HeldSource());
      const first = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-1');
      tokens.drop(await first);
      const quiet = tokens.quietly().get(RESTRICTED, HOSPITAL, NEVER);
      source.fail(new TokenUnavailable('HelseID answered 503'));
      await quiet.catch(() => undefined);
      for (let lookup = 0; lookup < 3; lookup += 1) {
        const error: unknown = await tokens.get(FULL, HOSPITAL, NEVER).catch((caught: unknown) => caught);
        expect(error).to.be.instanceOf(TokenUnavailable);
      }
      expect(events.of.tokenFailed.map(({ scope }) => scope)).to.deep.equal([FULL]);
    });
  });

  describe('tokens that are never accepted', () => {
    it('are replaced 30 seconds after the clock was set back', async () => {
      const { clock, tokens } = bench(new ReadySource());
      tokens.drop(await tokens.get(FULL, HOSPITAL, NEVER));
      clock.move(-3_600_000);
      const second = await tokens.get(FULL, HOSPITAL, NEVER);
      tokens.drop(second);
      expect(await tokens.get(FULL, HOSPITAL, NEVER)).to.equal(second);
      clock.move(30_000);
      tokens.drop(second);
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-3');
    });

    it('do not become a storm: one new token in 30 seconds', async () => {
      const { source, clock, tokens } = bench(new ReadySource());
      for (let second = 0; second < 60; second += 1) {
        for (let lookup = 0; lookup < 10; lookup += 1) tokens.drop(await tokens.get(FULL, HOSPITAL, NEVER));
        await clock.advance(1_000);
      }
      expect(source.granted).to.equal(3);
    });
  });

  describe('an error', () => {
    const down = new TokenUnavailable('HelseID answered 503');
    const failureOf = async (asking: Promise<AccessToken>): Promise<TokenUnavailable | TokenRefused> => {
      const error: unknown = await asking.catch((caught: unknown) => caught);
      if (error instanceof TokenUnavailable || error instanceof TokenRefused) return error;
      throw new Error('no error of ours');
    };

    it('is told to all who wait, and to whoever comes in the next moments, without asking again', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const asking = Array.from({ length: 20 }, () => failureOf(tokens.get(FULL, HOSPITAL, NEVER)));
      source.fail(down);
      for (const error of await Promise.all(asking)) {
        expect(error).to.include({ message: 'HelseID answered 503', code: 'token-unavailable' });
        expect(error.trouble.retryInSeconds).to.equal(1);
      }
      await clock.advance(400);
      expect(await failureOf(tokens.get(FULL, HOSPITAL, NEVER))).to.be.instanceOf(TokenUnavailable);
      expect(source.asked).to.have.length(1);
      await clock.advance(601);
      const next = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-1');
      expect(valueOf(await next)).to.equal('token-1');
    });

    for (const [kind, error] of [
      ['trouble', down],
      ['refusals', new TokenRefused('HelseID answered 400 invalid_scope')],
    ] as const) {
      it(`in a row makes ever longer pauses, a minute at most: ${kind}`, async () => {
        const { source, clock, tokens } = bench(new HeldSource());
        const askedAt: number[] = [];
        for (let step = 0; step < 6_000; step += 1) {
          const before = source.asked.length;
          const asking = failureOf(tokens.get(FULL, HOSPITAL, NEVER));
          await clock.advance(0);
          if (source.asked.length > before) {
            askedAt.push(step / 10);
            source.fail(error);
          }
          await asking;
          await clock.advance(100);
        }
        const pauses = askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0));
        for (const [index, pause] of pauses.entries()) {
          const whole = Math.min(2 ** index, 60);
          expect(pause, `pause ${index}`).to.be.within(whole / 2, whole + 0.2);
        }
        expect(pauses.length).to.be.within(10, 25);
      });
    }

    for (const [kind, error] of [
      ['trouble', down],
      ['a refusal, as a clock ahead gives', new TokenRefused('HelseID answered 400 invalid_client')],
    ] as const) {
      it(`makes no longer pause because the clock is put right: ${kind}`, async () => {
        const { source, clock, tokens } = bench(new HeldSource());
        const asking = failureOf(tokens.get(FULL, HOSPITAL, NEVER));
        source.fail(error);
        await asking;
        clock.move(-3_600_000);
        expect((await failureOf(tokens.get(FULL, HOSPITAL, NEVER))).trouble.retryInSeconds).to.equal(1);
        await clock.advance(1_001);
        const next = tokens.get(FULL, HOSPITAL, NEVER);
        source.give('token-1');
        expect(valueOf(await next)).to.equal('token-1');
      });
    }

    it('of HelseID’s holds all back; of one who asked, only that one', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const refused = failureOf(tokens.get(FULL, HOSPITAL, NEVER));
      source.fail(new TokenRefused('HelseID answered 400 invalid_request HID-1001'));
      await refused;
      const other = tokens.get(RESTRICTED, HOSPITAL, NEVER);
      source.give('token-1');
      expect(valueOf(await other)).to.equal('token-1');
      const third: Organisation = { parent: '310000035' };
      const unavailable = failureOf(tokens.get(FULL, third, NEVER));
      source.fail(down);
      await unavailable;
      expect(await failureOf(tokens.get(RESTRICTED, third, NEVER))).to.be.instanceOf(TokenUnavailable);
      expect(valueOf(await tokens.get(RESTRICTED, HOSPITAL, NEVER)), 'what is held serves').to.equal(
        'token-1',
      );
      expect(source.asked).to.have.length(3);
      await clock.advance(1_001);
    });

    it('after a pause is looked for by one, and the others wait for what comes of it', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const parents = ['310000027', '310000035', '310000043', '310000051'];
      const first = parents.map((parent) => failureOf(tokens.get(FULL, { parent }, NEVER)));
      parents.forEach(() => {
        source.fail(down);
      });
      await Promise.all(first);
      await clock.advance(1_001);
      const second = parents.map((parent) => tokens.get(FULL, { parent }, NEVER));
      const failing = second.map(failureOf);
      await clock.advance(0);
      expect(source.asked, 'side by side counts as one failure, then one asks').to.have.length(5);
      source.fail(down);
      await Promise.all(failing);
      expect(source.asked).to.have.length(5);
      await clock.advance(2_001);
      const third = parents.map((parent) => tokens.get(FULL, { parent }, NEVER));
      await clock.advance(0);
      expect(source.asked).to.have.length(6);
      source.give('token-1');
      await clock.advance(0);
      expect(source.asked).to.have.length(9);
      for (let one = 1; one < parents.length; one += 1) source.give('token');
      expect(await Promise.all(third)).to.have.length(4);
    });

    it('with a wish to be left alone is heeded', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const asking = failureOf(tokens.get(FULL, HOSPITAL, NEVER));
      source.fail(new TokenUnavailable('HelseID answered 429', { retryInSeconds: 120 }));
      expect((await asking).trouble.retryInSeconds).to.equal(120);
      await clock.advance(119_000);
      expect((await failureOf(tokens.get(FULL, HOSPITAL, NEVER))).trouble.retryInSeconds).to.equal(1);
      expect(source.asked).to.have.length(1);
    });

    it('that is no error of HelseID’s is passed on as it is', async () => {
      const { source, tokens } = bench(new HeldSource());
      const mistake = new TypeError('a mistake');
      const asking: Promise<unknown> = tokens.get(FULL, HOSPITAL, NEVER).catch((caught: unknown) => caught);
      source.fail(mistake);
      expect(await asking).to.equal(mistake);
    });
  });

  describe('asked for quietly', () => {
    it('are the same, and their trouble is told to nobody', async () => {
      const { source, events, tokens } = bench(new HeldSource());
      const quiet = tokens.quietly();
      const failing: Promise<unknown> = quiet.get(FULL, HOSPITAL, NEVER).catch((error: unknown) => error);
      source.fail(new TokenRefused('HelseID answered 400 invalid_scope'));
      await failing;
      const first = quiet.get(RESTRICTED, HOSPITAL, NEVER);
      source.give('token-1');
      expect(valueOf(await first)).to.equal('token-1');
      expect([events.of.tokenFailed.length, events.of.tokenFetched.length]).to.deep.equal([0, 0]);
      expect(valueOf(await tokens.get(RESTRICTED, HOSPITAL, NEVER))).to.equal('token-1');
      expect(events.of.tokenFetched, 'now that somebody else has it').to.have.length(1);
      expect(source.asked).to.have.length(2);
      quiet.drop(await first);
      const next = tokens.get(RESTRICTED, HOSPITAL, NEVER);
      source.give('token-2');
      expect(valueOf(await next)).to.equal('token-2');
      expect(events.of.tokenFetched).to.have.length(2);
    });
  });

  describe('a caller who gives up', () => {
    it('leaves the others waiting for the same token', async () => {
      const { source, tokens } = bench(new HeldSource());
      const caller = new AbortController();
      const leaving = tokens.get(FULL, HOSPITAL, caller.signal);
      const staying = tokens.get(FULL, HOSPITAL, NEVER);
      const reason = new Error('the deadline');
      caller.abort(reason);
      expect(await leaving.catch((error: unknown) => error)).to.equal(reason);
      source.give('token-1');
      expect(valueOf(await staying)).to.equal('token-1');
      expect(source.asked).to.have.length(1);
    });

    it('still leaves the token to those who come later', async () => {
      const { source, tokens } = bench(new HeldSource());
      const caller = new AbortController();
      const leaving = tokens.get(FULL, HOSPITAL, caller.signal);
      caller.abort(new Error('the deadline'));
      await leaving.catch(() => undefined);
      source.give('token-1');
      expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-1');
      expect(source.asked).to.have.length(1);
    });

    it('hears nothing of an error that comes after, nor does the process', async () => {
      const { source, events, tokens } = bench(new HeldSource());
      const caller = new AbortController();
      const leaving = tokens.get(FULL, HOSPITAL, caller.signal);
      caller.abort(new Error('the deadline'));
      expect(await leaving.catch((error: unknown) => error)).to.have.property('message', 'the deadline');
      // An unhandled rejection would fail the run.
      source.fail(new TokenUnavailable('HelseID answered 503'));
      const next = tokens.get(FULL, HOSPITAL, NEVER).catch((error: unknown) => error);
      expect(await next).to.be.instanceOf(TokenUnavailable);
      expect(events.of.tokenFailed).to.have.length(1);
    });

    it('before asking asks for nothing', async () => {
      const { source, tokens } = bench(new HeldSource());
      const reason = new Error('too late');
      const error: unknown = await tokens
        .get(FULL, HOSPITAL, AbortSignal.abort(reason))
        .catch((caught: unknown) => caught);
      expect(error).to.equal(reason);
      expect(source.asked).to.have.length(0);
    });

    it('leaves no listener on its signal, whatever happens', async () => {
      const { source, tokens } = bench(new HeldSource());
      const { signal } = new AbortController();
      const good = tokens.get(FULL, HOSPITAL, signal);
      source.give('token-1');
      await good;
      const bad = tokens.get(RESTRICTED, HOSPITAL, signal);
      source.fail(new TokenUnavailable('HelseID answered 503'));
      await bad.catch(() => undefined);
      await Promise.resolve();
      expect(getEventListeners(signal, 'abort')).to.have.length(0);
    });
  });

  it('tells of tokens and failures without telling a token', async () => {
    const { source, clock, events, tokens } = bench(new HeldSource());
    const first = tokens.get(FULL, HOSPITAL, NEVER);
    await clock.advance(40);
    source.give('the-token', 5);
    await first;
    const second = tokens.get(RESTRICTED, HOSPITAL, NEVER);
    const error = new TokenUnavailable('HelseID answered 503');
    source.fail(error);
    await second.catch(() => undefined);
    expect(events.of.tokenFetched).to.deep.equal([
      {
        scope: FULL,
        organisation: HOSPITAL,
        expiresInSeconds: 5,
        freshUntil: new Date('2026-03-01T12:00:02.500Z'),
        milliseconds: 40,
      },
    ]);
    const [failed] = events.of.tokenFailed;
    expect(failed).to.include({ scope: RESTRICTED, organisation: HOSPITAL });
    expect(failed?.error).to.be.instanceOf(TokenUnavailable).and.have.property('message', error.message);
    expect(inspect(events, { depth: Infinity })).to.not.include('the-token');
  });
});
