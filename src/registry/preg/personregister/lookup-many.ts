import { PregRejected } from '../../../errors/errors.js';
import type { NationalId } from '../../../person/national-id.js';
import type { Caller, LookupAnswer, LookupManyQuery } from '../../person-registry.js';
import { inBatches, sideBySide } from '../../side-by-side.js';
import { PersonLookup, type LookupParts } from './lookup.js';
import { isAbout, type ToldPerson } from './told-people.js';

/** The most people of one call. How many PREG took is not public. */
const MOST_IDS = 100;

/**
 * Many people by number. Who is missing from an answer in bulk is asked for alone, and is only unknown when PREG says so of
 * that one number (Safety S5). One failed call fails all.
 * @throws PregRejected for people not asked for, and as the service does
 */
export async function lookUpMany(
  parts: LookupParts,
  { ids, ...wanted }: LookupManyQuery,
  caller: Caller,
): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
  const asked = [...new Set(ids)];
  const lookup = new PersonLookup(parts, wanted, caller);
  // PREG tells of a past day one by one alone.
  const told =
    lookup.day === undefined ? await toldInBulk(parts, asked, caller) : new Map<NationalId, ToldPerson>();
  const answers = await sideBySide(asked, async (id) => {
    const person = told.get(id);
    const answer = await (person === undefined ? lookup.answer(id) : lookup.answerFrom(person));
    return [id, answer] as const;
  });
  return new Map(answers);
}

async function toldInBulk(
  { service, people }: LookupParts,
  ids: readonly NationalId[],
  caller: Caller,
): Promise<ReadonlyMap<NationalId, ToldPerson>> {
  const found = await sideBySide(inBatches(ids, MOST_IDS), async (batch) => {
    const told = (await service.persons(batch, caller)).map((record) => people.read(record));
    const known = told.filter((person) => person !== undefined);
    if (!known.every(({ person }) => batch.some((id) => isAbout(person, id)))) {
      throw new PregRejected('wrong-answer', 'a record about a number that was not asked for');
    }
    return batch.flatMap((id) => {
      // A record of another number says nothing of the one that was asked for itself: that is asked for alone.
      const own = known.find(({ person }) => person.nin === id || person.dufNo === id);
      return own === undefined ? [] : [[id, own] as const];
    });
  });
  return new Map(found.flat());
}
