import type { ComparedAnswers, NotCompared } from '../registry/cutover/compared-answers.js';
import { sources, type Source } from '../registry/cutover/route.js';

const DAY = 24 * 60 * 60_000;

/** The day of an instant, in days since 1970 in UTC. */
export function dayOf(at: Date): number {
  return Math.floor(at.getTime() / DAY);
}

/** By what the answers to a client are compared, as a digest: figures of other rules say nothing of the present ones. */
export type RulesOfClient = (clientId: string) => string;

/** How a question fared: not at all where a register failed. Undefined where both said the same. */
export type ComparisonVerdict = 'expected' | 'unexplained' | 'failed';

/** The verdict on one question; undefined where both registers said the same. */
export function verdictOf({ differences }: ComparedAnswers): ComparisonVerdict | undefined {
  if (differences === undefined) return 'failed';
  if (differences.length === 0) return undefined;
  return differences.some((one) => one.class === 'unexplained') ? 'unexplained' : 'expected';
}

/** Whether a register gave an answer, if only that there is nobody. */
export function hasAnswered({ outcomes }: ComparedAnswers, source: Source): boolean {
  const { outcome } = outcomes[source];
  return outcome === 'found' || outcome === 'not-found';
}

/** What is counted by day of many questions, with each row of the counting tables once. */
export interface ComparisonTally {
  readonly days: readonly DayCount[];
  /** Who was not compared. */
  readonly left: readonly NotComparedCount[];
  readonly failures: readonly FailureCount[];
  readonly fields: readonly FieldCount[];
}

type Day = Readonly<Record<'clientId' | 'protocol' | 'operation' | 'rules', string> & Record<'day', number>>;
type DayCount = Day & Record<DayFigure, number>;
type DayFigure =
  | 'questions'
  | 'compared'
  | 'expected'
  | 'unexplained'
  | 'identity'
  | 'pregFailed'
  | 'pregMilliseconds'
  | 'persontjenestenFailed'
  | 'persontjenestenMilliseconds';

type NotComparedCount = Day & { dropped: number; sampledOut: number };

interface FailureCount {
  readonly clientId: string;
  readonly source: Source;
  readonly code: string;
  readonly day: number;
  readonly rules: string;
  questions: number;
}

interface FieldCount {
  readonly clientId: string;
  readonly field: string;
  readonly class: string;
  readonly reason: string;
  readonly identity: number;
  readonly day: number;
  readonly rules: string;
  questions: number;
  firstAt: number;
  lastAt: number;
}

/** Counts what is to be recorded together, so that a batch writes few rows. */
export function tallyOf(
  compared: readonly ComparedAnswers[],
  notCompared: readonly NotCompared[] = [],
  rulesOf: RulesOfClient = () => '',
): ComparisonTally {
  const keyOf = (one: ComparedAnswers | NotCompared): Day => ({
    ...dayKey(one),
    rules: rulesOf(one.clientId),
  });
  const days = new Rows<DayCount>();
  const failures = new Rows<FailureCount>();
  const fields = new Rows<FieldCount>();
  for (const one of compared) {
    countDay(days, one, keyOf(one));
    for (const source of sources) {
      if (!hasAnswered(one, source)) countFailure(failures, one, source, rulesOf(one.clientId));
    }
    countFields(fields, one, rulesOf(one.clientId));
  }
  const left = new Rows<NotComparedCount>();
  for (const one of notCompared) {
    const row = left.rowOf(keyOf(one), (key) => ({ ...key, dropped: 0, sampledOut: 0 }));
    row[one.reason === 'dropped' ? 'dropped' : 'sampledOut'] += one.people;
  }
  return { days: days.all(), left: left.all(), failures: failures.all(), fields: fields.all() };
}

function countDay(days: Rows<DayCount>, one: ComparedAnswers, day: Day): void {
  const row = days.rowOf(day, (key) => ({
    ...key,
    questions: 0,
    compared: 0,
    expected: 0,
    unexplained: 0,
    identity: 0,
    pregFailed: 0,
    pregMilliseconds: 0,
    persontjenestenFailed: 0,
    persontjenestenMilliseconds: 0,
  }));
  const verdict = verdictOf(one);
  const answered = { preg: hasAnswered(one, 'preg'), persontjenesten: hasAnswered(one, 'persontjenesten') };
  row.questions += 1;
  if (one.differences !== undefined) row.compared += 1;
  if (verdict === 'expected') row.expected += 1;
  if (verdict === 'unexplained') row.unexplained += 1;
  if (one.differences?.some((difference) => difference.class === 'unexplained' && difference.isIdentity)) {
    row.identity += 1;
  }
  if (!answered.preg && answered.persontjenesten) row.pregFailed += 1;
  if (!answered.persontjenesten && answered.preg) row.persontjenestenFailed += 1;
  row.pregMilliseconds += Math.round(one.outcomes.preg.milliseconds);
  row.persontjenestenMilliseconds += Math.round(one.outcomes.persontjenesten.milliseconds);
}

function dayKey({ clientId, protocol, operation, at }: ComparedAnswers | NotCompared): Omit<Day, 'rules'> {
  return { clientId, protocol: protocol ?? '', operation: operation ?? '', day: dayOf(at) };
}

function countFailure(
  failures: Rows<FailureCount>,
  one: ComparedAnswers,
  source: Source,
  rules: string,
): void {
  const { clientId, outcomes, at } = one;
  const key = { clientId, source, code: outcomes[source].outcome, day: dayOf(at), rules };
  failures.rowOf(key, () => ({ ...key, questions: 0 })).questions += 1;
}

function countFields(
  fields: Rows<FieldCount>,
  { clientId, at, differences = [] }: ComparedAnswers,
  rules: string,
): void {
  const time = at.getTime();
  // Ten children that differ in the same field are one question that does.
  const touched = new Set<FieldCount>();
  for (const { field, class: kind, reason = '', isIdentity } of differences) {
    const key = { clientId, field, class: kind, reason, identity: isIdentity ? 1 : 0, day: dayOf(at), rules };
    touched.add(fields.rowOf(key, () => ({ ...key, questions: 0, firstAt: time, lastAt: time })));
  }
  for (const row of touched) {
    row.questions += 1;
    row.firstAt = Math.min(row.firstAt, time);
    row.lastAt = Math.max(row.lastAt, time);
  }
}

/** Rows by their key. */
class Rows<Row> {
  readonly #rows = new Map<string, Row>();

  rowOf<Key extends Readonly<Record<string, string | number>>>(key: Key, make: (key: Key) => Row): Row {
    const name = JSON.stringify(Object.values(key));
    const found = this.#rows.get(name);
    if (found !== undefined) return found;
    const made = make(key);
    this.#rows.set(name, made);
    return made;
  }

  all(): readonly Row[] {
    return [...this.#rows.values()];
  }
}
