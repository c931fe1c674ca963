import { expect } from 'chai';
import {
  InvalidQuery,
  UpstreamInvalidAnswer,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../../src/errors/errors.js';
import { START } from '../../../../src/legacy/filematch/jobs/checkpoint.js';
import { JobAtWork } from '../../../../src/legacy/filematch/jobs/job-at-work.js';
import { Lookup } from '../../../../src/legacy/filematch/jobs/lookup.js';
import { Patience } from '../../../../src/legacy/filematch/jobs/patience.js';
import type { InputRow } from '../../../../src/legacy/filematch/record.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { Faults } from '../../../support/filematch-faults.js';
import { PlainMatcher } from '../../../support/filematch-forms.js';
import { MemoryRows } from '../../../support/filematch-memory.js';
import { filematchClient } from '../../../support/filematch-world.js';
import { IdleClock } from '../../../support/idle-clock.js';
import { RecordedEvents } from '../../../support/recorded-events.js';

const row = (ownRef: string, index: number): InputRow => ({
  number: index + 1,
  line: index + 2,
  ownRef,
  nin: '',
  dateOfBirth: null,
  surname: '',
  givenName: '',
  middleName: '',
  street: '',
  postalCode: '',
  municipality: '',
  sex: '',
  problem: null,
});

/** What is asked for the rows A to D while some of them are in trouble, each call with its pause before, in seconds. */
async function asked(
  trouble: (refs: string, call: number) => Error | undefined,
): Promise<{ readonly calls: readonly string[]; readonly statuses: string }> {
  const clock = new IdleClock();
  const random = {
    uuid: () => new CountedRandom().uuid(),
    bytes: (length: number) => new Uint8Array(length),
  };
  const matcher = new PlainMatcher();
  const calls: string[] = [];
  let last = clock.now().getTime();
  matcher.before = (rows) => {
    const refs = rows.map(({ ownRef }) => ownRef).join('');
    const now = clock.now().getTime();
    calls.push(`${refs} ${(now - last) / 1_000}`);
    last = now;
    const error = trouble(refs, calls.length);
    if (error !== undefined) throw error;
  };
  const events = new RecordedEvents();
  const job = new JobAtWork(
    { rows: new MemoryRows(new Faults()), events },
    {
      id: '',
      clientId: 'ward',
      door: 'http',
      state: 'RUNNING',
      input: {
        fileName: '',
        bytes: 0,
        sha256: '',
        sealed: START.result,
        receivedAt: clock.now(),
        registerTimestamp: clock.now(),
        mode: 'V',
        customerRef: '',
        remoteAddress: '',
        directory: null,
      },
      survey: null,
      checkpoint: START,
      startedAt: null,
      finishedAt: null,
      digests: null,
      ending: null,
      delivered: false,
    },
    () => undefined,
  );
  const patience = new Patience({ clock, random }, 1, job);
  const lookup = new Lookup({
    matcher,
    client: filematchClient('ward'),
    patience,
    requestMilliseconds: 30_000,
    clock,
    random,
  });
  const { signal } = new AbortController();
  const { outcomes } = await lookup.of(['A', 'B', 'C', 'D'].map(row), { now: signal, soon: signal });
  return { calls, statuses: outcomes.map(({ status }) => status).join(' ') };
}

describe('looking rows up', () => {
  it('asks for all of them at once', async () => {
    expect(await asked(() => undefined)).to.deep.equal({ calls: ['ABCD 0'], statuses: '11 11 11 11' });
  });

  it('asks together three times before it asks one by one, and together again once one is answered', async () => {
    const { calls, statuses } = await asked((_refs, call) =>
      call <= 3 ? new UpstreamUnavailable('down') : undefined,
    );
    expect(calls).to.deep.equal(['ABCD 0', 'ABCD 1', 'ABCD 2', 'A 4', 'BCD 0']);
    expect(statuses).to.equal('11 11 11 11');
  });

  it('gives a row up that fails alone three times while others are answered', async () => {
    const { calls, statuses } = await asked((refs) =>
      refs.includes('A') ? new UpstreamTimeout('no answer') : undefined,
    );
    expect(calls).to.deep.equal([
      'ABCD 0',
      'ABCD 1',
      'ABCD 2',
      'A 4',
      'B 8',
      'CDA 0',
      'C 1',
      'D 0',
      // After each failure the last one that was answered.
      'A 0',
      'D 0',
      'A 1',
      'D 0',
      'A 1',
      'D 0',
    ]);
    expect(statuses).to.equal('90 11 11 11');
  });

  it('gives two rows up', async () => {
    const { statuses } = await asked((refs) =>
      /[BD]/.test(refs) ? new UpstreamInvalidAnswer('another person') : undefined,
    );
    expect(statuses).to.equal('11 90 11 90');
  });

  it('gives nobody up while nobody is answered', async () => {
    const { calls, statuses } = await asked((_refs, call) =>
      call <= 40 ? new UpstreamTimeout('no answer') : undefined,
    );
    expect(statuses).to.equal('11 11 11 11');
    // In turn, so that the one that could be answered is among them.
    expect(calls.slice(3, 9).map((call) => call.slice(0, 1))).to.deep.equal(['A', 'B', 'C', 'D', 'A', 'B']);
    expect(calls.at(-1)).to.match(/^... 0$/);
  });

  it('gives nobody up who failed while nobody was answered, when one was before or after', async () => {
    const { statuses } = await asked((_refs, call) =>
      call <= 40 || (call > 41 && call <= 90) ? new UpstreamUnavailable('down') : undefined,
    );
    expect(statuses).to.equal('11 11 11 11');
  });

  it('forgets the failures of a row once another one fails that was answered before', async () => {
    let witnessed = 0;
    const { calls, statuses } = await asked((refs) => {
      if (refs === 'D') {
        witnessed += 1;
        return witnessed === 4 ? new UpstreamUnavailable('down') : undefined;
      }
      return refs.includes('A') && witnessed < 6
        ? new UpstreamUnavailable('this row, for a while')
        : undefined;
    });
    expect(calls.slice(8)).to.deep.equal([
      'A 0',
      'D 0',
      'A 1',
      'D 0',
      'A 1',
      'D 0',
      'A 2',
      'D 0',
      'A 1',
      'D 0',
      'A 1',
    ]);
    expect(statuses).to.equal('11 11 11 11');
  });

  it('gives a row up at once whose question is refused', async () => {
    const { calls, statuses } = await asked((refs) =>
      refs.includes('C') ? new InvalidQuery('name', 'is too short') : undefined,
    );
    expect(calls).to.deep.equal(['ABCD 0', 'A 0', 'B 0', 'C 0', 'D 0']);
    expect(statuses).to.equal('11 11 90 11');
  });
});
