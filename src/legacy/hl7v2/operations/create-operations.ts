import type { CodeTables } from '../../../mapping/code-table.js';
import type { PersonRegistry } from '../../../registry/person-registry.js';
import { Hl7v2Codes, type IdentifierTypes } from '../codes.js';
import type { Continuations } from '../continuation.js';
import type { Hl7v2Operation } from '../operation.js';
import { PersonSegments } from '../person/person-segments.js';
import { CancelContinuation } from './cancel-continuation.js';
import { DemographicsQuery } from './demographics-query.js';
import { PatientDemographicsQuery } from './patient-demographics-query.js';
import { PeopleAsked, type PageLimits } from './people-asked.js';
import type { CountryCodes } from './sought-person.js';

/** What the operations are made of. */
export interface Hl7v2OperationParts {
  readonly registry: PersonRegistry;
  readonly continuations: Continuations;
  readonly codes: CodeTables;
  readonly countries: CountryCodes;
  readonly settings: Hl7v2OperationSettings;
}

/** Settings of `hl7v2` in the configuration. */
export interface Hl7v2OperationSettings extends PageLimits {
  readonly identifierTypes: IdentifierTypes;
  /** How many people are told at once when a query does not say; from 1 to 100. */
  readonly pageSize: number;
}

/** All that may be asked in HL7 v2. @throws Error when a code table is missing */
export function createHl7v2Operations({
  registry,
  continuations,
  codes: tables,
  countries,
  settings,
}: Hl7v2OperationParts): readonly Hl7v2Operation[] {
  const codes = new Hl7v2Codes(tables, settings.identifierTypes);
  const segments = new PersonSegments(codes);
  const queryParts = {
    people: new PeopleAsked({ registry, continuations, segments, limits: settings }),
    segments,
    vocabulary: { codes, countries },
    pageSize: settings.pageSize,
  };
  return [
    new PatientDemographicsQuery(queryParts),
    new DemographicsQuery(queryParts),
    new CancelContinuation(continuations),
  ];
}
