import { expect } from 'chai';
import { TokenRefused } from '../../src/errors/errors.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { IdleProbe, type ProbeSubject } from '../../src/registry/persontjenesten/idle-probe.js';
import type { ApiRequest, ApiResponse } from '../../src/registry/persontjenesten/transport.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';

const organisation = { parent: '310000027' };
const pong: ApiResponse = { status: 200, headers: {}, body: 'pong' };

describe('the probe of an idle adapter', () => {
  let clock: StandingClock;
  let events: RecordedEvents;
  let requests: ApiRequest[];
  let answer: (request: ApiRequest) => Promise<ApiResponse>;
  let subject: () => ProbeSubject | undefined;
  let stopping: AbortController;

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00Z');
    events = new RecordedEvents();
    requests = [];
    answer = () => Promise.resolve(pong);
    subject = () => ({ access: 'full', organisation });
    stopping = new AbortController();
  });

  function probe(): IdleProbe {
    return new IdleProbe({
      transport: {
        send: (request) => {
          requests.push(request);
          return answer(request);
        },
      },
      version: apiVersions[3],
      subject: () => subject(),
      everyMilliseconds: 30_000,
      events,
      clock,
      random: new CountedRandom(),
    });
  }

  /** Lets so many seconds pass, each by itself. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) await clock.advance(1_000);
  }

  it('asks at once, about nobody, and tells what came of it', async () => {
    const one = probe();
    expect(one.hasAsked).to.equal(false);
    const running = one.run(stopping.signal);
    await pass(1);
    expect(one.hasAsked).to.equal(true);
    expect(
      requests.map(({ method, path, query, form, access, lane }) => ({
        method,
        path,
        query,
        form,
        access,
        lane,
      })),
    ).to.deep.equal([{ method: 'GET', path: '/ping', query: [], form: [], access: 'full', lane: 'batch' }]);
    expect(events.of.registerProbed).to.have.length(1);
    expect(events.of.registerProbed[0]).to.deep.include({
      organisation,
      error: undefined,
      scope: apiVersions[3].scopes.full,
    });
    stopping.abort();
    await running;
  });

  it('asks again only when nothing has been heard for a while', async () => {
    const one = probe();
    const running = one.run(stopping.signal);
    await pass(20);
    one.listener('upstreamCalled', {
      correlationId: newCorrelationId(new CountedRandom()),
      operation: 'get-by-nin',
      httpStatus: 200,
      milliseconds: 3,
      reusedConnection: true,
    });
    await pass(29);
    expect(requests).to.have.length(1);
    await pass(3);
    expect(requests).to.have.length(2);
    await pass(31);
    expect(requests).to.have.length(3);
    stopping.abort();
    await running;
  });

  it('sleeps no longer than that where the clock is set back', async () => {
    const one = probe();
    const running = one.run(stopping.signal);
    await pass(1);
    clock.move(3_600_000);
    one.listener('upstreamCalled', {
      correlationId: newCorrelationId(new CountedRandom()),
      operation: 'get-by-nin',
      httpStatus: 200,
      milliseconds: 3,
      reusedConnection: true,
    });
    clock.move(-3_600_000);
    await pass(65);
    expect(requests.length).to.be.within(2, 3);
    stopping.abort();
    await running;
  });

  it('goes on after trouble, and tells of it', async () => {
    const error = new TokenRefused('no');
    answer = () => Promise.reject(error);
    const one = probe();
    const running = one.run(stopping.signal);
    await pass(1);
    expect(one.hasAsked).to.equal(true);
    expect(events.of.registerProbed[0]?.error).to.equal(error);
    answer = () => Promise.resolve(pong);
    await pass(31);
    expect(events.of.registerProbed[1]?.error).to.equal(undefined);
    stopping.abort();
    await running;
  });

  it('gives up after a while, though nobody says a word', async () => {
    answer = () => new Promise(() => undefined);
    const running = probe().run(stopping.signal);
    await pass(16);
    expect(events.of.registerProbed[0]?.error?.code).to.equal('upstream-timeout');
    stopping.abort();
    await running;
  });

  it('ends in the middle of a question without telling anything', async () => {
    answer = () => new Promise(() => undefined);
    const running = probe().run(stopping.signal);
    await pass(1);
    stopping.abort();
    await running;
    expect(events.of.registerProbed).to.deep.equal([]);
  });

  for (const [what, found] of [
    ['nobody is answered from there', () => undefined],
    [
      'it cannot be found out who is',
      () => {
        throw new Error('locked');
      },
    ],
  ] as const) {
    it(`asks nothing while ${what}, and knows that`, async () => {
      subject = found;
      const one = probe();
      const running = one.run(stopping.signal);
      await pass(2);
      expect(one.hasAsked).to.equal(true);
      expect(requests).to.deep.equal([]);
      stopping.abort();
      await running;
    });
  }
});
