import { ElementIndex } from './element-index.js';
import type { FieldTable } from './field-table.js';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from './json.js';
import { protectionIn } from './protection.js';
import { STRICTEST } from './protection-floor.js';
import type { Mappings } from './row-evaluation.js';

/** The group of the rows that tell where a person lives or gets mail. */
const ADDRESSES = 'addresses';
/** What every document has (persontjenesten-api 7). */
const ALWAYS = ['id', 'sequenceNumber'];
/** What names a place in a part that stays, though no row asks for it. */
const UNREAD_PLACES: ReadonlySet<string> = new Set(['emigratedToCity']);

/**
 * What takes everything out of a document that tells where the person is (Safety S10). Left is what rows outside of the
 * addresses are filled from, so that a part that nobody has heard of goes as well. The highest level that protects the
 * person stays, also where it stood at an address alone: never looser than before. Pure.
 */
export function withoutAddresses({
  fields,
  addressProtection,
}: Pick<Mappings, 'fields' | 'addressProtection'>): (document: JsonObject) => JsonObject {
  const left = membersLeft(fields);
  const levelOf = (postalType: number): string =>
    addressProtection.members.find((member) => {
      const answer = addressProtection.find(member);
      return answer?.kind === 'mapped' && answer.entry.code === postalType;
    }) ?? STRICTEST;
  return (document) => {
    const rest = Object.fromEntries(
      Object.entries(document)
        .filter(([name]) => left.has(name))
        .map(([name, part]) => [name, withoutPlaces(part)]),
    );
    const protection = protectionIn(
      new ElementIndex(document),
      addressProtection,
      fields.confidentialityPaths,
      () => undefined,
    );
    if (protection === undefined) return rest;
    const level = { isValid: true, protectionLevel: levelOf(protection.postalType) };
    return { ...rest, [memberOfPart(fields.protectionPart)]: [level] };
  };
}

function withoutPlaces(part: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonList(part)) return part;
  return part.map((element) =>
    isJsonObject(element)
      ? Object.fromEntries(Object.entries(element).filter(([name]) => !UNREAD_PLACES.has(name)))
      : element,
  );
}

function membersLeft({ rows, addressParts, protectionPart }: FieldTable): ReadonlySet<string> {
  const parts = rows.filter(({ group }) => group !== ADDRESSES).flatMap((row) => row.parts);
  const members = [...parts, protectionPart].filter((part) => !addressParts.includes(part)).map(memberOfPart);
  return new Set([...ALWAYS, ...members]);
}

/** A part is the member of the document that has its name with a small first letter (persontjenesten-api 7). */
function memberOfPart(part: string): string {
  return part.charAt(0).toLowerCase() + part.slice(1);
}
