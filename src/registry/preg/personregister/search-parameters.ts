import type { DataRecord } from '../../../contract/preg-xml/data-value.js';
import { InvalidQuery } from '../../../errors/errors.js';
import type { CalendarDate } from '../../../person/calendar-date.js';
import type { DayRange, SearchQuery } from '../../search.js';

const NOT_ASKED = 'cannot be searched by in PREG';

/** A page of a search, as its `Page` and `ResultsPerPage` say. */
export interface PageWanted {
  readonly page: number;
  readonly resultsPerPage: number;
}

/**
 * The SearchParameters (contract 1.4) that say what is sought, and nothing less (Safety S3). How names are compared and what
 * is enough to search by is PREG's to say.
 * @throws InvalidQuery naming a criterion that there is no parameter for
 */
export function searchParameters(query: SearchQuery, { page, resultsPerPage }: PageWanted): DataRecord {
  const { name = {}, address = {} } = query;
  refuse({
    name: name.full,
    gender: query.gender,
    deceased: query.deceased,
    death: query.death,
    municipalityName: address.municipalityName,
    country: address.country,
    addressKind: address.kind,
  });
  return {
    Address: address.street ?? null,
    DateOfBirth: dayOf(query.birth),
    FirstName: name.given ?? null,
    LastName: name.family ?? null,
    MiddleName: name.middle ?? null,
    MunicipalityCode: address.municipality ?? null,
    Page: page,
    PostalPlace: address.postalPlace ?? null,
    ResultsPerPage: resultsPerPage,
    SearchFhNumberPersonsToo: query.withHelpNumbers,
    ZipCode: address.postalCode ?? null,
  };
}

function refuse(criteria: Readonly<Record<string, unknown>>): void {
  for (const [criterion, value] of Object.entries(criteria)) {
    if (value !== undefined) throw new InvalidQuery(criterion, NOT_ASKED);
  }
}

/** One day alone. */
function dayOf(range: DayRange | undefined): CalendarDate | null {
  if (range === undefined) return null;
  const { from, to } = range;
  if (from === undefined || from !== to) throw new InvalidQuery('birth', `${NOT_ASKED} but as one day`);
  return from;
}
