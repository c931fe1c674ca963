import { DoctypeRefused } from '../errors/errors.js';

/**
 * Refuses any document type declaration by looking at the text alone, before a parser sees it: in any letter case,
 * wherever it stands. One inside a comment or CDATA section would be harmless, but no legacy client sends that either.
 * @throws DoctypeRefused
 */
export function refuseDoctype(text: string): void {
  if (/<!doctype/i.test(text)) throw new DoctypeRefused('the message holds a document type declaration');
}
