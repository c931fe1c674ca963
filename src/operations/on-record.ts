import { AuditUnavailable } from '../errors/errors.js';
import type { NationalId } from '../person/national-id.js';
import type { AuditEntry, AuditTrail } from './audit-trail.js';

/** What a request leaves behind, whoever it was about. */
export interface RequestRecord extends Omit<AuditEntry, 'subject'> {
  /** The numbers that were asked for or told of. */
  readonly subjects?: readonly NationalId[] | undefined;
}

/**
 * Puts a request on record: an entry for each number, or one where there is none.
 * @throws AuditUnavailable whatever goes wrong with it: the answer must then be withheld
 */
export async function putOnRecord(
  audit: AuditTrail,
  { subjects = [], ...request }: RequestRecord,
): Promise<void> {
  try {
    const each = subjects.length === 0 ? [null] : subjects;
    await audit.record(each.map((subject) => ({ ...request, subject })));
  } catch (error) {
    if (error instanceof AuditUnavailable) throw error;
    throw new AuditUnavailable('the audit entry was not written', error);
  }
}
