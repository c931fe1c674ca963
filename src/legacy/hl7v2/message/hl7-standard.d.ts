/** The part of hl7-standard that er7.ts uses; the package has no types of its own. Its names for delimiters are swapped. */
declare module 'hl7-standard' {
  /** A component: its subcomponents where it has several. */
  export type Component = string | string[];
  /** The components of a repetition under keys such as `PID.3.1`, in order. */
  export type Repetition = Record<string, Component>;
  /**
   * As read: a text; the subcomponents of a lone component; the components of a lone repetition; or several repetitions. A list
   * of texts is written as repetitions and not as subcomponents, which are written within a component alone.
   */
  export type Field = string | string[] | Repetition | Repetition[];

  /** A segment. */
  export interface Segment {
    readonly type: string;
    /** Its place in the message. */
    readonly index: number;
    /** Its fields under keys such as `PID.3`, in order; those of MSH begin with `MSH.2`. */
    readonly data: Record<string, Field>;
    /** With the segment's own name: replaces all fields. */
    set(name: string, fields: Record<string, Field>): unknown;
  }

  /** A message. */
  export default class HL7 {
    constructor(data?: string, options?: { readonly lineEndings?: string });
    /** @throws Error for what it cannot take */
    transform(): void;
    /** By name, and not in the order of the message. */
    getSegments(): Segment[];
    createSegment(name: string): Segment;
    build(): string;
  }
}
