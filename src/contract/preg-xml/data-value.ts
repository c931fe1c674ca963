/**
 * What the writer takes: plain values, members named as on the wire, in any order.
 *
 * - `string`: text; for `dateTime` a day, `YYYY-MM-DD`, which is written as its midnight without a zone.
 * - `number`: for `int` and `decimal`. `boolean`.
 * - a record: every member of the type has to be there; a list: its items in order.
 * - `null`: `i:nil`.
 */
export type DataValue = string | number | boolean | null | DataRecord | readonly DataValue[];

/** Values by member. */
export interface DataRecord {
  readonly [member: string]: DataValue;
}

/** Whether the value is a list. */
export function isDataList(value: DataValue): value is readonly DataValue[] {
  return Array.isArray(value);
}
