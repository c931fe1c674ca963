import { expect } from 'chai';
import {
  StoreFailed,
  TokenUnavailable,
  UpstreamForbidden,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import type { DocumentCalls } from '../../../src/registry/persontjenesten/by-number/person-documents.js';
import { QueueFull, TurnRefused } from '../../../src/registry/persontjenesten/calls/refusals.js';
import { openTestStore } from '../../store/store-fixture.js';
import { discontinued, inUse } from '../../support/person-documents.js';
import { rejectionOf } from '../../support/rejection.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { CacheBench, LogWriter, MINUTE, SECOND, VOUCHED, calls, idOf, numberOf } from './cache-bench.js';

const DAY = 24 * 60 * MINUTE;

describe('documents in memory', () => {
  const newFolder = temporaryFolders();
  let bench: CacheBench;

  beforeEach(() => {
    bench = new CacheBench();
  });

  /** Somebody who was asked for once. */
  async function kept(index = 0): Promise<ReturnType<typeof numberOf>> {
    const nin = bench.add(index);
    await bench.ask(nin);
    return nin;
  }

  const again = (nin: ReturnType<typeof numberOf>): Promise<number> => bench.asked(() => bench.ask(nin));

  describe('answer', () => {
    it('who asks for the same again, and say so', async () => {
      const nin = await kept();
      expect(bench.kept).to.deep.equal([]);
      expect(await again(nin)).to.equal(0);
      expect(await bench.ask(nin)).to.deep.equal(bench.source.people.get(nin));
      expect(bench.kept).to.deep.equal(['cache', 'cache']);
      expect(bench.events.of.answeredFromCache.map(({ source }) => source)).to.deep.equal(['cache', 'cache']);
    });

    const otherParts: DocumentCalls = [{ informationParts: ['Name'], includeHistory: false }];
    const withHistory: DocumentCalls = [
      { informationParts: calls[0].informationParts, includeHistory: true },
    ];
    for (const [what, other] of [
      ['other parts', { parts: otherParts }],
      ['history', { parts: withHistory }],
      ['more calls', { parts: [...calls, ...withHistory] }],
      ['another view', { asking: { access: 'restricted' } }],
      ['another organisation', { asking: { organisation: { parent: '310000028' } } }],
      ['a unit of it', { asking: { organisation: { parent: '310000027', child: '310000028' } } }],
    ] as const) {
      it(`nobody who asks for ${what}, each of whom has an answer of their own`, async () => {
        const nin = await kept();
        const different = { parts: calls, asking: {}, ...other };
        const [first, ...rest] = different.parts;
        const question = { asking: different.asking, parts: [first, ...rest] as const };
        expect(await bench.asked(() => bench.ask(nin, question))).to.equal(1);
        expect(await bench.asked(() => bench.ask(nin, question))).to.equal(0);
        expect(await again(nin)).to.equal(0);
      });
    }

    it('nobody who asks by another number, though the person is the same', async () => {
      const numbers = [inUse(numberOf(0)), discontinued(numberOf(1))];
      const nin = bench.add(0, { norwegianIdentificationNumber: numbers });
      bench.source.people.set(numberOf(1), bench.source.people.get(nin) ?? {});
      await bench.ask(nin);
      expect(await again(numberOf(1))).to.equal(1);
    });

    it('for as long as they are young', async () => {
      const nin = await kept();
      await bench.pass(5 * MINUTE - 1);
      expect(await again(nin)).to.equal(0);
      await bench.pass(1);
      expect(await again(nin)).to.equal(1);
    });

    it('as old as the question that fetched them, not its answer', async () => {
      const nin = bench.add(0);
      const gate = gateOf();
      bench.source.held = gate.promise;
      const asking = bench.ask(nin);
      await bench.pass(30 * SECOND);
      gate.resolve();
      await asking;
      bench.source.held = undefined;
      await bench.pass(5 * MINUTE - 30 * SECOND);
      expect(await again(nin)).to.equal(1);
    });

    it('no longer than the day lasts in Norway: what is valid changes with the date', async () => {
      // An hour behind Norway's midnight.
      await bench.pass(11 * 60 * MINUTE - 2 * MINUTE - MINUTE);
      const nin = await kept();
      await bench.pass(2 * MINUTE - 1);
      expect(await again(nin)).to.equal(0);
      await bench.pass(1);
      expect(await again(nin)).to.equal(1);
      await bench.pass(4 * MINUTE);
      expect(await again(nin)).to.equal(0);
    });

    it('not when the clock was set back behind them', async () => {
      const nin = await kept();
      await bench.pass(-MINUTE);
      expect(await again(nin)).to.equal(1);
    });
  });

  describe('are never', () => {
    it('of nobody', async () => {
      await bench.ask(numberOf(9));
      expect(await again(numberOf(9))).to.equal(1);
      expect(bench.cache.size).to.equal(0);
    });

    it('of somebody who has become nobody', async () => {
      const nin = await kept();
      await bench.pass(5 * MINUTE);
      bench.source.people.clear();
      expect(await bench.ask(nin)).to.equal(undefined);
      expect(bench.cache.size).to.equal(0);
    });

    it('trouble', async () => {
      const nin = bench.add(0);
      bench.source.trouble = new UpstreamUnavailable('down');
      expect(await rejectionOf(bench.ask(nin))).to.equal(bench.source.trouble);
      bench.source.trouble = undefined;
      expect(await again(nin)).to.equal(1);
    });

    it('of somebody whom the document gives no id', async () => {
      bench.source.people.set(numberOf(0), { norwegianIdentificationNumber: [inUse(numberOf(0))] });
      await bench.ask(numberOf(0));
      expect(bench.cache.size).to.equal(0);
    });

    it('given in the place of trouble, unless that is asked for', async () => {
      const nin = await kept();
      await bench.pass(5 * MINUTE);
      bench.source.trouble = new TokenUnavailable('down');
      expect(await rejectionOf(bench.ask(nin))).to.equal(bench.source.trouble);
    });

    it('given in the place of our own refusal, when too many of us wait', async () => {
      bench = new CacheBench({ staleMaxAgeMilliseconds: 60 * MINUTE });
      const nin = await kept();
      await bench.pass(5 * MINUTE);
      bench.source.trouble = new QueueFull('too many calls wait');
      expect(await rejectionOf(bench.ask(nin))).to.equal(bench.source.trouble);
      bench.source.trouble = new TurnRefused('Persontjenesten wants to be left alone', 60);
      expect(await bench.ask(nin)).to.include({ id: idOf(0) });
      expect(bench.kept).to.deep.equal(['stale-cache']);
    });

    it('kept when they were refused, whoever may answer later', async () => {
      const nin = await kept();
      await bench.pass(5 * MINUTE);
      bench.source.trouble = new UpstreamForbidden('403');
      await rejectionOf(bench.ask(nin));
      expect(bench.cache.size).to.equal(0);
    });

    it('more than are allowed: the one of use longest ago goes', async () => {
      bench = new CacheBench({ maxEntries: 3 });
      for (const index of [0, 1, 2]) await kept(index);
      expect(await again(numberOf(0))).to.equal(0);
      await kept(3);
      expect(bench.cache.size).to.equal(3);
      expect(await again(numberOf(0))).to.equal(0);
      expect(await again(numberOf(2))).to.equal(0);
      expect(await again(numberOf(1))).to.equal(1);
    });
  });

  describe('are let go of', () => {
    it('by an event about the person, all of them, and those of nobody else', async () => {
      const nin = await kept(0);
      await bench.ask(nin, { asking: { access: 'restricted' } });
      await kept(1);
      bench.writer.tell([{ personId: idOf(0) }]);
      expect(await bench.asked(() => bench.ask(nin, { asking: { access: 'restricted' } }))).to.equal(1);
      expect(await again(nin)).to.equal(1);
      expect(await again(numberOf(1))).to.equal(0);
    });

    it('by an event that tells another id and one of the numbers', async () => {
      const numbers = [inUse(numberOf(0)), discontinued(numberOf(7))];
      const nin = bench.add(0, { norwegianIdentificationNumber: numbers });
      await bench.ask(nin);
      bench.writer.tell([{ personId: 'merged-away', nin: numberOf(7) }]);
      expect(await again(nin)).to.equal(1);
    });

    it('by an event of a type that nobody knows', async () => {
      const nin = await kept();
      bench.writer.tell([{ personId: idOf(0) }], { type: 'TypeOfTomorrow' });
      expect(await again(nin)).to.equal(1);
    });

    it('by an event about what PREG never had: upstream may tell more by it than its name', async () => {
      const nin = await kept();
      bench.writer.tell([{ personId: idOf(0) }], { type: 'ChangeInUseOfSamiLanguage' });
      expect(await again(nin)).to.equal(1);
    });

    it('in memory, too, once the follower has had its turn, though nobody asks', async () => {
      await kept();
      bench.writer.tell([{ personId: idOf(0) }]);
      bench.cache.refresh();
      expect(bench.cache.size).to.equal(0);
    });

    it('when they are too old, though nobody asks', async () => {
      await kept();
      await bench.pass(5 * MINUTE);
      bench.cache.refresh();
      expect(bench.cache.size).to.equal(0);
    });

    it('when they are too old and the follower has no turn, once anybody is asked for', async () => {
      await kept(0);
      await bench.pass(5 * MINUTE);
      await kept(1);
      expect(bench.cache.size).to.equal(1);
    });

    it('all together when the feed begins anew', async () => {
      const nin = await kept();
      bench.writer.begin();
      expect(await again(nin)).to.equal(1);
    });

    it('all together by a gap that may be events which upstream has forgotten', async () => {
      const nin = await kept();
      bench.writer.tell([{ personId: idOf(5) }], { gap: 10_001n });
      expect(await again(nin)).to.equal(1);
    });

    it('not by a smaller gap', async () => {
      const nin = await kept();
      bench.writer.tell([{ personId: idOf(5) }], { gap: 10_000n });
      expect(await again(nin)).to.equal(0);
    });

    it('all together by more events than are looked through', async () => {
      const nin = await kept();
      bench.writer.tell(Array.from({ length: 5_001 }, () => ({ personId: idOf(5) })));
      expect(await again(nin)).to.equal(1);
    });

    it('all together when the log was not begun for a while', async () => {
      const nin = bench.add(0);
      let isLost = false;
      const log = bench.store.changeLog;
      const cache = bench.another(
        {},
        {
          since: (position, most) => (isLost ? undefined : log.since(position, most)),
          read: (work) => log.read(work),
        },
      );
      await bench.ask(nin, { cache });
      isLost = true;
      cache.refresh();
      isLost = false;
      expect(await bench.asked(() => bench.ask(nin, { cache }))).to.equal(1);
    });

    it('all together when retention has taken away what was not read', async () => {
      bench = new CacheBench({ maxAgeMilliseconds: 10 * DAY });
      const nin = await kept();
      await bench.pass(MINUTE);
      bench.writer.tell([{ personId: idOf(0) }]);
      await bench.pass(2 * MINUTE);
      while (bench.store.changeLog.purgeBefore(new Date(bench.clock.now().getTime() - 1)) > 0);
      expect(await again(nin)).to.equal(1);
    });

    it('when it is closed, and nothing is kept afterwards', async () => {
      const nin = await kept();
      bench.cache.close();
      expect(bench.cache.size).to.equal(0);
      expect(await again(nin)).to.equal(1);
      expect(await again(nin)).to.equal(1);
      expect(bench.cache.size).to.equal(0);
    });

    it('by the process that does not follow the feed as well as by the one that does', async () => {
      const folder = newFolder();
      const [one, other] = [
        openTestStore(folder, { clock: bench.clock }),
        openTestStore(folder, { clock: bench.clock }),
      ];
      const writer = new LogWriter(one.changeLog, bench.clock);
      writer.begin();
      await bench.clock.advance(MINUTE);
      writer.caughtUp();
      const nin = bench.add(0);
      const caches = [one, other].map(({ changeLog }) => bench.another({}, changeLog));
      for (const cache of caches) await bench.ask(nin, { cache });
      for (const cache of caches) expect(await bench.asked(() => bench.ask(nin, { cache }))).to.equal(0);
      writer.tell([{ personId: idOf(0) }]);
      for (const cache of caches) expect(await bench.asked(() => bench.ask(nin, { cache }))).to.equal(1);
      one.close();
      other.close();
    });
  });

  describe('while the feed does not vouch for them', () => {
    it('do not answer, and do again once it does, unless an event has told of the person', async () => {
      const nin = await kept(0);
      await kept(1);
      await bench.clock.advance(VOUCHED);
      expect(await again(nin)).to.equal(0);
      await bench.clock.advance(1);
      const asked = bench.source.asked.length;
      bench.source.trouble = new UpstreamUnavailable('not asked for the answer');
      await rejectionOf(bench.ask(nin));
      expect(bench.source.asked.length).to.equal(asked + 1);
      bench.source.trouble = undefined;
      bench.writer.tell([{ personId: idOf(1) }]);
      expect(await again(nin)).to.equal(0);
      expect(await again(numberOf(1))).to.equal(1);
    });

    it('do not answer after five minutes, however seldom the follower has its turn', async () => {
      const cache = bench.another({ maxAgeMilliseconds: 60 * MINUTE }, undefined, 3_600);
      const nin = bench.add(0);
      await bench.ask(nin, { cache });
      await bench.clock.advance(5 * MINUTE);
      expect(await bench.asked(() => bench.ask(nin, { cache }))).to.equal(0);
      await bench.clock.advance(1);
      expect(await bench.asked(() => bench.ask(nin, { cache }))).to.equal(1);
    });

    it('do not answer while the feed has something newer than the log', async () => {
      const nin = await kept();
      bench.writer.unread(1n);
      expect(await again(nin)).to.equal(1);
    });

    it('do not answer when the log seems to have caught up ahead of now', async () => {
      const nin = await kept();
      await bench.pass(MINUTE);
      await bench.clock.advance(-1);
      expect(await again(nin)).to.equal(1);
    });

    it('do not answer while the log cannot be read, nor is anything kept that was fetched then', async () => {
      const nin = await kept();
      bench.logTrouble = new StoreFailed('the disk is gone');
      expect(await again(nin)).to.equal(1);
      bench.add(1);
      await bench.ask(numberOf(1));
      bench.logTrouble = undefined;
      expect(await again(numberOf(1))).to.equal(1);
    });

    it('are not kept before the log has begun, nor in the minute after', async () => {
      bench = new CacheBench({}, { begun: false });
      const nin = await kept();
      expect(await again(nin)).to.equal(1);
      bench.writer.begin();
      expect(await again(nin)).to.equal(1);
      expect(await again(nin)).to.equal(1);
      await bench.pass(MINUTE);
      expect(await again(nin)).to.equal(1);
      expect(await again(nin)).to.equal(0);
    });
  });

  describe('that were on their way while an event was read', () => {
    /** Asks, and lets something happen before the answer comes. */
    async function meanwhile(happening: () => void | Promise<void>, index = 0): Promise<void> {
      const nin = bench.add(index);
      const gate = gateOf();
      bench.source.held = gate.promise;
      const asking = bench.ask(nin);
      await happening();
      gate.resolve();
      await asking;
      bench.source.held = undefined;
    }

    it('are kept when it told of somebody else', async () => {
      await meanwhile(() => {
        bench.writer.tell([{ personId: idOf(5) }]);
        bench.cache.refresh();
      });
      expect(bench.cache.size).to.equal(1);
    });

    it('are not kept when it told of the person', async () => {
      await meanwhile(() => {
        bench.writer.tell([{ personId: idOf(0) }]);
        bench.cache.refresh();
      });
      expect(bench.cache.size).to.equal(0);
    });

    it('are not kept when nobody has read the event yet', async () => {
      await meanwhile(() => {
        bench.writer.tell([{ personId: idOf(0) }]);
      });
      expect(bench.cache.size).to.equal(0);
    });

    it('are not kept when it told a number alone', async () => {
      await meanwhile(() => {
        bench.writer.tell([{ personId: 'other', nin: numberOf(0) }]);
        bench.cache.refresh();
      });
      expect(bench.cache.size).to.equal(0);
    });

    it('are not kept when it is not known of whom was told', async () => {
      await meanwhile(() => {
        bench.writer.begin();
        bench.cache.refresh();
      });
      expect(bench.cache.size).to.equal(0);
    });

    it('are not kept when they took longer than is remembered who was told of', async () => {
      await meanwhile(() => bench.pass(MINUTE));
      expect(bench.cache.size).to.equal(0);
    });

    it('are not kept when the cache was closed', async () => {
      await meanwhile(() => {
        bench.cache.close();
      });
      expect(bench.cache.size).to.equal(0);
    });

    it('are not kept within a minute of an event that was told before there was a cache', async () => {
      bench.writer.tell([{ personId: idOf(0) }]);
      await bench.pass(MINUTE - 1);
      const cache = bench.another();
      const nin = bench.add(0);
      const other = bench.add(1);
      for (const one of [nin, other]) await bench.ask(one, { cache });
      expect(cache.size).to.equal(1);
      await bench.pass(MINUTE);
      await bench.ask(nin, { cache });
      expect(cache.size).to.equal(2);
    });

    it('are not kept within a minute of the beginning of the log', async () => {
      bench.writer.begin();
      await bench.pass(MINUTE - 1);
      const cache = bench.another();
      await bench.ask(bench.add(0), { cache });
      expect(cache.size).to.equal(0);
    });

    it('do not come back within a minute of the event: a server of the register may not have heard of it', async () => {
      const nin = await kept();
      bench.writer.tell([{ personId: idOf(0) }]);
      await bench.ask(nin);
      await bench.pass(MINUTE - 1);
      expect(await again(nin)).to.equal(1);
      await bench.pass(1);
      expect(await again(nin)).to.equal(1);
      expect(await again(nin)).to.equal(0);
    });
  });
});

/** A promise that is kept when it is said. */
function gateOf(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
