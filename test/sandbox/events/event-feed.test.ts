import { expect } from 'chai';
import { EventFeed, type EventDocument } from '../../../src/sandbox/events/event-feed.js';
import { EVENT_TYPES } from '../../../src/sandbox/events/event-types.js';

const someone = { personId: 'someone', eventType: 'ChangeInName', nin: undefined } as const;

function numbersOf(events: readonly EventDocument[]): readonly number[] {
  return events.map(({ sequenceNumber }) => Number(sequenceNumber));
}

describe('event feed', () => {
  it('is empty until something happens', () => {
    const feed = new EventFeed({ after: 10 });
    expect(feed.latest()).to.equal(undefined);
    expect(feed.page({ limit: 10 })).to.deep.equal([]);
    expect(feed.size).to.equal(0);
  });

  it('numbers events upwards from where the documents end, with gaps, as text', () => {
    const feed = new EventFeed({ after: 1000 });
    for (let count = 0; count < 50; count += 1) feed.append(someone);
    const events = feed.page({ limit: 100 });
    const numbers = numbersOf(events);
    expect(numbers[0]).to.be.above(1000);
    expect(numbers).to.deep.equal([...new Set(numbers)].sort((one, other) => one - other));
    expect((numbers.at(-1) ?? 0) - 1000).to.be.above(50);
    expect(events[0]?.sequenceNumber).to.be.a('string');
    expect(events[0]).not.to.have.property('nin');
  });

  it('begins a page with the number asked for, or with the next one there is', () => {
    const feed = new EventFeed({ after: 0 });
    const first = feed.append(someone);
    feed.skip(100);
    const second = feed.append({ ...someone, personId: 'other', nin: '00000000000' });
    expect(numbersOf(feed.page({ from: first, limit: 10 }))).to.deep.equal([first, second]);
    expect(feed.page({ from: first + 1, limit: 10 })).to.deep.equal([
      { sequenceNumber: String(second), personId: 'other', eventType: 'ChangeInName', nin: '00000000000' },
    ]);
    expect(feed.page({ from: second + 1, limit: 10 })).to.deep.equal([]);
    expect(second - first).to.be.above(100);
  });

  it('gives only the types asked for', () => {
    const feed = new EventFeed({ after: 0 });
    feed.appendMany(100, (index) => ({
      ...someone,
      eventType: index % 10 === 0 ? 'PersonIsDeceased' : 'ChangeInName',
    }));
    const page = feed.page({ types: new Set(['PersonIsDeceased']), limit: 7 });
    expect(page.map(({ eventType }) => eventType)).to.deep.equal(Array(7).fill('PersonIsDeceased'));
    expect(feed.page({ types: new Set(['PersonIsCreated']), limit: 7 })).to.deep.equal([]);
  });

  it('reads on over all pages of a feed of many segments, nothing twice and nothing left out', () => {
    const feed = new EventFeed({ after: 5 });
    const last = feed.appendMany(50_000, (index) => ({ ...someone, personId: String(index) }));
    const seen: string[] = [];
    for (let from = 1; ;) {
      const page = feed.page({ from, limit: 1000 });
      seen.push(...page.map(({ personId }) => personId));
      if (page.length < 1000) break;
      from = Number(page.at(-1)?.sequenceNumber) + 1;
    }
    expect(seen).to.deep.equal(Array.from({ length: 50_000 }, (_, index) => String(index)));
    expect(feed.latest()?.sequenceNumber).to.equal(String(last));
  });

  it('forgets the oldest when there are more than it keeps', () => {
    const feed = new EventFeed({ after: 0, kept: 20_000 });
    feed.appendMany(100_000, (index) => ({ ...someone, personId: String(index) }));
    expect(feed.size).to.be.within(20_000, 20_000 + 2 * 16_384);
    const [oldest] = feed.page({ from: 1, limit: 1 });
    expect(oldest?.personId).to.equal(String(100_000 - feed.size));
    expect(feed.latest()?.personId).to.equal('99999');
  });

  it('holds a million events', function () {
    this.timeout(20_000);
    const feed = new EventFeed({ after: 0 });
    const last = feed.appendMany(1_000_000, () => someone);
    expect(feed.size).to.equal(1_000_000);
    expect(numbersOf(feed.page({ from: last, limit: 10 }))).to.deep.equal([last]);
  });

  it('leaves the same gaps for the same seed', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => {
      const feed = new EventFeed({ after: 0, seed });
      feed.appendMany(100, () => someone);
      return numbersOf(feed.page({ limit: 100 }));
    });
    expect(one).to.deep.equal(same);
    expect(one).not.to.deep.equal(other);
  });

  it('knows 53 event types', () => {
    expect(new Set(EVENT_TYPES).size).to.equal(53);
  });
});
