import {
  percentOf,
  type Obstacle,
  type OperationName,
  type OperationReadiness,
} from '../../registry/cutover/readiness/readiness.js';
import type { ComparisonCounts, UsedField } from '../../registry/cutover/readiness/figures.js';
import { aligned } from '../aligned.js';
import type { ReadinessReport, ReportedClient } from './readiness.js';
import { minuteOf, waysText } from './route-texts.js';

/** One line for each client. */
export function readinessTable({ clients, days }: ReadinessReport): string {
  const titles = [
    'CLIENT',
    'ROUTE',
    'VERDICT',
    'COMPARED',
    'UNEXPLAINED',
    'WHO IT IS',
    'FAILED',
    '7 DAYS',
    'WHY NOT',
  ];
  const rows = clients.map((client) => {
    const { compared, unexplained, identity, failed } = client.comparisons;
    return [
      client.isConfigured ? client.clientId : `${client.clientId} (not configured)`,
      routesText(client),
      verdictText(client),
      String(compared),
      `${unexplained} (${percentText(percentOf(unexplained, compared))})`,
      String(identity),
      String(failed.persontjenesten),
      client.trend.direction,
      [...new Set(client.obstacles.map(({ kind }) => kind))].join(', '),
    ];
  });
  return `${aligned([titles, ...rows])}\nOf the last ${days} days. "readiness --client C" tells all about one.\n`;
}

/** Everything about each client. */
export function readinessDetails({ clients, days }: ReadinessReport): string {
  return clients.map((client) => detailsOf(client, days)).join('\n');
}

function detailsOf(client: ReportedClient, days: number): string {
  const { comparisons, trend } = client;
  const facts: readonly (readonly [string, string])[] = [
    ['Client', client.isConfigured ? client.clientId : `${client.clientId} (not configured)`],
    ['Route', routesText(client)],
    ['Verdict', verdictText(client)],
    ...client.obstacles.map((obstacle) => ['', obstacleText(obstacle)] as const),
    [days === 1 ? 'Today' : `Last ${days} days`, countsText(comparisons)],
    ['Not answered', failuresText(comparisons)],
    ['Not compared', leftText(client)],
    ['Time', timesText(comparisons)],
    [
      'Trend',
      `${trend.direction}: ${weekText(trend.last)} in the last 7 days, ${weekText(trend.before)} in the 7 before`,
    ],
  ];
  return [
    aligned(facts),
    section('Operations', operationRows(client.operations)),
    section('Fields that were told', fieldRows(client.operations)),
    section('Differences', differenceRows(client)),
    section('Failures', failureRows(client)),
  ].join('');
}

/** How far a client is, in a word or two. */
export function verdictText({ isReady, routes }: ReportedClient): string {
  const isMoved =
    routes.length > 0 && routes.every(({ ways }) => ways.every(({ route }) => route === 'persontjenesten'));
  if (isMoved) return 'moved';
  return isReady ? 'ready' : 'not ready';
}

/** What stands in the way, in a sentence. */
export function obstacleText(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'too-few-comparisons':
      return `${of(obstacle)}${obstacle.found} answers were compared, ${obstacle.wanted} are wanted.`;
    case 'unexplained':
      return `${of(obstacle)}${percentText(obstacle.percent)} of the answers differ without explanation; less than ${percentText(obstacle.limit)} is wanted.`;
    case 'identity':
      return `${obstacle.questions} ${obstacle.questions === 1 ? 'answer differs' : 'answers differ'} without explanation in who somebody is; none is wanted.`;
    case 'failures':
      return `${of(obstacle)}${percentText(obstacle.percent)} of the questions were left unanswered by Persontjenesten alone; ${percentText(obstacle.limit)} may be.`;
  }
}

function of({ protocol, operation }: Partial<OperationName>): string {
  return operation === undefined ? '' : `${[protocol, operation].join(' ')}: `;
}

/** A percentage with as many digits as say something. */
export function percentText(percent: number): string {
  return `${Number(percent.toPrecision(3))} %`;
}

function section(title: string, [titles, ...rows]: readonly (readonly string[])[]): string {
  return titles === undefined || rows.length === 0 ? '' : `\n${title}\n${aligned([titles, ...rows])}`;
}

function operationRows(operations: readonly OperationReadiness[]): readonly (readonly string[])[] {
  return [
    ['PROTOCOL', 'OPERATION', 'ASKED', 'FIRST (UTC)', 'LAST (UTC)', 'COMPARED', 'UNEXPLAINED'],
    ...operations.map(({ protocol, operation, isComparable, usage, comparisons }) => [
      protocol,
      operation,
      usage === undefined ? '' : String(usage.questions),
      usage === undefined ? '' : minuteOf(usage.firstSeen),
      usage === undefined ? '' : minuteOf(usage.lastSeen),
      isComparable || comparisons.compared > 0 ? String(comparisons.compared) : 'cannot be',
      String(comparisons.unexplained),
    ]),
  ];
}

function fieldRows(operations: readonly OperationReadiness[]): readonly (readonly string[])[] {
  return [
    ['PROTOCOL', 'OPERATION', 'FIELD', 'ANSWERS', 'FIRST (UTC)', 'LAST (UTC)'],
    ...operations.flatMap(({ fields }) =>
      [...fields]
        .sort(byAnswers)
        .map(({ protocol, operation, field, answers, firstSeen, lastSeen }) => [
          protocol,
          operation,
          field,
          String(answers),
          minuteOf(firstSeen),
          minuteOf(lastSeen),
        ]),
    ),
  ];
}

function byAnswers(a: UsedField, b: UsedField): number {
  return b.answers - a.answers;
}

function differenceRows({ differences }: ReportedClient): readonly (readonly string[])[] {
  return [
    ['FIELD', 'CLASS', 'REASON', 'ANSWERS', 'FIRST (UTC)', 'LAST (UTC)', 'BLOCKS'],
    ...differences.map(({ field, class: kind, reason, questions, firstSeen, lastSeen, isIdentity }) => [
      field,
      kind,
      reason ?? '',
      String(questions),
      minuteOf(firstSeen),
      minuteOf(lastSeen),
      kind === 'expected' ? 'no' : isIdentity ? 'yes, who it is' : 'yes',
    ]),
  ];
}

function failureRows({ failures }: ReportedClient): readonly (readonly string[])[] {
  return [
    ['REGISTER', 'ERROR', 'QUESTIONS'],
    ...failures.map(({ source, code, questions }) => [source, code, String(questions)]),
  ];
}

function routesText({ routes }: ReportedClient): string {
  return [...new Set(routes.map(({ ways }) => waysText(ways)))].join('; ');
}

function countsText({ questions, compared, expected, unexplained, identity }: ComparisonCounts): string {
  return (
    `${questions} asked of both, ${compared} compared: ${compared - expected - unexplained} alike, ` +
    `${expected} with expected differences alone, ${unexplained} unexplained (${percentText(percentOf(unexplained, compared))}), ` +
    `${identity} of them in who somebody is`
  );
}

function failuresText({ questions, compared, failed }: ComparisonCounts): string {
  const both = questions - compared - failed.preg - failed.persontjenesten;
  return `${failed.preg} by PREG alone, ${failed.persontjenesten} by Persontjenesten alone, ${both} by both`;
}

/** What these figures say nothing of. */
function leftText({ comparisons: { left }, leftOut }: ReportedClient): string {
  return (
    `${left.dropped} dropped, since too much was to be done, ${left.sampledOut} left out by samplePercent; ` +
    `${leftOut} compared by other rules than the present ones, and not counted`
  );
}

function timesText({ questions, milliseconds }: ComparisonCounts): string {
  if (questions === 0) return '';
  const mean = (total: number): string => `${Math.round(total / questions)} ms`;
  return `${mean(milliseconds.preg)} on average by PREG, ${mean(milliseconds.persontjenesten)} by Persontjenesten`;
}

function weekText({
  compared,
  unexplained,
}: {
  readonly compared: number;
  readonly unexplained: number;
}): string {
  return `${unexplained} of ${compared} unexplained`;
}
