import { isNationalId, type NationalId } from '../../person/national-id.js';
import type { XmlElement } from '../../xml/element.js';
import type { Hl7v3Codes } from './codes.js';
import { attributeIn, requireExpected } from './parameter-content.js';
import { RefusedParameter, type ParameterProblem } from './refused-parameter.js';

const problems = {
  malformed: { code: 'SYN102', text: 'is not a number of 11 digits, or 12 for DUF' },
  authority: { code: 'SYN106', text: 'is of an authority whose numbers are not searched by' },
} as const satisfies Readonly<Record<string, ParameterProblem>>;

/**
 * A number that the person sought has (II, preg-hl7v3 5.2); undefined when its place was left blank. Which of the kinds
 * of number it is tell its digits; a root of another authority makes it another number.
 * @throws RefusedParameter
 */
export function soughtNumber(
  value: XmlElement,
  parameter: string,
  codes: Hl7v3Codes,
): NationalId | undefined {
  requireExpected(value, { attributes: ['root', 'extension'] }, parameter);
  const extension = attributeIn(value, 'extension');
  if (extension === undefined && value.attributes.has('extension')) return undefined;
  if (extension === undefined || !isNationalId(extension)) {
    throw new RefusedParameter(parameter, problems.malformed);
  }
  const root = attributeIn(value, 'root');
  if (root !== undefined && !codes.isPersonNumberRoot(root) && root !== codes.rootOf(extension)) {
    throw new RefusedParameter(parameter, problems.authority);
  }
  return extension;
}
