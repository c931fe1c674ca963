import { getDemographicsRequest, type GetDemographicsRequest } from './get-demographics-request.js';

/** What a FindCandidates request says. All of it goes into the XML as it is. */
export type FindCandidatesRequest = Omit<GetDemographicsRequest, 'numbers'> & {
  /** The content of the parameterList. */
  readonly parameters: string;
};

/** A FindCandidates request as the clients of 2011 send it. */
export function findCandidatesRequest({ parameters, ...request }: FindCandidatesRequest): string {
  return getDemographicsRequest({ ...request, numbers: [] })
    .replaceAll('GetDemographics', 'FindCandidates')
    .replace('PRPA_IN101307NO01', 'PRPA_IN101305NO01')
    .replace('<parameterList></parameterList>', `<parameterList>${parameters}</parameterList>`);
}
