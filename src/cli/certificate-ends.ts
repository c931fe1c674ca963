import { tlsSource, type AdapterConfiguration, type TlsSource } from '../config/adapter-configuration.js';
import { readTlsMaterial } from '../config/tls-material.js';
import type { AdapterEvents, EventListener } from '../operations/events.js';
import { endShownBy } from './certificate-reading.js';

/** When the certificates in use end, by the settings that they are from. */
export class CertificateEnds {
  readonly #ends: Map<string, Date>;

  private constructor(ends: Iterable<readonly [string, Date]>) {
    this.#ends = new Map(ends);
  }

  /** Reads those that are configured. @throws what node:fs throws */
  static async read({
    listeners,
    hl7v2,
  }: Pick<AdapterConfiguration, 'listeners' | 'hl7v2'>): Promise<CertificateEnds> {
    const sources: readonly (readonly [string, TlsSource | undefined])[] = [
      ['listeners.legacy', listeners.legacy.tls],
      ['listeners.oldTls', listeners.oldTls?.tls],
      ['listeners.mllp', listeners.mllp?.tls?.certificate],
      ['listeners.operations', listeners.operations.tls],
      ...hl7v2.notifications.receivers.map(({ id, tls }) => [`receiver ${id}`, tlsSource(tls)] as const),
    ];
    const ends = await Promise.all(
      sources.map(async ([name, source]) => {
        const end = source && (await endShownBy(readTlsMaterial(source)));
        return end === undefined ? [] : [[name, end] as const];
      }),
    );
    return new CertificateEnds(ends.flat());
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
}
