import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import { tlsSource, type AdapterConfiguration, type TlsSource } from '../config/adapter-configuration.js';
import { readTlsMaterial } from '../config/tls-material.js';
import type { CertifiedListener } from './renewed-certificates.js';

/** What each listener shows; undefined for one without TLS. */
export interface ListenersTls {
  readonly legacy: TlsOptions | undefined;
  readonly oldTls: TlsOptions | undefined;
  readonly mllp: TlsOptions | undefined;
  readonly operations: TlsOptions | undefined;
}

/** The listeners themselves, as far as their certificates go. */
export type Renewable = {
  readonly [Name in keyof ListenersTls]: { renewCertificate(tls: TlsOptions): void } | undefined;
};

/** What listeners show from the start on. @throws what node:fs throws */
export function tlsAtStart({ listeners }: Pick<AdapterConfiguration, 'listeners'>): ListenersTls {
  return {
    legacy: httpsTls(listeners.legacy.tls),
    oldTls: httpsTls(listeners.oldTls?.tls),
    mllp: mllpTls(listeners.mllp?.tls),
    operations: httpsTls(listeners.operations.tls),
  };
}

/** What the MLLP listener shows, and whom it believes about clients; undefined without TLS. @throws what node:fs throws */
export function mllpTls(
  tls: NonNullable<AdapterConfiguration['listeners']['mllp']>['tls'],
): TlsOptions | undefined {
  if (tls === undefined) return undefined;
  const { certificate, clientCaFile } = tls;
  return {
    ...readTlsMaterial(certificate),
    ...(clientCaFile === undefined ? {} : { ca: readFileSync(clientCaFile) }),
  };
}

/** The listeners, for their certificates to be read anew. */
export function certifiedListeners(
  initial: ListenersTls,
  listeners: Renewable,
): readonly CertifiedListener[] {
  return [
    {
      setting: 'listeners.legacy',
      initial: initial.legacy,
      read: (fresh) => httpsTls(tlsSource(fresh.listeners.legacy.tls)),
      renew: (tls) => listeners.legacy?.renewCertificate(tls),
    },
    {
      setting: 'listeners.oldTls',
      initial: initial.oldTls,
      read: (fresh) => httpsTls(tlsSource(fresh.listeners.oldTls?.tls)),
      renew: (tls) => listeners.oldTls?.renewCertificate(tls),
    },
    {
      setting: 'listeners.mllp',
      initial: initial.mllp,
      read: ({ listeners: { mllp } }) => {
        const certificate = tlsSource(mllp?.tls);
        return mllpTls(certificate && { certificate, clientCaFile: mllp?.tls?.clientCaFile });
      },
      renew: (tls) => listeners.mllp?.renewCertificate(tls),
    },
    {
      setting: 'listeners.operations',
      initial: initial.operations,
      read: (fresh) => httpsTls(tlsSource(fresh.listeners.operations.tls)),
      renew: (tls) => listeners.operations?.renewCertificate(tls),
    },
  ];
}

function httpsTls(source: TlsSource | undefined): TlsOptions | undefined {
  return source && readTlsMaterial(source);
}
