/** The only names that labels take; everything else is counted as `other`, and what is missing as `none`. */
export interface KnownNames {
  /** `clients[].id` of the configuration, those that it once had included: it grows when the configuration is read anew. */
  readonly clients: ReadonlySet<string>;
  readonly protocols: readonly string[];
  /** Of all protocols, as the audit trail names them. */
  readonly operations: readonly string[];
  /** Of Persontjenesten. */
  readonly upstreamOperations: readonly string[];
  /** Of the old PREG, sessions included. */
  readonly pregOperations: readonly string[];
  /** Receivers of HL7 v2, as the configuration names them. */
  readonly receivers: readonly string[];
  /** Rows of mappings/person.yaml. */
  readonly mappingRows: readonly string[];
}

/** Gives a name itself when it is known, `other` when it is not, and `none` where there is none. */
export type LabelOf = (name: string | null | undefined) => string;

/** @see LabelOf @param known where it is a set, names that are added later are known as well */
export function among(known: readonly string[] | ReadonlySet<string>): LabelOf {
  const names: ReadonlySet<string> = known instanceof Set ? known : new Set(known);
  return (name) => {
    if (name === null || name === undefined) return 'none';
    return names.has(name) ? name : 'other';
  };
}
