import { oneOf, wholeNumber } from './values.js';

/** How queries of HL7 v2 are answered. */
export const hl7v2Settings = {
  processingId: oneOf(['any', 'P', 'T', 'D']).default('any'),
  defaultCharset: oneOf(['8859/1', 'UNICODE UTF-8', 'ASCII']).default('8859/1'),
  identifierTypes: oneOf(['hl7', 'volven']).default('hl7'),
  pageSize: wholeNumber(1, 100, 'a number of persons').default(20),
  maxHits: wholeNumber(1, 10_000, 'a number of persons').default(1_000),
  continuationMinutes: wholeNumber(1, 1_440, 'minutes').default(10),
};
