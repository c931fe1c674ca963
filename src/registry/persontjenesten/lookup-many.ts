import type { JsonObject } from '../../mapping/json.js';
import type { NationalId } from '../../person/national-id.js';
import { FewInATurn } from '../../runtime/few-in-a-turn.js';
import type { Caller, LookupAnswer, LookupManyQuery } from '../person-registry.js';
import { MOST_IDS } from './client.js';
import { isDuf } from './documents.js';
import { noteCheckDigits, RecordLookup } from './lookup.js';
import { inBatches, sideBySide } from '../side-by-side.js';
import type { PersontjenestenRegistryParts } from './translation.js';

/** Each takes a fraction of a millisecond, and a hundred would keep everybody else waiting. */
const TRANSLATED_IN_A_TURN = 5;

/**
 * Many people by number, a hundred for each call. Who is missing from an answer in bulk is asked for alone, and is only
 * unknown when upstream says so of that one number (Safety S5). One failed call fails all.
 * @throws UpstreamInvalidAnswer for people not asked for
 */
export async function lookUpMany(
  parts: PersontjenestenRegistryParts,
  { ids, ...wanted }: LookupManyQuery,
  caller: Caller,
): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
  const asked = [...new Set(ids)];
  for (const id of asked) noteCheckDigits(parts, id, caller);
  const lookup = new RecordLookup(parts, wanted, caller);
  const documents = await documentsByNumber(parts, asked, lookup, caller);
  const missing = asked.filter((id) => !documents.has(id));
  // From upstream itself: in company with others it would be asked in bulk once more.
  const late = new Map(
    await sideBySide(missing, async (id) => [id, await lookup.answer(id, parts.upstream)] as const),
  );
  const answers = new Map<NationalId, LookupAnswer>();
  const turns = new FewInATurn(TRANSLATED_IN_A_TURN);
  for (const id of asked) {
    await turns.pass();
    const document = documents.get(id);
    const answer = document === undefined ? late.get(id) : lookup.answerFrom(document, id, true);
    if (answer !== undefined) answers.set(id, answer);
  }
  return answers;
}

/** What the bulk answers tell of the numbers that they list. */
async function documentsByNumber(
  parts: PersontjenestenRegistryParts,
  ids: readonly NationalId[],
  lookup: RecordLookup,
  caller: Caller,
): Promise<ReadonlyMap<NationalId, JsonObject>> {
  // What DUF numbers are checked against is not asked for about anybody else.
  const batches = [true, false].flatMap((ofDuf) =>
    inBatches(
      ids.filter((id) => isDuf(id) === ofDuf),
      MOST_IDS,
    ).map((batch) => ({ batch, calls: lookup.callsFor({ ofDuf }) })),
  );
  const found = await sideBySide(batches, ({ batch, calls }) => parts.upstream.inBulk(batch, calls, caller));
  return new Map(found.flatMap((entries) => [...entries]));
}
