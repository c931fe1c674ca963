import { X509Certificate } from 'node:crypto';
import { tlsSource, type TlsSource } from './adapter-configuration.js';
import { certificateForm } from './certificate-form.js';
import { listenerSettings } from './listener-settings.js';
import type { ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';
import { readTlsMaterial } from './tls-material.js';

const PATH = 'listeners.oldTls.tls';
const forms = listenerSettings.unwrap().shape;
const certificates = {
  legacy: forms.legacy.unwrap().shape.tls,
  oldTls: forms.oldTls.unwrap().shape.tls,
  mllp: forms.mllp.unwrap().shape.tls,
  operations: forms.operations.unwrap().shape.tls,
};

/** What the listener for old TLS demands: a certificate, in one form. */
export function oldTlsContradictions(settings: unknown): ConfigurationProblem[] {
  const tls = valueAt(settings, ['listeners', 'oldTls', 'tls']);
  return tls === undefined ? [] : certificateForm(PATH, tls, false);
}

/**
 * The key of the listener for old TLS must be its own: what is learnt of a key by attacks on old TLS holds wherever that key serves.
 * Silent where a file cannot be read, which is told of elsewhere.
 */
export function sharedKeyProblems(settings: unknown): ConfigurationProblem[] {
  const old = publicKeyOf(sourceAt(settings, 'oldTls'));
  if (old === undefined) return [];
  const sharing = (['legacy', 'mllp', 'operations'] as const).find(
    (listener) => publicKeyOf(sourceAt(settings, listener)) === old,
  );
  if (sharing === undefined) return [];
  return [
    {
      path: PATH,
      found: `the key of listeners.${sharing}`,
      expected: 'a certificate with a key of its own, since old TLS may give a key away',
    },
  ];
}

function sourceAt(settings: unknown, listener: keyof typeof certificates): TlsSource | undefined {
  const { data } = certificates[listener].safeParse(valueAt(settings, ['listeners', listener, 'tls']));
  return tlsSource(data);
}

/** Something that only the same key has in common; of PFX files that is the file. */
function publicKeyOf(source: TlsSource | undefined): string | undefined {
  if (source === undefined) return undefined;
  try {
    const material = readTlsMaterial(source);
    if ('pfx' in material) return material.pfx.toString('base64');
    return new X509Certificate(material.cert).publicKey
      .export({ type: 'spki', format: 'der' })
      .toString('base64');
  } catch {
    return undefined;
  }
}
