import type { ErrorCode } from '../errors/catalogue.js';
import type { BlankField } from '../person/lineage.js';
import type { AnsweredBy, KeptSource } from '../registry/person-registry.js';
import type { CorrelationId } from '../runtime/correlation.js';

/** What is told for those who want to know why a request was answered as it was. No event carries person data. */
export interface TraceEvents {
  /** A protocol asked the registers, and has its answer. Told where traces are kept. */
  registersAsked: {
    readonly correlationId: CorrelationId;
    readonly clientId: string;
    readonly question: 'lookup' | 'lookup-many' | 'children' | 'search';
    readonly outcome: 'found' | 'not-found' | ErrorCode;
    /** How many people the answer tells of. */
    readonly people: number;
    /** Who answered while there are two registers; null where there is one. */
    readonly answeredBy: AnsweredBy | null;
    /** Where it does not come straight from the register. */
    readonly kept: KeptSource | null;
    readonly milliseconds: number;
    /**
     * Of a single person who was found: fields that are blank, and why. Names of rows and fixed texts, never a value, and no field
     * by which somebody protected could be told from others.
     */
    readonly blanks: readonly BlankField[];
  };
}
