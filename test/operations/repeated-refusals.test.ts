import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { RepeatedRefusals } from '../../src/operations/repeated-refusals.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { rejectionOf } from '../support/rejection.js';
import { StandingClock } from '../support/standing-clock.js';
import { auditEntry } from '../store/store-fixture.js';

describe('refusals that repeat', () => {
  let clock: StandingClock;
  let events: RecordedEvents;
  let written: AuditEntry[];
  let inOrder: boolean;
  let refusals: RepeatedRefusals;

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00Z');
    events = new RecordedEvents();
    written = [];
    inOrder = true;
    const record = (entries: readonly AuditEntry[]): Promise<void> => {
      if (!inOrder) return Promise.reject(new AuditUnavailable('no room'));
      written.push(...entries);
      return Promise.resolve();
    };
    refusals = new RepeatedRefusals({ record }, { events, clock });
  });

  /** The entry of a request that is refused now. */
  function refused(change: Partial<AuditEntry> = {}): AuditEntry {
    return auditEntry({ at: clock.now(), subject: null, outcome: 'rate-limited', ...change });
  }

  async function record(...entries: readonly AuditEntry[]): Promise<void> {
    for (const entry of entries) await refusals.record([entry]);
  }

  it('have an entry for the first at once, and one for all that follow within a minute, which says how many and when', async () => {
    const first = refused();
    await record(first);
    expect(written).to.deep.equal([first]);
    clock.move(5_000);
    await record(refused());
    clock.move(20_000);
    await record(refused(), refused());
    expect(written).to.have.length(1);
    await clock.advance(35_000);
    const period = { from: '2026-03-01T12:00:05.000Z', to: '2026-03-01T12:00:25.000Z' };
    expect(written.slice(1)).to.deep.equal([
      {
        ...first,
        at: new Date(period.to),
        detail: { remoteAddress: '192.0.2.17', count: 3, period },
      },
    ]);
    const { correlationId, clientId, protocol, operation, outcome } = first;
    expect(events.of.refusalsRepeated).to.deep.equal([
      {
        correlationId,
        clientId,
        protocol,
        operation,
        outcome,
        remoteAddress: '192.0.2.17',
        count: 3,
        milliseconds: 20_000,
      },
    ]);
  });

  it('lose none that comes just when the minute is over', async () => {
    let done = (): void => undefined;
    const slow = new RepeatedRefusals(
      {
        record: (entries) => {
          written.push(...entries);
          return entries[0]?.detail.count === undefined
            ? Promise.resolve()
            : new Promise((resolve) => {
                done = resolve;
              });
        },
      },
      { events, clock },
    );
    await slow.record([refused()]);
    await slow.record([refused()]);
    await clock.advance(60_000);
    done();
    const late = refused();
    await Promise.resolve().then(() => slow.record([late]));
    expect(written).to.have.length(3);
    expect(written[2]).to.equal(late);
  });

  it('begin anew after the minute', async () => {
    await record(refused(), refused());
    await clock.advance(60_000);
    const next = refused();
    await record(next);
    expect(written).to.have.length(3);
    expect(written[2]).to.equal(next);
    await clock.advance(60_000);
    expect(written).to.have.length(3);
    expect(clock.sleeping).to.equal(0);
  });

  const others: Readonly<Record<string, Partial<AuditEntry>>> = {
    'of another client': { clientId: 'other' },
    'of nobody known': { clientId: null },
    'by another protocol': { protocol: 'hl7v2' },
    'for another operation': { operation: 'FindCandidates' },
    'for another reason': { outcome: 'not-authorised' },
    'from elsewhere': { detail: { remoteAddress: '192.0.2.18' } },
  };
  for (const [which, change] of Object.entries(others)) {
    it(`are counted apart from those ${which}`, async () => {
      await record(refused(), refused(change), refused(), refused(change), refused(change));
      expect(written).to.have.length(2);
      await clock.advance(60_000);
      expect(written.slice(2).map(({ detail }) => detail.count)).to.deep.equal([1, 2]);
    });
  }

  it('are counted by network in IPv6, of which a caller has as many addresses as it likes', async () => {
    for (const end of [1, 2, 3]) await record(refused({ detail: { remoteAddress: `2001:db8::${end}` } }));
    await clock.advance(60_000);
    expect(written.map(({ detail }) => detail.remoteAddress)).to.deep.equal([
      '2001:db8::1',
      '2001:db8:0:0::/64',
    ]);
  });

  it('are those of strangers, whatever they are refused for', async () => {
    for (const outcome of ['not-authenticated', 'malformed-request', 'overloaded', 'internal'] as const) {
      const stranger = { clientId: null, operation: null, outcome };
      await record(refused(stranger), refused(stranger), refused(stranger));
      await clock.advance(60_000);
      expect(
        written.map(({ detail }) => detail.count),
        outcome,
      ).to.deep.equal([undefined, 2]);
      written.length = 0;
    }
  });

  const neverCounted: Readonly<Record<string, Partial<AuditEntry>>> = {
    'an answer': { outcome: 'found' },
    'a search that was made': { outcome: 'caller-left' },
    'what a client asked that may ask it': { outcome: 'invalid-query' },
    'what is about somebody': { subject: syntheticNumber() },
    'what is about somebody by pseudonym': { pseudonym: 'p' },
    'what is for a receiver': { clientId: null, detail: { remoteAddress: '192.0.2.17', receiver: 'r' } },
  };
  for (const [what, change] of Object.entries(neverCounted)) {
    it(`do not include ${what}`, async () => {
      await record(refused(change), refused(change));
      expect(written).to.have.length(2);
      await refusals.record([refused(), refused()]);
      expect(written, 'several of one request').to.have.length(4);
    });
  }

  it('are withheld while the first of them cannot be written, and begin with the next one', async () => {
    inOrder = false;
    const both = [refusals.record([refused()]), refusals.record([refused()])].map(rejectionOf);
    for (const error of await Promise.all(both)) expect(error).to.be.instanceOf(AuditUnavailable);
    inOrder = true;
    const next = refused();
    await record(next, refused());
    expect(written).to.deep.equal([next]);
  });

  it('are counted on where their entry cannot be written, and told of as soon as it can', async () => {
    await record(refused(), refused());
    inOrder = false;
    await clock.advance(60_000);
    expect(events.of.refusalsRepeated).to.deep.equal([]);
    await record(refused());
    inOrder = true;
    await clock.advance(60_000);
    expect(written.slice(1).map(({ detail }) => detail)).to.deep.equal([
      {
        remoteAddress: '192.0.2.17',
        count: 2,
        period: { from: '2026-03-01T12:00:00.000Z', to: '2026-03-01T12:01:00.000Z' },
      },
    ]);
    expect(events.of.refusalsRepeated).to.have.length(1);
  });

  it('that come while the entry of those before them is written are told of a minute later', async () => {
    await record(refused(), refused());
    let release = (): void => undefined;
    const writing = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: AuditEntry[][] = [];
    refusals = new RepeatedRefusals(
      {
        record: async (entries) => {
          if (entries[0]?.detail.count !== undefined) await writing;
          slow.push([...entries]);
        },
      },
      { events, clock },
    );
    await record(refused(), refused());
    await clock.advance(60_000);
    await record(refused());
    release();
    await clock.advance(60_000);
    await clock.advance(60_000);
    expect(slow.flat().map(({ detail }) => detail.count)).to.deep.equal([undefined, 1, 1]);
  });

  it('are told of at the end, in the log even where they cannot be written', async () => {
    await record(refused(), refused());
    await refusals.close();
    expect(written[1]?.detail.count).to.equal(1);
    await record(refused(), refused(), refused());
    inOrder = false;
    await refusals.close();
    expect(written).to.have.length(3);
    expect(events.of.refusalsRepeated.map(({ count }) => count)).to.deep.equal([1, 2]);
    await clock.advance(600_000);
    expect(clock.sleeping).to.equal(0);
  });

  it('are told apart by a thousand networks at a time, and together beyond it', async () => {
    const from = (index: number): AuditEntry =>
      refused({ detail: { remoteAddress: `10.0.${Math.floor(index / 250)}.${index % 250}` } });
    for (let index = 0; index < 1_500; index += 1) await record(from(index));
    await record(from(3), from(1_400));
    expect(written).to.have.length(1_001);
    await clock.advance(60_000);
    const together = written
      .slice(1_001)
      .map(({ detail: { remoteAddress, count } }) => [remoteAddress, count]);
    expect(together).to.deep.equal([
      ['10.0.0.3', 1],
      ['several', 500],
    ]);
  });

  it('tell which requests have an entry of their own', async () => {
    const [first, second] = [refused(), refused()];
    await record(first, second);
    expect(refusals.isCounted(first.correlationId)).to.equal(false);
    expect(refusals.isCounted(second.correlationId)).to.equal(true);
  });
});
