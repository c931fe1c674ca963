import type { FieldTable } from '../mapping/field-table.js';
import type { Lineage } from '../person/lineage.js';
import type { PregPerson } from '../person/preg-person.js';
import type { Caller, LookupAnswer, LookupQuery, PersonRegistry } from '../registry/person-registry.js';

/** Answers with what the client's access profile grants; every other field is blank, and nothing else changes. */
export class ProfiledRegistry implements PersonRegistry {
  constructor(
    private readonly inner: PersonRegistry,
    private readonly fields: FieldTable,
  ) {}

  async lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    const answer = await this.inner.lookup(query, caller);
    if (answer.outcome === 'not-found') return answer;
    const hidden = this.fields.rows.filter(({ group }) => !caller.visible.has(group));
    const names = new Set(hidden.map(({ target }) => target.split('.')[0] ?? target));
    return {
      outcome: 'found',
      person: withoutFields(answer.person, names),
      lineage: withoutOrigins(answer.lineage, names),
    };
  }
}

function withoutFields(person: PregPerson, hidden: ReadonlySet<string>): PregPerson {
  const blanks = Object.fromEntries(Object.entries(blankFields).filter(([name]) => hidden.has(name)));
  return { ...person, ...blanks };
}

function isBlankable(name: string): boolean {
  return Object.hasOwn(blankFields, name);
}

function withoutOrigins(lineage: Lineage, hidden: ReadonlySet<string>): Lineage {
  return new Map(
    [...lineage].map(([field, origin]) => {
      const name = field.split(/[.[]/)[0] ?? field;
      const isHidden = hidden.has(name) && isBlankable(name);
      return [
        field,
        isHidden ? { row: origin.row, sources: [], blank: 'outside the access profile' } : origin,
      ];
    }),
  );
}

/** All fields of a person but the number. */
type BlankFields = Omit<PregPerson, 'nin'>;

/** A person of whom nothing but the number is told. */
const blankFields: BlankFields = {
  addresses: [],
  citizenship: null,
  citizenshipCode: null,
  custody: null,
  dateCitizenship: null,
  dateCustody: null,
  dateMaritalStatus: null,
  dateOfBirth: null,
  dateParentalResponsibility: null,
  dateStatus: null,
  dateWithoutLegalCapacity: null,
  dateWorkPermit: null,
  dufNo: null,
  fathersNIN: null,
  givenName: null,
  maritalStatus: null,
  middleName: null,
  mothersNIN: null,
  newNIN: null,
  oldNIN: null,
  parentalResponsibility: null,
  regStatus: null,
  sn: null,
  spouseNIN: null,
  statusCountryCode: null,
  withoutLegalCapacity: null,
  workPermit: null,
  gender: null,
  deceased: null,
  dateOfDeath: null,
  dateName: null,
  supersededNINs: [],
  alternativeNINs: [],
  childrensNINs: [],
  citizenships: [],
};
