import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { InternalError, StoreFailed, UpstreamUnavailable } from '../../src/errors/errors.js';
import { createEventBus } from '../../src/operations/event-bus.js';
import { createEventLog } from '../../src/operations/event-log.js';
import type { AdapterEvents } from '../../src/operations/events.js';
import { logFixture } from './log-fixture.js';

const logPage = readFileSync(path.resolve(import.meta.dirname, '../../../docs/log.md'), 'utf8');
const job = { jobId: '01JBR8Q2W5N7K3M4P6T8V9X0YZ', clientId: 'ward' };

/** The line that an event leaves, after a look whether docs/log.md tells of it. */
async function lineOf<Name extends keyof AdapterEvents>(
  name: Name,
  event: AdapterEvents[Name],
): Promise<Record<string, unknown>> {
  const log = logFixture();
  const bus = createEventBus(log.logger);
  bus.subscribe(createEventLog(log.logger));
  bus.emit(name, event);
  const [line = {}, ...more] = await log.records();
  expect(more).to.deep.equal([]);
  expect(logPage).to.include(`\n| ${String(line['message'])} | filematch |`);
  return line;
}

describe('the event log of Filematch', () => {
  it('tells of a job from its beginning to its end', async () => {
    expect(await lineOf('filematchJobAccepted', { ...job, door: 'http', bytes: 7 })).to.include({
      ...job,
      level: 'info',
      door: 'http',
      bytes: 7,
    });
    expect(await lineOf('filematchJobStarted', { ...job, rows: 9, rowsDone: 3 })).to.include({
      ...job,
      level: 'info',
      rows: 9,
      rowsDone: 3,
    });
    const totals = { matched: 8 };
    expect(await lineOf('filematchJobCompleted', { ...job, rows: 9, totals, seconds: 2 })).to.include({
      ...job,
      level: 'info',
      matched: 8,
      seconds: 2,
    });
    expect(await lineOf('filematchJobRejected', { ...job, code: 'E011' })).to.include({
      ...job,
      level: 'warn',
      code: 'E011',
    });
  });

  it('says what a job waits for, as loud as its trouble', async () => {
    const error = new UpstreamUnavailable('down');
    const line = await lineOf('filematchJobWaiting', { ...job, waitingFor: 'register', error });
    expect(line).to.include({ ...job, level: 'error', waitingFor: 'register' });
    expect(line['hint']).to.be.a('string');
    const reason = 'the drop folder is not there';
    expect(await lineOf('filematchJobWaiting', { ...job, waitingFor: 'folder', reason })).to.include({
      level: 'warn',
      reason,
    });
  });

  it('says why a job failed, loudly unless it was cancelled', async () => {
    const error = new InternalError('unforeseen error', new TypeError('oops'));
    const line = await lineOf('filematchJobFailed', { ...job, code: 'internal', rowsDone: 3, error });
    expect(line).to.include({ ...job, level: 'error', code: 'internal', rowsDone: 3 });
    expect(JSON.stringify(line['error'])).to.include('oops');
    expect(await lineOf('filematchJobFailed', { ...job, code: 'cancelled' })).to.include({ level: 'info' });
  });

  it('tells what was deleted, and when jobs cannot be read', async () => {
    expect(await lineOf('filematchJobsDeleted', { deleted: 2, left: 0 })).to.include({
      level: 'info',
      deleted: 2,
    });
    expect(await lineOf('filematchJobsDeleted', { deleted: 2, left: 1 })).to.include({
      level: 'warn',
      left: 1,
    });
    expect(await lineOf('filematchJobsNotRead', { error: new StoreFailed('locked') })).to.include({
      level: 'error',
    });
  });
});
