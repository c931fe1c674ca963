import { createHash } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { Configuration } from '../config/schema.js';
import { errorCode } from '../errors/error-code.js';
import type { EventSink } from '../operations/events.js';
import { endShownBy } from './certificate-reading.js';

/** A listener whose certificate can be exchanged while it listens. */
export interface CertifiedListener {
  /** Its settings, such as `listeners.legacy`. */
  readonly setting: string;
  /** What it was started with; undefined where it speaks without TLS. */
  readonly initial: TlsOptions | undefined;
  /** Reads the files that the settings name; undefined where they name none. @throws what node:fs throws */
  readonly read: (fresh: Configuration) => TlsOptions | undefined;
  /** Shows it to new connections; those that there are go on. @throws for a certificate and key that do not fit */
  readonly renew: (tls: TlsOptions) => void;
}

/** Reads certificates anew, and what it takes to end with that in mid-air. */
export interface RenewingCertificates {
  readonly reread: (fresh: Configuration) => void;
  /** Resolves when what was renewed is told. */
  readonly settled: () => Promise<void>;
}

/**
 * Reads the certificates of listeners anew with the configuration, and exchanges those that have changed: a renewed certificate has
 * the name of the old one, so that the settings do not tell. One that cannot be used leaves the old one where it is.
 */
export function renewingCertificates(
  listeners: readonly CertifiedListener[],
  events: EventSink,
): RenewingCertificates {
  // Digests alone: keys have no business in memory beyond the listener's own.
  const inUse = new Map(listeners.map(({ setting, initial }) => [setting, initial && digestOf(initial)]));
  let telling = Promise.resolve();
  const tell = async (setting: string, tls: TlsOptions): Promise<void> => {
    events.emit('certificateRenewed', { setting, endsAt: await endShownBy(tls) });
  };
  const reread = (fresh: Configuration): void => {
    for (const { setting, read, renew } of listeners) {
      if (inUse.get(setting) === undefined) continue;
      try {
        const tls = read(fresh);
        if (tls === undefined || digestOf(tls) === inUse.get(setting)) continue;
        renew(tls);
        inUse.set(setting, digestOf(tls));
        // One after the other, so that what is told last is in use.
        telling = telling.then(() => tell(setting, tls));
      } catch (error) {
        events.emit('certificateUnusable', { setting, problem: errorCode(error) ?? 'unknown' });
      }
    }
  };
  return { reread, settled: () => telling };
}

function digestOf({ cert, key, pfx, ca, passphrase }: TlsOptions): string {
  const hash = createHash('sha256');
  for (const part of [cert, key, pfx, ca, passphrase]) {
    const octets =
      typeof part === 'string' || part instanceof Uint8Array ? Buffer.from(part) : Buffer.alloc(0);
    hash.update(`${octets.length} `).update(octets);
  }
  return hash.digest('base64url');
}
