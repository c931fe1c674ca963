import { expect } from 'chai';
import type { ErrorCode } from '../../../src/errors/catalogue.js';
import { UpstreamUnavailable } from '../../../src/errors/errors.js';
import { apiVersions } from '../../../src/registry/persontjenesten/api-version.js';
import { json, page, problem, type Scripted } from '../../support/scripted-feed.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { FollowerBench, POLL, START } from './follower-bench.js';

const MINUTE = 60_000;

describe('the follower of the event feed', () => {
  let bench: FollowerBench;

  beforeEach(() => {
    bench = new FollowerBench();
  });

  afterEach(async () => {
    await bench.end();
  });

  const ids = (): readonly string[] => bench.people().map(({ personId }) => personId);

  /** Begun on a feed with one event, and waiting. */
  async function begun(): Promise<ReturnType<FollowerBench['follow']>> {
    bench.feed.add('before');
    const followed = bench.follow();
    await bench.settle();
    bench.feed.asked.length = 0;
    return followed;
  }

  describe('begins', () => {
    it('after the newest event, and can answer from the moment at which it knew it', async () => {
      for (let index = 0; index < 3; index += 1) bench.feed.add(`before-${index}`);
      bench.feed.script.push(async () => {
        await bench.clock.advance(5_000);
        return json(bench.feed.events.at(-1));
      });
      bench.follow();
      await bench.settle();
      const state = bench.store.changeLog.state();
      expect(state?.next).to.equal(4n);
      expect(state?.answersFrom).to.deep.equal(new Date(Date.parse(START) + 5_000));
      expect(ids()).to.deep.equal([]);
      expect(bench.events.of.eventLogBegun).to.deep.equal([{ anew: false }]);
    });

    it('with the first event of a feed that is empty', async () => {
      bench.follow();
      await bench.settle();
      expect(bench.next).to.equal(1n);
      bench.feed.add('first');
      await bench.pass(POLL);
      expect(ids()).to.deep.equal(['first']);
    });

    it('once the feed can be reached', async () => {
      bench.feed.script.push(() => problem(500));
      bench.follow();
      await bench.settle();
      expect(bench.store.changeLog.state()).to.equal(undefined);
      await bench.pass(1_000);
      expect(bench.next).to.equal(1n);
    });
  });

  describe('reads', () => {
    it('page after page at once, then waits', async () => {
      await begun();
      for (let index = 0; index < 2_500; index += 1) bench.feed.add(`p${index}`);
      await bench.pass(POLL);
      expect(bench.feed.asked).to.deep.equal(['latest', '2', '1002', '2002']);
      expect(ids()).to.have.length(2_500);
      expect(bench.next).to.equal(2_502n);
      await bench.pass(POLL - 1);
      expect(bench.feed.asked).to.have.length(4);
      await bench.pass(1);
      expect(bench.feed.asked).to.deep.equal(['latest', '2', '1002', '2002', 'latest']);
    });

    it('shorter pages than it asks for just the same', async () => {
      await begun();
      bench.feed.longestPage = 3;
      for (let index = 0; index < 8; index += 1) bench.feed.add(`p${index}`);
      await bench.pass(POLL);
      expect(ids()).to.have.length(8);
    });

    it('on behalf of the organisation and through the view that it is set up with', async () => {
      await begun();
      expect(bench.feed.requests[0]).to.include({ method: 'GET', path: '/api/v3/full-access/event/latest' });
      expect(bench.feed.requests[0]?.organisation).to.deep.equal({ parent: '310000027' });
    });

    it('version 2 at its own address, page after page that nobody names a length for', async () => {
      bench.feed.add('before');
      bench.follow(bench.feed, apiVersions[2]);
      await bench.settle();
      bench.feed.longestPage = 2;
      for (const id of ['a', 'b', 'c']) bench.feed.add(id);
      await bench.pass(POLL);
      expect(ids()).to.deep.equal(['a', 'b', 'c']);
      expect(bench.people().map(({ nin }) => nin)).to.deep.equal([null, null, null]);
      expect(new Set(bench.feed.requests.map(({ path }) => path))).to.deep.equal(
        new Set(['/api/legal-basis/event/latest', '/api/legal-basis/event']),
      );
      expect(bench.feed.requests.flatMap(({ query }) => query.map(([name]) => name))).to.not.include(
        'maxLimit',
      );
    });

    it('over gaps between numbers', async () => {
      await begun();
      bench.feed.add('a', 'ChangeInName', { sequenceNumber: '7' });
      bench.feed.add('b', 'ChangeInName', { sequenceNumber: '5000' });
      await bench.pass(POLL);
      expect(ids()).to.deep.equal(['a', 'b']);
      expect(bench.next).to.equal(5_001n);
      expect(bench.events.of.eventFeedGap).to.deep.equal([]);
    });

    it('the first event of a feed that was empty as one before which nothing is missing, whatever its number', async () => {
      bench.follow();
      await bench.settle();
      bench.feed.add('a', 'ChangeInName', { sequenceNumber: '20002' });
      await bench.pass(POLL);
      expect(ids()).to.deep.equal(['a']);
      expect(bench.events.of.eventFeedGap).to.deep.equal([]);
      bench.feed.add('b', 'ChangeInName', { sequenceNumber: '40002' });
      await bench.pass(POLL);
      expect(bench.events.of.eventFeedGap.map(({ numbers }) => numbers)).to.deep.equal(['19999']);
    });

    it('over a gap that may be events which upstream has forgotten, and tells of it', async () => {
      await begun();
      bench.feed.add('a', 'ChangeInName', { sequenceNumber: '20002' });
      await bench.pass(POLL);
      expect(ids()).to.deep.equal(['a']);
      expect(bench.events.of.eventFeedGap.map(({ numbers }) => numbers)).to.deep.equal(['20000']);
    });

    it('numbers that have more digits than a float holds', async () => {
      bench.feed.add('before', 'Unknown', { sequenceNumber: '9007199254740993' });
      bench.follow();
      await bench.settle();
      bench.feed.add('a', 'ChangeInName', { sequenceNumber: '9007199254740995' });
      bench.feed.add('b', 'ChangeInName', { sequenceNumber: '9223372036854775806' });
      await bench.pass(POLL);
      expect(bench.feed.asked).to.include('9007199254740994');
      expect(ids()).to.deep.equal(['a', 'b']);
      expect(bench.next).to.equal(9_223_372_036_854_775_807n);
    });

    it('pages out of order and with events twice, each event once', async () => {
      await begun();
      for (const id of ['a', 'b', 'c']) bench.feed.add(id);
      const [before, a, b, c] = bench.feed.events;
      if (before === undefined || a === undefined || b === undefined || c === undefined) return;
      bench.feed.script.push(
        () => json(c),
        () => page([b, a, b, before, a]),
        () => page([a, c, b]),
      );
      await bench.pass(POLL);
      expect(bench.feed.asked).to.deep.equal(['latest', '2', '4']);
      expect(ids()).to.deep.equal(['a', 'b', 'c']);
      expect(bench.events.of.eventsRead.map(({ events }) => events)).to.deep.equal([2, 1]);
    });

    it('event types that it does not know, and tells of them', async () => {
      await begun();
      bench.feed.add('a', 'PersonIsBeamedUp');
      bench.feed.add('b', 'PersonIsBeamedUp');
      await bench.pass(POLL);
      expect(ids()).to.deep.equal(['a', 'b']);
      expect(bench.events.of.unknownEventType.map(({ type }) => type)).to.deep.equal(['PersonIsBeamedUp']);
      expect(bench.events.of.eventsRead[0]?.unknownTypes).to.equal(2);
    });

    it('the number of a person, and keeps the newest that it was told', async () => {
      await begun();
      const [old, now] = [syntheticNumber(1), syntheticNumber(2)];
      bench.feed.add('a', 'ChangeInName', { nin: old });
      bench.feed.add('a', 'ChangeInNorwegianIdentificationNumber', { nin: now });
      bench.feed.add('a', 'ChangeInName', { nin: null });
      bench.feed.add('b', 'ChangeInName', { nin: 'not a number' });
      await bench.pass(POLL);
      expect(bench.people()).to.deep.equal([
        { personId: 'a', nin: now },
        { personId: 'b', nin: null },
      ]);
      expect(bench.people(2).map(({ personId }) => personId)).to.deep.equal(['a']);
    });

    it('what concerns nothing that PREG had without telling of it', async () => {
      await begun();
      bench.feed.add('a', 'ChangeInCommonContactRegisterInformation');
      await bench.pass(POLL);
      expect(bench.next).to.equal(3n);
      expect(ids()).to.deep.equal([]);
    });
  });

  describe('does not skip', () => {
    it('events that the feed has and does not give', async () => {
      const { follower } = await begun();
      bench.feed.add('a');
      bench.feed.script.push(
        () => json(bench.feed.events.at(-1)),
        () => page([]),
      );
      await bench.pass(POLL);
      expect(bench.next).to.equal(2n);
      expect(follower.trouble).to.equal('upstream-invalid-answer');
      await bench.pass(1_000);
      expect(ids()).to.deep.equal(['a']);
      expect(follower.trouble).to.equal(undefined);
    });

    it('a page with one event that it cannot read', async () => {
      await begun();
      for (const id of ['a', 'b']) bench.feed.add(id);
      const [, a, b] = bench.feed.events;
      const broken: readonly unknown[] = [
        { ...b, sequenceNumber: 3 },
        { ...b, sequenceNumber: '3.0' },
        { ...b, sequenceNumber: '-3' },
        { ...b, sequenceNumber: '9223372036854775807' },
        { ...b, sequenceNumber: undefined },
        { ...b, personId: '' },
        { ...b, personId: 'b,c' },
        { ...b, personId: 'b'.repeat(65) },
        null,
        'b',
      ];
      for (const event of broken) {
        bench.feed.script.push(
          () => json(b),
          () => json({ results: [a, event] }),
        );
      }
      await bench.pass(POLL);
      for (let failure = 1; failure < broken.length; failure += 1) {
        expect(bench.next, JSON.stringify(broken[failure])).to.equal(2n);
        await bench.pass(5 * MINUTE);
      }
      expect(bench.events.of.eventsNotRead.map(({ error }) => error.code)).to.deep.equal(
        broken.map(() => 'upstream-invalid-answer'),
      );
      await bench.pass(5 * MINUTE);
      expect(ids()).to.deep.equal(['a', 'b']);
    });
  });

  describe('waits out', () => {
    const troubles: readonly (readonly [name: string, trouble: Scripted, code: ErrorCode])[] = [
      ['a token that is not accepted', () => problem(401), 'upstream-forbidden'],
      ['a missing right', () => problem(403), 'upstream-forbidden'],
      ['an unknown address', () => ({ status: 404, headers: {}, body: '' }), 'upstream-invalid-answer'],
      ['a refusal', () => problem(400), 'upstream-rejected'],
      ['a limit', () => problem(429), 'upstream-rate-limited'],
      ['a failure', () => problem(500), 'upstream-unavailable'],
      ['a gateway', () => problem(503), 'upstream-unavailable'],
      ['a broken line', () => new UpstreamUnavailable('the call failed'), 'upstream-unavailable'],
      [
        'a page of HTML',
        () => ({ ...json(''), headers: { 'content-type': 'text/html' } }),
        'upstream-invalid-answer',
      ],
      ['half an answer', () => ({ ...json(''), body: '{"results":[' }), 'upstream-invalid-answer'],
    ];
    for (const [name, trouble, code] of troubles) {
      it(`${name} before a page`, async () => {
        const { follower } = await begun();
        bench.feed.add('a');
        bench.feed.script.push(() => json(bench.feed.events.at(-1)), trouble);
        await bench.pass(POLL);
        expect(follower.trouble).to.equal(code);
        expect(bench.next).to.equal(2n);
        await bench.pass(1_000);
        expect(ids()).to.deep.equal(['a']);
        expect(follower.trouble).to.equal(undefined);
      });
    }

    it('a call that never ends', async () => {
      const { follower } = await begun();
      bench.feed.add('a');
      bench.feed.script.push(
        ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
            });
          }),
      );
      await bench.pass(POLL);
      expect(follower.trouble).to.equal(undefined);
      await bench.pass(30_000);
      expect(follower.trouble).to.equal('upstream-timeout');
      await bench.pass(1_000);
      expect(ids()).to.deep.equal(['a']);
    });

    it('trouble that lasts, ever longer up to five minutes', async () => {
      await begun();
      for (let index = 0; index < 14; index += 1) bench.feed.script.push(() => problem(500));
      await bench.pass(POLL);
      for (let index = 0; index < 14; index += 1) await bench.pass(5 * MINUTE);
      const failures = bench.events.of.eventsNotRead;
      expect(failures.map((failure) => failure.failures)).to.deep.equal(
        Array.from({ length: 14 }, (_, index) => index + 1),
      );
      failures.forEach(({ retryInSeconds }, index) => {
        const longest = Math.min(2 ** index, 300);
        expect(retryInSeconds, String(index)).to.be.within(Math.floor(longest / 2), longest);
      });
      expect(bench.feed.script).to.deep.equal([]);
    });

    it('a limit for as long as it says', async () => {
      await begun();
      bench.feed.script.push(() => problem(429, { 'retry-after': '120' }));
      await bench.pass(POLL);
      bench.feed.asked.length = 0;
      await bench.pass(119_000);
      expect(bench.feed.asked).to.deep.equal([]);
      await bench.pass(1_000);
      expect(bench.feed.asked).to.deep.equal(['latest']);
    });
  });

  describe('goes on', () => {
    it('where it ended, also when the feed is at the end of the page by then', async () => {
      const first = await begun();
      bench.feed.add('a');
      await bench.pass(POLL);
      await first.stop();
      bench.feed.add('b');
      bench.feed.asked.length = 0;
      bench.follow();
      await bench.settle();
      expect(bench.feed.asked).to.deep.equal(['latest', '3']);
      expect(ids()).to.deep.equal(['a', 'b']);
    });

    it('after a feed was seen to end early for a moment', async () => {
      await begun();
      bench.feed.add('a');
      await bench.pass(POLL);
      for (let index = 0; index < 4; index += 1) bench.feed.script.push(() => json(bench.feed.events[0]));
      for (let index = 0; index < 4; index += 1) await bench.pass(POLL);
      await bench.pass(POLL);
      expect(bench.next).to.equal(3n);
      expect(bench.events.of.eventFeedEndsEarly).to.have.length(4);
      expect(ids()).to.deep.equal(['a']);
    });

    it('anew with a feed that began anew, and tells of nothing from before', async () => {
      await begun();
      for (let index = 0; index < 9; index += 1) bench.feed.add(`old-${index}`);
      await bench.pass(POLL);
      bench.feed.events = [];
      bench.feed.add('new-0');
      for (let index = 0; index < 5; index += 1) await bench.pass(POLL);
      expect(bench.events.of.eventLogBegun).to.deep.equal([{ anew: false }, { anew: true }]);
      const { answersFrom } = bench.store.changeLog.state() ?? {};
      expect(answersFrom).to.deep.equal(bench.clock.now());
      bench.feed.add('new-1');
      await bench.pass(POLL);
      expect(ids()).to.deep.equal(['new-1']);
    });
  });

  describe('with another one on the same store', () => {
    it('leaves the feed to it while that one is at work', async () => {
      const first = await begun();
      bench.follow();
      await bench.settle();
      expect(bench.feed.asked).to.deep.equal([]);
      for (let index = 0; index < 3; index += 1) await bench.pass(POLL);
      expect(bench.feed.asked).to.deep.equal(['latest', 'latest', 'latest']);
      await first.stop();
      bench.feed.add('a');
      await bench.pass(POLL);
      expect(ids()).to.deep.equal(['a']);
    });

    it('takes over from one that is gone without a word', async () => {
      bench.feed.add('before');
      bench.store.changeLog.take('gone', new Date(bench.clock.now().getTime() + 105_000));
      bench.follow();
      await bench.settle();
      await bench.pass(POLL);
      expect(bench.next).to.equal(undefined);
      await bench.pass(POLL);
      expect(bench.next).to.equal(2n);
    });

    it('writes nothing when the other one took over under its call', async () => {
      await begun();
      bench.feed.add('a');
      const { changeLog } = bench.store;
      let hasTaken = false;
      bench.feed.script.push(
        () => json(bench.feed.events.at(-1)),
        () => {
          // As if the process had been suspended for longer than the log is held.
          changeLog.release('00000000-0000-4000-8000-000000000001');
          hasTaken = changeLog.take('other', new Date(bench.clock.now().getTime() + 10 * MINUTE));
          return page(bench.feed.events.slice(1));
        },
      );
      await bench.pass(POLL);
      expect(hasTaken).to.equal(true);
      expect(bench.next).to.equal(2n);
      expect(ids()).to.deep.equal([]);
      await bench.pass(10 * MINUTE);
      expect(ids()).to.deep.equal(['a']);
    });

    it('cannot write for it', async () => {
      await begun();
      const { changeLog } = bench.store;
      const events = [{ sequence: 2n, personId: 'a', type: 'ChangeInName', nin: null }];
      expect(changeLog.append('somebody else', { events, next: 3n })).to.equal(false);
      expect(changeLog.begin('somebody else', 9n)).to.equal(false);
      expect(bench.next).to.equal(2n);
      expect(ids()).to.deep.equal([]);
    });
  });

  it('tells of each turn: one that read, one that failed, and one that was left to another follower', async () => {
    let [turns, othersTurns] = [0, 0];
    bench.feed.add('before');
    bench.follow(bench.feed, undefined, () => (turns += 1));
    await bench.settle();
    bench.follow(bench.feed, undefined, () => (othersTurns += 1));
    await bench.settle();
    const begun = turns;
    expect(begun).to.be.greaterThan(0);
    expect(othersTurns).to.equal(1);
    await bench.pass(POLL);
    expect([turns, othersTurns]).to.deep.equal([begun + 1, 2]);
    bench.feed.script.push(() => problem(500));
    await bench.pass(POLL);
    expect(turns).to.equal(begun + 2);
  });

  it('ends at once when it is told to, in the middle of a call', async () => {
    const followed = await begun();
    let aborted = false;
    bench.feed.script.push(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          });
        }),
    );
    await bench.pass(POLL);
    await followed.stop();
    expect(aborted).to.equal(true);
    expect(bench.events.of.eventsNotRead).to.deep.equal([]);
    expect(bench.store.changeLog.take('next', new Date(0))).to.equal(true);
  });
});
