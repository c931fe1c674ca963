import { UpstreamInvalidAnswer } from '../../../errors/errors.js';
import type { JsonObject } from '../../../mapping/json.js';
import type { PersonDocument } from '../../../mapping/person-document.js';
import type { Caller } from '../../person-registry.js';
import type { DocumentCalls } from '../by-number/person-documents.js';
import { MOST_IDS } from '../client.js';
import { combined } from '../documents.js';
import { inBatches, sideBySide } from '../../side-by-side.js';
import type { PersontjenestenRegistryParts } from '../translation.js';
import type { ChangedPerson } from '../../changes/change-log.js';

/** The documents of people whom events told of. */
export interface ChangedDocuments {
  /** In the order of the people, each once. */
  readonly documents: readonly JsonObject[];
  /** How many people there is no document of any more, and nobody else who has their number. */
  readonly gone: number;
}

/**
 * Fetches the people as they stand today, a hundred for each call. Who is missing from an answer is asked for alone, first by
 * id and then by number, since who was merged away has no document but lives on in another one (persontjenesten-api 9).
 * More than that go as a batch, behind those who look somebody up.
 * @throws UpstreamInvalidAnswer for people not asked for; whatever one of the calls failed with
 */
export async function documentsOfChanged(
  parts: PersontjenestenRegistryParts,
  people: readonly ChangedPerson[],
  calls: DocumentCalls,
  asking: Caller,
): Promise<ChangedDocuments> {
  // Whoever takes in so many at a time is a program that keeps a copy up to date, at no particular moment.
  const caller: Caller = people.length > MOST_IDS ? { ...asking, lane: 'batch' } : asking;
  const batches = await sideBySide(inBatches(people, MOST_IDS), (batch) =>
    batchOf(parts, batch, calls, caller),
  );
  const found = new Map(batches.flatMap((batch) => [...batch]));
  const missing = people.filter(({ personId }) => !found.has(personId));
  for (const [personId, document] of await sideBySide(missing, (person) =>
    alone(parts, person, calls, caller),
  )) {
    if (document !== undefined) found.set(personId, document);
  }
  const inTurn = people
    .map(({ personId }) => found.get(personId))
    .filter((document) => document !== undefined);
  const each = new Map(inTurn.map((document) => [document['id'], document]));
  return { documents: [...each.values()], gone: people.length - inTurn.length };
}

async function batchOf(
  { client }: PersontjenestenRegistryParts,
  batch: readonly ChangedPerson[],
  calls: DocumentCalls,
  caller: Caller,
): Promise<ReadonlyMap<string, JsonObject>> {
  const ids = batch.map(({ personId }) => personId);
  const asked = new Set(ids);
  const answers = await Promise.all(
    calls.map(async (call) => byId(await client.bulkById(ids, call, caller), asked)),
  );
  return new Map(
    ids
      .filter((id) => answers.every((documents) => documents.has(id)))
      .map((id) => [id, combined(answers.map((documents) => documents.get(id)))]),
  );
}

function byId(
  documents: readonly PersonDocument[],
  asked: ReadonlySet<string>,
): ReadonlyMap<string, PersonDocument> {
  if (documents.some(({ id }) => !asked.has(id))) {
    throw new UpstreamInvalidAnswer('the answer holds somebody who was not asked for');
  }
  return new Map(documents.map((document) => [document.id, document]));
}

async function alone(
  parts: PersontjenestenRegistryParts,
  { personId, nin }: ChangedPerson,
  calls: DocumentCalls,
  caller: Caller,
): Promise<readonly [personId: string, document: JsonObject | undefined]> {
  const answers = await Promise.all(calls.map((call) => parts.client.getById(personId, call, caller)));
  if (answers.some((answer) => answer !== undefined)) {
    if (answers.some((answer) => answer !== undefined && answer.id !== personId)) {
      throw new UpstreamInvalidAnswer('the answer is somebody who was not asked for');
    }
    return [personId, combined(answers)];
  }
  return [personId, nin === null ? undefined : await parts.upstream.one(nin, calls, caller)];
}
