import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import fc from 'fast-check';
import { TokenUnavailable } from '../../src/errors/errors.js';
import { AccessTokens, type AccessToken, type TokenSource } from '../../src/helseid/access-tokens.js';
import type { GrantedToken } from '../../src/helseid/token-client.js';
import type { Organisation } from '../../src/registry/person-registry.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';

const FULL = 'nhn:hgd-persontjenesten-api/full-access';
const RESTRICTED = 'nhn:hgd-persontjenesten-api/restricted-access';
const HOSPITAL: Organisation = { parent: '310000027' };
const NEVER = new AbortController().signal;

/** A source that answers when the test says so. */
class HeldSource implements TokenSource {
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
  return { source, clock, events, tokens: new AccessTokens(source, clock, events) };
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

  describe('freshness', () => {
    for (const [life, fresh] of [
      [3600, 3570],
      [600, 570],
      [100, 90],
      [60, 54],
      [40, 35],
      [6, 1],
    ] as const) {
      it(`of a token that lives ${life} s ends after ${fresh} s`, async () => {
        const { clock, tokens } = bench(new ReadySource(life));
        const first = await tokens.get(FULL, HOSPITAL, NEVER);
        expect(first.freshUntil.toISOString()).to.equal(
          new Date(clock.now().getTime() + fresh * 1000).toISOString(),
        );
        await clock.advance(fresh * 1000 - 1);
        expect(await tokens.get(FULL, HOSPITAL, NEVER)).to.equal(first);
        await clock.advance(1);
        expect(valueOf(await tokens.get(FULL, HOSPITAL, NEVER))).to.equal('token-2');
      });
    }

    it('is counted from when it was asked for, not from when it came', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const asking = tokens.get(FULL, HOSPITAL, NEVER);
      const askedAt = clock.now().getTime();
      await clock.advance(20_000);
      source.give('token-1', 100);
      expect((await asking).freshUntil.getTime()).to.equal(askedAt + 90_000);
    });

    it('of a token that lives hardly at all is none: it serves those who waited and nobody else', async () => {
      const { source, tokens } = bench(new ReadySource(5));
      await Promise.all([tokens.get(FULL, HOSPITAL, NEVER), tokens.get(FULL, HOSPITAL, NEVER)]);
      expect(source.granted).to.equal(1);
      await tokens.get(FULL, HOSPITAL, NEVER);
      expect(source.granted).to.equal(2);
    });

    it('never lasts as long as the token, whatever its life', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 100_000 }), async (life) => {
          const { clock, tokens } = bench(new ReadySource(life));
          const { freshUntil } = await tokens.get(FULL, HOSPITAL, NEVER);
          const early = life - (freshUntil.getTime() - clock.now().getTime()) / 1000;
          return early >= 5 && early <= 30;
        }),
      );
    });

    it('refreshes once for all who find it ended', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const first = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-1');
      await first;
      await clock.advance(570_000);
      const asking = Array.from({ length: 50 }, () => tokens.get(FULL, HOSPITAL, NEVER));
      source.give('token-2');
      expect(new Set((await Promise.all(asking)).map(valueOf))).to.deep.equal(new Set(['token-2']));
      expect(source.asked).to.have.length(2);
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

  describe('an error', () => {
    it('is told to all who wait and remembered by nobody', async () => {
      const { source, tokens } = bench(new HeldSource());
      const error = new TokenUnavailable('HelseID answered 503');
      const asking = Array.from({ length: 20 }, () => tokens.get(FULL, HOSPITAL, NEVER));
      source.fail(error);
      for (const outcome of await Promise.allSettled(asking)) {
        expect(outcome).to.deep.equal({ status: 'rejected', reason: error });
      }
      expect(source.asked).to.have.length(1);
      const next = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-1');
      expect(valueOf(await next)).to.equal('token-1');
    });

    it('while refreshing does not bring the ended token back', async () => {
      const { source, clock, tokens } = bench(new HeldSource());
      const first = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-1');
      await first;
      await clock.advance(570_000);
      const refreshing = tokens.get(FULL, HOSPITAL, NEVER);
      source.fail(new TokenUnavailable('HelseID answered 503'));
      expect(await refreshing.catch((error: unknown) => error)).to.be.instanceOf(TokenUnavailable);
      const again = tokens.get(FULL, HOSPITAL, NEVER);
      source.give('token-2');
      expect(valueOf(await again)).to.equal('token-2');
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
      source.give('token-1', 5);
      await good;
      const bad = tokens.get(FULL, HOSPITAL, signal);
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
    const second = tokens.get(FULL, HOSPITAL, NEVER);
    const error = new TokenUnavailable('HelseID answered 503');
    source.fail(error);
    await second.catch(() => undefined);
    expect(events.of.tokenFetched).to.deep.equal([{ scope: FULL, expiresInSeconds: 5, milliseconds: 40 }]);
    expect(events.of.tokenFailed).to.deep.equal([{ scope: FULL, error }]);
  });
});
