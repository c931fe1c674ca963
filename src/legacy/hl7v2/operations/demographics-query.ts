import type { Acknowledgement } from '../hl7-error.js';
import {
  componentOf,
  partOf,
  repetitionsOf,
  segmentNamed,
  type Hl7Message,
  type Hl7Repetition,
  type Hl7Segment,
} from '../message/message.js';
import type { Hl7v2Answer, Hl7v2Call, Hl7v2Operation } from '../operation.js';
import { noVisit } from '../person/person-segments.js';
import { pageSize, pointerIn, requireHarmless } from './page-request.js';
import { parametersIn, type Parameter, type ParameterName } from './parameter.js';
import type { QueryParts } from './patient-demographics-query.js';
import type { PeopleQuery } from './people-asked.js';
import { answeredQuery, continuation, queryDigest, unansweredQuery } from './query-acknowledgement.js';
import { fieldAt, refused } from './query-refusals.js';
import { isFilledText, onlySegment, requiredSegment } from './query-segments.js';
import { soughtPerson } from './sought-person.js';

/** QRD: records, at once, of demographics, whole. */
const harmlessDefinition = { 2: ['R'], 3: ['I'], 9: ['DEM'], 11: [], 12: ['T'] };
/** QRF: whoever it is, as of today. */
const harmlessFilter = { 2: [], 3: [], 4: [], 6: ['ANY'], 7: ['ANY'], 8: ['ALL'], 9: [], 10: [] };

/** The components of XCN, or a subcomponent of one, that tell of the subject. */
const subjectParts: readonly (readonly [component: number, subcomponent: number, ParameterName])[] = [
  [1, 1, '@PID.3.1'],
  [2, 1, '@PID.5.1'],
  [3, 1, '@PID.5.2'],
  [4, 1, '@PID.5.3'],
  [9, 1, '@PID.3.4.1'],
  [9, 2, '@PID.3.4.2'],
  [9, 3, '@PID.3.4.3'],
  [13, 1, '@PID.3.5'],
];
/** Components that tell how the others are to be read, and nothing of the subject. */
const silentComponents = [8, 11, 12, 14];
const NAME_TYPE = 10;

/** QRY^A19, the patient query of old (preg-xml-filematch-hl7v2 3.3). */
export class DemographicsQuery implements Hl7v2Operation {
  readonly name = 'QRY^A19';
  readonly messageCode = 'QRY';
  readonly triggerEvent = 'A19';
  readonly answerType = { code: 'ADR', event: 'A19', structure: 'ADR_A19' };

  constructor(private readonly parts: QueryParts) {}

  async answer(request: Hl7Message, call: Hl7v2Call): Promise<Hl7v2Answer> {
    const definition = requiredSegment(request, 'QRD');
    const page = await this.parts.people.answer(this.#read(definition, request), call);
    const { version } = call;
    const told = page.people.flatMap((person, index) => [
      ...this.parts.segments.of(person, { version, visible: call.caller.visible, setId: index + 1 }),
      noVisit,
    ]);
    return {
      segments: [
        answeredQuery({ tag: repetitionsOf(definition, 4) }, page),
        ...queryOf(request),
        ...told,
        ...continuation(page, version),
      ],
      outcome: page.total === 0 ? 'not-found' : 'found',
    };
  }

  refusal(request: Hl7Message, acknowledgement: Exclude<Acknowledgement, 'AA'>): readonly Hl7Segment[] {
    const tag = repetitionsOf(segmentNamed(request, 'QRD'), 4);
    return [unansweredQuery({ tag }, acknowledgement), ...queryOf(request)];
  }

  #read(definition: Hl7Segment, request: Hl7Message): PeopleQuery {
    const filter = onlySegment(request, 'QRF');
    const queryTag = componentOf(definition, 4).trim();
    if (queryTag === '') throw refused('101', fieldAt('QRD', 4), 'The query id is missing.');
    requireHarmless(definition, harmlessDefinition);
    requireHarmless(filter, harmlessFilter);
    const parameters = [
      ...subjectIn(definition),
      ...parametersIn(repetitionsOf(filter, 5), (repetition, component) =>
        fieldAt('QRF', 5, repetition, component),
      ),
    ];
    const [, ...asked] = definition.fields;
    const size = pageSize(definition, 7, this.parts.pageSize);
    return {
      sought: soughtPerson(parameters, fieldAt('QRD', 8), this.parts.vocabulary),
      page: { size, pointer: pointerIn(request) },
      queryTag,
      // The time of asking and the size of the page may be others for the rest.
      queryDigest: queryDigest(...asked.filter((_, index) => index + 2 !== 7), ...(filter?.fields ?? [])),
    };
  }
}

/** What is echoed. */
function queryOf(request: Hl7Message): readonly Hl7Segment[] {
  return ['QRD', 'QRF'].flatMap((name) => segmentNamed(request, name) ?? []);
}

/** What QRD-8 tells of its subject. @throws RefusedMessage for several, and for parts that cannot be searched by (Safety S3) */
function subjectIn(definition: Hl7Segment): readonly Parameter[] {
  const given = repetitionsOf(definition, 8)
    .map((subject, index) => ({ subject, repetition: index + 1 }))
    .filter(({ subject }) => subject.some((component) => component.some(isFilledText)));
  const [first, second] = given;
  if (second !== undefined) {
    throw refused('102', fieldAt('QRD', 8, second.repetition), 'QRD-8 has more than one subject.');
  }
  if (first === undefined) throw refused('101', fieldAt('QRD', 8), 'The subject is missing.');
  const { subject, repetition } = first;
  const at = (component: number): ReturnType<typeof fieldAt> => fieldAt('QRD', 8, repetition, component);
  const strange = strangePart(subject);
  if (strange !== undefined) throw refused('204', at(strange), `QRD-8.${strange} cannot be searched by.`);
  return subjectParts.flatMap(([component, subcomponent, name]) => {
    const value = partOf(subject, component, subcomponent).trim();
    if (value === '') return [];
    return [{ name, label: `QRD-8.${component}`, value, location: at(component) }];
  });
}

/** The first component that says something of the subject and is not read. */
function strangePart(subject: Hl7Repetition): number | undefined {
  const index = subject.findIndex((texts, position) => {
    const component = position + 1;
    if (silentComponents.includes(component)) return false;
    if (component === NAME_TYPE && texts[0]?.trim().toUpperCase() === 'L') return false;
    return texts.some(
      (text, part) =>
        isFilledText(text) &&
        !subjectParts.some(([known, subcomponent]) => known === component && subcomponent === part + 1),
    );
  });
  return index < 0 ? undefined : index + 1;
}
