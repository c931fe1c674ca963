import type { ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';

/**
 * What is wrong with how the certificate of a listener is given: as PEM files or as a PFX file, and not beside `plaintext`.
 * @param path - the settings of the certificate, `listeners.….tls`
 */
export function certificateForm(path: string, tls: unknown, plaintext: boolean): ConfigurationProblem[] {
  const has = (name: string): boolean => valueAt(tls, [name]) !== undefined;
  const problems: ConfigurationProblem[] = [];
  const pem = has('certificateFile') || has('privateKeyFile');
  if (pem && has('pfxFile')) {
    problems.push({
      path,
      found: 'both PEM files and a PFX file',
      expected: 'certificateFile with privateKeyFile, or pfxFile',
    });
  } else if (pem !== (has('certificateFile') && has('privateKeyFile')) || (!pem && !has('pfxFile'))) {
    const missing = has('certificateFile') ? 'no privateKeyFile' : 'no certificateFile';
    problems.push({
      path,
      found: pem ? missing : 'no certificate',
      expected: 'certificateFile with privateKeyFile, or pfxFile',
    });
  }
  if (plaintext) {
    problems.push({
      path: path.replace(/tls$/, 'plaintext'),
      found: 'true beside a certificate',
      expected: 'either plaintext or tls',
    });
  }
  return problems;
}
