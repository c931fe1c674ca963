import type { Charset } from '../record.js';

/** How headers of fixed length name charsets (preg-xml-filematch-hl7v2 2.4). */
export const charsetCodes: Readonly<Record<Charset, string>> = {
  'ISO-8859-1': '01',
  'windows-1252': '02',
  'UTF-8': '03',
};
