import type { CheckStatus } from '../../operations/health.js';

/** What an examination has found about one thing. Texts name settings, addresses and files, never a secret, never a person. */
export interface Finding {
  readonly status: CheckStatus;
  /** One sentence. */
  readonly told: string;
  /** What to do about it, for what is not plainly well. */
  readonly hint?: string | undefined;
}

/** A finding, and the examination that it is of. */
export interface NamedFinding extends Finding {
  readonly examination: string;
}

/** All is well. */
export function ok(told: string, hint?: string): Finding {
  return { status: 'ok', told, hint };
}

/** Worth a look; people are answered. */
export function warning(told: string, hint: string): Finding {
  return { status: 'warning', told, hint };
}

/** People are not answered, or not all of them, or somebody can read what nobody may. */
export function failed(told: string, hint: string): Finding {
  return { status: 'failed', told, hint };
}

/** The worst of what was found. */
export function verdictOf(findings: readonly Finding[]): CheckStatus {
  const found = new Set(findings.map(({ status }) => status));
  return found.has('failed') ? 'failed' : found.has('warning') ? 'warning' : 'ok';
}
