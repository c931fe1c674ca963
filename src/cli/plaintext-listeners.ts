import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import { isLoopback } from '../runtime/loopback.js';

type Listener = Pick<AdapterConfiguration['listeners']['legacy'], 'host'> & { readonly tls: unknown };

/** The listeners whose answers can be read on the way to another machine, by the names they have in the configuration. */
export function plaintextListeners(listeners: {
  readonly legacy: Listener;
  readonly mllp?: Listener | undefined;
  readonly operations?: Listener | undefined;
}): readonly string[] {
  const { legacy, mllp, operations } = listeners;
  return [
    ...(isReadable(legacy) ? ['listeners.legacy'] : []),
    ...(mllp !== undefined && isReadable(mllp) ? ['listeners.mllp'] : []),
    ...(operations !== undefined && isReadable(operations) ? ['listeners.operations'] : []),
  ];
}

function isReadable({ host, tls }: Listener): boolean {
  return tls === undefined && !isLoopback(host);
}
