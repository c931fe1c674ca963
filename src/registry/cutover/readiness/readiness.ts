import type {
  ComparisonCounts,
  ComparisonFigures,
  CutoverFigures,
  DayRange,
  DifferenceFigures,
  FailureFigures,
  UsedField,
  UsedOperation,
} from './figures.js';

const DAY = 24 * 60 * 60_000;
/** Days of a trend, held against as many before. */
const TREND_DAYS = 7;

/** What a client has to come up to before it is moved: `cutover.readiness`. */
export interface ReadinessLimits {
  /** So many questions that both registers answered. */
  readonly comparisons: number;
  /** So many of each operation that it uses. */
  readonly operationComparisons: number;
  /** Fewer of a hundred of an operation's are unexplained; none is enough, whatever the limit. */
  readonly unexplainedPercent: number;
  /** At most so many of a hundred questions of an operation are left unanswered by Persontjenesten alone. */
  readonly errorPercent: number;
}

/** How far a client is. */
export interface ClientReadiness {
  readonly clientId: string;
  readonly isReady: boolean;
  /** What keeps it from being moved; none where it is ready. */
  readonly obstacles: readonly Obstacle[];
  readonly comparisons: ComparisonCounts;
  /** Comparisons of these days that nothing else counts, since they were made by other rules than the present ones. */
  readonly leftOut: number;
  readonly trend: Trend;
  /** Unexplained first, then by how often; the unexplained are those that block. */
  readonly differences: readonly DifferenceFigures[];
  readonly failures: readonly FailureFigures[];
  readonly operations: readonly OperationReadiness[];
}

/** Why a client is not ready: as a whole, or with an operation that is named. */
export type Obstacle =
  | ({
      readonly kind: 'too-few-comparisons';
      readonly found: number;
      readonly wanted: number;
    } & Partial<OperationName>)
  | { readonly kind: 'identity'; readonly questions: number }
  | ({ readonly kind: 'unexplained'; readonly percent: number; readonly limit: number } & OperationName)
  | ({ readonly kind: 'failures'; readonly percent: number; readonly limit: number } & OperationName);

/** Which operation. */
export interface OperationName {
  readonly protocol: string;
  readonly operation: string;
}

/** The last seven days beside the seven before. */
export interface Trend {
  readonly last: TrendWeek;
  readonly before: TrendWeek;
  readonly direction: 'better' | 'worse' | 'same' | 'unknown';
}

/** What was compared in a week. */
export interface TrendWeek {
  readonly compared: number;
  readonly unexplained: number;
}

/** What a client uses an operation for, and how that fared. */
export interface OperationReadiness {
  readonly protocol: string;
  readonly operation: string;
  /** False for what is passed on unread and never asked of both registers. */
  readonly isComparable: boolean;
  /** Undefined where nobody counted, as for what was compared before it was. */
  readonly usage: UsedOperation | undefined;
  readonly fields: readonly UsedField[];
  readonly comparisons: ComparisonCounts;
}

/** Over so many days, today included, comparisons are judged. */
export interface ReadinessQuestion {
  readonly figures: CutoverFigures;
  readonly limits: ReadinessLimits;
  readonly now: Date;
  readonly days: number;
  /** Who is reported, also where nothing is known of them; besides them everybody of whom something is. */
  readonly clients: readonly string[];
  /** By what the answers to a client are compared now. */
  readonly rulesOf: (clientId: string) => string;
  /** Whether an operation can be asked of both registers. */
  readonly isComparable: (operation: string) => boolean;
}

/** How far each client is, by name. */
export function readinessOf({
  figures,
  limits,
  now,
  days,
  clients,
  rulesOf,
  isComparable,
}: ReadinessQuestion): readonly ClientReadiness[] {
  const today = Math.floor(now.getTime() / DAY);
  const judged: DayRange = { from: today - days + 1, to: today };
  const known = {
    operations: figures.operations(),
    fields: figures.fields(),
    comparisons: figures.comparisons(judged),
    differences: figures.differences(judged),
    failures: figures.failures(judged),
    last: figures.comparisons({ from: today - TREND_DAYS + 1, to: today }),
    before: figures.comparisons({ from: today - 2 * TREND_DAYS + 1, to: today - TREND_DAYS }),
  };
  const names = new Set([
    ...clients,
    ...Object.values(known).flatMap((rows) => rows.map(({ clientId }) => clientId)),
  ]);
  return [...names].sort().map((clientId) => {
    const of = <Row extends { readonly clientId: string }>(rows: readonly Row[]): readonly Row[] =>
      rows.filter((row) => row.clientId === clientId);
    const rules = rulesOf(clientId);
    const present = <Row extends { readonly clientId: string; readonly rules: string }>(
      rows: readonly Row[],
    ): readonly Row[] => of(rows).filter((row) => row.rules === rules);
    const compared = present(known.comparisons);
    const comparisons = sum(compared);
    const operations = operationsOf(of(known.operations), of(known.fields), compared, isComparable);
    const isUsed = ({ usage, comparisons: { questions } }: OperationReadiness): boolean =>
      questions > 0 || (usage !== undefined && usage.lastSeen.getTime() >= judged.from * DAY);
    const obstacles = [
      ...obstaclesIn(comparisons, limits),
      ...operations.filter(isUsed).flatMap((operation) => obstaclesOf(operation, limits)),
    ];
    return {
      clientId,
      isReady: obstacles.length === 0,
      obstacles,
      comparisons,
      leftOut: sum(of(known.comparisons)).compared - comparisons.compared,
      trend: trendOf(sum(present(known.last)), sum(present(known.before))),
      differences: blockingFirst(present(known.differences)),
      failures: present(known.failures),
      operations,
    };
  });
}

/** So many of a hundred; none of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function obstaclesIn(
  { compared, identity }: ComparisonCounts,
  { comparisons }: ReadinessLimits,
): readonly Obstacle[] {
  return [
    ...(compared < comparisons
      ? [{ kind: 'too-few-comparisons', found: compared, wanted: comparisons } as const]
      : []),
    ...(identity > 0 ? [{ kind: 'identity', questions: identity } as const] : []),
  ];
}

/** Of each operation by itself: what is asked often would hide what is asked seldom. */
function obstaclesOf(
  { protocol, operation, isComparable, comparisons }: OperationReadiness,
  limits: ReadinessLimits,
): readonly Obstacle[] {
  const { questions, compared, unexplained, failed } = comparisons;
  const name = { protocol, operation };
  const share = percentOf(unexplained, compared);
  const failing = percentOf(failed.persontjenesten, questions);
  const isTooOften = unexplained > 0 && share >= limits.unexplainedPercent;
  const wanted = limits.operationComparisons;
  return [
    ...(isComparable && compared < wanted
      ? [{ kind: 'too-few-comparisons', ...name, found: compared, wanted } as const]
      : []),
    ...(isTooOften
      ? [{ kind: 'unexplained', ...name, percent: share, limit: limits.unexplainedPercent } as const]
      : []),
    ...(failing > limits.errorPercent
      ? [{ kind: 'failures', ...name, percent: failing, limit: limits.errorPercent } as const]
      : []),
  ];
}

function trendOf(last: ComparisonCounts, before: ComparisonCounts): Trend {
  const change = percentOf(last.unexplained, last.compared) - percentOf(before.unexplained, before.compared);
  const week = ({ compared, unexplained }: ComparisonCounts): TrendWeek => ({ compared, unexplained });
  return {
    last: week(last),
    before: week(before),
    direction:
      last.compared === 0 || before.compared === 0
        ? 'unknown'
        : change === 0
          ? 'same'
          : change < 0
            ? 'better'
            : 'worse',
  };
}

function blockingFirst(differences: readonly DifferenceFigures[]): readonly DifferenceFigures[] {
  const rank = (one: DifferenceFigures): number => (one.class === 'expected' ? 2 : one.isIdentity ? 0 : 1);
  return [...differences].sort((a, b) => rank(a) - rank(b) || b.questions - a.questions);
}

function operationsOf(
  used: readonly UsedOperation[],
  fields: readonly UsedField[],
  compared: readonly ComparisonFigures[],
  isComparable: (operation: string) => boolean,
): readonly OperationReadiness[] {
  const names = new Map(
    [...used, ...compared].map(({ protocol, operation }) => [
      JSON.stringify([protocol, operation]),
      { protocol, operation },
    ]),
  );
  return [...names.values()].map(({ protocol, operation }) => {
    const isSame = (row: { readonly protocol: string; readonly operation: string }): boolean =>
      row.protocol === protocol && row.operation === operation;
    return {
      protocol,
      operation,
      isComparable: isComparable(operation),
      usage: used.find(isSame),
      fields: fields.filter(isSame),
      comparisons: sum(compared.filter(isSame)),
    };
  });
}

function sum(figures: readonly ComparisonCounts[]): ComparisonCounts {
  const total = (figure: (counts: ComparisonCounts) => number): number =>
    figures.reduce((all, counts) => all + figure(counts), 0);
  return {
    questions: total(({ questions }) => questions),
    compared: total(({ compared }) => compared),
    expected: total(({ expected }) => expected),
    unexplained: total(({ unexplained }) => unexplained),
    identity: total(({ identity }) => identity),
    failed: {
      preg: total(({ failed }) => failed.preg),
      persontjenesten: total(({ failed }) => failed.persontjenesten),
    },
    milliseconds: {
      preg: total(({ milliseconds }) => milliseconds.preg),
      persontjenesten: total(({ milliseconds }) => milliseconds.persontjenesten),
    },
    left: {
      dropped: total(({ left }) => left.dropped),
      sampledOut: total(({ left }) => left.sampledOut),
    },
  };
}
