import { percentOf } from '../../registry/cutover/readiness/readiness.js';
import type { ReadinessReport, ReportedClient } from './readiness.js';
import { obstacleText, verdictText } from './readiness-texts.js';
import { waysText } from './route-texts.js';

const columns = [
  'client',
  'section',
  'protocol',
  'operation',
  'item',
  'detail',
  'count',
  'percent',
  'first_seen',
  'last_seen',
] as const;
type Line = { readonly section: string } & Partial<
  Record<Exclude<(typeof columns)[number], 'client' | 'section'>, string | number>
>;

/**
 * The report as one table for a spreadsheet: comma-separated, with a heading (RFC 4180). What a line is about is its section:
 * `verdict`, `route`, `compared`, `trend`, `operation`, `field`, `difference` or `failure`.
 */
export function readinessCsv({ clients }: ReadinessReport): string {
  const lines = clients.flatMap((client) =>
    linesOf(client).map((line) => {
      const row: Readonly<Record<string, string | number>> = { client: client.clientId, ...line };
      return columns.map((column) => quoted(String(row[column] ?? '')));
    }),
  );
  return [columns, ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function linesOf(client: ReportedClient): readonly Line[] {
  const { compared, expected, unexplained, identity, failed, left } = client.comparisons;
  const share = (count: number) => ({ count, percent: percent(count, compared) });
  return [
    { section: 'verdict', item: verdictText(client), detail: client.obstacles.map(obstacleText).join(' ') },
    ...client.routes.map(({ protocol, operation, ways }) => ({
      section: 'route',
      protocol,
      operation: operation ?? '',
      item: waysText(ways),
    })),
    { section: 'compared', item: 'all', count: compared },
    { section: 'compared', item: 'alike', ...share(compared - expected - unexplained) },
    { section: 'compared', item: 'expected', ...share(expected) },
    { section: 'compared', item: 'unexplained', ...share(unexplained) },
    { section: 'compared', item: 'unexplained-identity', ...share(identity) },
    { section: 'compared', item: 'failed-preg', count: failed.preg },
    { section: 'compared', item: 'failed-persontjenesten', count: failed.persontjenesten },
    { section: 'compared', item: 'dropped', count: left.dropped },
    { section: 'compared', item: 'sampled-out', count: left.sampledOut },
    { section: 'compared', item: 'by-other-rules', count: client.leftOut },
    ...Object.entries({ 'last-7-days': client.trend.last, '7-days-before': client.trend.before }).map(
      ([item, week]) => ({
        section: 'trend',
        item,
        detail: client.trend.direction,
        count: week.compared,
        percent: percent(week.unexplained, week.compared),
      }),
    ),
    ...client.operations.flatMap(operationLines),
    ...client.differences.map((one) => ({
      section: 'difference',
      item: one.field,
      detail: one.reason ?? (one.isIdentity ? `${one.class}, identity` : one.class),
      ...share(one.questions),
      ...seen(one),
    })),
    ...client.failures.map(({ source, code, questions }) => ({
      section: 'failure',
      item: source,
      detail: code,
      count: questions,
    })),
  ];
}

function operationLines({
  protocol,
  operation,
  usage,
  fields,
  comparisons,
}: ReportedClient['operations'][number]): readonly Line[] {
  const { compared, unexplained } = comparisons;
  return [
    {
      section: 'operation',
      protocol,
      operation,
      item: 'asked',
      count: usage?.questions ?? '',
      ...(usage === undefined ? {} : seen(usage)),
    },
    { section: 'operation', protocol, operation, item: 'compared', count: compared },
    {
      section: 'operation',
      protocol,
      operation,
      item: 'unexplained',
      count: unexplained,
      percent: percent(unexplained, compared),
    },
    ...fields.map((one) => ({
      section: 'field',
      protocol,
      operation,
      item: one.field,
      count: one.answers,
      ...seen(one),
    })),
  ];
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '' : String(Number(percentOf(part, whole).toPrecision(3)));
}

function seen({ firstSeen, lastSeen }: { readonly firstSeen: Date; readonly lastSeen: Date }) {
  return { first_seen: firstSeen.toISOString(), last_seen: lastSeen.toISOString() };
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
