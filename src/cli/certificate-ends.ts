import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AdapterConfiguration, TlsSource } from '../config/adapter-configuration.js';
import { readTlsMaterial } from '../config/tls-material.js';
import type { EventListener, AdapterEvents } from '../operations/events.js';

/** When the certificates in use end, by the settings that they are from; of PFX files nothing is known. */
export class CertificateEnds {
  readonly #ends = new Map<string, Date>();

  /** Reads those that are configured. @throws what node:fs throws */
  constructor({ listeners, hl7v2 }: Pick<AdapterConfiguration, 'listeners' | 'hl7v2'>) {
    this.#addSource('listeners.legacy', listeners.legacy.tls);
    this.#addSource('listeners.oldTls', listeners.oldTls?.tls);
    this.#addSource('listeners.mllp', listeners.mllp?.tls?.certificate);
    this.#addSource('listeners.operations', listeners.operations.tls);
    for (const { id, tls } of hl7v2.notifications.receivers) {
      if (tls?.certificateFile !== undefined) this.#add(`receiver ${id}`, readFileSync(tls.certificateFile));
    }
  }

  /** As they are now. */
  all(): ReadonlyMap<string, Date> {
    return this.#ends;
  }

  /** Hears of those that were renewed. */
  readonly listener: EventListener = (name, event) => {
    this.#handlers[name]?.(event);
  };

  readonly #handlers: { [Name in keyof AdapterEvents]?: (event: AdapterEvents[Name]) => void } = {
    certificateRenewed: ({ setting, endsAt }) => {
      if (endsAt === undefined) this.#ends.delete(setting);
      else this.#ends.set(setting, endsAt);
    },
  };

  #addSource(name: string, source: TlsSource | undefined): void {
    if (source === undefined) return;
    const material = readTlsMaterial(source);
    if ('cert' in material) this.#add(name, material.cert);
  }

  #add(name: string, pem: Buffer | string): void {
    this.#ends.set(name, new Date(new X509Certificate(pem).validTo));
  }
}
