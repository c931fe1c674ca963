import { expect } from 'chai';
import { NewsOfLog } from '../../../src/registry/changes/news-of-log.js';
import type { FeedEvent } from '../../../src/registry/changes/feed-event.js';
import type { Store } from '../../../src/store/store.js';
import { memoryStore } from '../../support/memory-store.js';
import { StandingClock } from '../../support/standing-clock.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const DAY = 24 * 60 * 60_000;

describe('news of the log of changes', () => {
  let clock: StandingClock;
  let store: Store;
  let news: NewsOfLog;

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00Z');
    store = memoryStore({ clock });
    news = new NewsOfLog(store.changeLog);
    store.changeLog.take('me', new Date('2100-01-01T00:00:00Z'));
  });

  afterEach(() => {
    store.close();
  });

  function seen(first: number, ...types: readonly string[]): void {
    const events = types.map((type, index): FeedEvent => {
      const sequence = BigInt(first + index);
      return { sequence, personId: `person-${sequence}`, type, nin: syntheticNumber(first + index) };
    });
    store.changeLog.append('me', { events, next: BigInt(first + types.length) });
  }

  it('are none before the log begins, and begin where it is then', () => {
    expect(news.since(undefined, 10)).to.equal(undefined);
    store.changeLog.begin('me', 5n);
    expect(news.since(undefined, 10)).to.deep.equal({
      changes: [],
      place: { feed: 1, next: 5n, at: clock.now() },
      hasMore: false,
      hasGap: false,
    });
  });

  it('tell who changed, and how, page by page', () => {
    store.changeLog.begin('me', 1n);
    const begun = news.since(undefined, 10)?.place;
    seen(1, 'ChangeInName', 'PersonIsCreated', 'PersonIsDiscontinuedAsDuplicate');
    const first = news.since(begun, 2);
    expect(first?.changes).to.deep.equal([
      { personId: 'person-1', nin: syntheticNumber(1), kind: 'record' },
      { personId: 'person-2', nin: syntheticNumber(2), kind: 'created' },
    ]);
    expect(first?.hasMore).to.equal(true);
    const second = news.since(first?.place, 2);
    expect(second?.changes.map(({ kind }) => kind)).to.deep.equal(['merged']);
    expect([second?.hasMore, second?.hasGap]).to.deep.equal([false, false]);
  });

  it('tell of the kinds that matter, of nothing that PREG had not, and of what nobody knows as a change', () => {
    store.changeLog.begin('me', 1n);
    const begun = news.since(undefined, 10)?.place;
    seen(
      1,
      'ChangeInUseOfSamiLanguage',
      'ChangeInNorwegianIdentificationNumber',
      'PersonIsContinuedAsValidUponMerger',
      'PersonIsChangedBySplitting',
      'PersonIsRestoredBySplitting',
      'PersonPopulated',
      'SomethingNew',
    );
    const told = news.since(begun, 10);
    expect(told?.changes.map(({ kind }) => kind)).to.deep.equal([
      'number',
      'number',
      'split',
      'split',
      'created',
      'record',
    ]);
    expect(told?.place.next).to.equal(8n);
  });

  it('say when the log began anew, and go on from there', () => {
    store.changeLog.begin('me', 100n);
    const begun = news.since(undefined, 10)?.place;
    store.changeLog.begin('me', 1n);
    seen(1, 'ChangeInName');
    const told = news.since(begun, 10);
    expect(told).to.deep.include({ changes: [], hasGap: true });
    expect(told?.place).to.include({ feed: 2, next: 2n });
  });

  it('say when retention took what was not told yet, and not when it took what was', () => {
    store.changeLog.begin('me', 1n);
    seen(1, 'ChangeInName');
    const begun = news.since(undefined, 10)?.place;
    clock.move(DAY);
    seen(2, 'ChangeInName');
    const told = news.since(begun, 10)?.place;
    clock.move(DAY);
    store.changeLog.purgeBefore(new Date(clock.now().getTime() - DAY / 2));
    expect(news.since(begun, 10)?.hasGap).to.equal(true);
    clock.move(DAY);
    const later = { feed: 1, next: told?.next ?? 0n, at: clock.now() };
    expect(news.since(later, 10)?.hasGap).to.equal(false);
  });
});
