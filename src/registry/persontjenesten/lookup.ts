import { UpstreamInvalidAnswer } from '../../errors/errors.js';
import { informationPartsFor } from '../../mapping/information-parts.js';
import type { JsonObject } from '../../mapping/json.js';
import type { PersonDocument } from '../../mapping/person-document.js';
import { parseSourcePath, resolvePath } from '../../mapping/source-path.js';
import { numbersIn } from '../../mapping/transforms/identity.js';
import { hasRegularCheckDigits, kindOf, NationalIdKind, type NationalId } from '../../person/national-id.js';
import type { Caller, LookupAnswer, LookupQuery } from '../person-registry.js';
import { IDENTIFICATION_NUMBERS, translate, type PersontjenestenRegistryParts } from './translation.js';

const IMMIGRATION_NUMBERS = 'ImmigrationAuthoritiesIdentificationNumber';

/**
 * One person by number. Old numbers are only listed with history, which is asked for the numbers alone ("Decided" 1):
 * hence two calls, side by side.
 */
export async function lookUp(
  parts: PersontjenestenRegistryParts,
  { id }: LookupQuery,
  caller: Caller,
): Promise<LookupAnswer> {
  const { clientId, correlationId } = caller;
  if (!hasRegularCheckDigits(id)) parts.events.emit('irregularCheckDigits', { correlationId, clientId });
  const [current, numbers] = await Promise.all([
    parts.client.getByNin(
      { nin: id, informationParts: informationParts(parts, id, caller), includeHistory: false },
      caller,
    ),
    parts.client.getByNin(
      { nin: id, informationParts: [IDENTIFICATION_NUMBERS], includeHistory: true },
      caller,
    ),
  ]);
  if (current === undefined && numbers === undefined) return { outcome: 'not-found' };
  const document = combined(current, numbers);
  mustListNumber(document, id);
  return { outcome: 'found', ...translate(parts, document, recordNumberOf(document, id), correlationId) };
}

function informationParts(
  { mappings, fill }: PersontjenestenRegistryParts,
  id: NationalId,
  { visible }: Caller,
): readonly string[] {
  const parts = informationPartsFor(mappings.fields, visible, fill);
  // The answer can only be checked against a DUF number if it lists them, whatever the profile shows.
  const asked = kindOf(id) === NationalIdKind.DufNumber ? [...parts, IMMIGRATION_NUMBERS] : parts;
  return [...new Set(asked)].sort();
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
