import { readFileSync } from 'node:fs';
import type { AdapterConfiguration } from '../config/adapter-configuration.js';

/** The certificates that calls trust besides the usual ones, as PEM: those of the operator's file and the sandbox's. */
export function certificateAuthority({
  outbound: { caFile, caPem },
}: Pick<AdapterConfiguration, 'outbound'>): string | undefined {
  const authorities = [caFile === undefined ? undefined : readFileSync(caFile, 'utf8'), caPem];
  const given = authorities.filter((pem) => pem !== undefined);
  return given.length === 0 ? undefined : given.join('\n');
}
