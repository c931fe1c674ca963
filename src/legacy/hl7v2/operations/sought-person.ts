import type { NationalId } from '../../../person/national-id.js';
import type { SearchQuery, SoughtAddress } from '../../../registry/search.js';
import { InvalidQuery } from '../../../errors/errors.js';
import { daysOfTimestamp } from '../../hl7/timestamp-date.js';
import type { Hl7v2Codes } from '../codes.js';
import type { ErrorLocation } from '../hl7-error.js';
import type { RefusedMessage } from '../refused-message.js';
import type { Parameter, ParameterName } from './parameter.js';
import { refused } from './query-refusals.js';
import { soughtNumber } from './sought-number.js';

/** Countries by what a client may call them: the shape of mappings/codes/countries.yaml. */
export interface CountryCodes {
  byAlpha3(code: string): { readonly alpha3: string } | undefined;
  byAlpha2(code: string): { readonly alpha3: string } | undefined;
  /** By DSF code, three digits. */
  byCode(code: string): { readonly alpha3: string } | undefined;
}

/** The vocabulary of the parameters. */
export interface ParameterVocabulary {
  readonly codes: Hl7v2Codes;
  readonly countries: CountryCodes;
}

/** What is told of the person sought. */
export interface SoughtPerson {
  readonly number: NationalId | undefined;
  readonly criteria: Omit<SearchQuery, 'withHelpNumbers' | 'limit'>;
  /** The refusal of a source or an access profile in the terms of the message. */
  inTermsOfMessage(error: InvalidQuery): RefusedMessage;
}

/** Criteria of the waist and of access profiles, and the parameters that they come from; the first that is given is meant. */
const origins: Readonly<Record<string, readonly ParameterName[]>> = {
  name: ['@PID.5.1', '@PID.5.2', '@PID.5.3'],
  birth: ['@PID.7'],
  gender: ['@PID.8'],
  address: ['@PID.11.1', '@PID.11.3', '@PID.11.5', '@PID.11.9', '@PID.11.6'],
  addressKind: ['@PID.11.1', '@PID.11.3', '@PID.11.5', '@PID.11.9', '@PID.11.6'],
  street: ['@PID.11.1'],
  postalPlace: ['@PID.11.3'],
  postalCode: ['@PID.11.5'],
  municipality: ['@PID.11.9'],
  country: ['@PID.11.6'],
};

/**
 * Makes criteria of parameters: every one of them has to hold (Safety S3).
 * @param whole where they stand together, for a refusal of what is not there
 * @throws RefusedMessage
 */
export function soughtPerson(
  parameters: readonly Parameter[],
  whole: ErrorLocation,
  { codes, countries }: ParameterVocabulary,
): SoughtPerson {
  const only = (name: ParameterName): Parameter | undefined => onlyOne(parameters, name);
  const read = <Value>(name: ParameterName, reader: (given: Parameter) => Value): Value | undefined => {
    const given = only(name);
    return given === undefined ? undefined : reader(given);
  };
  const text = (name: ParameterName): string | undefined => read(name, beginning);
  if (parameters.length === 0) throw refused('101', whole, 'There is nothing to search by.');
  const name = { family: text('@PID.5.1'), given: text('@PID.5.2'), middle: text('@PID.5.3') };
  const address: SoughtAddress = {
    street: text('@PID.11.1'),
    postalPlace: text('@PID.11.3'),
    postalCode: read('@PID.11.5', fourDigits),
    municipality: read('@PID.11.9', fourDigits),
    country: read('@PID.11.6', (given) => country(given, countries)),
  };
  return {
    number: soughtNumber(only, codes),
    criteria: {
      name: givenAny(name),
      birth: read('@PID.7', days),
      gender: read('@PID.8', gender),
      address: givenAny(address),
    },
    inTermsOfMessage: (error) => {
      const named = origins[error.parameter]?.map(only).find((given) => given !== undefined);
      const isMissing = named === undefined;
      return refused(
        isMissing ? '101' : '102',
        named?.location ?? whole,
        `${named?.label ?? missing[error.parameter] ?? 'The query'}: ${error.problem}.`,
      );
    },
  };
}

/** What to call a criterion that is not there. */
const missing: Readonly<Record<string, string>> = { name: 'Name', secondCriterion: 'Second criterion' };

/** A parameter may be repeated, but not with another value. */
function onlyOne(parameters: readonly Parameter[], name: ParameterName): Parameter | undefined {
  const [first, ...others] = parameters.filter((parameter) => parameter.name === name);
  const other = others.find(({ value }) => value !== first?.value);
  if (other === undefined) return first;
  throw refused('102', other.location, `${other.label} has two values that differ.`);
}

function givenAny<Parts extends object>(parts: Parts): Parts | undefined {
  return Object.values(parts).every((part) => part === undefined) ? undefined : parts;
}

/** Text that is matched from its beginning: a `*` at its end says no more than that ("Decided" 9). */
function beginning({ value, label, location }: Parameter): string {
  if (!/[*?%_]/.test(value.replace(/\*$/, ''))) return value;
  throw refused('102', location, `${label} has another wildcard than one * at the end.`);
}

function days({ value, label, location }: Parameter): SearchQuery['birth'] {
  const told = daysOfTimestamp(value);
  if (told === undefined) throw refused('102', location, `${label} is not a date.`);
  return { from: told.first, to: told.last };
}

/** Nobody is registered as anything else, so a search by it would find nobody whoever is meant. */
function gender({ value, label, location }: Parameter): 'F' | 'M' {
  const code = value.toUpperCase();
  if (code === 'F' || code === 'M') return code;
  throw refused('103', location, `${label} can be searched by with F and M alone.`);
}

function fourDigits({ value, label, location }: Parameter): string {
  if (/^[0-9]{4}$/.test(value)) return value;
  throw refused('102', location, `${label} is not four digits.`);
}

function country({ value, label, location }: Parameter, countries: CountryCodes): string {
  const code = value.toUpperCase();
  const found = countries.byAlpha3(code) ?? countries.byAlpha2(code) ?? countries.byCode(code);
  // Countries that are no more have a name and no code.
  if (found !== undefined && found.alpha3 !== '') return found.alpha3;
  throw refused('103', location, `${label} is not a country that is known by this code.`);
}
