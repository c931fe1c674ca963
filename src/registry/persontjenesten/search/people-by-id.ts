import { UpstreamInvalidAnswer } from '../../../errors/errors.js';
import type { PersonDocument } from '../../../mapping/person-document.js';
import type { Caller } from '../../person-registry.js';
import { MOST_IDS, type PartsAsked, type PersontjenestenClient } from '../client.js';
import { inBatches, sideBySide } from '../../side-by-side.js';

/** More people than this missing from one answer are no chance: it is the answer that is wrong. */
const MOST_MISSING = 10;

/**
 * The documents of the people with those ids, in no order, a hundred for each call. Whoever is missing from an answer is
 * asked for alone and is only left out when upstream says itself that nobody has the id any more (Safety S5).
 * @throws UpstreamInvalidAnswer for people not asked for; whatever one of the calls failed with
 */
export async function peopleById(
  client: PersontjenestenClient,
  ids: readonly string[],
  request: PartsAsked,
  caller: Caller,
): Promise<readonly PersonDocument[]> {
  const documents = await sideBySide(inBatches(ids, MOST_IDS), (batch) =>
    batchOf(client, batch, request, caller),
  );
  return documents.flat();
}

async function batchOf(
  client: PersontjenestenClient,
  ids: readonly string[],
  request: PartsAsked,
  caller: Caller,
): Promise<readonly PersonDocument[]> {
  const delivered = new Map(
    (await client.bulkById(ids, request, caller)).map((document) => [document.id, document]),
  );
  const missing = ids.filter((id) => !delivered.has(id));
  if (delivered.size + missing.length > ids.length) {
    throw new UpstreamInvalidAnswer('the answer holds somebody who was not asked for');
  }
  if (missing.length > MOST_MISSING)
    throw new UpstreamInvalidAnswer('the answer lacks most of those asked for');
  const late = await sideBySide(missing, async (id) => {
    const document = await client.getById(id, request, caller);
    if (document !== undefined && document.id !== id) {
      throw new UpstreamInvalidAnswer('the answer is somebody who was not asked for');
    }
    return document;
  });
  return [...delivered.values(), ...late.filter((document) => document !== undefined)];
}
