import { statSync } from 'node:fs';
import { tlsSource, type AdapterConfiguration, type TlsSource } from '../../config/adapter-configuration.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { Examine, Patient } from './patient.js';

const OTHERS_MAY_READ = 0o004;
const OTHERS_MAY_WRITE = 0o002;

/** Whether anybody on this machine can read or replace what is secret, and whether it is where it belongs. */
export const examineSecretFiles: Examine = (patient) => {
  // Windows has no mode bits; there the folder's access list decides.
  if (process.platform === 'win32') return [ok('not looked at: this system has no file modes')];
  const files = secretsOf(patient);
  const problems = [...files].flatMap(([file, whose]) => problemsOf(file, whose));
  const folder = folderProblem(patient.configuration.data.directory);
  const all = [...problems, ...folder];
  if (all.length > 0) return all;
  return [
    ok(
      files.size === 0
        ? 'no secret is in a file'
        : `${files.size} ${files.size === 1 ? 'file is' : 'files are'} closed to other users of this machine`,
    ),
  ];
};

/** Files that hold secrets, and the setting that names each. */
function secretsOf({ secretFiles, adapter, file, configuration }: Patient): ReadonlyMap<string, string> {
  return new Map([
    ...[...secretFiles].map(([setting, name]) => [name, `${setting}File`] as const),
    ...keysOf(adapter),
    // The file of the configuration itself, where it has secrets that no file of its own has.
    ...(hasSecretsInline(configuration, secretFiles)
      ? [[file, 'the configuration, which holds secrets'] as const]
      : []),
  ]);
}

function keysOf({ listeners, hl7v2 }: AdapterConfiguration): readonly (readonly [string, string])[] {
  const sources: readonly (readonly [string, TlsSource | undefined])[] = [
    ['listeners.legacy.tls', listeners.legacy.tls],
    ['listeners.oldTls.tls', listeners.oldTls?.tls],
    ['listeners.mllp.tls', listeners.mllp?.tls?.certificate],
    ['listeners.operations.tls', listeners.operations.tls],
    ...hl7v2.notifications.receivers.map(
      ({ id, tls }) => [`the certificate for the receiver ${id}`, tlsSource(tls)] as const,
    ),
  ];
  return sources.flatMap(([setting, source]): (readonly [string, string])[] => {
    if (source?.kind === 'pem-files') return [[source.privateKeyFile, `${setting}.privateKeyFile`]];
    return source?.kind === 'pfx-file' ? [[source.pfxFile, `${setting}.pfxFile`]] : [];
  });
}

function hasSecretsInline(
  { store, helseid, outbound }: Patient['configuration'],
  files: ReadonlyMap<string, string>,
): boolean {
  const inline = (present: boolean, setting: string): boolean => present && !files.has(setting);
  return (
    inline(helseid !== undefined, 'helseid.privateKey') ||
    inline(store !== undefined, 'store.pseudonymKey') ||
    (store?.sealingKeys ?? []).some((_, index) => inline(true, `store.sealingKeys[${index}].key`)) ||
    inline(outbound.proxy?.password !== undefined, 'outbound.proxy.password')
  );
}

function problemsOf(file: string, whose: string): Finding[] {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts === undefined) return [failed(`${file} (${whose}) is not there any more`, 'Put it back.')];
  if ((facts.mode & OTHERS_MAY_WRITE) !== 0) {
    return [failed(`anybody on this machine can replace ${file} (${whose})`, `chmod o-rwx ${file}`)];
  }
  return (facts.mode & OTHERS_MAY_READ) === 0
    ? []
    : [warning(`anybody on this machine can read ${file} (${whose})`, `chmod o-rwx ${file}`)];
}

function folderProblem(directory: string): Finding[] {
  const facts = statSync(directory, { throwIfNoEntry: false });
  if (facts === undefined || (facts.mode & 0o077) === 0) return [];
  return [
    warning(
      `others may enter data.directory ${directory}`,
      'A start closes it where it holds nothing but the adapter’s own files, and refuses it otherwise: chmod 0700.',
    ),
  ];
}
