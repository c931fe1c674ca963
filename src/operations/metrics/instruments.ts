import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is known of a metric besides its values. docs/metrics.md is this list for readers. */
export interface MetricDescription {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
}

/** What a page of metrics is sent as, and the page. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/** Makes metrics and writes all of them down, in a registry of its own. */
export class Instruments {
  readonly #registry = new Registry();
  readonly #described: MetricDescription[] = [];
  readonly #readings: (() => void)[] = [];
  readonly #onTrouble: (error: unknown) => void;

  /** @param onTrouble - told when something could not be read; what it would have told is left out of the page */
  constructor(onTrouble: (error: unknown) => void) {
    this.#onTrouble = onTrouble;
  }

  /** Every metric so far. */
  get described(): readonly MetricDescription[] {
    return this.#described;
  }

  counter<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ ...this.#describe('counter', name, help, labels) });
  }

  gauge<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
  ): Gauge<Label> {
    return new Gauge({ ...this.#describe('gauge', name, help, labels) });
  }

  /** A gauge that is read anew for every page; without a value where the reading fails. */
  reading<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[],
    read: (gauge: Gauge<Label>) => void,
  ): void {
    const gauge = this.gauge(name, help, labels);
    this.#readings.push(() => {
      // Reset, a gauge without labels would be 0, which is a value.
      if (labels.length === 0) gauge.remove();
      else gauge.reset();
      read(gauge);
    });
  }

  /** A counter whose total something else keeps, read anew for every page. */
  total<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[],
    read: (counter: Counter<Label>) => void,
  ): void {
    const counter = this.counter(name, help, labels);
    this.#readings.push(() => {
      counter.reset();
      read(counter);
    });
  }

  /** @param buckets - upper bounds, in the unit of the name */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[],
    buckets: readonly number[],
  ): Histogram<Label> {
    return new Histogram({ ...this.#describe('histogram', name, help, labels), buckets: [...buckets] });
  }

  /** The page in Prometheus' text format, as things are now. */
  async expose(): Promise<Exposition> {
    for (const read of this.#readings) {
      try {
        read();
      } catch (error) {
        this.#onTrouble(error);
      }
    }
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #describe<Label extends string>(
    kind: MetricDescription['kind'],
    name: string,
    help: string,
    labels: readonly Label[],
  ): { name: string; help: string; labelNames: readonly Label[]; registers: Registry[] } {
    this.#described.push({ name, kind, labels, help });
    return { name, help, labelNames: labels, registers: [this.#registry] };
  }
}
