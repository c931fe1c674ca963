import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import { AuditPolicy, type WhenUnwritable } from '../../src/operations/audit-policy.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import type { AdapterEvents } from '../../src/operations/events.js';
import { rejectionOf } from '../support/rejection.js';
import { auditEntry } from '../store/store-fixture.js';

/** A trail that can be out of order, and what was told of it. */
class Bench {
  readonly written: AuditEntry[] = [];
  readonly told: unknown[] = [];
  inOrder = true;
  readonly policy: AuditPolicy;

  constructor(whenUnwritable: WhenUnwritable) {
    const trail = {
      record: (entries: readonly AuditEntry[]): Promise<void> => {
        if (!this.inOrder) return Promise.reject(new AuditUnavailable('no room'));
        this.written.push(...entries);
        return Promise.resolve();
      },
    };
    const emit = <Name extends keyof AdapterEvents>(name: Name, event: AdapterEvents[Name]): void => {
      this.told.push({ name, ...event, ...('error' in event ? { error: 'told' } : {}) });
    };
    this.policy = new AuditPolicy(trail, whenUnwritable, { emit });
  }
}

describe('(QUALITY 53) when audit entries cannot be written', () => {
  const [one, two, three] = [auditEntry(), auditEntry(), auditEntry()] as const;

  it('answers are withheld where the setting says so, with one alarm when it begins and one word when it ends', async () => {
    const bench = new Bench('withhold');
    await bench.policy.record([one]);
    bench.inOrder = false;
    for (const entry of [two, two]) {
      expect(await rejectionOf(bench.policy.record([entry]))).to.be.instanceOf(AuditUnavailable);
    }
    bench.inOrder = true;
    await bench.policy.record([three]);
    await bench.policy.record([three]);
    expect(bench.written).to.deep.equal([one, three, three]);
    expect(bench.told).to.deep.equal([
      { name: 'auditUnwritable', error: 'told', withheld: true },
      { name: 'auditWritable', late: 0, lost: 0 },
    ]);
  });

  it('answers leave where the setting says so, and their entries are written late', async () => {
    const bench = new Bench('answer');
    bench.inOrder = false;
    await bench.policy.record([one]);
    await bench.policy.record([two]);
    expect(bench.written).to.deep.equal([]);
    bench.inOrder = true;
    await bench.policy.record([three]);
    expect(bench.written).to.deep.equal([three, one, two]);
    expect(bench.told).to.deep.equal([
      { name: 'auditUnwritable', error: 'told', withheld: false },
      { name: 'auditWritable', late: 2, lost: 0 },
    ]);
  });

  it('keeps a limited number, and says how many are lost', async () => {
    const bench = new Bench('answer');
    bench.inOrder = false;
    await bench.policy.record(Array.from({ length: 9_999 }, () => one));
    await bench.policy.record([two, three, three]);
    bench.inOrder = true;
    await bench.policy.record([three]);
    expect(bench.written).to.have.length(10_001);
    expect(bench.told.at(-1)).to.deep.equal({ name: 'auditWritable', late: 10_000, lost: 2 });
  });

  it('tells of the next trouble again', async () => {
    const bench = new Bench('withhold');
    for (let round = 0; round < 2; round += 1) {
      bench.inOrder = false;
      await rejectionOf(bench.policy.record([one]));
      bench.inOrder = true;
      await bench.policy.record([one]);
    }
    expect(bench.told).to.have.length(4);
  });

  it('passes on what is no trouble of the trail', async () => {
    const policy = new AuditPolicy({ record: () => Promise.reject(new TypeError('a fault')) }, 'answer', {
      emit: () => undefined,
    });
    expect(await rejectionOf(policy.record([one]))).to.be.instanceOf(TypeError);
  });
});
