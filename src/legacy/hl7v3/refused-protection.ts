import type { XmlElement } from '../../xml/element.js';
import { codesIn, saysSomething } from './element-content.js';
import type { Findings } from './findings.js';

const CONFIDENTIAL: Readonly<Record<string, string>> = {
  name: 'A confidential name (use CONF) cannot be protected here.',
  addr: 'A confidential address (use CONF) cannot be protected here.',
};

/**
 * What is to be shown to few would be shown to everybody who may look the number up, so it is not taken in (Safety S1),
 * wherever in the person the message says so. `N` protects nothing.
 */
export function refuseProtection(element: XmlElement, findings: Findings): void {
  for (const child of element.children) {
    if (child.localName === 'confidentialityCode' && isLevel(child)) {
      findings.refuse('SYN106', 'A person whose confidentialityCode is not N cannot be protected here.');
    }
    const refusal = CONFIDENTIAL[child.localName];
    if (refusal !== undefined && codesIn(child, 'use').includes('CONF') && saysSomething(child)) {
      findings.refuse('SYN106', refusal);
    }
    refuseProtection(child, findings);
  }
}

function isLevel(element: XmlElement): boolean {
  const code = element.attributes.get('code')?.trim() ?? '';
  return code !== '' && code !== 'N';
}
