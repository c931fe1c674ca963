import { UpstreamInvalidAnswer } from '../../errors/errors.js';
import { informationPartsFor } from '../../mapping/information-parts.js';
import type { JsonObject } from '../../mapping/json.js';
import type { PersonDocument } from '../../mapping/person-document.js';
import { parseSourcePath, resolvePath } from '../../mapping/source-path.js';
import { numbersIn } from '../../mapping/transforms/identity.js';
import { oncePerObject } from '../../runtime/once-per-object.js';
import { isNationalId, kindOf, NationalIdKind, type NationalId } from '../../person/national-id.js';
import type { Caller } from '../person-registry.js';
import type { DocumentCalls } from './by-number/person-documents.js';
import { IDENTIFICATION_NUMBERS, type PersontjenestenRegistryParts } from './translation.js';

const IMMIGRATION_NUMBERS = 'ImmigrationAuthoritiesIdentificationNumber';

/** Whether a number is one of the immigration authorities, which a document lists in a place of its own. */
export function isDuf(id: NationalId): boolean {
  return kindOf(id) === NationalIdKind.DufNumber;
}

/** The parts that the client's profile shows. */
export function shownParts(
  { mappings, fill }: PersontjenestenRegistryParts,
  { visible }: Caller,
): readonly string[] {
  return informationPartsFor(mappings.fields, visible, fill);
}

/**
 * The calls that a document takes. Old numbers are only listed with history, which is asked for the numbers alone
 * ("Decided" 1) unless the history of everything is wanted: hence one call or two.
 */
export function callsFor(
  informationParts: readonly string[],
  { ofDuf, withHistory }: { readonly ofDuf: boolean; readonly withHistory: boolean },
): DocumentCalls {
  const { people, duf } = callsOf(informationParts);
  const { ofAll, ofNow } = ofDuf ? duf : people;
  return withHistory ? ofAll : ofNow;
}

/** What a profile shows is the same list each time: so is what becomes of it, up to the text of the calls' queries. */
const callsOf = oncePerObject((informationParts: readonly string[]) => {
  const callsWith = (parts: readonly string[]): Record<'ofAll' | 'ofNow', DocumentCalls> => {
    const asked = [...new Set([...parts, IDENTIFICATION_NUMBERS])].sort();
    const numbers = { informationParts: [IDENTIFICATION_NUMBERS], includeHistory: true };
    return {
      ofAll: [{ informationParts: asked, includeHistory: true }],
      ofNow: [{ informationParts: asked, includeHistory: false }, numbers],
    };
  };
  return {
    people: callsWith(informationParts),
    // The answer can only be checked against a DUF number if it lists them, whatever the profile shows.
    duf: callsWith([...informationParts, IMMIGRATION_NUMBERS]),
  };
});

/** The document of what {@link callsFor} gave about one person, with every number the person ever had. */
export function combined(answers: readonly (PersonDocument | undefined)[]): JsonObject {
  const [first] = answers;
  const last = answers.at(-1);
  if (first === undefined || last?.id !== first.id) {
    // Merged or split between the two calls, or two sources out of step: no guess is safe (Safety S9).
    throw new UpstreamInvalidAnswer('two calls for one number gave different persons');
  }
  return {
    ...first.content,
    norwegianIdentificationNumber: last.content['norwegianIdentificationNumber'] ?? null,
  };
}

const dufNumbers = parseSourcePath('immigrationAuthoritiesIdentificationNumber[every].identificationNumber');

/** The numbers that the person of the document has or had (Safety S5), each from the place of its kind. */
export function numbersListedIn(document: JsonObject): ReadonlySet<NationalId> {
  const others = numbersIn(document).map(({ nin }) => nin);
  const listed = new Set(others.filter((nin) => !isDuf(nin)));
  for (const { value } of resolvePath(dufNumbers, document)) {
    if (typeof value === 'string' && isNationalId(value) && isDuf(value)) listed.add(value);
  }
  return listed;
}
