import type { SoughtName } from '../../registry/search.js';
import type { XmlElement } from '../../xml/element.js';
import { codesIn } from './element-content.js';
import { hasContent, isPunctuation, requireExpected, wordsIn } from './parameter-content.js';
import { parameterProblems, RefusedParameter } from './refused-parameter.js';

const PARAMETER = 'personName';

/** The legal name and those by which anybody is called; former and artists' names are not searched. */
const searchedUses = new Set(['L', 'C', 'OR']);
const parts = ['given', 'family'];
const otherParts = ['prefix', 'suffix', 'delimiter', 'validTime'];

/**
 * A name sought (PN, preg-hl7v3 3.3 and 4.1): parts as they stand, text beside them as words of any part. Wildcards are
 * passed on as text. Undefined when nothing is told.
 * @throws RefusedParameter
 */
export function soughtName(value: XmlElement): SoughtName | undefined {
  requireExpected(value, { attributes: ['use'], children: [...parts, ...otherParts], text: true }, PARAMETER);
  if (codesIn(value, 'use').some((use) => !searchedUses.has(use))) {
    throw new RefusedParameter(PARAMETER, parameterProblems.useNotSearchable);
  }
  if (value.children.some((part) => otherParts.includes(part.localName) && !saysNothing(part))) {
    throw new RefusedParameter(PARAMETER, parameterProblems.partNotSearchable);
  }
  const name = {
    given: wordsOf(value, 'given'),
    middle: wordsOf(value, 'middle'),
    family: wordsOf(value, 'family'),
    full: wordsIn(value),
  };
  return Object.values(name).every((words) => words === undefined) ? undefined : name;
}

function saysNothing(part: XmlElement): boolean {
  return part.localName === 'delimiter' ? isPunctuation(part) : !hasContent(part);
}

/** All parts of one kind: each may hold one word or several. */
function wordsOf(value: XmlElement, kind: ReturnType<typeof kindOf>): string | undefined {
  const words = value.children
    .filter((part) => parts.includes(part.localName) && hasContent(part) && kindOf(part) === kind)
    .flatMap((part) => wordsIn(part) ?? []);
  return words.length === 0 ? undefined : words.join(' ');
}

/** The middle name is a part with qualifier MID, as a rule a family part. */
function kindOf(part: XmlElement): 'given' | 'middle' | 'family' {
  requireExpected(part, { attributes: ['qualifier'], text: true }, PARAMETER);
  const qualifiers = codesIn(part, 'qualifier');
  if (qualifiers.some((qualifier) => qualifier !== 'MID')) {
    throw new RefusedParameter(PARAMETER, parameterProblems.partNotSearchable);
  }
  if (qualifiers.length > 0) return 'middle';
  return part.localName === 'given' ? 'given' : 'family';
}
