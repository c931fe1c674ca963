import { OperationNotOffered, UpstreamInvalidAnswer } from '../../errors/errors.js';
import { informationPartsFor, type Fill } from '../../mapping/information-parts.js';
import type { JsonObject } from '../../mapping/json.js';
import type { PersonDocument } from '../../mapping/person-document.js';
import { mapPerson, type Mappings } from '../../mapping/person-mapper.js';
import { numbersIn } from '../../mapping/transforms/identity.js';
import { parseSourcePath, resolvePath } from '../../mapping/source-path.js';
import type { EventSink } from '../../operations/events.js';
import { dayInNorway } from '../../person/calendar-date.js';
import { hasRegularCheckDigits, kindOf, NationalIdKind, type NationalId } from '../../person/national-id.js';
import type { Clock } from '../../runtime/clock.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { Caller, LookupAnswer, LookupQuery, PersonRegistry } from '../person-registry.js';
import type { SearchAnswer } from '../search.js';
import type { PersontjenestenClient } from './client.js';

const IDENTIFICATION_NUMBERS = 'NorwegianIdentificationNumber';
const IMMIGRATION_NUMBERS = 'ImmigrationAuthoritiesIdentificationNumber';

/** What the registry is made of. */
export interface PersontjenestenRegistryParts {
  readonly client: PersontjenestenClient;
  readonly mappings: Mappings;
  readonly fill: Fill;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** The new register, answering in the old one's terms. */
export class PersontjenestenRegistry implements PersonRegistry {
  constructor(private readonly parts: PersontjenestenRegistryParts) {}

  /**
   * One person by number. Old numbers are only listed with history, which is asked for the numbers alone ("Decided" 1):
   * hence two calls, side by side.
   */
  async lookup({ id }: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    const { clientId, correlationId } = caller;
    if (!hasRegularCheckDigits(id)) {
      this.parts.events.emit('irregularCheckDigits', { correlationId, clientId });
    }
    const [current, numbers] = await Promise.all([
      this.parts.client.getByNin(
        { nin: id, informationParts: this.#informationParts(id, caller), includeHistory: false },
        caller,
      ),
      this.parts.client.getByNin(
        { nin: id, informationParts: [IDENTIFICATION_NUMBERS], includeHistory: true },
        caller,
      ),
    ]);
    if (current === undefined && numbers === undefined) return { outcome: 'not-found' };
    const document = combined(current, numbers);
    mustListNumber(document, id);
    return this.#translate(document, recordNumberOf(document, id), correlationId);
  }

  search(): Promise<SearchAnswer> {
    return Promise.reject(new OperationNotOffered('searching is not offered yet'));
  }

  #informationParts(id: NationalId, caller: Caller): readonly string[] {
    const parts = informationPartsFor(this.parts.mappings.fields, caller.visible, this.parts.fill);
    // The answer can only be checked against a DUF number if it lists them, whatever the profile shows.
    const asked = kindOf(id) === NationalIdKind.DufNumber ? [...parts, IMMIGRATION_NUMBERS] : parts;
    return [...new Set(asked)].sort();
  }

  #translate(document: JsonObject, nin: NationalId, correlationId: CorrelationId): LookupAnswer {
    const { mappings, fill, clock, events } = this.parts;
    const mapped = mapPerson(document, mappings, { nin, fill, today: dayInNorway(clock.now()) });
    for (const unmapped of mapped.unmapped) events.emit('unmappedValue', { correlationId, ...unmapped });
    for (const row of mapped.cut) events.emit('valueCut', { correlationId, row });
    return { outcome: 'found', person: mapped.person, lineage: mapped.lineage };
  }
}

/** The current document with every number the person ever had. */
function combined(current: PersonDocument | undefined, numbers: PersonDocument | undefined): JsonObject {
  if (current === undefined || numbers?.id !== current.id) {
    // Merged or split between the two calls, or two sources out of step: no guess is safe (Safety S9).
    throw new UpstreamInvalidAnswer('two calls for one number gave different persons');
  }
  return {
    ...current.content,
    norwegianIdentificationNumber: numbers.content['norwegianIdentificationNumber'] ?? null,
  };
}

/** The number in use; of a person without one the number asked for, or the newest one if that is not Norwegian. */
function recordNumberOf(document: JsonObject, id: NationalId): NationalId {
  const numbers = numbersIn(document);
  const own = numbers.find(({ inUse }) => inUse) ?? numbers.find(({ nin }) => nin === id) ?? numbers[0];
  return own?.nin ?? id;
}

const dufNumbers = parseSourcePath('immigrationAuthoritiesIdentificationNumber[every].identificationNumber');

/** A document that does not list the number asked for is never rendered (Safety S5). */
function mustListNumber(document: JsonObject, id: NationalId): void {
  const listed =
    kindOf(id) === NationalIdKind.DufNumber
      ? resolvePath(dufNumbers, document).some(({ value }) => value === id)
      : numbersIn(document).some(({ nin }) => nin === id);
  if (!listed) throw new UpstreamInvalidAnswer('the document does not list the number asked for');
}
