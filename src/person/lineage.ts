/** Where one PREG field came from. Never holds a value. */
export interface FieldOrigin {
  /** Target of the row in mappings/person.yaml. */
  readonly row: string;
  /** The source paths that held what was used, e.g. `name[0].givenName`; empty for a blank field. */
  readonly sources: readonly string[];
  /** Why the field is blank; absent when it is not. */
  readonly blank?: string | undefined;
}

/** A field that is blank, and why. */
export interface BlankField {
  /** Such as `middleName`. */
  readonly field: string;
  readonly reason: string;
}

/** The origin of every field that was looked at, by field: `givenName`, `addresses[0].st`. */
export type Lineage = ReadonlyMap<string, FieldOrigin>;
