import { isLocatedObject, memberAt } from '../elements.js';
import { addressLinesOf, mailingAddressIn } from '../mailing-address.js';
import { allSources, countryOf, filled, notDelivered, type Transform } from '../transform.js';
import { upperCaseOf } from './plain.js';

/** The forms of address that are not Norwegian by kind. */
const foreignForms = ['foreignAddress', 'freeFormForeignAddress'];

/** Country: Norwegian name in upper case; of the mailing address where there is one, else of the residence. */
export const countryName: Transform = (input) => {
  const place = allSources(input).find(isLocatedObject);
  if (place === undefined) return notDelivered;
  const abroad = foreignForms.map((form) => memberAt(place, form)).find(isLocatedObject);
  const member = abroad === undefined ? place : memberAt(abroad, 'countryCode');
  const country =
    abroad === undefined ? input.countries.byAlpha3('NOR') : countryOf(input, member, 'byAlpha2');
  return country === undefined
    ? { kind: 'blank', reason: 'unknown country' }
    : filled(upperCaseOf(country.name), member);
};

function addressLine(index: number): Transform {
  return (input) => {
    const mailing = input.sourceAt(0).find(isLocatedObject);
    const address = mailing === undefined ? null : mailingAddressIn(mailing, input.countries);
    if (mailing === undefined || address === null) return notDelivered;
    const { lines, cut } = addressLinesOf(address);
    // Told once for the three lines.
    if (cut && index === 0) input.cut();
    const line = lines[index];
    return line === undefined ? { kind: 'blank', reason: 'fewer lines' } : filled(line, mailing);
  };
}

/** The mailing address in three lines of at most thirty characters. */
export const addressLine1: Transform = addressLine(0);
export const addressLine2: Transform = addressLine(1);
export const addressLine3: Transform = addressLine(2);

/** CurrentAddress: whether the address holds today. */
export const currentAddress: Transform = (input) => {
  const [isValid] = allSources(input);
  return isValid === undefined ? filled(true) : filled(isValid.value !== false, isValid);
};
