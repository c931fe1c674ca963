import type { NationalId } from '../../person/national-id.js';
import type { SearchQuery } from '../../registry/search.js';
import type { XmlElement } from '../../xml/element.js';
import { soughtAddress, type CountryCodes } from './address-parameter.js';
import { requireActive, soughtDeceased, soughtGender } from './coded-parameters.js';
import type { Hl7v3Codes } from './codes.js';
import { soughtName } from './name-parameter.js';
import { soughtNumber } from './number-parameters.js';
import { hasContent, onlyValue, requireMembers, valuesOf } from './parameter-content.js';
import { candidatesWanted } from './query-settings.js';
import { parameterProblems, RefusedParameter, type ParameterProblem } from './refused-parameter.js';
import { at, childrenOf } from './request.js';
import { soughtDays } from './time-parameter.js';

/** What FindCandidates asks for: people by criteria, and by numbers that one person has to have all of. */
export interface CandidatesSought {
  readonly numbers: readonly NationalId[];
  /** The parameter that the first number stands in, for a refusal. */
  readonly numberParameter: string;
  readonly criteria: SearchQuery;
}

/** The vocabulary of the parameters. */
export interface ParameterVocabulary {
  readonly codes: Hl7v3Codes;
  readonly countries: CountryCodes;
}

const numberParameters = ['personId', 'personRoleId'];

/** Parameters that become criteria. */
const searched = [
  ...numberParameters,
  ...['identifiedPersonAddress', 'identifiedPersonStatusCode', 'personAdministrativeGender'],
  ...['personBirthTime', 'personDeceased', 'personDeceasedTime', 'personName'],
];

/** Parameters of the schema that the new register has no search for. */
const notSearchable = [
  ...['id', 'groupId', 'identifiedPersonTelecom', 'mothersMaidenName', 'otherIDsScopingOrganization'],
  ...['personBirthPlaceAddress', 'personBirthPlaceName'],
];

const NOTHING_SOUGHT: ParameterProblem = { code: 'SYN105', text: 'holds nothing to search by' };

/**
 * Reads PRPA_MT101306NO01 (preg-hl7v3 4.1). Every parameter that says anything becomes a criterion or is refused
 * (Safety S3).
 * @throws RefusedParameter; MalformedRequest for a list or query that stands twice
 */
export function candidatesSought(message: XmlElement, vocabulary: ParameterVocabulary): CandidatesSought {
  const query = at(message, 'controlActProcess', 'queryByParameter');
  const list = at(query, 'parameterList');
  if (query === undefined || list === undefined) throw new RefusedParameter('parameterList', NOTHING_SOUGHT);
  requireMembers(list, [...searched, ...notSearchable], 'parameterList');
  for (const name of notSearchable) {
    const isGiven = name === 'id' ? hasContent : (one: XmlElement): boolean => valuesOf(one).length > 0;
    if (childrenOf(list, name).some(isGiven)) {
      throw new RefusedParameter(name, parameterProblems.notSearchable);
    }
  }
  const { numbers, criteria } = criteriaIn(list, vocabulary);
  if (numbers.length === 0 && Object.values(criteria).every((criterion) => criterion === undefined)) {
    throw new RefusedParameter('parameterList', NOTHING_SOUGHT);
  }
  return {
    numbers: [...new Set(numbers.map(({ number }) => number))],
    numberParameter: numbers[0]?.parameter ?? '',
    criteria: { ...criteria, withHelpNumbers: true, limit: candidatesWanted(query) },
  };
}

function criteriaIn(
  list: XmlElement,
  { codes, countries }: ParameterVocabulary,
): {
  readonly numbers: readonly { readonly number: NationalId; readonly parameter: string }[];
  readonly criteria: Omit<SearchQuery, 'withHelpNumbers' | 'limit'>;
} {
  const values = (name: string): readonly XmlElement[] => childrenOf(list, name).flatMap(valuesOf);
  const only = <Value>(name: string, read: (value: XmlElement) => Value | undefined): Value | undefined =>
    onlyValue(name, values(name).map(read));
  only('identifiedPersonStatusCode', requireActive);
  return {
    numbers: numberParameters.flatMap((parameter) =>
      values(parameter).flatMap((value) => {
        const number = soughtNumber(value, parameter, codes);
        return number === undefined ? [] : [{ number, parameter }];
      }),
    ),
    criteria: {
      name: only('personName', soughtName),
      birth: only('personBirthTime', (value) => soughtDays(value, 'personBirthTime')),
      gender: only('personAdministrativeGender', (value) => soughtGender(value, codes)),
      address: only('identifiedPersonAddress', (value) => soughtAddress(value, countries)),
      deceased: only('personDeceased', soughtDeceased),
      death: only('personDeceasedTime', (value) => soughtDays(value, 'personDeceasedTime')),
    },
  };
}
