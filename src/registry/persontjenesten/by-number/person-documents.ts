import type { JsonObject } from '../../../mapping/json.js';
import type { NationalId } from '../../../person/national-id.js';
import type { Caller } from '../../person-registry.js';
import type { PartsAsked } from '../client.js';

/** The calls that a document takes, as `callsFor` puts them together. */
export type DocumentCalls = readonly [PartsAsked, ...PartsAsked[]];

/** Where the documents of single people come from: upstream itself, or something that asks it less often. */
export interface PersonDocuments {
  /**
   * The document of the person that a number belongs to, which lists that number; undefined when the register knows nobody
   * by it (Safety S5).
   * @throws AdapterError for trouble, and when the caller's signal aborts
   */
  one(nin: NationalId, calls: DocumentCalls, caller: Caller): Promise<JsonObject | undefined>;
}
