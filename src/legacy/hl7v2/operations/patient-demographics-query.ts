import type { Acknowledgement } from '../hl7-error.js';
import {
  componentOf,
  repetitionsOf,
  segmentNamed,
  type Hl7Message,
  type Hl7Segment,
} from '../message/message.js';
import { segment, text } from '../message/segment.js';
import type { Hl7v2Answer, Hl7v2Call, Hl7v2Operation } from '../operation.js';
import type { PersonSegments } from '../person/person-segments.js';
import { pageSize, pointerIn, requireHarmless } from './page-request.js';
import { parametersIn } from './parameter.js';
import type { PeopleAsked, PeopleQuery } from './people-asked.js';
import {
  answeredQuery,
  continuation,
  queryDigest,
  unansweredQuery,
  type QueryNamed,
} from './query-acknowledgement.js';
import { fieldAt, refused } from './query-refusals.js';
import { isFilled, onlySegment, requiredSegment } from './query-segments.js';
import { soughtPerson, type ParameterVocabulary } from './sought-person.js';
import { wantedDomains } from './wanted-domains.js';

/** RCP: a new query, answered at once and whole. Fields that are not named here are refused when they are filled. */
const harmless = { 1: ['I'], 3: ['R'], 4: [], 5: ['N'], 6: [], 7: [] };
/** The last field of QPD that has a meaning here. */
const LAST_FIELD = 8;

/** What queries are answered with. */
export interface QueryParts {
  readonly people: PeopleAsked;
  readonly segments: PersonSegments;
  readonly vocabulary: ParameterVocabulary;
  /** How many people are told at once when the message does not say. */
  readonly pageSize: number;
}

/** QBP^Q22, the query of IHE PDQ (preg-xml-filematch-hl7v2 3.3). */
export class PatientDemographicsQuery implements Hl7v2Operation {
  readonly name = 'QBP^Q22';
  readonly messageCode = 'QBP';
  readonly triggerEvent = 'Q22';
  readonly answerType = { code: 'RSP', event: 'K22', structure: 'RSP_K21' };

  constructor(private readonly parts: QueryParts) {}

  async answer(request: Hl7Message, call: Hl7v2Call): Promise<Hl7v2Answer> {
    const definition = requiredSegment(request, 'QPD');
    const query = this.#read(definition, request);
    const page = await this.parts.people.answer(query, call);
    const { version } = call;
    const told = page.people.flatMap((person, index) => [
      ...this.parts.segments.of(person, {
        version,
        visible: call.caller.visible,
        domains: query.domains,
        setId: index + 1,
      }),
      ...(query.sought.number === undefined ? [] : [certainMatch]),
    ]);
    return {
      segments: [
        answeredQuery(namedIn(definition), page),
        definition,
        ...told,
        ...continuation(page, version),
      ],
      outcome: page.total === 0 ? 'not-found' : 'found',
    };
  }

  refusal(request: Hl7Message, acknowledgement: Exclude<Acknowledgement, 'AA'>): readonly Hl7Segment[] {
    const definition = segmentNamed(request, 'QPD');
    const echoed = definition === undefined ? [] : [definition];
    return [unansweredQuery(namedIn(definition), acknowledgement), ...echoed];
  }

  #read(definition: Hl7Segment, request: Hl7Message): PeopleQuery {
    for (const [field, text] of [
      [1, 'The name of the query is missing.'],
      [2, 'The query tag is missing.'],
    ] as const) {
      if (componentOf(definition, field).trim() === '') throw refused('101', fieldAt('QPD', field), text);
    }
    const beyond = definition.fields.findIndex((field, index) => index >= LAST_FIELD && isFilled(field));
    if (beyond >= 0) {
      throw refused('204', fieldAt('QPD', beyond + 1), `QPD-${beyond + 1} is not a known parameter.`);
    }
    const control = onlySegment(request, 'RCP');
    requireHarmless(control, harmless);
    const parameters = parametersIn(repetitionsOf(definition, 3), (repetition, component) =>
      fieldAt('QPD', 3, repetition, component),
    );
    return {
      sought: soughtPerson(parameters, fieldAt('QPD', 3), this.parts.vocabulary),
      domains: wantedDomains(repetitionsOf(definition, LAST_FIELD), this.parts.vocabulary.codes),
      page: { size: pageSize(control, 2, this.parts.pageSize), pointer: pointerIn(request) },
      queryTag: componentOf(definition, 2).trim(),
      queryDigest: queryDigest(...definition.fields),
    };
  }
}

/** Whoever was found by number is the one who is meant. A search has no such measure: all that it finds fits. */
const certainMatch = segment('QRI', { 1: text('100') });

function namedIn(definition: Hl7Segment | undefined): QueryNamed {
  return { tag: repetitionsOf(definition, 2), name: repetitionsOf(definition, 1) };
}
