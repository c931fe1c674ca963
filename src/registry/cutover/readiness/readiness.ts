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

/** What a client has to come up to before it is moved: `cutover.readiness`, and what the guard would move it back for. */
export interface ReadinessLimits {
  /** So many questions that both registers answered. */
  readonly comparisons: number;
  /** Fewer of a hundred of them are unexplained; none is enough, whatever the limit. */
  readonly unexplainedPercent: number;
  /** At most so many of a hundred questions are left unanswered by Persontjenesten alone. */
  readonly errorPercent: number;
}

/** How far a client is. */
export interface ClientReadiness {
  readonly clientId: string;
  readonly isReady: boolean;
  /** What keeps it from being moved; none where it is ready. */
  readonly obstacles: readonly Obstacle[];
  readonly comparisons: ComparisonCounts;
  readonly trend: Trend;
  /** Unexplained first, then by how often; the unexplained are those that block. */
  readonly differences: readonly DifferenceFigures[];
  readonly failures: readonly FailureFigures[];
  readonly operations: readonly OperationReadiness[];
}

/** Why a client is not ready. */
export type Obstacle =
  | { readonly kind: 'too-few-comparisons'; readonly found: number; readonly wanted: number }
  | { readonly kind: 'unexplained'; readonly percent: number; readonly limit: number }
  | { readonly kind: 'identity'; readonly questions: number }
  | { readonly kind: 'failures'; readonly percent: number; readonly limit: number };

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
}

/** How far each client is, by name. */
export function readinessOf({
  figures,
  limits,
  now,
  days,
  clients,
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
    const comparisons = sum(of(known.comparisons));
    const obstacles = obstaclesIn(comparisons, limits);
    return {
      clientId,
      isReady: obstacles.length === 0,
      obstacles,
      comparisons,
      trend: trendOf(sum(of(known.last)), sum(of(known.before))),
      differences: blockingFirst(of(known.differences)),
      failures: of(known.failures),
      operations: operationsOf(of(known.operations), of(known.fields), of(known.comparisons)),
    };
  });
}

/** So many of a hundred; none of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function obstaclesIn(
  { questions, compared, unexplained, identity, failed }: ComparisonCounts,
  limits: ReadinessLimits,
): readonly Obstacle[] {
  const share = percentOf(unexplained, compared);
  const failing = percentOf(failed.persontjenesten, questions);
  const isTooOften = unexplained > 0 && share >= limits.unexplainedPercent;
  return [
    ...(compared < limits.comparisons
      ? [{ kind: 'too-few-comparisons', found: compared, wanted: limits.comparisons } as const]
      : []),
    ...(isTooOften
      ? [{ kind: 'unexplained', percent: share, limit: limits.unexplainedPercent } as const]
      : []),
    ...(identity > 0 ? [{ kind: 'identity', questions: identity } as const] : []),
    ...(failing > limits.errorPercent
      ? [{ kind: 'failures', percent: failing, limit: limits.errorPercent } as const]
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
  };
}
