import { join } from 'node:path';
import { z } from 'zod';
import { protocols } from '../access/legacy-client.js';
import { fieldGroups, type FieldGroup } from '../person/field-groups.js';
import { cutoverSettings } from './cutover-settings.js';
import { hl7v2Settings } from './hl7v2-settings.js';
import { notificationSettings } from './notification-settings.js';
import { packageRoot } from './package-root.js';
import {
  assertionAlgorithms,
  readPrivateKey,
  type AssertionAlgorithm,
  type PrivateJwk,
} from './private-key.js';
import {
  apiVersion,
  fingerprint,
  flag,
  helpNumberStart,
  httpsAddress,
  key256,
  listOf,
  network,
  oneOf,
  organisationNumber,
  passwordHash,
  port,
  sealedPassword,
  secretText,
  text,
  timeOfDay,
  webAddress,
  wholeNumber,
} from './values.js';

/**
 * Every setting there is, with its default. `docs/configuration.md` and `config/hospital.example.yaml` tell the same
 * to readers; tests hold the three together. What one setting demands of another is in contradictions.ts and what it calls.
 */

const tls = z.strictObject({
  certificateFile: text('the file with the certificate and its chain, in PEM').optional(),
  privateKeyFile: text('the file with the private key, in PEM').optional(),
  pfxFile: text('the file with certificate, chain and key, as PFX').optional(),
  passphrase: secretText('the passphrase of the private key or of the PFX file').optional(),
});

const legacyListener = z.strictObject({
  host: text('a host name or an IP address to listen on').default('127.0.0.1'),
  port: port().default(8443),
  tls: tls.optional(),
  plaintext: flag().default(false),
  requestDeadlineSeconds: wholeNumber(1, 300, 'seconds').default(30),
  maxRequestBytes: wholeNumber(1024, 64 * 1024 * 1024, 'octets').default(1024 * 1024),
  maxConcurrentRequests: wholeNumber(1, 10_000, 'a number of requests').default(200),
  trustedProxies: listOf(network(), 'a list of addresses and networks').default([]),
});

const mllpListener = z.strictObject({
  host: text('a host name or an IP address to listen on').default('127.0.0.1'),
  port: port().default(2575),
  tls: tls
    .extend({ clientCaFile: text('a file with the certificates that vouch for clients, in PEM').optional() })
    .optional(),
  plaintext: flag().default(false),
  maxMessageBytes: wholeNumber(1024, 64 * 1024 * 1024, 'octets').default(1024 * 1024),
  maxConnections: wholeNumber(1, 10_000, 'a number of connections').default(100),
  maxConnectionsPerAddress: wholeNumber(1, 10_000, 'a number of connections').optional(),
  idleSeconds: wholeNumber(1, 86_400, 'seconds').default(300),
  messageSeconds: wholeNumber(1, 3_600, 'seconds').default(30),
});

const operationsListener = z.strictObject({
  host: text('a host name or an IP address to listen on').default('127.0.0.1'),
  port: port().default(9090),
});

const purposeText = (what: string) => text(what).regex(/^[^\p{Cc}]{1,200}$/u, what);

const client = z.strictObject({
  id: text('a short name for logs and audit, unique among the clients').regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'a short name of letters, digits, dots and hyphens',
  ),
  username: text('the user name that the client logs in with'),
  passwordHash: passwordHash().optional(),
  sealedPassword: sealedPassword().optional(),
  enabled: flag().default(true),
  protocols: listOf(oneOf(protocols), `a list out of ${protocols.join(', ')}`).min(
    1,
    `at least one of ${protocols.join(', ')}`,
  ),
  organisation: z.strictObject({
    parent: organisationNumber(),
    child: organisationNumber().optional(),
  }),
  access: oneOf(['full', 'restricted']).default('full'),
  profile: text('the name of a profile').default('complete'),
  name: purposeText('what people know the system by, in at most 200 characters').optional(),
  purpose: purposeText('a legal basis or a purpose, in at most 200 characters').optional(),
  quirks: z
    .strictObject({
      noFixedAbode: oneOf(['send', 'omit']).default('send'),
      refusedSearch: oneOf(['fault', 'qe']).default('fault'),
      maxReplyBytes: wholeNumber(8192, 64 * 1024 * 1024, 'octets').default(65_536),
    })
    .prefault({}),
  filematch: z
    .strictObject({
      layouts: listOf(text('the name of a layout'), 'a list of layouts')
        .min(1, 'at least one layout')
        .default(['pfm-fixed', 'pfm-csv']),
      mode: oneOf(['V', 'K', 'E']).default('V'),
      weakMatches: oneOf(['mask', 'data']).default('mask'),
      folder: text('the drop folder of the client').optional(),
      ready: oneOf(['rename', 'ok']).default('rename'),
    })
    .prefault({}),
  hl7v2: z
    .strictObject({
      peers: listOf(
        z.strictObject({
          addresses: listOf(network(), 'a list of addresses and networks').min(1, 'at least one address'),
          application: text('what the system calls itself, MSH-3.1').optional(),
          facility: text('what the system calls its facility, MSH-4.1').optional(),
          certificate: fingerprint().optional(),
        }),
        'a list of peers',
      ).default([]),
    })
    .prefault({}),
});

const profile = z.strictObject({
  access: oneOf(['full', 'restricted']).optional(),
  groups: listOf(oneOf(fieldGroups), `a list out of ${fieldGroups.join(', ')}`),
});

/** How calls to Persontjenesten are made, whoever it is. */
const upstream = z
  .strictObject({
    callTimeoutSeconds: wholeNumber(1, 120, 'seconds').default(10),
    retries: wholeNumber(0, 5, 'a number of retries').default(2),
    maxConcurrentCalls: wholeNumber(1, 1_000, 'a number of calls').default(64),
    maxConcurrentBatchCalls: wholeNumber(1, 1_000, 'a number of calls').default(8),
    maxWaitingCalls: wholeNumber(1, 100_000, 'a number of calls').default(2_000),
    callsPerSecond: wholeNumber(1, 10_000, 'a number of calls').optional(),
    breaker: z
      .strictObject({
        failurePercent: wholeNumber(1, 100, 'a percentage').default(50),
        minimumCalls: wholeNumber(1, 1_000, 'a number of calls').default(20),
        windowSeconds: wholeNumber(1, 600, 'seconds').default(30),
        openSeconds: wholeNumber(1, 600, 'seconds').default(10),
      })
      .prefault({}),
    coalescing: z
      .strictObject({
        enabled: flag().default(true),
        maxWaitMilliseconds: wholeNumber(0, 1_000, 'milliseconds').default(250),
      })
      .prefault({}),
    cache: z
      .strictObject({
        enabled: flag().default(false),
        maxEntries: wholeNumber(1, 100_000, 'a number of documents').default(10_000),
        maxAgeSeconds: wholeNumber(1, 86_400, 'seconds').default(300),
        staleWhileDown: flag().default(false),
        staleMaxAgeMinutes: wholeNumber(1, 1_440, 'minutes').default(60),
      })
      .prefault({}),
  })
  .prefault({});

/** How whole registers are matched. */
const filematch = z
  .strictObject({
    layoutFiles: listOf(text('a layout file'), 'a list of layout files').default([]),
    rowsPerBatch: wholeNumber(1, 100, 'a number of rows').default(100),
    maxConcurrentBatches: wholeNumber(1, 32, 'a number of batches').default(4),
    rowsPerSecond: wholeNumber(1, 100_000, 'a number of rows').optional(),
    window: z.strictObject({ from: timeOfDay(), to: timeOfDay() }).optional(),
    strongScore: wholeNumber(1, 100, 'a score').default(85),
    weakScore: wholeNumber(1, 100, 'a score').default(60),
    checkDigits: oneOf(['until-2032', 'from-2032']).default('until-2032'),
    maxFileBytes: wholeNumber(1024, 64 * 1024 ** 3, 'octets').default(1024 ** 3),
    pollSeconds: wholeNumber(1, 3_600, 'seconds').default(10),
    patienceHours: wholeNumber(1, 720, 'hours').default(24),
    keepInput: flag().default(false),
    retentionDays: wholeNumber(1, 3_650, 'days').default(14),
  })
  .prefault({});

const sandbox = z.strictObject({
  port: port().default(8444),
  version: apiVersion().default(3),
  population: wholeNumber(0, 1_000_000, 'a number of generated persons').default(10_000),
  seed: wholeNumber(0, 2 ** 32 - 1, 'the seed of the generated persons').default(1),
  persons: listOf(text('a folder with Person documents'), 'a list of folders with Person documents').default(
    () => [join(packageRoot(), 'fixtures', 'persons')],
  ),
  preg: z
    .strictObject({
      port: port().default(8446),
      differingPercent: wholeNumber(0, 100, 'a percentage').default(10),
    })
    .optional(),
});

export const configurationSchema = z.strictObject({
  publicBaseUrl: webAddress().optional(),
  data: z.strictObject({ directory: text('the folder for what the adapter stores') }),
  listeners: z
    .strictObject({
      legacy: legacyListener.prefault({}),
      mllp: mllpListener.optional(),
      operations: operationsListener.prefault({}),
    })
    .prefault({}),
  clients: listOf(client, 'a list of clients').min(1, 'at least one client'),
  profiles: z
    .record(z.string(), profile, 'a group of profiles')
    .default({})
    .transform((own): Record<string, Profile> => ({ ...own, complete: { groups: [...fieldGroups] } })),
  mapping: z
    .strictObject({
      fill: oneOf(['faithful', 'rich']).default('faithful'),
      supersededLookup: oneOf(['own-record', 'current-record']).default('own-record'),
    })
    .prefault({}),
  secureConversation: z
    .strictObject({ keyLifetimeHours: wholeNumber(1, 24, 'hours').default(15) })
    .prefault({}),
  hl7v3: z.strictObject({ processingCode: oneOf(['any', 'P', 'T']).default('any') }).prefault({}),
  hl7v2: z.strictObject({ ...hl7v2Settings, notifications: notificationSettings }).prefault({}),
  pregXml: z
    .strictObject({
      contractVersion: oneOf(['2016', '2018']).default('2018'),
      blankStringAs: oneOf(['nil', 'empty']).default('nil'),
      malformedNumber: oneOf(['nil', 'fault']).default('nil'),
      resultsPerPage: wholeNumber(1, 100, 'a number of persons').default(20),
      httpBasic: flag().default(false),
    })
    .prefault({}),
  helpNumbers: z
    .strictObject({
      series: listOf(
        z.strictObject({ from: helpNumberStart(), to: helpNumberStart() }),
        'a list of series',
      ).default([]),
    })
    .prefault({}),
  events: z
    .strictObject({
      enabled: flag().default(false),
      organisation: z
        .strictObject({ parent: organisationNumber(), child: organisationNumber().optional() })
        .optional(),
      access: oneOf(['full', 'restricted']).default('full'),
      pollSeconds: wholeNumber(1, 3_600, 'seconds').default(60),
      retentionDays: wholeNumber(1, 3_650, 'days').default(400),
      maxPersons: wholeNumber(1, 100_000, 'a number of persons').default(10_000),
      maxDays: wholeNumber(1, 366, 'days').default(7),
    })
    .prefault({}),
  persontjenesten: z.strictObject({ baseUrl: httpsAddress(), version: apiVersion().default(3) }).optional(),
  upstream,
  filematch,
  cutover: cutoverSettings,
  helseid: z
    .strictObject({
      issuer: httpsAddress(),
      selfServiceUrl: httpsAddress().optional(),
      clientId: text('the client id that HelseID self service shows'),
      privateKey: secretText('a private key, as JWK or PEM'),
      keyId: text('the id (kid) that the key is registered with').optional(),
      algorithm: oneOf(assertionAlgorithms).optional(),
      tenancy: oneOf(['single', 'multi']).default('single'),
      tokens: oneOf(['dpop', 'bearer']).optional(),
    })
    .transform(({ privateKey, keyId, algorithm, ...rest }, context): HelseIdSettings => {
      const { key, problem } = readPrivateKey(privateKey, { keyId, algorithm });
      if (key !== undefined) return { ...rest, keyId, algorithm, privateKey: key };
      const { setting, found, expected } = problem;
      context.addIssue({ code: 'custom', message: expected, path: [setting], params: { found } });
      return z.NEVER;
    })
    .optional(),
  outbound: z
    .strictObject({
      caFile: text('a file with certificates to trust, in PEM').optional(),
      proxy: z
        .strictObject({
          address: webAddress(),
          username: text('a user name').optional(),
          password: secretText('the password of that user').optional(),
        })
        .optional(),
    })
    .prefault({}),
  store: z
    .strictObject({
      sealingKeys: listOf(
        z.strictObject({ id: text('a short name of the key'), key: key256() }),
        'a list of keys',
      ).min(1, 'at least one key'),
      pseudonymKey: key256(),
    })
    .optional(),
  audit: z
    .strictObject({
      retentionDays: wholeNumber(1, 36_500, 'days').default(3650),
      purpose: purposeText('a legal basis or a purpose, in at most 200 characters').optional(),
      operatorPurpose: purposeText('a legal basis or a purpose, in at most 200 characters').optional(),
      whenUnwritable: oneOf(['withhold', 'answer']).default('withhold'),
    })
    .prefault({}),
  logging: z
    .strictObject({
      level: oneOf(['error', 'warn', 'info', 'debug']).default('info'),
      format: oneOf(['json', 'pretty']).default('json'),
    })
    .prefault({}),
  sandbox: sandbox.optional(),
});

/** The settings as read. What the sandbox can supply may be missing when there is a sandbox. */
export type Configuration = z.output<typeof configurationSchema>;

export type LegacyListenerSettings = Configuration['listeners']['legacy'];
export type MllpListenerSettings = NonNullable<Configuration['listeners']['mllp']>;
export type OperationsListenerSettings = Configuration['listeners']['operations'];
export type ClientSettings = Configuration['clients'][number];
export type PersontjenestenSettings = NonNullable<Configuration['persontjenesten']>;
export type UpstreamSettings = Configuration['upstream'];
export type OutboundProxySettings = NonNullable<Configuration['outbound']['proxy']>;
export type StoreSettings = NonNullable<Configuration['store']>;
export type CutoverSettings = Configuration['cutover'];
export type PregSettings = NonNullable<CutoverSettings['preg']>;
export type FilematchSettings = Configuration['filematch'];
export type EventsSettings = Configuration['events'];
export type NotificationSettings = Configuration['hl7v2']['notifications'];
export type LoggingSettings = Configuration['logging'];
export type SandboxSettings = NonNullable<Configuration['sandbox']>;

/** How the adapter presents itself to HelseID. */
export interface HelseIdSettings {
  issuer: string;
  /** Address of the self-service API, for replacing the key. */
  selfServiceUrl?: string | undefined;
  clientId: string;
  privateKey: PrivateJwk;
  /** The file that the key was read from; undefined where it came otherwise. */
  privateKeyFile?: string | undefined;
  /** As configured; `privateKey` has them already. A key that is read anew needs them. */
  keyId?: string | undefined;
  algorithm?: AssertionAlgorithm | undefined;
  tenancy: 'single' | 'multi';
  /** Undefined: what the version of Persontjenesten asks for. */
  tokens?: 'dpop' | 'bearer' | undefined;
}

/** The groups of fields that an access profile grants, and the widest view that they are read through. */
export interface Profile {
  access?: 'full' | 'restricted' | undefined;
  groups: FieldGroup[];
}
