import type { CalendarDate } from '../person/calendar-date.js';
import type { FieldOrigin } from '../person/lineage.js';
import type { NationalId } from '../person/national-id.js';
import type { CodeTable, CodeTables } from './code-table.js';
import type { Countries } from './countries.js';
import type { Located } from './elements.js';
import type { FieldRow, FieldTable } from './field-table.js';
import type { Fill } from './information-parts.js';
import { textOf, type JsonObject } from './json.js';
import { resolvePath, type Roots } from './source-path.js';
import { notDelivered, type FieldValue, type Outcome } from './transform.js';

/** Everything the mapping consists of. */
export interface Mappings {
  readonly fields: FieldTable;
  readonly codes: CodeTables;
  readonly countries: Countries;
  readonly addressProtection: CodeTable;
}

/** What rows are evaluated for. */
export interface RecordMapped {
  /** The number that the record is about. */
  readonly nin: NationalId;
  readonly today: CalendarDate;
  /** The day that is told of: today, or one gone by. */
  readonly on: CalendarDate;
  readonly fill: Fill;
}

/** Where a row finds its sources. */
export interface SourcesOfRow {
  readonly document: JsonObject;
  readonly roots: Roots;
}

/** A document without named roots. */
export function sourcesIn(document: JsonObject): SourcesOfRow {
  return { document, roots: new Map() };
}

/** Fills fields by the rows of the field table, and keeps account of where each came from and what was stumbled over. */
export class RowEvaluation {
  readonly values = new Map<string, FieldValue>();
  readonly lineage = new Map<string, FieldOrigin>();
  readonly #unmapped = new Map<string, { row: string; value: string }>();
  readonly #cut = new Set<string>();

  constructor(
    private readonly mappings: Mappings,
    private readonly record: RecordMapped,
  ) {}

  /** Upstream enumeration members that the tables do not know, each once for the place where it stands. */
  get unmapped(): readonly { readonly row: string; readonly value: string }[] {
    return [...this.#unmapped.values()];
  }

  /** Rows whose value was too long for the old field (Safety S11). */
  get cut(): readonly string[] {
    return [...this.#cut];
  }

  /** Fills a field with what its row makes of the sources. */
  fill(row: FieldRow, field: string, sources: SourcesOfRow): void {
    this.put(row.target, field, this.#evaluate(row, sources));
  }

  /** Fills a field, or blanks it. */
  put(row: string, field: string, outcome: Outcome): void {
    if (outcome.kind === 'blank') {
      this.values.delete(field);
      this.lineage.set(field, { row, sources: [], blank: outcome.reason });
      return;
    }
    this.values.set(field, outcome.value);
    this.lineage.set(field, { row, sources: outcome.from.map(({ path }) => path) });
  }

  /** Takes down a member that no table knows. */
  reportUnmapped(row: string, { path, value }: Located): void {
    if (!this.#unmapped.has(path)) this.#unmapped.set(path, { row, value: textOf(value) ?? '(not a code)' });
  }

  #evaluate(row: FieldRow, { document, roots }: SourcesOfRow): Outcome {
    if ('noSource' in row.rule) return { kind: 'blank', reason: row.rule.noSource };
    const { nin, today, on, fill } = this.record;
    if (row.richOnly && fill === 'faithful') return { kind: 'blank', reason: 'mapping.fill is faithful' };
    const { codes, sources, transform } = row.rule;
    const outcome = transform({
      sources: sources.map((path) => resolvePath(path, document, roots)),
      document,
      nin,
      today,
      on,
      countries: this.mappings.countries,
      codes: (index = 0) => {
        const table = codes[index];
        if (table === undefined) throw new RangeError(`${row.target} has too few code tables`);
        return table;
      },
      unmapped: (member) => {
        this.reportUnmapped(row.target, member);
      },
      cut: () => {
        this.#cut.add(row.target);
      },
    });
    const isUnknown = outcome === notDelivered && on !== today;
    return isUnknown ? { kind: 'blank', reason: 'not known for that day' } : outcome;
  }
}
