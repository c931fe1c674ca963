import { expect } from 'chai';
import {
  CallerLeft,
  PregRejected,
  PregUnavailable,
  TokenRefused,
  type TokenUnavailable,
} from '../../src/errors/errors.js';
import { tokenTrouble } from '../../src/helseid/token-errors.js';
import {
  plaintextCheck,
  storeCheck,
  watchPreg,
  watchStaleAnswers,
  watchToken,
  watchUpstream,
} from '../../src/operations/health-checks.js';
import { createHealth } from '../../src/operations/health.js';
import { silentLogger } from '../../src/operations/logger.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import { ManualClock } from '../support/manual-clock.js';
import { logFixture } from './log-fixture.js';

const correlationId = newCorrelationId(new CountedRandom());

const organisation = { parent: '310000027' };

describe('health', () => {
  it('is ready when nothing has failed, warnings included', () => {
    const health = createHealth(silentLogger);
    health.register('a', () => ({ status: 'ok' }));
    health.register('b', () => ({ status: 'warning', reason: 'look here' }));
    expect(health.readiness()).to.deep.equal({
      status: 'ready',
      checks: { a: { status: 'ok' }, b: { status: 'warning', reason: 'look here' } },
    });
  });

  it('is not ready when one check has failed, and still tells of the others', () => {
    const health = createHealth(silentLogger);
    health.register('a', () => ({ status: 'failed', reason: 'broken' }));
    health.register('b', () => ({ status: 'ok' }));
    expect(health.readiness()).to.deep.equal({
      status: 'not-ready',
      checks: { a: { status: 'failed', reason: 'broken' }, b: { status: 'ok' } },
    });
  });

  it('takes a check that throws for failed, tells nothing of it in public and all in the log', async () => {
    const log = logFixture();
    const health = createHealth(log.logger);
    health.register('a', () => {
      throw new Error('inner details');
    });
    const readiness = health.readiness();
    expect(readiness.status).to.equal('not-ready');
    expect(JSON.stringify(readiness)).not.to.include('inner details');
    expect(JSON.stringify(await log.records())).to.include('inner details');
  });

  it('asks anew each time', () => {
    const health = createHealth(silentLogger);
    let broken = true;
    health.register('a', () => ({ status: broken ? 'failed' : 'ok' }));
    expect(health.readiness().status).to.equal('not-ready');
    broken = false;
    expect(health.readiness().status).to.equal('ready');
  });

  it('is not ready once stopping has begun', () => {
    const health = createHealth(silentLogger);
    health.register('a', () => ({ status: 'ok' }));
    health.stopping();
    const { status, checks } = health.readiness();
    expect(status).to.equal('not-ready');
    expect(checks['process']).to.deep.equal({ status: 'failed', reason: 'the adapter is stopping' });
    expect(checks['a']).to.deep.equal({ status: 'ok' });
  });

  it('refuses two checks of one name', () => {
    const health = createHealth(silentLogger);
    health.register('a', () => ({ status: 'ok' }));
    expect(() => {
      health.register('a', () => ({ status: 'ok' }));
    }).to.throw(RangeError);
  });

  describe('of the store', () => {
    it('is what a write shows', () => {
      expect(storeCheck({ writeTrouble: () => undefined })()).to.deep.equal({ status: 'ok' });
      expect(storeCheck({ writeTrouble: () => 'the disk is full' })()).to.deep.equal({
        status: 'failed',
        reason: 'the disk is full',
      });
    });
  });

  describe('of plaintext listeners', () => {
    it('warns about them by name', () => {
      expect(plaintextCheck([])()).to.deep.equal({ status: 'ok' });
      const result = plaintextCheck(['listeners.legacy'])();
      expect(result.status).to.equal('warning');
      expect(result.reason).to.include('listeners.legacy');
    });
  });

  describe('of Persontjenesten', () => {
    const call = (httpStatus: number | null) => ({
      correlationId,
      operation: 'get-by-nin',
      httpStatus,
      milliseconds: 1,
      reusedConnection: false,
    });

    it('is well before the first call, and says so', () => {
      expect(watchUpstream(new ManualClock()).check()).to.deep.equal({
        status: 'ok',
        reason: 'not called yet',
      });
    });

    for (const httpStatus of [null, 500, 503]) {
      it(`has failed when the last call ended with ${httpStatus ?? 'no answer'}, until one goes well`, () => {
        const clock = new ManualClock('2025-03-01T12:00:00.000Z');
        const watch = watchUpstream(clock);
        watch.listener('upstreamCalled', call(httpStatus));
        expect(watch.check()).to.include({ status: 'failed', at: '2025-03-01T12:00:00.000Z' });
        clock.advance(1_000);
        watch.listener('upstreamCalled', call(200));
        expect(watch.check()).to.deep.equal({ status: 'ok', at: '2025-03-01T12:00:01.000Z' });
      });
    }

    for (const httpStatus of [200, 400, 404]) {
      it(`is well when it answers ${httpStatus}`, () => {
        const watch = watchUpstream(new ManualClock());
        watch.listener('upstreamCalled', call(httpStatus));
        expect(watch.check().status).to.equal('ok');
      });
    }

    for (const httpStatus of [401, 403, 429]) {
      it(`only warns when it answers ${httpStatus}, which is about the one who asked`, () => {
        const watch = watchUpstream(new ManualClock());
        watch.listener('upstreamCalled', call(httpStatus));
        expect(watch.check()).to.include({
          status: 'warning',
          reason: `Persontjenesten answered ${httpStatus}`,
        });
      });
    }

    it('tells an outage as one cause, however it is met, and a refusal as another one', () => {
      const watch = watchUpstream(new ManualClock());
      const causesAfter = (httpStatus: number | null): unknown => {
        watch.listener('upstreamCalled', call(httpStatus));
        return watch.check().causes;
      };
      expect([causesAfter(null), causesAfter(503)]).to.deep.equal([['unavailable'], ['unavailable']]);
      expect([causesAfter(403), causesAfter(429)]).to.deep.equal([['refused'], ['busy']]);
      watch.listener('breakerChanged', { state: 'open', retryInSeconds: 10 });
      expect(watch.check().causes).to.deep.equal(['unavailable']);
    });

    it('fades from failed to a warning after a minute, so that requests can find out', () => {
      const clock = new ManualClock();
      const watch = watchUpstream(clock);
      watch.listener('upstreamCalled', call(503));
      clock.advance(59_999);
      expect(watch.check().status).to.equal('failed');
      clock.advance(1);
      expect(watch.check()).to.include({
        status: 'warning',
        reason: 'Persontjenesten answered 503 when last asked',
      });
    });

    it('has failed while no calls are made, and only warns once one may be', () => {
      const clock = new ManualClock('2025-03-01T12:00:00.000Z');
      const watch = watchUpstream(clock);
      watch.listener('upstreamCalled', call(503));
      watch.listener('breakerChanged', { state: 'open', retryInSeconds: 10 });
      clock.advance(9_999);
      expect(watch.check()).to.include({ status: 'failed', at: '2025-03-01T12:00:00.000Z' });
      clock.advance(1);
      expect(watch.check().status, 'sooner than a failure fades').to.equal('warning');
      watch.listener('breakerChanged', { state: 'half-open' });
      expect(watch.check().status).to.equal('warning');
    });

    it('is well as soon as Persontjenesten answers again, and fails again when it does not', () => {
      const clock = new ManualClock('2025-03-01T12:00:00.000Z');
      const watch = watchUpstream(clock);
      watch.listener('upstreamCalled', call(null));
      watch.listener('breakerChanged', { state: 'open', retryInSeconds: 10 });
      clock.advance(10_000);
      watch.listener('breakerChanged', { state: 'half-open' });
      watch.listener('upstreamCalled', call(null));
      watch.listener('breakerChanged', { state: 'open', retryInSeconds: 10 });
      expect(watch.check()).to.include({ status: 'failed', at: '2025-03-01T12:00:10.000Z' });
      clock.advance(10_000);
      watch.listener('breakerChanged', { state: 'half-open' });
      watch.listener('upstreamCalled', call(200));
      watch.listener('breakerChanged', { state: 'closed' });
      expect(watch.check()).to.deep.equal({ status: 'ok', at: '2025-03-01T12:00:20.000Z' });
    });

    it('warns while Persontjenesten wants to be left alone, whatever a call beside that was answered', () => {
      const clock = new ManualClock('2025-03-01T12:00:00.000Z');
      const watch = watchUpstream(clock);
      watch.listener('upstreamCalled', call(429));
      watch.listener('callsHeldBack', { seconds: 60 });
      clock.advance(1_000);
      watch.listener('upstreamCalled', call(200));
      const warning = {
        status: 'warning',
        reason: 'Persontjenesten wants to be left alone, and no call is made',
        causes: ['busy'],
        at: '2025-03-01T12:00:00.000Z',
      };
      expect(watch.check()).to.deep.equal(warning);
      clock.advance(58_999);
      expect(watch.check()).to.deep.equal(warning);
      clock.advance(1);
      expect(watch.check()).to.include({ status: 'ok' });
    });

    it('has failed when a call failed, also while Persontjenesten wants to be left alone', () => {
      const watch = watchUpstream(new ManualClock());
      watch.listener('callsHeldBack', { seconds: 60 });
      watch.listener('upstreamCalled', call(503));
      expect(watch.check().status).to.equal('failed');
    });

    it('does not listen to other events', () => {
      const watch = watchUpstream(new ManualClock());
      watch.listener('tokenFailed', { scope: 's', organisation, error: new TokenRefused('no') });
      expect(watch.check().status).to.equal('ok');
    });
  });

  describe('of the old PREG', () => {
    const call = (service: 'hl7v3' | 'preg-xml', error?: PregUnavailable | PregRejected | CallerLeft) =>
      ({
        correlationId,
        clientId: 'epj-1',
        service,
        operation: 'GetPerson',
        outcome: error?.code ?? 'answered',
        httpStatus: null,
        milliseconds: 1,
        reusedConnection: false,
        error,
      }) as const;

    it('warns of a service that does not answer or lets nobody in, until it does', () => {
      const watch = watchPreg(new ManualClock());
      expect(watch.check()).to.deep.equal({ status: 'ok', reason: 'not called yet' });
      for (const error of [new PregUnavailable('status 503'), new PregRejected('not-let-in', 'the fault')]) {
        watch.listener('pregCalled', call('hl7v3', error));
        watch.listener('pregCalled', call('preg-xml'));
        expect(watch.check()).to.include({
          status: 'warning',
          reason: `PREG does not answer hl7v3: ${error.message}`,
        });
        watch.listener('pregCalled', call('hl7v3'));
        expect(watch.check().status).to.equal('ok');
      }
    });

    it('tells each service that is in trouble as a cause of its own', () => {
      const watch = watchPreg(new ManualClock());
      watch.listener('pregCalled', call('hl7v3', new PregUnavailable('status 503')));
      watch.listener('pregCalled', call('preg-xml', new PregRejected('not-let-in', 'the fault')));
      expect(watch.check().causes).to.deep.equal(['hl7v3 preg-unavailable', 'preg-xml preg-rejected']);
      watch.listener('pregCalled', call('preg-xml'));
      expect(watch.check().causes).to.deep.equal(['hl7v3 preg-unavailable']);
    });

    it('is well when it refuses a question, and learns nothing from a caller who left', () => {
      const watch = watchPreg(new ManualClock());
      watch.listener('pregCalled', call('hl7v3', new PregUnavailable('status 503')));
      watch.listener('pregCalled', call('hl7v3', new CallerLeft('left')));
      expect(watch.check().status).to.equal('warning');
      watch.listener('pregCalled', call('hl7v3', new PregRejected('refused', 'the fault')));
      expect(watch.check().status).to.equal('ok');
    });
  });

  describe('of answers from memory', () => {
    const bench = (): { clock: ManualClock; watch: ReturnType<typeof watchStaleAnswers> } => {
      const clock = new ManualClock();
      return { clock, watch: watchStaleAnswers(clock) };
    };

    it('warns while old ones are given, and for a minute after', () => {
      const { clock, watch } = bench();
      expect(watch.check()).to.deep.equal({ status: 'ok' });
      watch.listener('answeredFromCache', { correlationId, source: 'stale-cache' });
      const at = clock.now().toISOString();
      clock.advance(59_999);
      expect(watch.check()).to.deep.equal({
        status: 'warning',
        reason: 'old answers without addresses are being given',
        at,
      });
      clock.advance(1);
      expect(watch.check()).to.deep.equal({
        status: 'ok',
        reason: 'old answers without addresses were given',
        at,
      });
    });

    it('is well while they are young', () => {
      const { watch } = bench();
      watch.listener('answeredFromCache', { correlationId, source: 'cache' });
      expect(watch.check()).to.deep.equal({ status: 'ok' });
    });
  });

  describe('of access tokens', () => {
    const START = '2026-03-01T12:00:00.000Z';
    /** Fetched at the start, and not handed out any more so many seconds later. */
    const fetched = (scope: string, usableSeconds = 595) => ({
      scope,
      organisation,
      expiresInSeconds: usableSeconds + 5,
      freshUntil: new Date(Date.parse(START) + usableSeconds * 1_000),
      milliseconds: 1,
    });

    it('has failed when HelseID gave none, until it gives one for the same scope', () => {
      const clock = new ManualClock(START);
      const watch = watchToken(clock);
      expect(watch.check()).to.deep.equal({ status: 'ok', reason: 'no token fetched yet' });
      watch.listener('tokenFailed', {
        scope: 'full',
        organisation,
        error: new TokenRefused('invalid_client'),
      });
      expect(watch.check()).to.include({
        status: 'failed',
        reason: 'HelseID gave no access token (token-refused)',
      });
      watch.listener('tokenFetched', fetched('full'));
      expect(watch.check().status).to.equal('ok');
    });

    it('tells what the alarm means, and keeps organisations apart', () => {
      const watch = watchToken(new ManualClock(START));
      const alarm = { name: 'a', meaning: 'The clock is wrong.', action: 'Set it.' };
      const error = new TokenRefused('no', { alarm });
      watch.listener('tokenFailed', { scope: 'full', organisation, error });
      watch.listener('tokenFetched', { ...fetched('full'), organisation: { parent: '310000035' } });
      watch.listener('tokenFetched', {
        ...fetched('full'),
        organisation: { ...organisation, child: '310000043' },
      });
      expect(watch.check()).to.include({
        status: 'warning',
        reason: 'HelseID gave no access token (token-refused: The clock is wrong.)',
      });
      watch.listener('tokenFetched', fetched('full'));
      expect(watch.check().status).to.equal('ok');
    });

    it('tells a refused organisation or scope as a cause of its own, and what is about all alike as one', () => {
      const other = { parent: '310000035', child: '310000043' };
      const causesOf = (error: (scope: string) => TokenRefused | TokenUnavailable): unknown => {
        const watch = watchToken(new ManualClock(START));
        for (const scope of ['full', 'restricted']) {
          for (const one of [organisation, other])
            watch.listener('tokenFailed', { scope, organisation: one, error: error(scope) });
        }
        return watch.check().causes;
      };
      const both = (name: string): readonly string[] => [
        `${name} ${organisation.parent}`,
        `${name} 310000035 310000043`,
      ];
      expect(causesOf(() => tokenTrouble('HID-1001', 'no'))).to.deep.equal(both('HID-1001'));
      expect(causesOf(() => tokenTrouble('refused', 'no'))).to.deep.equal(both('refused'));
      expect(causesOf(() => new TokenRefused('no'))).to.deep.equal(both('token-refused'));
      expect(causesOf(() => tokenTrouble('invalid_scope', 'no'))).to.deep.equal([
        'invalid_scope full',
        'invalid_scope restricted',
      ]);
      expect(causesOf(() => tokenTrouble('invalid_client', 'no'))).to.deep.equal(['invalid_client']);
      const outage = (scope: string): TokenUnavailable | TokenRefused =>
        tokenTrouble(scope === 'full' ? 'no_connection' : 'no_answer', 'no');
      expect(causesOf(outage)).to.deep.equal(['token-unavailable']);
    });

    it('forgets trouble that nobody met again for a day', () => {
      const clock = new ManualClock(START);
      const watch = watchToken(clock);
      watch.listener('tokenFailed', { scope: 'full', organisation, error: new TokenRefused('no') });
      clock.advance(24 * 60 * 60_000 - 1);
      expect(watch.check().status).to.equal('warning');
      clock.advance(1);
      expect(watch.check().status).to.equal('ok');
    });

    it('only warns of one refused scope while a token for another is alive', () => {
      const clock = new ManualClock(START);
      const watch = watchToken(clock);
      watch.listener('tokenFetched', fetched('restricted'));
      clock.advance(594_000);
      watch.listener('tokenFailed', {
        scope: 'full',
        organisation,
        error: new TokenRefused('invalid_scope'),
      });
      expect(watch.check().status).to.equal('warning');
      clock.advance(1_000);
      expect(watch.check().status).to.equal('failed');
    });

    it('has failed once the only token was dropped and there is no other', () => {
      const watch = watchToken(new ManualClock(START));
      const error = new TokenRefused('no');
      watch.listener('tokenFetched', fetched('full'));
      watch.listener('tokenFailed', { scope: 'full', organisation, error });
      expect(watch.check().status, 'while it is held').to.equal('warning');
      watch.listener('tokenDropped', { scope: 'full', organisation });
      expect(watch.check().status).to.equal('failed');
    });

    it('only warns when one token was dropped and another is held', () => {
      const watch = watchToken(new ManualClock(START));
      watch.listener('tokenFetched', fetched('restricted'));
      watch.listener('tokenFetched', fetched('full'));
      watch.listener('tokenDropped', { scope: 'full', organisation });
      expect(watch.check().status, 'before the next is asked for').to.equal('ok');
      watch.listener('tokenFailed', { scope: 'full', organisation, error: new TokenRefused('no') });
      expect(watch.check().status).to.equal('warning');
    });

    it('sees the latest trouble behind a later success for another scope', () => {
      const clock = new ManualClock(START);
      const watch = watchToken(clock);
      watch.listener('tokenFailed', {
        scope: 'full',
        organisation,
        error: new TokenRefused('invalid_scope'),
      });
      watch.listener('tokenFetched', fetched('restricted', 0));
      expect(watch.check().status).to.equal('failed');
    });
  });
});
