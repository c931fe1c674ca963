/**
 * Where in a message an error is, in HL7's own counting (ERL, preg-xml-filematch-hl7v2 3.3): segment, its number among those
 * of its name, and further down as far as it is known.
 */
export interface ErrorLocation {
  readonly segment: string;
  readonly sequence: number;
  readonly field?: number | undefined;
  readonly repetition?: number | undefined;
  readonly component?: number | undefined;
}

/** Codes of HL7 table 0357 that are used here. */
export type Hl7ErrorCode = '100' | '101' | '102' | '103' | '200' | '201' | '202' | '203' | '204' | '207';

/** What an ERR segment tells. */
export interface Hl7Error {
  readonly code: Hl7ErrorCode;
  /** The message as a whole where absent. */
  readonly location?: ErrorLocation | undefined;
  /** For the people at the other end, in English; never holds data of persons. */
  readonly text: string;
}

/** How a message was taken, table 0008: done, a mistake within it, or not for us. */
export type Acknowledgement = 'AA' | 'AE' | 'AR';
