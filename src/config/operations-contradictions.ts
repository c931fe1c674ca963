import { isLoopback } from '../runtime/loopback.js';
import { certificateForm } from './certificate-form.js';
import { formatPath, type ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';

const LISTENER = ['listeners', 'operations'];

/** What the settings of the operations listener demand of one another: where other machines can connect, it asks for a password. */
export function operationsContradictions(settings: unknown): ConfigurationProblem[] {
  const host = valueAt(settings, [...LISTENER, 'host']) ?? '127.0.0.1';
  const tls = valueAt(settings, [...LISTENER, 'tls']);
  const isOpen = valueAt(settings, [...LISTENER, 'passwordHash']) === undefined;
  const problems = tls === undefined ? [] : certificateForm(formatPath([...LISTENER, 'tls']), tls, false);
  if (isOpen && typeof host === 'string' && !isLoopback(host)) {
    problems.push({
      path: formatPath([...LISTENER, 'passwordHash']),
      found: 'nothing, where other machines can connect',
      expected: 'a password hash as preg-adapter hash-password prints it, or host: 127.0.0.1',
    });
  }
  return problems;
}
