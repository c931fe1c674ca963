import type { RecordedName } from '../../person/help-number-record.js';
import type { XmlElement } from '../../xml/element.js';
import { codesIn, saysSomething, tellNotKept, textOf } from './element-content.js';
import type { Findings } from './findings.js';

const kept = new Set(['given', 'family']);
const known = new Set(['prefix', 'suffix', 'delimiter', 'validTime']);

/**
 * The person's name (preg-hl7v3 3.3): the first one that is legal (`L`) or of no stated use. Other names are not kept,
 * and said to be so; where none of them is the legal one, it is not guessed which to take.
 * @returns undefined when no name is told
 */
export function recordedName(names: readonly XmlElement[], findings: Findings): RecordedName | undefined {
  const told = names.filter(saysSomething);
  const name = told.find((one) => isLegal(one));
  if (name === undefined) {
    if (told.length > 0) findings.refuse('SYN106', 'None of the names is the legal one (use L).');
    return undefined;
  }
  if (told.length > 1) findings.notKept('A name beside the legal one');
  tellNotKept(name, kept, known, findings);
  if (name.text.trim() !== '') {
    findings.refuse('SYN102', 'The element name has text outside of its parts.');
  }
  const words = (part: 'given' | 'middle' | 'family'): string | null => {
    const texts = name.children
      .filter((child) => partOf(child) === part)
      .flatMap((child) => textOf(child, findings) ?? []);
    return texts.length === 0 ? null : texts.join(' ');
  };
  return { given: words('given'), middle: words('middle'), family: words('family') };
}

function isLegal(name: XmlElement): boolean {
  const uses = codesIn(name, 'use');
  return uses.length === 0 || uses.includes('L');
}

/** The middle name is a part with qualifier MID, as a rule a family part. */
function partOf(part: XmlElement): 'given' | 'middle' | 'family' | undefined {
  if (part.localName !== 'given' && part.localName !== 'family') return undefined;
  return codesIn(part, 'qualifier').includes('MID') ? 'middle' : part.localName;
}
