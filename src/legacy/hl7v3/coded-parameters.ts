import type { XmlElement } from '../../xml/element.js';
import { codeSystems } from '../../contract/hl7v3/code-systems.js';
import type { Hl7v3Codes } from './codes.js';
import { attributeIn, requireExpected } from './parameter-content.js';
import { parameterProblems, RefusedParameter, type ParameterProblem } from './refused-parameter.js';

const NOT_A_TRUTH: ParameterProblem = { code: 'SYN102', text: 'is neither true nor false' };

/** A display name says in words what the code says. */
const coded = { attributes: ['code', 'codeSystem', 'displayName'] };

/** The gender sought (CE): F or M in HL7's system or in none, or their codes of Volven 3101. @throws RefusedParameter */
export function soughtGender(value: XmlElement, codes: Hl7v3Codes): 'F' | 'M' {
  const parameter = 'personAdministrativeGender';
  requireExpected(value, coded, parameter);
  const system = attributeIn(value, 'codeSystem') ?? codeSystems.gender;
  const isKnown = system === codeSystems.gender || system === codeSystems.genderVolven;
  const gender = isKnown ? codes.genderFor(attributeIn(value, 'code') ?? '', system) : undefined;
  // Nobody is registered as anything else, so a search by it would find nobody whoever is meant.
  if (gender === undefined || gender === null) {
    throw new RefusedParameter(parameter, parameterProblems.codeNotSearchable);
  }
  return gender;
}

/** Whether the people sought are dead (BL). @throws RefusedParameter */
export function soughtDeceased(value: XmlElement): boolean {
  const parameter = 'personDeceased';
  requireExpected(value, { attributes: ['value'] }, parameter);
  const told = attributeIn(value, 'value');
  if (told === 'true' || told === '1') return true;
  if (told === 'false' || told === '0') return false;
  throw new RefusedParameter(parameter, NOT_A_TRUTH);
}

/** The status that every candidate has in replies (preg-hl7v3 3.1), and so no criterion. @throws RefusedParameter for any other */
export function requireActive(value: XmlElement): 'active' {
  const parameter = 'identifiedPersonStatusCode';
  requireExpected(value, coded, parameter);
  if (attributeIn(value, 'code') !== 'active') {
    throw new RefusedParameter(parameter, parameterProblems.codeNotSearchable);
  }
  return 'active';
}
