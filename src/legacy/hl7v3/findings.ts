import { codeSystems } from '../../contract/hl7v3/code-systems.js';
import type { AcknowledgementDetail } from './reply.js';

/** HL7's code for an element that is read but not stored. */
const NOT_PERSISTED = 'NOPERSIST';

/** Why a value cannot be taken (preg-hl7v3 5.3). */
export type SyntaxCode = 'SYN102' | 'SYN105' | 'SYN106' | 'SYN108';

/**
 * What was found while a message was read: what is wrong with it, and what of it is not kept. All of it is gathered, so
 * that a client is told everything at once. Texts are fixed; nothing that was sent goes into them.
 */
export class Findings {
  readonly #problems = new Map<string, AcknowledgementDetail>();
  readonly #warnings = new Map<string, AcknowledgementDetail>();

  /** Something that stands in the way. `text` is a sentence of ours. */
  refuse(code: SyntaxCode, text: string): void {
    this.#problems.set(text, { code, text });
  }

  /** Something that was said and is not kept. `what` begins a sentence: `The element desc`. */
  notKept(what: string): void {
    const text = `${what} is not kept.`;
    this.#warnings.set(text, { type: 'W', code: NOT_PERSISTED, codeSystem: codeSystems.actCode, text });
  }

  /** Each problem once, in the order of finding. */
  get problems(): readonly AcknowledgementDetail[] {
    return [...this.#problems.values()];
  }

  /** Each warning once, in the order of finding. */
  get warnings(): readonly AcknowledgementDetail[] {
    return [...this.#warnings.values()];
  }
}
