import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import fc from 'fast-check';
import { CallerLeft, UpstreamUnavailable } from '../../../src/errors/errors.js';
import type { Lane } from '../../../src/registry/person-registry.js';
import { Turns, type Turn, type TurnSettings } from '../../../src/registry/persontjenesten/calls/turns.js';
import { runs } from '../../support/long-runs.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';
import { settle } from './calls-bench.js';

const START = '2026-03-01T12:00:00.000Z';
const CLIENTS = ['a', 'b', 'c', 'd'] as const;

const settingsOf: fc.Arbitrary<TurnSettings> = fc.record({
  maxConcurrentCalls: fc.integer({ min: 1, max: 6 }),
  maxConcurrentBatchCalls: fc.integer({ min: 1, max: 8 }),
  maxWaitingCalls: fc.integer({ min: 1, max: 12 }),
  callsPerSecond: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
});

type Step =
  | {
      readonly do: 'take';
      readonly client: string;
      readonly lane: Lane;
      readonly seconds: number | undefined;
    }
  | { readonly do: 'end'; readonly which: number }
  | { readonly do: 'leave'; readonly which: number }
  | { readonly do: 'pass'; readonly milliseconds: number }
  | { readonly do: 'holdBack'; readonly milliseconds: number }
  | { readonly do: 'refuse' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      client: fc.constantFrom(...CLIENTS),
      lane: fc.constantFrom('interactive' as const, 'batch' as const),
      seconds: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(12) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      milliseconds: fc.integer({ min: 0, max: 2_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('holdBack' as const),
      milliseconds: fc.integer({ min: 0, max: 8_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'refuse' as const }) },
);

/** One who asked for a turn. */
interface Asked {
  readonly lane: Lane;
  readonly watch: AbortController;
  turn: Turn | undefined;
  isOver: boolean;
}

describe('turns, whatever happens', () => {
  it('keep every limit, lose nobody and leave nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(settingsOf, fc.array(step, { maxLength: 50 }), async (settings, steps) => {
        const clock = new StandingClock(START);
        const turns = new Turns(settings, clock, new RecordedEvents());
        const everybody: Asked[] = [];
        const begun: number[] = [];
        let heldUntil = 0;
        const now = (): number => clock.now().getTime();
        const ask = (client: string, lane: Lane, seconds: number | undefined): void => {
          const asked: Asked = { lane, watch: new AbortController(), turn: undefined, isOver: false };
          everybody.push(asked);
          const deadline = seconds === undefined ? undefined : new Date(now() + seconds * 1_000);
          turns.take({ clientId: client, lane, signal: asked.watch.signal, deadline }).then(
            (turn) => {
              asked.turn = turn;
              begun.push(now());
              expect(now(), 'nobody goes in a pause').to.be.at.least(heldUntil);
            },
            () => {
              asked.isOver = true;
            },
          );
        };
        const underWay = (lane?: Lane): readonly Asked[] =>
          everybody.filter((one) => one.turn !== undefined && !one.isOver && (lane ?? one.lane) === one.lane);
        const waiting = (): readonly Asked[] =>
          everybody.filter((one) => one.turn === undefined && !one.isOver);
        const end = (one: Asked | undefined): void => {
          if (one?.turn === undefined) return;
          one.isOver = true;
          one.turn.end();
        };
        const check = (): void => {
          expect(underWay().length).to.be.at.most(settings.maxConcurrentCalls);
          expect(underWay('batch').length).to.be.at.most(settings.maxConcurrentBatchCalls);
          expect(waiting().length).to.be.at.most(settings.maxWaitingCalls);
          expect([turns.underWay, turns.waiting]).to.deep.equal([underWay().length, waiting().length]);
          if (waiting().length === 0) expect(clock.sleeping).to.be.at.most(1);
          else if (clock.sleeping === 0) {
            // Somebody waits and no timer runs: only a call under way can be what they wait for.
            expect(underWay().length, 'nobody is forgotten').to.be.at.least(1);
          }
        };
        for (const one of steps) {
          if (one.do === 'take') ask(one.client, one.lane, one.seconds);
          else if (one.do === 'end') end(underWay()[one.which]);
          else if (one.do === 'leave') waiting()[one.which]?.watch.abort(new CallerLeft('left'));
          else if (one.do === 'pass') await clock.advance(one.milliseconds);
          else if (one.do === 'refuse') turns.refuseWaiting(new UpstreamUnavailable('down'));
          else {
            heldUntil = Math.max(heldUntil, now() + one.milliseconds);
            turns.holdBack(one.milliseconds);
          }
          await settle(clock);
          check();
        }
        for (let round = 0; round < 400 && waiting().length + underWay().length > 0; round += 1) {
          for (const one of underWay()) end(one);
          await clock.advance(1_000);
        }
        await settle(clock);
        expect([waiting().length, turns.waiting, turns.underWay], 'everybody had a turn').to.deep.equal([
          0, 0, 0,
        ]);
        expect(clock.sleeping).to.equal(0);
        for (const { watch } of everybody) expect(getEventListeners(watch.signal, 'abort')).to.have.length(0);
        const { callsPerSecond = Infinity } = settings;
        for (const at of begun) {
          const within = begun.filter((other) => other >= at && other < at + 1_000).length;
          expect(within).to.be.at.most(Math.ceil(callsPerSecond * 1.1) + 1);
        }
      }),
      { numRuns: runs(60) },
    );
  });

  it('are shared evenly among clients who always want more, whatever each of them has waiting', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
        fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 2, maxLength: 4 }),
        async (maxConcurrentCalls, callsPerSecond, storms) => {
          const clock = new StandingClock(START);
          const turns = new Turns(
            { maxConcurrentCalls, maxConcurrentBatchCalls: 1, maxWaitingCalls: 1_000, callsPerSecond },
            clock,
            new RecordedEvents(),
          );
          // Before the clients compete, somebody takes all there is.
          const { signal } = new AbortController();
          const before = Array.from({ length: maxConcurrentCalls }, () =>
            turns.take({ clientId: 'before', lane: 'interactive', signal }),
          );
          const order: number[] = [];
          for (const [client, calls] of storms.entries()) {
            for (let call = 0; call < calls; call += 1) {
              turns.take({ clientId: String(client), lane: 'interactive', signal }).then(
                (turn) => {
                  order.push(client);
                  setImmediate(() => {
                    turn.end();
                  });
                },
                () => undefined,
              );
            }
          }
          for (const taking of before) {
            taking.then(
              (turn) => {
                turn.end();
              },
              () => undefined,
            );
          }
          const all = storms.length * 20;
          for (let round = 0; round < 3_000 && order.length < all; round += 1) await clock.advance(1_000);
          for (let length = 1; length <= all; length += 1) {
            const shares = storms.map(
              (_, client) => order.slice(0, length).filter((one) => one === client).length,
            );
            expect(Math.max(...shares) - Math.min(...shares)).to.be.at.most(1);
          }
        },
      ),
      { numRuns: runs(30) },
    );
  });
});
