import { expect } from 'chai';
import { silentLogger } from '../../src/operations/logger.js';
import { createRetention } from '../../src/operations/retention.js';
import { ManualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { auditEntry, openTestStore } from '../store/store-fixture.js';
import { logFixture } from './log-fixture.js';

const hour = 60 * 60 * 1_000;
const day = 24 * hour;

describe('retention', () => {
  const folder = temporaryFolders();

  it('purges at once and then every day, each time what has reached its age', async () => {
    const clock = new ManualClock('2025-03-01T12:00:00.000Z');
    const asked: string[] = [];
    const retention = createRetention({
      audit: {
        purgeBefore: (instant) => {
          asked.push(instant.toISOString());
          return 0;
        },
      },
      retentionDays: 10,
      clock,
      logger: silentLogger,
    });
    let stopped: Promise<void> | undefined;
    clock.onSleep = () => {
      if (clock.sleeps.length === 3) stopped = retention.stop();
    };
    retention.start();
    await until(() => stopped !== undefined);
    await stopped;
    expect(asked).to.deep.equal([
      '2025-02-19T12:00:00.000Z',
      '2025-02-20T12:00:00.000Z',
      '2025-02-21T12:00:00.000Z',
    ]);
    expect(clock.sleeps).to.deep.equal([day, day, day]);
  });

  it('goes on until nothing of that age is left, and lets others run in between', async () => {
    const clock = new ManualClock();
    const log = logFixture();
    const deleted = [1000, 1000, 7, 0];
    const retention = createRetention({
      audit: { purgeBefore: () => deleted.shift() ?? 0 },
      retentionDays: 10,
      clock,
      logger: log.logger,
    });
    let stopped: Promise<void> | undefined;
    clock.onSleep = () => {
      if (clock.sleeps.at(-1) === day) stopped = retention.stop();
    };
    retention.start();
    await until(() => stopped !== undefined);
    await stopped;
    expect(clock.sleeps).to.deep.equal([0, 0, 0, day]);
    expect((await log.records())[0]).to.include({ level: 'info', deleted: 2007 });
  });

  it('reports a purge that fails and tries again in an hour', async () => {
    const clock = new ManualClock();
    const log = logFixture();
    let attempts = 0;
    const retention = createRetention({
      audit: {
        purgeBefore: () => {
          attempts += 1;
          if (attempts === 1) throw new Error('locked');
          return 0;
        },
      },
      retentionDays: 10,
      clock,
      logger: log.logger,
    });
    let stopped: Promise<void> | undefined;
    clock.onSleep = () => {
      if (clock.sleeps.length === 2) stopped = retention.stop();
    };
    retention.start();
    await until(() => stopped !== undefined);
    await stopped;
    expect(clock.sleeps).to.deep.equal([hour, day]);
    const records = await log.records();
    expect(records).to.have.length(1);
    expect(records[0]).to.include({ level: 'error', message: 'audit entries could not be purged' });
  });

  it('lets other tables forget what has had its time, also when the audit could not be purged', async () => {
    const clock = new ManualClock('2025-03-01T12:00:00.000Z');
    const log = logFixture();
    const asked: string[] = [];
    const left = [1000, 3, 0];
    const retention = createRetention({
      audit: {
        purgeBefore: () => {
          throw new Error('locked');
        },
      },
      forgettable: [
        {
          forgetBefore: (instant) => {
            asked.push(instant.toISOString());
            return left.shift() ?? 0;
          },
        },
        {
          forgetBefore: () => {
            throw new Error('locked');
          },
        },
      ],
      retentionDays: 10,
      clock,
      logger: log.logger,
    });
    let stopped: Promise<void> | undefined;
    clock.onSleep = () => {
      if (clock.sleeps.at(-1) === hour) stopped = retention.stop();
    };
    retention.start();
    await until(() => stopped !== undefined);
    await stopped;
    expect(asked).to.deep.equal(new Array(3).fill('2025-03-01T12:00:00.000Z'));
    expect((await log.records()).map((record) => record['message'])).to.deep.equal([
      'audit entries could not be purged',
      'what has had its time could not be deleted',
    ]);
  });

  it('stops before it was started, and starts once', async () => {
    const clock = new ManualClock();
    let purges = 0;
    const options = {
      audit: {
        purgeBefore: () => {
          purges += 1;
          return 0;
        },
      },
      retentionDays: 1,
      clock,
      logger: silentLogger,
    };
    await createRetention(options).stop();
    expect(purges).to.equal(0);
    const twice = createRetention(options);
    twice.start();
    twice.start();
    await twice.stop();
    expect(purges).to.equal(1);
  });

  it('deletes from a store what is older than the retention, to the millisecond', async () => {
    const clock = new ManualClock('2025-03-11T12:00:00.000Z');
    const store = openTestStore(folder());
    store.audit.record([auditEntry({ at: new Date('2025-03-01T11:59:59.999Z'), clientId: 'older' })]);
    store.audit.record([auditEntry({ at: new Date('2025-03-01T12:00:00.000Z'), clientId: 'as-old' })]);
    const retention = createRetention({ audit: store.audit, retentionDays: 10, clock, logger: silentLogger });
    let stopped: Promise<void> | undefined;
    clock.onSleep = () => {
      if (clock.sleeps.at(-1) === day) stopped = retention.stop();
    };
    retention.start();
    await until(() => stopped !== undefined);
    await stopped;
    expect([...store.audit.entries()].map(({ clientId }) => clientId)).to.deep.equal(['as-old']);
    store.close();
  });
});
