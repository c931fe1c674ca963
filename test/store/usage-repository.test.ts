import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import type { UsageCount } from '../../src/registry/cutover/compared-answers.js';
import { openMemoryDatabase } from '../../src/store/database.js';
import { StoredUsage } from '../../src/store/usage-repository.js';

const at = (day: number): Date => new Date(Date.UTC(2026, 2, day, 12));

function count(change: Partial<UsageCount> = {}): UsageCount {
  return {
    clientId: 'epj',
    protocol: 'hl7v3',
    operation: 'GetDemographics',
    questions: 3,
    fields: new Map([
      ['givenName', 3],
      ['dateOfDeath', 1],
    ]),
    firstSeen: at(2),
    lastSeen: at(3),
    ...change,
  };
}

describe('the repository of usage', () => {
  function inMemory() {
    const database = openMemoryDatabase();
    return {
      database,
      usage: new StoredUsage({ database, assertInPlace: () => undefined }),
      operations: () => database.prepare('SELECT * FROM register_usage ORDER BY client_id, operation').all(),
      fields: () => database.prepare('SELECT * FROM register_usage_field ORDER BY client_id, field').all(),
    };
  }
  const key = { client_id: 'epj', protocol: 'hl7v3', operation: 'GetDemographics' };
  const seen = (first: number, last: number) => ({
    first_seen: at(first).getTime(),
    last_seen: at(last).getTime(),
  });

  it('adds to what is known: how often, since when, until when', () => {
    const { usage, operations, fields } = inMemory();
    usage.add([count(), count({ firstSeen: at(1), lastSeen: at(1), questions: 1, fields: new Map() })]);
    usage.add([
      count({ firstSeen: at(5), lastSeen: at(6), questions: 2, fields: new Map([['givenName', 2]]) }),
    ]);
    expect(operations()).to.deep.equal([{ ...key, questions: 6, ...seen(1, 6) }]);
    expect(fields()).to.deep.equal([
      { ...key, field: 'dateOfDeath', answers: 1, ...seen(2, 3) },
      { ...key, field: 'givenName', answers: 5, ...seen(2, 6) },
    ]);
  });

  it('forgets what nobody has used since, and keeps the count of what is still used', () => {
    const { usage, operations, fields } = inMemory();
    usage.add([count(), count({ clientId: 'pas', firstSeen: at(1), lastSeen: at(9) })]);
    expect(usage.forgetBefore(at(3))).to.equal(0);
    expect(usage.forgetBefore(at(4))).to.equal(3);
    expect(operations()).to.deep.equal([{ ...key, client_id: 'pas', questions: 3, ...seen(1, 9) }]);
    expect(fields()).to.have.length(2);
  });

  it('adds all or nothing', () => {
    const { usage, operations, database } = inMemory();
    database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON register_usage WHEN new.client_id = 'bad' BEGIN SELECT raise(ABORT, 'no room'); END`,
    );
    expect(() => {
      usage.add([count(), count({ clientId: 'bad' })]);
    }).to.throw(StoreFailed);
    expect(operations()).to.deep.equal([]);
  });
});
