import type { FieldGroup } from '../person/field-groups.js';
import type { FieldTable } from './field-table.js';

/** How much of what the new register knows is shown ("Decided" 5). */
export type Fill = 'faithful' | 'rich';

/** What was found out, by what it was found out from: it is asked for with every lookup. */
const known = new WeakMap<FieldTable, WeakMap<ReadonlySet<FieldGroup>, Map<Fill, readonly string[]>>>();

/**
 * The information parts that the visible rows need, sorted; never "all".
 * Identification numbers are always asked for, since an answer is checked against the number asked for (Safety S5);
 * protection is asked for with every part that holds an address (Safety S1).
 */
export function informationPartsFor(
  table: FieldTable,
  visible: ReadonlySet<FieldGroup>,
  fill: Fill,
): readonly string[] {
  const byGroups = known.get(table) ?? new WeakMap<ReadonlySet<FieldGroup>, Map<Fill, readonly string[]>>();
  const byFill = byGroups.get(visible) ?? new Map<Fill, readonly string[]>();
  const parts = byFill.get(fill) ?? partsOf(table, visible, fill);
  known.set(table, byGroups.set(visible, byFill.set(fill, parts)));
  return parts;
}

function partsOf(table: FieldTable, visible: ReadonlySet<FieldGroup>, fill: Fill): readonly string[] {
  const parts = new Set(['NorwegianIdentificationNumber']);
  for (const row of table.rows) {
    if (!visible.has(row.group) || (row.richOnly && fill === 'faithful')) continue;
    for (const part of row.parts) parts.add(part);
  }
  if (table.addressParts.some((part) => parts.has(part))) parts.add(table.protectionPart);
  return [...parts].sort();
}
