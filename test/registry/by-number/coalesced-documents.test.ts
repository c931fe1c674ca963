import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import {
  CallerLeft,
  TokenUnavailable,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import type { Caller } from '../../../src/registry/person-registry.js';
import type { DocumentCalls } from '../../../src/registry/persontjenesten/by-number/person-documents.js';
import { CallsSuspended } from '../../../src/registry/persontjenesten/calls/refusals.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { caller } from '../registry-bench.js';
import { calls, CoalescingBench, correlationIdOf, documentOf, leavingCaller } from './coalescing-bench.js';

const [a, b, c] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];

/** A lookup alone goes after the rest of this turn and one whole quiet one. */
const LONE = 2;

describe('coalesced lookups', () => {
  describe('a lone one', () => {
    it('is asked for alone after one quiet turn, and waits for no time to pass', async () => {
      const bench = new CoalescingBench();
      const asking = leavingCaller(7);
      const asked = await bench.asks(a, asking);
      await bench.turns.pass(LONE);
      expect(bench.clock.sleeping).to.equal(0);
      expect(bench.made).to.have.length(1);
      expect(bench.call(0)).to.deep.include({ inBulk: false, nins: [a], calls });
      expect(bench.call(0).caller.correlationId).to.equal(asking.correlationId);
      bench.call(0).answer();
      await setImmediate();
      expect(asked.ending).to.deep.equal({ document: documentOf(a) });
      expect(bench.events.of.lookupShared).to.deep.equal([]);
    });

    it('is told that nobody has the number', async () => {
      const bench = new CoalescingBench();
      const asked = await bench.asks(a);
      await bench.turns.pass(LONE);
      bench.call(0).answer([a]);
      await setImmediate();
      expect(asked.ending).to.deep.equal({ document: undefined });
    });

    it('leaves nothing behind: the next lookup of the same is a call of its own', async () => {
      const bench = new CoalescingBench();
      for (const index of [0, 1]) {
        await bench.asks(a);
        await bench.turns.pass(LONE);
        expect(bench.made).to.have.length(index + 1);
        bench.call(index).answer();
        await setImmediate();
      }
    });
  });

  describe('that arrive together', () => {
    it('go in one bulk call, and each gets its own document', async () => {
      const bench = new CoalescingBench();
      const asked = [await bench.asks(a), await bench.asks(b), await bench.asks(c)];
      await bench.turns.pass(LONE);
      expect(bench.made.map(({ inBulk, nins }) => ({ inBulk, nins }))).to.deep.equal([
        { inBulk: true, nins: [a, b, c] },
      ]);
      bench.call(0).answer();
      await setImmediate();
      expect(asked.map(({ ending }) => ending)).to.deep.equal(
        [a, b, c].map((nin) => ({ document: documentOf(nin) })),
      );
    });

    it('wait while others keep coming, turn by turn', async () => {
      const bench = new CoalescingBench();
      await bench.turns.pass();
      for (let index = 0; index < 10; index += 1) {
        await bench.asks(syntheticNumber(index));
        await bench.turns.pass();
      }
      expect(bench.made).to.have.length(0);
      await bench.turns.pass();
      expect(bench.call(0).nins).to.have.length(10);
    });

    it('wait while turns take time, since the process has its hands full', async () => {
      const bench = new CoalescingBench();
      await bench.asks(a);
      await bench.turns.pass();
      for (let turn = 0; turn < 4; turn += 1) {
        await bench.clock.advance(10);
        await bench.turns.pass();
      }
      expect(bench.made).to.have.length(0);
      await bench.turns.pass();
      expect(bench.made).to.have.length(1);
    });

    it('wait for no longer than is set, however many keep coming', async () => {
      const bench = new CoalescingBench({ maxWaitMilliseconds: 50 });
      let index = 0;
      for (; bench.made.length === 0 && index < 50; index += 1) {
        await bench.asks(syntheticNumber(index));
        await bench.clock.advance(10);
        await bench.turns.pass();
      }
      expect(index).to.equal(5);
      expect(bench.call(0).nins).to.have.length(5);
    });

    it('are sent at once when they are a hundred, and the next begin anew', async () => {
      const bench = new CoalescingBench();
      for (let index = 0; index < 256; index += 1) await bench.asks(syntheticNumber(index));
      expect(bench.made.map(({ nins }) => nins.length)).to.deep.equal([100, 100]);
      await bench.turns.pass(LONE);
      expect(bench.made.map(({ nins }) => nins.length)).to.deep.equal([100, 100, 56]);
      expect(new Set(bench.made.flatMap(({ nins }) => nins)).size).to.equal(256);
    });

    it('take their turn in the name of the client who asks, under an id of the call’s own', async () => {
      const bench = new CoalescingBench();
      await bench.asks(a, leavingCaller(1, { clientId: 'epj-7' }));
      await bench.asks(b, leavingCaller(2, { clientId: 'epj-7' }));
      await bench.turns.pass(LONE);
      expect(bench.made).to.have.length(1);
      expect(bench.call(0).caller.clientId).to.equal('epj-7');
      expect([correlationIdOf(1), correlationIdOf(2)]).to.not.include(bench.call(0).caller.correlationId);
    });

    it('may take as long as the one among them with the most time', async () => {
      const bench = new CoalescingBench();
      const [sooner, later] = [new Date('2025-03-01T12:00:10Z'), new Date('2025-03-01T12:00:20Z')];
      await bench.asks(a, leavingCaller(1, { deadline: later }));
      await bench.asks(b, leavingCaller(2, { deadline: sooner }));
      await bench.turns.pass(LONE);
      expect(bench.call(0).caller.deadline).to.deep.equal(later);
    });

    it('are told their answers a few in a turn, so that others have theirs', async () => {
      const bench = new CoalescingBench();
      const asked = await Promise.all(
        Array.from({ length: 20 }, (_, index) => bench.asks(syntheticNumber(index))),
      );
      const told = (): number => asked.filter(({ ending }) => ending !== undefined).length;
      await bench.turns.pass(LONE);
      bench.call(0).answer();
      for (let step = 0; step < 100; step += 1) await Promise.resolve();
      expect(told()).to.equal(4);
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      expect(told()).to.equal(20);
    });

    it('tell which call answered which lookup', async () => {
      const bench = new CoalescingBench();
      await bench.asks(a, leavingCaller(1));
      await bench.asks(b, leavingCaller(2));
      await bench.turns.pass(LONE);
      const callCorrelationId = bench.call(0).caller.correlationId;
      expect(bench.events.of.lookupShared).to.deep.equal([
        { correlationId: correlationIdOf(1), callCorrelationId, people: 2 },
        { correlationId: correlationIdOf(2), callCorrelationId, people: 2 },
      ]);
    });
  });

  describe('never go together', () => {
    const other: Record<string, Partial<Caller>> = {
      'for another view': { access: 'restricted' },
      'of another client, who is not to wait for its turn (QUALITY 37)': { clientId: 'epj-2' },
      'for another organisation': { organisation: { parent: '310000035' } },
      'for a part of the organisation': { organisation: { parent: '310000027', child: '310000043' } },
      'in another lane': { lane: 'batch' },
    };
    for (const [difference, parts] of Object.entries(other)) {
      it(difference, async () => {
        const bench = new CoalescingBench();
        await bench.asks(a);
        await bench.asks(b, caller(parts));
        await bench.asks(a, caller(parts));
        await bench.turns.pass(LONE);
        expect(bench.made.map(({ nins }) => nins)).to.deep.equal([[a], [b, a]]);
        expect(bench.call(1).caller).to.deep.include(parts);
      });
    }

    const otherCalls: Record<string, DocumentCalls> = {
      'for other parts': [{ informationParts: ['Name', 'Birth'], includeHistory: false }],
      'with history and without': [{ informationParts: ['Name'], includeHistory: true }],
    };
    for (const [difference, parts] of Object.entries(otherCalls)) {
      it(difference, async () => {
        const bench = new CoalescingBench();
        await bench.asks(a);
        await bench.asks(a, caller(), parts);
        await bench.turns.pass(LONE);
        expect(bench.made.map((call) => call.calls)).to.deep.equal([calls, parts]);
      });
    }

    it('with a number that upstream does not take in bulk, which is asked alone at once', async () => {
      const bench = new CoalescingBench({ takesInBulk: (nin) => nin !== b });
      await bench.asks(a);
      await bench.asks(b);
      await bench.asks(c);
      expect(bench.made.map(({ nins, inBulk }) => ({ nins, inBulk }))).to.deep.equal([
        { nins: [b], inBulk: false },
      ]);
      await bench.turns.pass(LONE);
      expect(bench.call(1)).to.deep.include({ nins: [a, c], inBulk: true });
    });

    it('but for the lane that is meant when none is named', async () => {
      const bench = new CoalescingBench();
      await bench.asks(a);
      await bench.asks(b, caller({ lane: 'interactive' }));
      await bench.turns.pass(LONE);
      expect(bench.made).to.have.length(1);
    });
  });

  describe('of the same person', () => {
    it('share one call that waits to be sent, and one that is under way', async () => {
      const bench = new CoalescingBench();
      const asked = [await bench.asks(a, leavingCaller(1)), await bench.asks(a, leavingCaller(2))];
      await bench.turns.pass(LONE);
      asked.push(await bench.asks(a, leavingCaller(3)));
      await bench.turns.pass(LONE);
      expect(bench.made.map(({ nins, inBulk }) => ({ nins, inBulk }))).to.deep.equal([
        { nins: [a], inBulk: false },
      ]);
      expect(bench.events.of.lookupShared).to.deep.equal(
        [2, 3].map((index) => ({
          correlationId: correlationIdOf(index),
          callCorrelationId: correlationIdOf(1),
          people: 1,
        })),
      );
      bench.call(0).answer();
      await setImmediate();
      expect(asked.map(({ ending }) => ending)).to.deep.equal(Array(3).fill({ document: documentOf(a) }));
    });

    it('do not share one that is under way for longer than a second', async () => {
      const bench = new CoalescingBench();
      await bench.asks(a);
      await bench.turns.pass(LONE);
      await bench.clock.advance(1_000);
      await bench.asks(a);
      await bench.turns.pass(LONE);
      expect(bench.made).to.have.length(1);
      await bench.clock.advance(1);
      const late = await bench.asks(a);
      await bench.turns.pass(LONE);
      expect(bench.made).to.have.length(2);
      bench.call(0).answer();
      await setImmediate();
      expect(late.ending).to.equal(undefined);
      // The end of the older one does not make the newer one forgotten.
      await bench.asks(a);
      await bench.turns.pass(LONE);
      expect(bench.made).to.have.length(2);
    });

    it('do not share one that seems to be asked later, since the clock was set back', async () => {
      const bench = new CoalescingBench();
      await bench.asks(a);
      await bench.turns.pass(LONE);
      bench.clock.move(-1);
      await bench.asks(a);
      await bench.turns.pass(LONE);
      expect(bench.made).to.have.length(2);
    });

    it('do not share one that may be given up while they still have time', async () => {
      const bench = new CoalescingBench();
      await bench.asks(a, caller({ deadline: new Date('2025-03-01T12:00:01Z') }));
      await bench.turns.pass(LONE);
      await bench.asks(a, caller({ deadline: new Date('2025-03-01T12:00:02Z') }));
      await bench.turns.pass(LONE);
      expect(bench.made).to.have.length(1);
      await bench.asks(a, caller({ deadline: new Date('2025-03-01T12:00:30Z') }));
      await bench.turns.pass(LONE);
      expect(bench.made).to.have.length(2);
    });

    it('that had to be asked anew while the first waits are one number of the bulk call', async () => {
      const bench = new CoalescingBench({ maxWaitMilliseconds: 5_000 });
      const asked = [await bench.asks(a)];
      await bench.clock.advance(1_001);
      await bench.turns.pass();
      asked.push(await bench.asks(a), await bench.asks(b));
      await bench.turns.pass(LONE);
      expect(bench.made.map(({ nins }) => nins)).to.deep.equal([[a, b]]);
      bench.call(0).answer();
      await setImmediate();
      expect(asked.map(({ ending }) => ending)).to.deep.equal(
        [a, a, b].map((nin) => ({ document: documentOf(nin) })),
      );
    });
  });

  describe('whose caller leaves', () => {
    it('fail with what the caller left for, and disturb nobody', async () => {
      const bench = new CoalescingBench();
      const gone = new AbortController();
      const reason = new CallerLeft('the peer closed the connection');
      const [left, stays, same] = [
        await bench.asks(a, caller({ signal: gone.signal })),
        await bench.asks(b),
        await bench.asks(a),
      ];
      await bench.turns.pass(LONE);
      gone.abort(reason);
      await setImmediate();
      expect(left.ending).to.deep.equal({ error: reason });
      expect(bench.call(0).caller.signal.aborted).to.equal(false);
      bench.call(0).answer();
      await setImmediate();
      expect(stays.ending).to.deep.equal({ document: documentOf(b) });
      expect(same.ending).to.deep.equal({ document: documentOf(a) });
    });

    it('fail as out of time when nobody says why', async () => {
      const bench = new CoalescingBench();
      const asking = leavingCaller(1);
      const asked = await bench.asks(a, asking);
      asking.leave();
      await setImmediate();
      expect(asked.ending).to.have.property('error').that.is.instanceOf(UpstreamTimeout);
    });

    it('are refused without a call when the caller had left before', async () => {
      const bench = new CoalescingBench();
      const asking = leavingCaller(1);
      asking.leave();
      const asked = await bench.asks(a, asking);
      await bench.turns.pass(LONE);
      expect(asked.ending).to.have.property('error').that.is.instanceOf(UpstreamTimeout);
      expect(bench.made).to.have.length(0);
    });

    it('are not asked for if they have not been yet', async () => {
      const bench = new CoalescingBench();
      const asking = leavingCaller(1);
      await bench.asks(a, asking);
      await bench.asks(b);
      asking.leave();
      await bench.turns.pass(LONE);
      expect(bench.made.map(({ nins, inBulk }) => ({ nins, inBulk }))).to.deep.equal([
        { nins: [b], inBulk: false },
      ]);
    });

    it('make no call at all when all have left before it', async () => {
      const bench = new CoalescingBench();
      const asking = [leavingCaller(1), leavingCaller(2)];
      for (const [index, one] of asking.entries()) await bench.asks(syntheticNumber(index), one);
      for (const one of asking) one.leave();
      await bench.turns.pass(LONE + 1);
      expect(bench.made).to.have.length(0);
      expect(bench.turns.waiting).to.equal(0);
    });

    for (const people of [1, 2]) {
      it(`end the call of ${people} once nobody waits any more`, async () => {
        const bench = new CoalescingBench();
        const asking = [leavingCaller(1), leavingCaller(2)];
        for (const [index, one] of asking.entries()) await bench.asks(syntheticNumber(index % people), one);
        await bench.turns.pass(LONE);
        expect(bench.made).to.have.length(1);
        const { signal } = bench.call(0).caller;
        asking[0]?.leave();
        expect(signal.aborted).to.equal(false);
        asking[1]?.leave();
        expect(signal.aborted).to.equal(true);
      });
    }

    it('do not take those along who ask for the same afterwards', async () => {
      const bench = new CoalescingBench();
      const asking = leavingCaller(1);
      await bench.asks(a, asking);
      await bench.turns.pass(LONE);
      asking.leave();
      const anew = await bench.asks(a);
      await bench.turns.pass(LONE);
      bench.call(0).fail(new UpstreamTimeout('aborted'));
      bench.call(1).answer();
      await setImmediate();
      expect(anew.ending).to.deep.equal({ document: documentOf(a) });
    });

    it('leave no listener on a signal that outlives the lookup', async () => {
      const bench = new CoalescingBench();
      const asking = leavingCaller(1);
      let listeners = 0;
      const { signal } = asking;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...told: Parameters<typeof add>) => {
        listeners += 1;
        add(...told);
      };
      signal.removeEventListener = (...told: Parameters<typeof remove>) => {
        listeners -= 1;
        remove(...told);
      };
      await bench.asks(a, asking);
      expect(listeners).to.equal(1);
      await bench.turns.pass(LONE);
      bench.call(0).answer();
      await setImmediate();
      expect(listeners).to.equal(0);
    });
  });

  describe('when the bulk call fails', () => {
    const ofAll = [
      new UpstreamUnavailable('status 503', undefined, 3),
      new CallsSuspended('too many failed'),
      new UpstreamRateLimited('status 429', 1),
      new UpstreamTimeout('no answer'),
      new UpstreamForbidden('status 403'),
      new TokenUnavailable('no token'),
    ];
    for (const error of ofAll) {
      it(`with ${error.name}, all fail with it and nothing more is asked`, async () => {
        const bench = new CoalescingBench();
        const asked = [await bench.asks(a), await bench.asks(b)];
        await bench.turns.pass(LONE);
        bench.call(0).fail(error);
        await bench.turns.pass(LONE);
        expect(asked.map(({ ending }) => ending)).to.deep.equal([{ error }, { error }]);
        expect(bench.made).to.have.length(1);
      });
    }

    const maybeOfOne = [
      new UpstreamRejected('status 400'),
      new UpstreamInvalidAnswer('not a list'),
      new TypeError('unforeseen'),
    ];
    for (const error of maybeOfOne) {
      it(`with ${error.name}, each is asked alone, and only whose fault it is fails`, async () => {
        const bench = new CoalescingBench();
        const asking = [leavingCaller(1), leavingCaller(2), leavingCaller(3)];
        const [first, second, gone] = [
          await bench.asks(a, asking[0]),
          await bench.asks(b, asking[1]),
          await bench.asks(c, asking[2]),
        ];
        await bench.turns.pass(LONE);
        asking[2]?.leave();
        bench.call(0).fail(error);
        await setImmediate();
        expect(bench.made.slice(1).map(({ nins, inBulk }) => ({ nins, inBulk }))).to.deep.equal([
          { nins: [a], inBulk: false },
          { nins: [b], inBulk: false },
        ]);
        expect(bench.call(1).caller.correlationId).to.equal(correlationIdOf(1));
        bench.call(1).fail(error);
        bench.call(2).answer();
        await setImmediate();
        expect(first.ending).to.deep.equal({ error });
        expect(second.ending).to.deep.equal({ document: documentOf(b) });
        expect(gone.ending).to.have.property('error').that.is.instanceOf(UpstreamTimeout);
      });
    }

    it('a few at a time are asked alone', async () => {
      const bench = new CoalescingBench();
      for (let index = 0; index < 100; index += 1) await bench.asks(syntheticNumber(index));
      bench.call(0).fail(new UpstreamRejected('status 400'));
      await setImmediate();
      expect(bench.made).to.have.length(1 + 16);
      for (let index = 1; index <= 100; index += 1) {
        bench.call(index).answer();
        await setImmediate();
      }
      expect(bench.made).to.have.length(101);
    });
  });

  it('asks alone for who is missing from the bulk answer, and answers the others meanwhile', async () => {
    const bench = new CoalescingBench();
    const [found, late, nobody] = [await bench.asks(a), await bench.asks(b), await bench.asks(c)];
    await bench.turns.pass(LONE);
    bench.call(0).answer([b, c]);
    await setImmediate();
    expect(found.ending).to.deep.equal({ document: documentOf(a) });
    expect([late.ending, nobody.ending]).to.deep.equal([undefined, undefined]);
    expect(bench.made.slice(1).map(({ nins, inBulk }) => ({ nins, inBulk }))).to.deep.equal([
      { nins: [b], inBulk: false },
      { nins: [c], inBulk: false },
    ]);
    bench.call(1).answer();
    bench.call(2).answer([c]);
    await setImmediate();
    expect(late.ending).to.deep.equal({ document: documentOf(b) });
    expect(nobody.ending).to.deep.equal({ document: undefined });
  });
});
