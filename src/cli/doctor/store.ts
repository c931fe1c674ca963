import { StoreUnavailable, UnusableKey } from '../../store/store-errors.js';
import { lookAtDatabase } from '../../store/database-look.js';
import { openStore, type Store } from '../../store/store.js';
import { followerCheck } from '../../operations/follower-check.js';
import { lagLimit } from '../../registry/persontjenesten/events/lag-limit.js';
import { sentenceFor } from '../report.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { Examine, Patient } from './patient.js';

const SEE_DATA_FOLDER = 'See "Data folder" in docs/operations.md.';

/** Whether the store opens, takes writes, and the audit trail ends as it was left; and how far the event feed is read. */
export const examineStore: Examine = (patient) => {
  const { directory } = patient.adapter.data;
  try {
    const { found, known } = lookAtDatabase(directory);
    if (found === undefined) return [ok(`there is no database in ${directory} yet; a start makes it`)];
    if (found > known) {
      return [
        failed(
          `the database has schema version ${found}, and this program knows versions up to ${known}`,
          'Start the newer program, or restore the backup from before.',
        ),
      ];
    }
    if (found < known) {
      return [
        warning(
          `the database has schema version ${found}, and a start brings it to version ${known}`,
          'Take a backup before: the version before cannot open it afterwards.',
        ),
      ];
    }
    return inStore(patient, (store) => [
      ok(`the database opens, takes writes and has schema version ${found}`),
      ...trailFindings(store),
    ]);
  } catch (error) {
    if (error instanceof StoreUnavailable) return [failed(sentenceFor(error), SEE_DATA_FOLDER)];
    if (error instanceof UnusableKey)
      return [failed(sentenceFor(error), 'See "Keys" in docs/operations.md.')];
    throw error;
  }
};

/** How far the log of changes is behind the event feed, where it is followed. */
export const examineFeed: Examine = (patient) => {
  const { events, data } = patient.adapter;
  if (!events.enabled || lookAtDatabase(data.directory).found !== lookAtDatabase(data.directory).known)
    return [];
  return inStore(patient, (store) => {
    const { status, reason = '' } = followerCheck(
      {
        state: () => store.changeLog.state(),
        trouble: () => undefined,
        lagLimit: lagLimit(events.pollSeconds),
      },
      patient.clock,
    )();
    if (status === 'ok') return [ok(reason)];
    return [
      warning(
        reason,
        patient.running === undefined
          ? 'It is read while an adapter runs, and catches up by itself.'
          : 'See what is said of token and persontjenesten, and the lines of the module events in the log.',
      ),
    ];
  });
};

function trailFindings({ audit }: Store): readonly Finding[] {
  const trouble = audit.endTrouble();
  if (trouble === undefined) return [ok('the audit trail ends as it was left')];
  return [
    failed(
      trouble,
      'Keep a copy of data.directory as it is, then run preg-adapter audit verify: somebody may have changed the trail.',
    ),
  ];
}

function inStore<Result>({ adapter, clock, random }: Patient, use: (store: Store) => Result): Result {
  const store = openStore({ directory: adapter.data.directory, ...adapter.store, clock, random });
  try {
    return use(store);
  } finally {
    store.close();
  }
}
