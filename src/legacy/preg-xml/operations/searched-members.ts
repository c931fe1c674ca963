import { InvalidQuery } from '../../../errors/errors.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';

const nameMembers = ['FirstName', 'MiddleName', 'LastName'];
const addressMembers = ['Address', 'PostalPlace', 'ZipCode', 'MunicipalityCode'];

/** Criteria of the waist and of access profiles, as SearchParameters call them. */
const membersOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['name', nameMembers],
  ['birth', ['DateOfBirth']],
  ['address', addressMembers],
  ['street', ['Address']],
  ['postalCode', ['ZipCode']],
  ['postalPlace', ['PostalPlace']],
  ['municipality', ['MunicipalityCode']],
]);

/** What a search needs one of beside a name. */
const secondCriteria = ['DateOfBirth', 'MunicipalityCode', 'ZipCode', 'Address'];

/**
 * The refusal of a source or an access profile in the terms of SearchParameters: it names the members that were given, out of
 * those that make up the criterion (Safety S3).
 */
export function inTermsOfSearch(error: InvalidQuery, parameters: ReadRecord | null): InvalidQuery {
  if (error.parameter === 'secondCriterion')
    return new InvalidQuery(secondCriteria.join(', '), error.problem);
  const members = membersOf.get(error.parameter);
  // Whatever is refused here already goes by the names of the contract.
  if (members === undefined) return error;
  const told = members.length === 1 ? members : members.filter((member) => isGiven(parameters, member));
  return new InvalidQuery((told.length === 0 ? members : told).join(', '), error.problem);
}

function isGiven(parameters: ReadRecord | null, member: string): boolean {
  return (parameters?.text(member) ?? '').trim() !== '';
}
