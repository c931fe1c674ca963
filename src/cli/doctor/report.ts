import type { NamedFinding } from './finding.js';
import { verdictOf } from './finding.js';

const WIDEST_STATUS = 'warning'.length;
const WIDEST_NAME = 'persontjenesten'.length;

/** A finding as people read it: one line, and one below it with what to do. */
export function findingText({ status, examination, told, hint }: NamedFinding): string {
  const head = `${status.padEnd(WIDEST_STATUS)}  ${examination.padEnd(WIDEST_NAME)}  `;
  return hint === undefined ? `${head}${told}\n` : `${head}${told}\n${' '.repeat(head.length)}→ ${hint}\n`;
}

/** The last line. */
export function summaryText(findings: readonly NamedFinding[]): string {
  const count = (status: NamedFinding['status']): number =>
    findings.filter((one) => one.status === status).length;
  const failures = count('failed');
  const warnings = count('warning');
  if (failures + warnings === 0) return '\nAll is well.\n';
  return `\n${failures} failed, ${warnings === 1 ? '1 warning' : `${warnings} warnings`}, ${count('ok')} ok.\n`;
}

/** The same for programs. */
export function findingsJson(findings: readonly NamedFinding[], at: Date): string {
  return `${JSON.stringify({ at, verdict: verdictOf(findings), findings }, undefined, 2)}\n`;
}
