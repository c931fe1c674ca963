/** One thing that is wrong with the configuration. */
export interface ConfigurationProblem {
  /** Where: a setting as `clients[0].organisation.parent`, an environment variable, or a place in the file. */
  readonly path: string;
  /** What stands there, in words. Never a secret. */
  readonly found: string;
  /** What would be right, in words. */
  readonly expected: string;
}

/** The configuration cannot be used. `problems` lists everything that is wrong with it, not the first thing alone. */
export class ConfigurationError extends Error {
  /** @param source - the file (or what else was read), named in the message. */
  constructor(
    readonly source: string,
    readonly problems: readonly ConfigurationProblem[],
  ) {
    super(sentenceFor(source, problems));
    this.name = 'ConfigurationError';
  }
}

/** A value as it may be shown to the operator: short, without line breaks, without credentials in addresses. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'string') return JSON.stringify(shorten(value.replace(/\/\/[^/@]*@/, '//…@')));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a group of settings';
}

/** What stands in place of a secret. */
export const notShown = 'a value that is not shown here';

/** `['clients', 0, 'id']` as `clients[0].id`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}

/** The candidate that is most like a misspelt name; undefined when none is close. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(name.length / 4))
    ? best.candidate
    : undefined;
}

function sentenceFor(source: string, problems: readonly ConfigurationProblem[]): string {
  const lines = problems.map(({ path, found, expected }) => `${path}: found ${found}, expected ${expected}.`);
  const [first] = lines;
  if (first !== undefined && lines.length === 1) return `The configuration in ${source} is wrong at ${first}`;
  return [
    `The configuration in ${source} has ${lines.length} problems:`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const substitution = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(substitution, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
