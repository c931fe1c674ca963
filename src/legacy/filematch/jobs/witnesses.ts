import type { CorrelationId } from '../../../runtime/correlation.js';
import type { MatchStatus, RowOutcome } from '../matching/matcher.js';
import type { InputRow } from '../record.js';

/** A row that was answered, and under which correlation id. */
export interface Witness {
  readonly row: InputRow;
  readonly correlationId: CorrelationId;
}

/**
 * Rows that the register has answered. Whether it answers others while one row fails is shown by asking for one of these again:
 * what was answered before an outage tells nothing of what happens in it.
 */
export class Witnesses {
  readonly #last = new Map<Kind, Witness>();

  /** Rows were answered. Those among them that the register need not have been asked for tell nothing of it. */
  heard(rows: readonly InputRow[], outcomes: readonly RowOutcome[], correlationId: CorrelationId): void {
    rows.forEach((row, index) => {
      if (isOfRegister(outcomes[index]) && !isHelpNumber(row))
        this.#last.set(kindOf(row), { row, correlationId });
    });
  }

  /** A row was done by an earlier run, and so was answered in all likelihood. One of each kind will do. */
  wasDone(row: InputRow, newCorrelationId: () => CorrelationId): void {
    const kind = kindOf(row);
    if (this.#last.has(kind) || isHelpNumber(row)) return;
    this.#last.set(kind, { row, correlationId: newCorrelationId() });
  }

  /** It can be answered without the register. */
  dismiss({ row }: Witness): void {
    this.#last.delete(kindOf(row));
  }

  /** One that was found as this row is to be, if there is one: searches may fail while numbers are answered. */
  like(row: InputRow): Witness | undefined {
    const kind = kindOf(row);
    return this.#last.get(kind) ?? this.#last.get(kind === 'search' ? 'number' : 'search');
  }
}

/** Whether the register must have been asked for an outcome. */
export function isOfRegister(outcome: RowOutcome | undefined): boolean {
  return outcome !== undefined && !withoutRegister.has(outcome.status);
}

type Kind = 'number' | 'search';

/** Outcomes for which nobody may have been asked. */
const withoutRegister: ReadonlySet<MatchStatus> = new Set(['51', '90']);

function kindOf({ nin }: InputRow): Kind {
  return nin === '' ? 'search' : 'number';
}

/** The adapter may answer for these itself. */
function isHelpNumber({ nin }: InputRow): boolean {
  return /^[89]/.test(nin);
}
