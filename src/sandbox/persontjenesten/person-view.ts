import {
  isCurrent,
  isJsonList,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PersonDocument,
} from '../population/person-document.js';
import { PARTS, type InformationPart } from './information-parts.js';
import { classification, hasPublicHistory, isWithheld, thin } from './restricted-access.js';

/** What a caller asks to see of a person, and may see. */
export interface View {
  readonly parts: ReadonlySet<InformationPart>;
  readonly includeHistory: boolean;
  readonly access: 'full' | 'restricted';
}

const PART_OF = new Map<string, InformationPart>(PARTS.map(({ name, property }) => [property, name]));

/**
 * The answer that Persontjenesten gives from a stored document (persontjenesten-api 7, 8 and 10): the parts asked for,
 * with history only when asked, thinned for restricted-access. `id` and `sequenceNumber` always come, and so do members
 * that belong to no part we know. A list that loses all its entries is given as an empty list.
 */
export function viewOf(document: PersonDocument, view: View): PersonDocument {
  const isClassified = classification(document);
  const answer: Record<string, JsonValue> = {};
  for (const [property, value] of Object.entries(document)) {
    const part = PART_OF.get(property);
    if (part === undefined) {
      answer[property] = value;
      continue;
    }
    if (!view.parts.has(part) || (view.access === 'restricted' && isWithheld(property))) continue;
    const withHistory = view.includeHistory && (view.access === 'full' || hasPublicHistory(property));
    const shown = (element: JsonObject): boolean => withHistory || isShownAsCurrent(property, element);
    const seen = (element: JsonObject): JsonObject =>
      view.access === 'restricted' ? thin(property, element, isClassified) : element;
    if (isJsonList(value)) answer[property] = value.filter(isJsonObject).filter(shown).map(seen);
    else if (!isJsonObject(value)) answer[property] = value;
    else if (shown(value)) answer[property] = seen(value);
  }
  return { ...answer, id: document.id, sequenceNumber: document.sequenceNumber };
}

/** Without history, a discontinued number is not listed whatever it says of itself. */
function isShownAsCurrent(property: string, element: JsonObject): boolean {
  if (property === 'norwegianIdentificationNumber' && element['status'] === 'Discontinued') return false;
  return isCurrent(element);
}
