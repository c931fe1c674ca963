import type { CalendarDate } from '../../person/calendar-date.js';
import type { HelpNumberRecord } from '../../person/help-number-record.js';
import type { XmlElement } from '../../xml/element.js';
import type { Hl7v3Codes } from './codes.js';
import { attributeOf, isNil, saysSomething, tellNotKept } from './element-content.js';
import { Findings } from './findings.js';
import { dateInTimestamp, wholeDay } from '../hl7/timestamp-date.js';
import { refuseImpossibleDays } from './possible-days.js';
import { recordedAddress } from './recorded-address.js';
import { recordedName } from './recorded-name.js';
import { recordedCitizenship, recordedForeignIds, recordedTelecom } from './recorded-values.js';
import { refuseProtection } from './refused-protection.js';
import type { AcknowledgementDetail } from './reply.js';
import { at, childrenOf } from './request.js';

/** How many of a kind one person may have. More is a mistake of the sender's program. */
const MAX_REPETITIONS = 20;

const keptOfRole = new Set([
  'id',
  'addr',
  'telecom',
  'statusCode',
  'confidentialityCode',
  'identifiedPerson',
]);
const knownOfRole = new Set(['effectiveTime', 'assigningOrganization', 'subjectOf']);
const keptOfPerson = new Set([
  ...['id', 'name', 'telecom', 'administrativeGenderCode', 'birthTime', 'deceasedInd', 'deceasedTime'],
  ...['addr', 'asCitizen', 'asOtherIDs'],
]);
const knownOfPerson = new Set([
  ...['desc', 'multipleBirthInd', 'multipleBirthOrderNumber', 'organDonorInd', 'maritalStatusCode'],
  ...['asEmployee', 'asStudent', 'asMember', 'contactParty', 'guardian', 'personalRelationship'],
  ...['birthPlace', 'languageCommunication'],
]);

/** What a message tells of a person: only that, so that it can be added to what is known. */
export interface ToldRecord {
  readonly record: Partial<HelpNumberRecord>;
  /** What else it tells, which is not kept. */
  readonly warnings: readonly AcknowledgementDetail[];
}

/**
 * Reads the person of PRPA_MT101311NO01 and PRPA_MT101302NO01 (preg-hl7v3 part 3). An element that is absent, nil or
 * has a nullFlavor alone tells nothing: .NET sends nil for what a program did not set.
 * @param today in Norway: nobody was born or died on a day to come
 * @returns what is wrong instead, when something is
 * @throws MalformedRequest for a second element where one may stand
 */
export function readHelpNumberRecord(
  role: XmlElement,
  codes: Hl7v3Codes,
  today: CalendarDate,
): ToldRecord | { readonly refused: readonly AcknowledgementDetail[] } {
  const findings = new Findings();
  refuseProtection(role, findings);
  tellNotKept(role, keptOfRole, knownOfRole, findings);
  const inner = at(role, 'identifiedPerson');
  const person = inner === undefined || isNil(inner) ? undefined : inner;
  if (person !== undefined) tellNotKept(person, keptOfPerson, knownOfPerson, findings);
  const all = (name: string): readonly XmlElement[] =>
    limited([...childrenOf(person, name), ...childrenOf(role, name)].filter(saysSomething), name, findings);

  const record = withoutUntold({
    name: recordedName(limited(childrenOf(person, 'name'), 'name', findings), findings),
    gender: genderOf(at(person, 'administrativeGenderCode'), codes, findings),
    birth: birthOf(at(person, 'birthTime'), findings),
    ...deathOf(person, findings),
    addresses: told(all('addr').flatMap((addr) => recordedAddress(addr, findings) ?? [])),
    telecoms: told(all('telecom').flatMap((telecom) => recordedTelecom(telecom, findings) ?? [])),
    foreignIds: told(
      limited(childrenOf(person, 'asOtherIDs'), 'asOtherIDs', findings).flatMap((ids) =>
        recordedForeignIds(ids, codes, findings),
      ),
    ),
    citizenships: told(
      limited(childrenOf(person, 'asCitizen'), 'asCitizen', findings).flatMap(
        (citizen) => recordedCitizenship(citizen, findings) ?? [],
      ),
    ),
  });
  refuseImpossibleDays(record, today, findings);
  return findings.problems.length > 0
    ? { refused: findings.problems }
    : { record, warnings: findings.warnings };
}

function genderOf(
  element: XmlElement | undefined,
  codes: Hl7v3Codes,
  findings: Findings,
): 'F' | 'M' | null | undefined {
  const code = attributeOf(element, 'code', findings);
  if (code === undefined) return undefined;
  const gender = codes.genderFor(code, attributeOf(element, 'codeSystem', findings));
  if (gender === undefined) {
    findings.refuse('SYN106', 'The element administrativeGenderCode is not one of the known codes.');
  }
  return gender;
}

function birthOf(element: XmlElement | undefined, findings: Findings): string | undefined {
  const value = attributeOf(element, 'value', findings);
  if (value === undefined) return undefined;
  const born = dateInTimestamp(value);
  if (born === undefined) {
    findings.refuse('SYN102', 'The element birthTime is not a date (yyyy, yyyyMM or yyyyMMdd).');
    return undefined;
  }
  if (born.hasTime) findings.notKept('The time of day in birthTime');
  return born.date;
}

/** Who has a day of death is dead; who is said to live has none. */
function deathOf(
  person: XmlElement | undefined,
  findings: Findings,
): { readonly deceased?: boolean; readonly dateOfDeath?: CalendarDate | null } {
  const indicator = attributeOf(at(person, 'deceasedInd'), 'value', findings);
  const time = attributeOf(at(person, 'deceasedTime'), 'value', findings);
  const died = time === undefined ? undefined : dateInTimestamp(time);
  const day = died === undefined ? undefined : wholeDay(died);
  if (indicator !== undefined && !['true', 'false', '1', '0'].includes(indicator)) {
    findings.refuse('SYN102', 'The element deceasedInd is neither true nor false.');
  }
  if (time !== undefined && day === undefined) {
    findings.refuse('SYN102', 'The element deceasedTime is not a whole day (yyyyMMdd).');
  }
  if (died?.hasTime === true) findings.notKept('The time of day in deceasedTime');
  const isAlive = indicator === 'false' || indicator === '0';
  if (isAlive && time !== undefined) {
    findings.refuse('SYN102', 'The element deceasedTime contradicts deceasedInd.');
  }
  if (isAlive) return { deceased: false, dateOfDeath: null };
  if (day !== undefined) return { deceased: true, dateOfDeath: day };
  return indicator === undefined ? {} : { deceased: true };
}

function limited(elements: readonly XmlElement[], name: string, findings: Findings): readonly XmlElement[] {
  if (elements.length <= MAX_REPETITIONS) return elements;
  findings.refuse('SYN108', `There are more than ${String(MAX_REPETITIONS)} elements ${name}.`);
  return [];
}

function told<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The record's parts that are known of; what is undefined stays as it is in the register. */
type Told = { readonly [Part in keyof HelpNumberRecord]?: HelpNumberRecord[Part] | undefined };

function withoutUntold(parts: Told): Partial<HelpNumberRecord> {
  const { name, gender, birth, deceased, dateOfDeath, addresses, telecoms, foreignIds, citizenships } = parts;
  return {
    ...(name === undefined ? {} : { name }),
    ...(gender === undefined ? {} : { gender }),
    ...(birth === undefined ? {} : { birth }),
    ...(deceased === undefined ? {} : { deceased }),
    ...(dateOfDeath === undefined ? {} : { dateOfDeath }),
    ...(addresses === undefined ? {} : { addresses }),
    ...(telecoms === undefined ? {} : { telecoms }),
    ...(foreignIds === undefined ? {} : { foreignIds }),
    ...(citizenships === undefined ? {} : { citizenships }),
  };
}
