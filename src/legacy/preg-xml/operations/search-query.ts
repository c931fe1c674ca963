import { InvalidQuery } from '../../../errors/errors.js';
import type { SearchQuery, SoughtAddress, SoughtName } from '../../../registry/search.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';

/** What `SearchParameters` ask for: the criteria, and which page of the hits. */
export interface PeopleSought {
  readonly criteria: Omit<SearchQuery, 'limit'>;
  /** Counts from 1. */
  readonly page: number;
  /** At least 1. */
  readonly resultsPerPage: number;
}

/** The longest page; who asks for a longer one gets this, and is told so (contract 1.7 no. 9). */
export const MOST_PER_PAGE = 100;

/**
 * Reads SearchParameters (contract 1.4). Every member that holds anything becomes a criterion (Safety S3), and what is
 * no member is refused, not skipped; a text of white space alone holds nothing. A date of birth means its day.
 * @param perPage the page of a search that asks for none
 * @throws InvalidQuery when there is nothing to search by, for a member that is not known, and for a page that cannot be
 */
export function peopleSought(parameters: ReadRecord | null, perPage: number): PeopleSought {
  if (parameters?.hasUnknownMembers === true) {
    throw new InvalidQuery('parameters', 'holds a criterion that is not known');
  }
  const text = (member: string): string | undefined => {
    const given = parameters?.text(member)?.trim() ?? '';
    return given === '' ? undefined : given;
  };
  const day = parameters?.time('DateOfBirth')?.day;
  const criteria = {
    name: given<SoughtName>({
      given: text('FirstName'),
      middle: text('MiddleName'),
      family: text('LastName'),
    }),
    birth: day === undefined ? undefined : { from: day, to: day },
    address: given<SoughtAddress>({
      street: text('Address'),
      postalPlace: text('PostalPlace'),
      postalCode: text('ZipCode'),
      municipality: text('MunicipalityCode'),
    }),
  };
  if (given(criteria) === undefined) throw new InvalidQuery('parameters', 'hold nothing to search by');
  const page = parameters?.number('Page') ?? 1;
  if (page < 1) throw new InvalidQuery('Page', 'pages count from 1');
  return {
    criteria: { ...criteria, withHelpNumbers: parameters?.flag('SearchFhNumberPersonsToo') ?? false },
    page,
    resultsPerPage: lengthOfPage(parameters?.number('ResultsPerPage') ?? 0, perPage),
  };
}

/** 0 is what .NET sends where nothing was set. */
function lengthOfPage(asked: number, perPage: number): number {
  if (asked < 0) throw new InvalidQuery('ResultsPerPage', 'less than none');
  return asked === 0 ? perPage : Math.min(asked, MOST_PER_PAGE);
}

/** Undefined when nothing in it is given. */
function given<Criteria extends object>(criteria: Criteria): Criteria | undefined {
  return Object.values(criteria).some((value) => value !== undefined) ? criteria : undefined;
}
