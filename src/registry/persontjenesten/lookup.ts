import type { JsonObject } from '../../mapping/json.js';
import { numbersIn, type OwnNumber } from '../../mapping/transforms/identity.js';
import { dayInNorway } from '../../person/calendar-date.js';
import { hasRegularCheckDigits, type NationalId } from '../../person/national-id.js';
import type { Caller, LookupAnswer, LookupQuery, RecordWanted } from '../person-registry.js';
import type { DocumentCalls, PersonDocuments } from './by-number/person-documents.js';
import { callsFor, isDuf, shownParts } from './documents.js';
import { translate, type PersontjenestenRegistryParts } from './translation.js';

/** One person by number. */
export async function lookUp(
  parts: PersontjenestenRegistryParts,
  { id, ...wanted }: LookupQuery,
  caller: Caller,
): Promise<LookupAnswer> {
  noteCheckDigits(parts, id, caller);
  return new RecordLookup(parts, wanted, caller).answer(id);
}

/** Tells of numbers that the rule has other check digits for; they are looked up like any other (Safety S6). */
export function noteCheckDigits(
  { events }: PersontjenestenRegistryParts,
  id: NationalId,
  { clientId, correlationId }: Caller,
): void {
  if (!hasRegularCheckDigits(id)) events.emit('irregularCheckDigits', { correlationId, clientId });
}

/** Looks people up of whom the same is wanted, on behalf of one caller. */
export class RecordLookup {
  readonly #wanted: RecordWanted;
  readonly #informationParts: readonly string[];
  /** Whether everything is asked for with its history. */
  readonly withHistory: boolean;

  constructor(
    private readonly parts: PersontjenestenRegistryParts,
    wanted: RecordWanted,
    private readonly caller: Caller,
  ) {
    this.#informationParts = shownParts(parts, caller);
    const on = wanted.on !== undefined && wanted.on < dayInNorway(parts.clock.now()) ? wanted.on : undefined;
    // Former addresses are asked for when addresses are shown at all.
    const showsAddresses = this.#informationParts.includes(parts.mappings.fields.protectionPart);
    const addresses = showsAddresses && wanted.addresses === 'all' ? 'all' : 'current';
    this.#wanted = { record: wanted.record, on, addresses };
    this.withHistory = on !== undefined || addresses === 'all';
  }

  /** The calls that the document of a person takes. */
  callsFor(options: { readonly ofDuf: boolean }): DocumentCalls {
    return callsFor(this.#informationParts, { ...options, withHistory: this.withHistory });
  }

  /** Asks for one person, from where documents usually come unless it is said. */
  async answer(id: NationalId, documents: PersonDocuments = this.parts.documents): Promise<LookupAnswer> {
    const calls = this.callsFor({ ofDuf: isDuf(id) });
    const document = await documents.one(id, calls, this.caller);
    return document === undefined ? { outcome: 'not-found' } : this.answerFrom(document, id);
  }

  /** The answer that a document gives about a number that it lists. @param isOneOfMany as of {@link translate} */
  answerFrom(document: JsonObject, id: NationalId, isOneOfMany = false): LookupAnswer {
    const numbers = numbersIn(document);
    const nin = this.#wanted.record === 'asked' && gaveWay(numbers, id) ? id : recordNumberOf(numbers, id);
    return {
      outcome: 'found',
      ...translate(this.parts, document, { ...this.#wanted, nin }, this.caller.correlationId, isOneOfMany),
      ...(isOutOfUse(numbers, id) ? { isOutOfUse: true } : {}),
    };
  }
}

/** Whether it is a number out of use of somebody who has no other one. */
function isOutOfUse(numbers: readonly OwnNumber[], id: NationalId): boolean {
  return (
    !numbers.some(({ inUse }) => inUse) && numbers.some(({ nin, discontinued }) => nin === id && discontinued)
  );
}

/** Whether it is a number out of use of somebody who has another one. */
function gaveWay(numbers: readonly OwnNumber[], id: NationalId): boolean {
  return (
    numbers.some(({ inUse }) => inUse) &&
    numbers.some(({ nin, discontinued }) => nin === id && discontinued) &&
    !numbers.some(({ nin, inUse }) => nin === id && inUse)
  );
}

/** The number in use; of a person without one the number asked for, or the newest one if that is not Norwegian. */
function recordNumberOf(numbers: readonly OwnNumber[], id: NationalId): NationalId {
  const own = numbers.find(({ inUse }) => inUse) ?? numbers.find(({ nin }) => nin === id) ?? numbers[0];
  return own?.nin ?? id;
}
