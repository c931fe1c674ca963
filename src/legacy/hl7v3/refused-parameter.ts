import { InvalidQuery } from '../../errors/errors.js';

/** Why a parameter of a search cannot be taken: HL7's detail code (preg-hl7v3 5.3), and the end of a sentence. */
export interface ParameterProblem {
  readonly code: 'SYN102' | 'SYN105' | 'SYN106' | 'SYN108';
  readonly text: string;
}

/** What can be wrong with any parameter. */
export const parameterProblems = {
  notSearchable: { code: 'SYN102', text: 'cannot be searched by' },
  partNotSearchable: { code: 'SYN102', text: 'has a part that cannot be searched by' },
  partNotKnown: { code: 'SYN102', text: 'has an element or attribute that is not known' },
  contentOfNil: { code: 'SYN102', text: 'is said to be nil and has content' },
  strayText: { code: 'SYN102', text: 'has text outside of its parts' },
  codeNotSearchable: { code: 'SYN106', text: 'has a code that cannot be searched by' },
  useNotSearchable: { code: 'SYN106', text: 'has a use that cannot be searched by' },
  differentValues: { code: 'SYN108', text: 'has two values that differ' },
} as const satisfies Readonly<Record<string, ParameterProblem>>;

/** A parameter of FindCandidates, by its name in the message, that cannot be taken (Safety S3). */
export class RefusedParameter extends InvalidQuery {
  readonly detailCode: ParameterProblem['code'];

  constructor(parameter: string, { code, text }: ParameterProblem) {
    super(parameter, text);
    this.detailCode = code;
  }
}

const address = 'identifiedPersonAddress';

/** Criteria of the waist and of access profiles, as the message calls them. */
const parameterNames: ReadonlyMap<string, string> = new Map([
  ['name', 'personName'],
  ['birth', 'personBirthTime'],
  ['gender', 'personAdministrativeGender'],
  ['deceased', 'personDeceased'],
  ['death', 'personDeceasedTime'],
  ['address', address],
  ['addressKind', address],
  ['street', `${address} streetAddressLine`],
  ['postalCode', `${address} postalCode`],
  ['postalPlace', `${address} city`],
  ['municipality', `${address} county`],
  ['municipalityName', `${address} county`],
  ['country', `${address} country`],
]);

/** The refusal of a source or an access profile in the terms of the message. */
export function inTermsOfMessage(error: InvalidQuery): RefusedParameter {
  if (error instanceof RefusedParameter) return error;
  return new RefusedParameter(parameterNames.get(error.parameter) ?? 'parameterList', {
    code: error.parameter === 'secondCriterion' ? 'SYN105' : 'SYN102',
    text: error.problem,
  });
}
