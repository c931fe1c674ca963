import type { XmlElement } from '../../xml/element.js';
import { attributeIn, hasContent, requireExpected, requireMembers } from './parameter-content.js';
import { parameterProblems, RefusedParameter, type ParameterProblem } from './refused-parameter.js';
import { at, childrenOf } from './request.js';

/** The most candidates that are told at once: upstream tells no more either (preg-hl7v3 question 9). */
const MOST_CANDIDATES = 100;

const NOT_A_QUANTITY: ParameterProblem = { code: 'SYN102', text: 'is not a whole number from 1' };

/** Codes that ask for what is done anyway: a new query, answered at once, with a count of people. */
const harmlessCodes: Readonly<Record<string, readonly string[]>> = {
  statusCode: ['new', 'executing'],
  modifyCode: ['N'],
  responseModalityCode: ['R'],
  responsePriorityCode: ['I'],
  initialQuantityCode: ['RD'],
};

/** What asks for an answer of another kind than there is. */
const notOffered = [
  'responseElementGroupId',
  'executionAndDeliveryTime',
  'matchCriterionList',
  'sortControl',
];

/**
 * The most candidates wanted (preg-hl7v3 4.1), one at least: the known clients break on a count without people (2.2).
 * @throws RefusedParameter for a quantity that is none, and for settings that would change the answer
 */
export function candidatesWanted(query: XmlElement): number {
  requireMembers(
    query,
    ['queryId', 'parameterList', 'initialQuantity', ...Object.keys(harmlessCodes), ...notOffered],
    'queryByParameter',
  );
  for (const name of notOffered) {
    if (childrenOf(query, name).some(hasContent)) {
      throw new RefusedParameter(name, parameterProblems.notSearchable);
    }
  }
  for (const [name, codes] of Object.entries(harmlessCodes)) {
    for (const setting of childrenOf(query, name).filter(hasContent)) {
      requireExpected(setting, { attributes: ['code', 'codeSystem', 'displayName'] }, name);
      if (!codes.includes(attributeIn(setting, 'code') ?? '')) {
        throw new RefusedParameter(name, parameterProblems.codeNotSearchable);
      }
    }
  }
  return quantityIn(at(query, 'initialQuantity'));
}

function quantityIn(element: XmlElement | undefined): number {
  if (element === undefined || !hasContent(element)) return MOST_CANDIDATES;
  const parameter = 'initialQuantity';
  requireExpected(element, { attributes: ['value'] }, parameter);
  const text = attributeIn(element, 'value') ?? '';
  if (!/^\+?0*[1-9][0-9]*$/.test(text)) throw new RefusedParameter(parameter, NOT_A_QUANTITY);
  return Math.min(Number(text), MOST_CANDIDATES);
}
