import type { IdentityChange } from '../../registry/change-feed.js';
import { blankText, type BlankStringAs } from './blank-text.js';
import type { DataRecord } from '../../contract/preg-xml/data-value.js';

/** The change as the contract's `IdentityChange` (contract 1.4). */
export function identityChangeRecord(change: IdentityChange, blankStringAs: BlankStringAs): DataRecord {
  return {
    DateStatus: change.dateStatus,
    NIN: change.nin,
    OldNIN: blankText(blankStringAs)(change.oldNIN),
  };
}
