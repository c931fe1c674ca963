import type {
  Configuration,
  HelseIdSettings,
  LegacyListenerSettings,
  MllpListenerSettings,
  OperationsListenerSettings,
  OldTlsListenerSettings,
  PersontjenestenSettings,
  PregSettings,
  StoreSettings,
} from './schema.js';
import { ConfigurationError, type ConfigurationProblem } from './problems.js';

/** Certificate and key of the listener: files that the operator names, or text that the sandbox made. */
export type TlsSource =
  | {
      readonly kind: 'pem-files';
      readonly certificateFile: string;
      readonly privateKeyFile: string;
      readonly passphrase?: string | undefined;
    }
  | { readonly kind: 'pfx-file'; readonly pfxFile: string; readonly passphrase?: string | undefined }
  | { readonly kind: 'pem'; readonly certificatePem: string; readonly privateKeyPem: string };

/** Everything the adapter needs, wherever it came from: nothing here tells whether a sandbox stands behind it. */
export interface AdapterConfiguration extends Omit<
  Configuration,
  'listeners' | 'persontjenesten' | 'helseid' | 'store' | 'outbound' | 'sandbox'
> {
  readonly listeners: {
    /** `tls` is undefined for a plaintext listener alone. */
    readonly legacy: Omit<LegacyListenerSettings, 'tls'> & { readonly tls: TlsSource | undefined };
    /** Undefined where nobody is served by TLS before 1.2. */
    readonly oldTls: (Omit<OldTlsListenerSettings, 'tls'> & { readonly tls: TlsSource }) | undefined;
    /** Undefined where nobody is listened to. `tls` is undefined for a plaintext listener alone. */
    readonly mllp: AdapterMllpListener | undefined;
    /** `tls` is undefined where HTTP is spoken. */
    readonly operations: Omit<OperationsListenerSettings, 'tls'> & { readonly tls: TlsSource | undefined };
  };
  readonly persontjenesten: PersontjenestenSettings;
  readonly helseid: HelseIdSettings;
  readonly store: StoreSettings;
  readonly outbound: {
    readonly caFile?: string | undefined;
    readonly proxy?: Configuration['outbound']['proxy'];
    /** Further certificates to trust, as text. */
    readonly caPem?: string | undefined;
  };
}

/** The MLLP listener, with its certificate and those whom it trusts to vouch for clients. */
export interface AdapterMllpListener extends Omit<MllpListenerSettings, 'tls'> {
  readonly tls: { readonly certificate: TlsSource; readonly clientCaFile: string | undefined } | undefined;
}

/** What the sandbox supplies where the configuration is silent. */
export interface Supplied {
  readonly persontjenesten?: PersontjenestenSettings | undefined;
  readonly helseid?: HelseIdSettings | undefined;
  readonly store?: StoreSettings | undefined;
  readonly tls?: TlsSource | undefined;
  readonly caPem?: string | undefined;
  readonly preg?: PregSettings | undefined;
}

/**
 * The configuration with its gaps filled. What the configuration says itself wins.
 * @throws ConfigurationError when something is missing in both; names all of it.
 */
export function completeConfiguration(
  configuration: Configuration,
  supplied: Supplied = {},
): AdapterConfiguration {
  const { legacy, oldTls, mllp, operations } = configuration.listeners;
  const persontjenesten = configuration.persontjenesten ?? supplied.persontjenesten;
  const helseid = configuration.helseid ?? supplied.helseid;
  const store = configuration.store ?? supplied.store;
  const tls = legacy.plaintext ? undefined : (tlsSource(legacy.tls) ?? supplied.tls);

  const problems: ConfigurationProblem[] = [];
  const missing = (path: string): void => {
    problems.push({ path, found: 'nothing', expected: 'these settings, since there is no sandbox' });
  };
  if (persontjenesten === undefined) missing('persontjenesten');
  if (helseid === undefined) missing('helseid');
  if (store === undefined) missing('store');
  if (tls === undefined && !legacy.plaintext) missing('listeners.legacy.tls');
  if (persontjenesten === undefined || helseid === undefined || store === undefined || problems.length > 0) {
    throw new ConfigurationError('the settings', problems);
  }
  return {
    publicBaseUrl: configuration.publicBaseUrl,
    data: configuration.data,
    clients: configuration.clients,
    profiles: configuration.profiles,
    mapping: configuration.mapping,
    secureConversation: configuration.secureConversation,
    hl7v3: configuration.hl7v3,
    hl7v2: configuration.hl7v2,
    pregXml: configuration.pregXml,
    helpNumbers: configuration.helpNumbers,
    events: configuration.events,
    audit: configuration.audit,
    logging: configuration.logging,
    upstream: configuration.upstream,
    filematch: configuration.filematch,
    cutover:
      supplied.preg === undefined ? configuration.cutover : { ...configuration.cutover, preg: supplied.preg },
    persontjenesten,
    helseid,
    store,
    listeners: {
      legacy: { ...legacy, tls },
      oldTls: oldTls && oldTlsListener(oldTls),
      mllp: mllp && mllpListener(mllp),
      operations: { ...operations, tls: tlsSource(operations.tls) },
    },
    outbound: { ...configuration.outbound, caPem: supplied.caPem },
  };
}

/** @throws TypeError for what loading the configuration refuses */
function oldTlsListener(
  settings: OldTlsListenerSettings,
): NonNullable<AdapterConfiguration['listeners']['oldTls']> {
  const tls = tlsSource(settings.tls);
  if (tls === undefined) throw new TypeError('listeners.oldTls.tls was not checked');
  return { ...settings, tls };
}

function mllpListener(settings: MllpListenerSettings): AdapterMllpListener {
  const certificate = tlsSource(settings.tls);
  return {
    ...settings,
    tls: certificate && { certificate, clientCaFile: settings.tls?.clientCaFile },
  };
}

/** A listener's certificate as configured; undefined when it is not. */
export function tlsSource(tls: LegacyListenerSettings['tls']): TlsSource | undefined {
  if (tls === undefined) return undefined;
  const { certificateFile, privateKeyFile, pfxFile, passphrase } = tls;
  if (pfxFile !== undefined) return { kind: 'pfx-file', pfxFile, passphrase };
  if (certificateFile === undefined || privateKeyFile === undefined) return undefined;
  return { kind: 'pem-files', certificateFile, privateKeyFile, passphrase };
}
