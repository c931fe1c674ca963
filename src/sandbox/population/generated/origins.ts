import type { Origin } from './basics.js';

/** Countries that people move from, with the codes that the register writes (alpha-3, and alpha-2 in addresses). */
export const ORIGINS: readonly Origin[] = [
  { alpha3: 'SWE', alpha2: 'SE', city: 'Göteborg' },
  { alpha3: 'DNK', alpha2: 'DK', city: 'Ålborg' },
  { alpha3: 'POL', alpha2: 'PL', city: 'Łódź' },
  { alpha3: 'LTU', alpha2: 'LT', city: 'Šiauliai' },
  { alpha3: 'DEU', alpha2: 'DE', city: 'Köln' },
  { alpha3: 'ERI', alpha2: 'ER', city: 'Asmara' },
  { alpha3: 'SYR', alpha2: 'SY', city: 'Aleppo' },
  { alpha3: 'UKR', alpha2: 'UA', city: 'Kharkiv' },
  { alpha3: 'PHL', alpha2: 'PH', city: 'Cebu' },
  { alpha3: 'USA', alpha2: 'US', city: 'Duluth' },
];

/** Kosovo, which has a code of its own outside of ISO 3166. */
export const KOSOVO: Origin = { alpha3: 'XXK', alpha2: 'XK', city: 'Prishtinë' };
/** Nobody's citizen. */
export const STATELESS: Origin = { alpha3: 'XXX', alpha2: 'YY', city: 'Ukjent' };
/** Citizenship not known. */
export const UNKNOWN_ORIGIN: Origin = { alpha3: 'XUK', alpha2: 'YY', city: 'Ukjent' };
