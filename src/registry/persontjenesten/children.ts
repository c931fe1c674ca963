import type { FieldTable } from '../../mapping/field-table.js';
import { textOf, type JsonObject } from '../../mapping/json.js';
import { resolvePath } from '../../mapping/source-path.js';
import { blankPerson } from '../../person/blank-person.js';
import { isNationalId, type NationalId } from '../../person/national-id.js';
import type { Caller, ChildrenAnswer, LookupAnswer } from '../person-registry.js';
import type { SearchHit } from '../search.js';
import { callsFor, isDuf } from './documents.js';
import { noteCheckDigits } from './lookup.js';
import { lookUpMany } from './lookup-many.js';
import type { PersontjenestenRegistryParts } from './translation.js';

/** The row that tells where a document names the children. */
const CHILDREN = 'childrensNINs';

/** The children of a person, by the family relations of the person's document. */
export async function childrenOf(
  parts: PersontjenestenRegistryParts,
  id: NationalId,
  caller: Caller,
): Promise<ChildrenAnswer> {
  noteCheckDigits(parts, id, caller);
  const row = parts.mappings.fields.rows.find(({ target }) => target === CHILDREN);
  const asked = row !== undefined && caller.visible.has(row.group) ? row.parts : [];
  const calls = callsFor(asked, { ofDuf: isDuf(id), withHistory: false });
  const document = await parts.documents.one(id, calls, caller);
  if (document === undefined) return { outcome: 'not-found' };
  const numbers = childrensNumbers(document, parts.mappings.fields);
  const answers = await lookUpMany(parts, { ids: numbers }, caller);
  return { outcome: 'found', children: eachOnce([...answers].map(childOf)) };
}

const inDocumentOrder = new Intl.Collator('en', { numeric: true });

/** The numbers of the children in the document's order; what is no number is none, as for children without one. */
function childrensNumbers(document: JsonObject, { rows }: FieldTable): readonly NationalId[] {
  return rows
    .filter(({ target }) => target === CHILDREN)
    .flatMap(({ rule }) => ('sources' in rule ? rule.sources : []))
    .flatMap((path) => resolvePath(path, document))
    .toSorted((a, b) => inDocumentOrder.compare(a.path, b.path))
    .map(({ value }) => textOf(value) ?? '')
    .filter(isNationalId);
}

function childOf([nin, answer]: readonly [NationalId, LookupAnswer]): SearchHit {
  if (answer.outcome === 'found') return answer;
  // The parent's document is all there is about the child.
  return {
    person: { ...blankPerson, nin },
    lineage: new Map([['nin', { row: CHILDREN, sources: ['familyRelation'] }]]),
  };
}

/** A child that is listed by an old number and a new one is one child, and stands where it is listed first. */
function eachOnce(children: readonly SearchHit[]): readonly SearchHit[] {
  return [...new Map(children.map(({ person, lineage }) => [person.nin, { person, lineage }])).values()];
}
