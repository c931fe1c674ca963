import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import { isLoopback } from '../runtime/loopback.js';

/** The listeners whose answers can be read on the way to another machine, by the names they have in the configuration. */
export function plaintextListeners({
  legacy,
}: {
  readonly legacy: Pick<AdapterConfiguration['listeners']['legacy'], 'host' | 'tls'>;
}): readonly string[] {
  return legacy.tls === undefined && !isLoopback(legacy.host) ? ['listeners.legacy'] : [];
}
