import { isNationalId, type NationalId } from '../../../person/national-id.js';
import type { Hl7v2Codes } from '../codes.js';
import type { Parameter, ParameterName } from './parameter.js';
import { refused } from './query-refusals.js';

/** The parts that tell whose number it is; without a number they say nothing that could be searched by. */
const domainParts = ['@PID.3.4.2', '@PID.3.4.3', '@PID.3.4.1', '@PID.3.5'] as const;

/**
 * The number that the person sought has; undefined when none is told. Which of the kinds of number it is tell its digits; a
 * domain of another authority makes it another number: by OID, else by type and namespace (preg-xml-filematch-hl7v2 3.4).
 * @throws RefusedMessage
 */
export function soughtNumber(
  only: (name: ParameterName) => Parameter | undefined,
  codes: Hl7v2Codes,
): NationalId | undefined {
  const id = only('@PID.3.1');
  const [oid, universalType, namespace, type] = domainParts.map(only);
  if (id === undefined) {
    const told = [oid, universalType, namespace, type].find((part) => part !== undefined);
    if (told === undefined) return undefined;
    throw refused('101', told.location, `${told.label} is told without an identifier.`);
  }
  const { value } = id;
  if (universalType !== undefined && universalType.value.toUpperCase() !== 'ISO') {
    throw refused('103', universalType.location, `${universalType.label} is not ISO.`);
  }
  const stranger = oid === undefined ? strangeName(namespace, type, codes) : strangeOid(oid, value, codes);
  if (stranger !== undefined) {
    throw refused(
      '204',
      stranger.location,
      `${stranger.label} is a domain whose numbers are not known here.`,
    );
  }
  if (isNationalId(value)) return value;
  throw refused('102', id.location, `${id.label} is not 11 digits, or 12 for a DUF number.`);
}

function strangeOid(oid: Parameter, id: string, codes: Hl7v2Codes): Parameter | undefined {
  const isOurs =
    codes.isPersonNumberDomain(oid.value) || (isNationalId(id) && codes.kindOf(id)?.domain === oid.value);
  return isOurs ? undefined : oid;
}

/** What says that a number is another authority's: an unknown type, or an unknown namespace whose type does not say better. */
function strangeName(
  namespace: Parameter | undefined,
  type: Parameter | undefined,
  codes: Hl7v2Codes,
): Parameter | undefined {
  const isKnown = ({ value }: Parameter): boolean =>
    codes.domainsNamed(value).length > 0 || codes.domains.includes(value);
  if (type !== undefined && !isKnown(type)) return type;
  if (type !== undefined && !codes.isVague(type.value)) return undefined;
  return namespace === undefined || isKnown(namespace) ? undefined : namespace;
}
