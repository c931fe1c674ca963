import { codeSystems } from '../../../contract/hl7v3/code-systems.js';
import { InvalidQuery } from '../../../errors/errors.js';
import type { CalendarDate } from '../../../person/calendar-date.js';
import type { DayRange, SearchQuery, SoughtAddress, SoughtName } from '../../search.js';
import type { XmlNode } from '../../../xml/element.js';
import { parameter } from './query-message.js';

/** So many are wanted by whoever does not say how many. */
const ALL_WANTED = 100;

/** The use that asks for each kind of address, as the known clients send it (preg-hl7v3 3.4). */
const uses: Readonly<Record<NonNullable<SoughtAddress['kind']>, string>> = {
  residential: 'HP',
  present: 'WP',
  home: 'H',
};

/**
 * What stands in the `queryByParameter` of FindCandidates (preg-hl7v3 4.1) to ask for what is sought, and nothing less (Safety S3).
 * @throws InvalidQuery for what there is no parameter for
 */
export function candidatesQuery(query: SearchQuery): readonly XmlNode[] {
  if (!query.withHelpNumbers) {
    throw new InvalidQuery('withHelpNumbers', 'people with help numbers cannot be left out by HL7 v3');
  }
  const { name, birth, gender, address, deceased, death } = query;
  const parameters = [
    address === undefined ? undefined : addressParameter(address),
    gender === undefined
      ? undefined
      : coded('personAdministrativeGender', { code: gender, codeSystem: codeSystems.gender }),
    birth === undefined ? undefined : days('personBirthTime', birth),
    deceased === undefined ? undefined : coded('personDeceased', { value: String(deceased) }),
    death === undefined ? undefined : days('personDeceasedTime', death),
    name === undefined ? undefined : nameParameter(name),
  ].filter((one) => one !== undefined);
  // Of those whom an address finds some may have to be left out, so that all have to be told of.
  const quantity =
    query.limit < ALL_WANTED && address === undefined
      ? [{ name: 'initialQuantity', attributes: { value: String(query.limit) } }]
      : [];
  return [...quantity, { name: 'parameterList', content: parameters }];
}

function coded(name: string, attributes: Readonly<Record<string, string>>): XmlNode {
  return parameter(name, { attributes });
}

function days(name: string, { from, to }: DayRange): XmlNode {
  if (from !== undefined && from === to) return coded(name, { value: hl7Day(from) });
  const bound = (which: string, at: CalendarDate | undefined): readonly XmlNode[] =>
    at === undefined ? [] : [{ name: which, attributes: { value: hl7Day(at) } }];
  return parameter(name, { content: [...bound('low', from), ...bound('high', to)] });
}

/** As the known clients write it: one part per word (preg-hl7v3 3.3). */
function nameParameter({ given, middle, family, full }: SoughtName): XmlNode {
  const parts = (name: string, text: string | undefined, attributes = {}): readonly XmlNode[] =>
    (text ?? '')
      .split(/\s+/u)
      .filter((word) => word !== '')
      .map((word) => ({ name, attributes, content: [word] }));
  return parameter('personName', {
    content: [
      ...parts('given', given),
      ...parts('family', middle, { qualifier: 'MID' }),
      ...parts('family', family),
      ...(full === undefined ? [] : [full]),
    ],
  });
}

function addressParameter(address: SoughtAddress): XmlNode {
  const { street, postalCode, postalPlace, municipality, municipalityName, country, kind } = address;
  if (municipality !== undefined && municipalityName !== undefined) {
    throw new InvalidQuery('municipality', 'cannot be searched by beside its name in PREG');
  }
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['streetAddressLine', street],
    ['postalCode', postalCode],
    ['city', postalPlace],
    ['county', municipality ?? municipalityName],
    ['country', country],
  ];
  return parameter('identifiedPersonAddress', {
    attributes: kind === undefined ? {} : { use: uses[kind] },
    content: parts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, content: [text] }])),
  });
}

function hl7Day(day: CalendarDate): string {
  return day.replaceAll('-', '');
}
