import type { CalendarDate } from '../person/calendar-date.js';
import type { Lineage } from '../person/lineage.js';
import { LineageOnDemand } from '../person/lineage-on-demand.js';
import type { NationalId } from '../person/national-id.js';
import type { CodeTable, CodeTables } from './code-table.js';
import type { Countries } from './countries.js';
import type { DocumentPlaces } from './document-places.js';
import type { Located } from './elements.js';
import type { FieldRow, FieldRule, FieldTable } from './field-table.js';
import { FilledRecord } from './filled-record.js';
import type { Fill } from './information-parts.js';
import { textOf } from './json.js';
import type { RecordRows } from './record-rows.js';
import type { ReadDocument } from './read-document.js';
import { notDelivered, type Outcome, type TransformInput } from './transform.js';

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

/** Fills records by the rows of the field table, and keeps account of where each field came from and what was stumbled over. */
export class RowEvaluation {
  readonly #records: FilledRecord[] = [];
  readonly #unmapped = new Map<string, { row: string; value: string }>();
  readonly #cut = new Set<string>();

  constructor(
    readonly mappings: Mappings,
    readonly record: RecordMapped,
  ) {}

  /** A record to fill, the next in the lineage. */
  newRecord(rows: RecordRows, place: string): FilledRecord {
    const record = new FilledRecord(rows, place);
    this.#records.push(record);
    return record;
  }

  /** Where each field of every record came from, put together when somebody looks. */
  get lineage(): Lineage {
    return new LineageOnDemand(
      () => new Map(this.#records.flatMap((record) => [...record.origins()])),
      () => this.#records.flatMap((record) => record.blanks()),
    );
  }

  /** Upstream enumeration members that the tables do not know, each once for the place where it stands. */
  get unmapped(): readonly { readonly row: string; readonly value: string }[] {
    return [...this.#unmapped.values()];
  }

  /** Rows whose value was too long for the old field (Safety S11). */
  get cut(): readonly string[] {
    return [...this.#cut];
  }

  /** Fills the fields of a record, or some of them, with what their rows make of the sources. */
  fill(record: FilledRecord, places: DocumentPlaces, fields?: ReadonlySet<string>): void {
    record.rows.all.forEach((row, index) => {
      if (fields?.has(row.field) !== false) record.putAt(index, this.#evaluate(row, places));
    });
  }

  /** Takes down a member that no table knows. */
  reportUnmapped(row: string, { path, value }: Located): void {
    if (!this.#unmapped.has(path)) this.#unmapped.set(path, { row, value: textOf(value) ?? '(not a code)' });
  }

  /** Takes down a row whose value was too long. */
  reportCut(row: string): void {
    this.#cut.add(row);
  }

  #evaluate(row: FieldRow, places: DocumentPlaces): Outcome {
    const { rule } = row;
    if ('noSource' in rule) return { kind: 'blank', reason: rule.noSource };
    const { today, on, fill } = this.record;
    if (row.richOnly && fill === 'faithful') return leftBlank;
    const outcome = rule.transform(new RowInput(this, row.target, rule, places));
    return outcome === notDelivered && on !== today ? notKnownThen : outcome;
  }
}

const leftBlank: Outcome = { kind: 'blank', reason: 'mapping.fill is faithful' };
const notKnownThen: Outcome = { kind: 'blank', reason: 'not known for that day' };

/** What a transform gets to see of one row. */
class RowInput implements TransformInput {
  constructor(
    private readonly evaluation: RowEvaluation,
    private readonly target: string,
    private readonly rule: FieldRule,
    private readonly places: DocumentPlaces,
  ) {}

  get sourceCount(): number {
    return this.rule.sources.length;
  }

  get document(): ReadDocument {
    return this.places.document;
  }

  get nin(): NationalId {
    return this.evaluation.record.nin;
  }

  get today(): CalendarDate {
    return this.evaluation.record.today;
  }

  get on(): CalendarDate {
    return this.evaluation.record.on;
  }

  get countries(): Countries {
    return this.evaluation.mappings.countries;
  }

  sourceAt(index: number): readonly Located[] {
    const path = this.rule.sources[index];
    return path === undefined ? [] : this.places.at(path);
  }

  codes(index = 0): CodeTable {
    const table = this.rule.codes[index];
    if (table === undefined) throw new RangeError(`${this.target} has too few code tables`);
    return table;
  }

  unmapped(member: Located): void {
    this.evaluation.reportUnmapped(this.target, member);
  }

  cut(): void {
    this.evaluation.reportCut(this.target);
  }
}
