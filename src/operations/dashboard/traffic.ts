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

/** Codes of requests that failed for reasons that are not the client's; docs/examples/alerts.yaml has the same. */
const ours = /^(?:upstream-|token-|preg-(?!refused)|overloaded|internal|store-failed|audit-unavailable)/;

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
  readonly lastAt: Date | undefined;
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
  readonly client: string;
  readonly protocol: string;
  readonly operation: string;
  readonly counts: MinuteCounts;
  lastAt: Date;
}

/** Legacy requests of the last hours: by whom, by what protocol, how they ended and how long they took. */
export class Traffic {
  readonly #series = new Map<string, Series>();
  readonly #protocols = new Map<string, MinuteCounts>();

  constructor(private readonly names: TrafficNames) {}

  note(event: AdapterEvents['requestAnswered'], now: Date): void {
    const client = this.names.client(event.clientId);
    const protocol = this.names.protocol(event.protocol);
    const operation = this.names.operation(event.operation);
    const minute = minuteOf(now);
    const ending = endingOf(event.outcome);
    const time = ENDINGS + timeColumn(event.milliseconds);
    const series = this.#seriesOf(client, protocol, operation, now);
    series.lastAt = now;
    const all = this.#protocols.get(protocol) ?? new MinuteCounts(PLOT_MINUTES, ENDINGS + TIME_COLUMNS);
    this.#protocols.set(protocol, all);
    for (const counts of [series.counts, all]) {
      counts.add(minute, ending);
      counts.add(minute, time);
    }
  }

  /** Clients by protocol, those first that asked most. */
  byClient(now: Date): readonly TrafficRow[] {
    return this.#rows(now, ({ client, protocol }) => [client, protocol]).map(({ key, ...figures }) => ({
      client: key[0] ?? '',
      protocol: key[1] ?? '',
      ...figures,
    }));
  }

  /** Operations, of one client or of all. */
  byOperation(now: Date, client?: string): readonly TrafficRow[] {
    return this.#rows(
      now,
      (series) => [client ?? '', series.protocol, series.operation],
      (series) => client === undefined || series.client === client,
    ).map(({ key, ...figures }) => ({
      client: key[0] ?? '',
      protocol: key[1] ?? '',
      operation: key[2] ?? '',
      ...figures,
    }));
  }

  /** All requests together. */
  total(now: Date): TrafficFigures {
    const [row] = this.#rows(now, () => []);
    return row ?? { ...figuresOf(new Uint32Array(ENDINGS + TIME_COLUMNS)), lastAt: undefined, perMinute: [] };
  }

  /** Minute by minute, oldest first. */
  plot(now: Date): readonly PlotMinute[] {
    const last = minuteOf(now);
    return Array.from({ length: PLOT_MINUTES }, (_, index) => {
      const minute = last - PLOT_MINUTES + 1 + index;
      const served = new Map<string, number>();
      let failed = 0;
      for (const [protocol, counts] of this.#protocols) {
        const of = counts.at(minute);
        if (of === undefined) continue;
        served.set(protocol, (of[Ending.Answered] ?? 0) + (of[Ending.Refused] ?? 0));
        failed += of[Ending.Failed] ?? 0;
      }
      return { minute, served, failed };
    });
  }

  /** The 95th percentile of the minutes that end with `last`, over all protocols but those that take files. */
  p95(last: number, minutes: number): number | undefined {
    const sums = new Uint32Array(ENDINGS + TIME_COLUMNS);
    for (const [protocol, counts] of this.#protocols) {
      if (protocol !== 'filematch') counts.addTo(sums, last, minutes);
    }
    return timeAt(sums.subarray(ENDINGS), 0.95);
  }

  #seriesOf(client: string, protocol: string, operation: string, now: Date): Series {
    const key = JSON.stringify([client, protocol, operation]);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const counts = new MinuteCounts(TABLE_MINUTES, ENDINGS + TIME_COLUMNS);
    const made: Series = { client, protocol, operation, counts, lastAt: now };
    this.#series.set(key, made);
    return made;
  }

  #rows(
    now: Date,
    keyOf: (series: Series) => readonly string[],
    isWanted: (series: Series) => boolean = () => true,
  ): readonly (TrafficFigures & { readonly key: readonly string[] })[] {
    const last = minuteOf(now);
    const groups = new Map<string, { readonly key: readonly string[]; readonly series: Series[] }>();
    for (const series of this.#series.values()) {
      if (!isWanted(series)) continue;
      const key = keyOf(series);
      const text = JSON.stringify(key);
      const group = groups.get(text) ?? { key, series: [] };
      group.series.push(series);
      groups.set(text, group);
    }
    return [...groups.values()]
      .map(({ key, series }) => {
        const sums = new Uint32Array(ENDINGS + TIME_COLUMNS);
        for (const { counts } of series) counts.addTo(sums, last, TABLE_MINUTES);
        const perMinute = Array.from({ length: TABLE_MINUTES }, (_, index) =>
          series.reduce((sum, { counts }) => {
            const of = counts.at(last - TABLE_MINUTES + 1 + index);
            return of === undefined ? sum : sum + endingsIn(of);
          }, 0),
        );
        const lastAt = new Date(Math.max(...series.map((one) => one.lastAt.getTime())));
        return { key, ...figuresOf(sums), lastAt, perMinute };
      })
      .sort((a, b) => b.requests - a.requests || a.key.join(' ').localeCompare(b.key.join(' '), 'en'));
  }
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
