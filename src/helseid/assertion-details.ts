import type { Organisation } from '../registry/person-registry.js';

/** Whether the client in HelseID is bound to one legal entity or acts for many. */
export type Tenancy = 'single' | 'multi';

/** One entry of the claim `assertion_details` (helseid 3). */
export interface AssertionDetails {
  readonly type: 'helseid_authorization';
  readonly practitioner_role: {
    readonly organization: {
      readonly identifier: { readonly system: string; readonly type: 'ENH'; readonly value: string };
    };
  };
}

/**
 * The organisation numbers for the client assertion. A single-tenant client's parent is known to HelseID and never sent,
 * so without a child there is nothing to say.
 */
export function assertionDetails(tenancy: Tenancy, organisation: Organisation): AssertionDetails | undefined {
  if (tenancy === 'multi') {
    const child = organisation.child === undefined ? '' : `:${organisation.child}`;
    return detailsOf('urn:oid:1.0.6523', `NO:ORGNR:${organisation.parent}${child}`);
  }
  return organisation.child === undefined
    ? undefined
    : detailsOf('urn:oid:2.16.578.1.12.4.1.4.101', organisation.child);
}

function detailsOf(system: string, value: string): AssertionDetails {
  return {
    type: 'helseid_authorization',
    practitioner_role: { organization: { identifier: { system, type: 'ENH', value } } },
  };
}
