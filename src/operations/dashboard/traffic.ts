import { errorCatalogue } from '../../errors/catalogue.js';
import type { AdapterEvents } from '../events.js';
import type { LabelOf } from '../metrics/known-names.js';
import { MinuteCounts, minuteOf } from './minute-counts.js';
import { TIME_COLUMNS, timeAt, timeColumn } from './response-times.js';

/** Minutes that tables tell of, and that plots show. */
export const TABLE_MINUTES = 60;
export const PLOT_MINUTES = 180;

/** How a request ended, for who looks after the adapter. */
const Ending = { Answered: 0, Failed: 1, Refused: 2 } as const;
const ENDINGS = 3;
const COLUMNS = ENDINGS + TIME_COLUMNS;

/** Codes of requests that failed for reasons that are not the client's; docs/examples/alerts.yaml has the same. */
const ours =
  /^(?:upstream-.*|token-.*|preg-unavailable|preg-rejected|overloaded|internal|store-failed|audit-unavailable)$/;

/** What became of requests within {@link TABLE_MINUTES}. */
export interface TrafficFigures {
  readonly requests: number;
  /** Of these, those that failed for a reason that is not the client's. */
  readonly failed: number;
  /** Of these, those that were refused for what the client sent. */
  readonly refused: number;
  /** Half of the requests took at most so long, in milliseconds; undefined where there were none. */
  readonly median: number | undefined;
  /** 95 of a hundred took at most so long. */
  readonly p95: number | undefined;
  /** When the last one was answered, also when that was longer ago. */
  readonly lastAt: Date;
  /** Requests of each minute, oldest first. */
  readonly perMinute: readonly number[];
}

/** The figures of a client by a protocol, or of what it asked. */
export interface TrafficRow extends TrafficFigures {
  readonly client: string;
  readonly protocol: string;
  /** Only where operations are told apart. */
  readonly operation?: string;
}

/** A minute of a plot. */
export interface PlotMinute {
  readonly minute: number;
  /** By protocol: how many were answered, or refused for what the client sent. */
  readonly served: ReadonlyMap<string, number>;
  readonly failed: number;
}

/** The names that are told apart; others are `other`, and what is missing `none`. */
export interface TrafficNames {
  readonly client: LabelOf;
  readonly protocol: LabelOf;
  readonly operation: LabelOf;
}

interface Series {
  readonly key: readonly string[];
  readonly counts: MinuteCounts;
  lastAt: Date;
}

/** Legacy requests of the last hours: by whom, by what protocol, how they ended and how long they took. */
export class Traffic {
  /** By client and protocol; by protocol and operation; by all three, for who looks at one client. */
  readonly #clients = new Map<string, Series>();
  readonly #operations = new Map<string, Series>();
  readonly #details = new Map<string, Series>();
  readonly #protocols = new Map<string, MinuteCounts>();

  constructor(private readonly names: TrafficNames) {}

  note(event: AdapterEvents['requestAnswered'], now: Date): void {
    const client = this.names.client(event.clientId);
    const protocol = this.names.protocol(event.protocol);
    const operation = this.names.operation(event.operation);
    const ending = endingOf(event.outcome);
    const time = ENDINGS + timeColumn(event.milliseconds);
    for (const counts of this.#all(client, protocol, operation, now)) {
      counts.add(minuteOf(now), ending);
      counts.add(minuteOf(now), time);
    }
  }

  /** Requests that were refused unread, since there was too much to do: nobody knows whose they were. */
  noteUnread(ofProtocol: string | null, count: number, now: Date): void {
    for (const counts of this.#all('none', this.names.protocol(ofProtocol), 'none', now)) {
      counts.add(minuteOf(now), Ending.Failed, count);
    }
  }

  /** Clients by protocol, those first that asked most. */
  byClient(now: Date): readonly TrafficRow[] {
    return rowsOf(this.#clients.values(), now).map(({ key: [client = '', protocol = ''], ...figures }) => ({
      client,
      protocol,
      ...figures,
    }));
  }

  /** Operations, of one client or of all. */
  byOperation(now: Date, client?: string): readonly TrafficRow[] {
    const series =
      client === undefined
        ? [...this.#operations.values()]
        : [...this.#details.values()].filter(({ key }) => key[0] === client);
    return rowsOf(series, now).map(({ key: [of = '', protocol = '', operation = ''], ...figures }) => ({
      client: of,
      protocol,
      operation,
      ...figures,
    }));
  }

  /** All requests together. */
  total(now: Date): Omit<TrafficFigures, 'lastAt' | 'perMinute'> {
    const sums = new Uint32Array(COLUMNS);
    for (const counts of this.#protocols.values()) counts.addTo(sums, minuteOf(now), TABLE_MINUTES);
    return figuresOf(sums);
  }

  /** Minute by minute, oldest first. */
  plot(now: Date): readonly PlotMinute[] {
    const last = minuteOf(now);
    return Array.from({ length: PLOT_MINUTES }, (_, index) => {
      const minute = last - PLOT_MINUTES + 1 + index;
      const served = new Map<string, number>();
      let failed = 0;
      for (const [protocol, counts] of this.#protocols) {
        const count = counts.at(minute, Ending.Answered) + counts.at(minute, Ending.Refused);
        if (count > 0) served.set(protocol, count);
        failed += counts.at(minute, Ending.Failed);
      }
      return { minute, served, failed };
    });
  }

  /** The 95th percentile of the minutes that end with `last`, over all protocols but those that take files. */
  p95(last: number, minutes: number): number | undefined {
    const sums = new Uint32Array(COLUMNS);
    for (const [protocol, counts] of this.#protocols) {
      if (protocol !== 'filematch') counts.addTo(sums, last, minutes);
    }
    return timeAt(sums.subarray(ENDINGS), 0.95);
  }

  /** All counts that a request belongs to; added up here, so that a page has few to read. */
  #all(client: string, protocol: string, operation: string, now: Date): readonly MinuteCounts[] {
    const plotted = this.#protocols.get(protocol) ?? new MinuteCounts(PLOT_MINUTES, COLUMNS);
    this.#protocols.set(protocol, plotted);
    return [
      plotted,
      seriesIn(this.#clients, [client, protocol], now),
      seriesIn(this.#operations, ['', protocol, operation], now),
      seriesIn(this.#details, [client, protocol, operation], now),
    ];
  }
}

function seriesIn(group: Map<string, Series>, key: readonly string[], now: Date): MinuteCounts {
  const text = key.join('\n');
  const known = group.get(text);
  if (known !== undefined) {
    known.lastAt = now;
    return known.counts;
  }
  const counts = new MinuteCounts(TABLE_MINUTES, COLUMNS);
  group.set(text, { key, counts, lastAt: now });
  return counts;
}

function rowsOf(
  group: Iterable<Series>,
  now: Date,
): readonly (TrafficFigures & { readonly key: readonly string[] })[] {
  const last = minuteOf(now);
  return Array.from(group, ({ key, counts, lastAt }) => ({
    key,
    ...figuresOf(counts.sum(last, TABLE_MINUTES)),
    lastAt,
    perMinute: Array.from({ length: TABLE_MINUTES }, (_, index) => {
      const minute = last - TABLE_MINUTES + 1 + index;
      return (
        counts.at(minute, Ending.Answered) +
        counts.at(minute, Ending.Failed) +
        counts.at(minute, Ending.Refused)
      );
    }),
  })).sort((a, b) => b.requests - a.requests || a.key.join(' ').localeCompare(b.key.join(' '), 'en'));
}

function figuresOf(sums: Uint32Array): Omit<TrafficFigures, 'lastAt' | 'perMinute'> {
  const times = sums.subarray(ENDINGS);
  return {
    requests: endingsIn(sums),
    failed: sums[Ending.Failed] ?? 0,
    refused: sums[Ending.Refused] ?? 0,
    median: timeAt(times, 0.5),
    p95: timeAt(times, 0.95),
  };
}

function endingsIn(counts: Uint32Array): number {
  return (counts[Ending.Answered] ?? 0) + (counts[Ending.Failed] ?? 0) + (counts[Ending.Refused] ?? 0);
}

function endingOf(outcome: string): number {
  if (ours.test(outcome)) return Ending.Failed;
  // A caller who left has nobody to blame.
  if (outcome === 'caller-left') return Ending.Answered;
  return outcome in errorCatalogue || outcome === 'refused' ? Ending.Refused : Ending.Answered;
}
