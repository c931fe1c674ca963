import type { FieldGroup } from '../../../person/field-groups.js';
import type { PregPerson } from '../../../person/preg-person.js';
import type { LookupAnswer } from '../../../registry/person-registry.js';
import type { InputRow } from '../record.js';
import { changeMask, type NumberFinding } from './change-mask.js';
import type { MatchSettings, RowOutcome } from './matcher.js';
import type { PersonFields } from './person-fields.js';
import type { SearchFinding } from './person-search.js';
import { outcomeOf } from './row-outcomes.js';
import { isProbablyAnother } from './wrong-person-guard.js';

/**
 * Tells of the people who were found (preg-xml-filematch-hl7v2 2.5). People are told as the register and the client's profile
 * show them: what is protected or hidden is blank already, and in the mask it is 3, which does not depend on what is there.
 * Status 30, 40, 41 and 60 tell nothing of anybody, mask included; a weak match (21) tells the mask alone unless the client's
 * settings say otherwise.
 */
export class FoundPeople {
  constructor(private readonly fields: PersonFields) {}

  /** Whom a number leads to. */
  byNumber(row: InputRow, answer: LookupAnswer, visible: ReadonlySet<FieldGroup>): RowOutcome {
    if (answer.outcome === 'not-found') {
      return outcomeOf(row, { status: '40', method: 'I', auditOutcome: 'not-found' });
    }
    const { person } = answer;
    const gaveWay = hasGivenWay(row, person);
    // A number out of use that no other took the place of, such as that of a false identity, is a former one too.
    const method = gaveWay || answer.isOutOfUse === true ? 'H' : 'I';
    const found = { method, candidates: 1, auditOutcome: 'found' } as const;
    if (isProbablyAnother(row, person)) return outcomeOf(row, { ...found, status: '60' });
    const mask = this.#mask(row, person, person.nin === row.nin ? 'same' : 'another', visible);
    const data = this.fields.of(person);
    return outcomeOf(row, {
      ...found,
      status: gaveWay ? '12' : mask.includes('1') ? '11' : '10',
      changeMask: mask,
      data: gaveWay ? { ...data, newNin: person.nin } : data,
    });
  }

  /** What a search by name and birth date came to. */
  bySearch(
    row: InputRow,
    finding: SearchFinding,
    visible: ReadonlySet<FieldGroup>,
    { weakMatches }: MatchSettings,
  ): RowOutcome {
    const searched = { method: 'N' } as const;
    switch (finding.status) {
      case '51':
        return outcomeOf(row, { status: '51', errorCode: 'E004', auditOutcome: 'refused' });
      case '41':
        return outcomeOf(row, { ...searched, status: '41', auditOutcome: 'not-found' });
      case '30':
        return outcomeOf(row, { ...searched, ...finding, auditOutcome: 'found' });
      case '20':
      case '21': {
        const { status, person } = finding;
        const isTold = status === '20' || weakMatches === 'data';
        return outcomeOf(row, {
          ...searched,
          status,
          candidates: 1,
          changeMask: this.#mask(row, person, 'found-by-search', visible),
          ...(isTold ? { data: this.fields.of(person) } : {}),
          subject: person.nin,
          auditOutcome: 'found',
        });
      }
    }
  }

  #mask(row: InputRow, person: PregPerson, number: NumberFinding, visible: ReadonlySet<FieldGroup>): string {
    return changeMask({ row, person, number, sex: this.fields.sexOf(person), visible });
  }
}

/**
 * Whether another number took the place of the one in the row, rather than that another one in use is preferred to it. Where
 * the profile does not tell which numbers are in use, the one in the row counts as former.
 */
function hasGivenWay(row: InputRow, person: PregPerson): boolean {
  return person.nin !== row.nin && !person.alternativeNINs.some((nin) => nin === row.nin);
}
