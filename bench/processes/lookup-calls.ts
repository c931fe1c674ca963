import { join } from 'node:path';
import { loadMappings } from '../../src/config/mapping-files.js';
import { packageRoot } from '../../src/config/package-root.js';
import { informationPartsFor } from '../../src/mapping/information-parts.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import { callsFor } from '../../src/registry/persontjenesten/documents.js';

/** Where a person is looked up by number. */
export const PERSON_BY_NUMBER = '/api/v3/full-access/person/get-by-nin';
/** Where many are. */
export const PEOPLE_BY_NUMBER = '/api/v3/full-access/person/bulk-by-nin';
export const SCOPE = 'nhn:hgd-persontjenesten-api/full-access';

/** The queries of the calls that the adapter makes to look one person up, for a client that sees everything. */
export async function lookupQueries(): Promise<readonly string[]> {
  const { fields } = await loadMappings(join(packageRoot(), 'mappings'));
  const parts = informationPartsFor(fields, new Set(fieldGroups), 'faithful');
  return callsFor(parts, { ofDuf: false, withHistory: false }).map(({ informationParts, includeHistory }) => {
    const query = new URLSearchParams();
    for (const part of informationParts) query.append('informationParts', part);
    query.append('includeHistory', String(includeHistory));
    return query.toString();
  });
}
