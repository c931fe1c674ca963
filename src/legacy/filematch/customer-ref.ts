/** As wide as in the contract's header (preg-xml-filematch-hl7v2 2.4), in letters that every charset of files has. */
const CUSTOMER_REF = /^[\x20-\x7e\xa0-\xff]{0,20}$/;

/** What is wrong with a customer reference, as half a sentence; undefined for one that may be taken. */
export function problemOfCustomerRef(text: string): string | undefined {
  return CUSTOMER_REF.test(text) ? undefined : 'is longer than 20 characters, or not in ISO-8859-1';
}
