import { join } from 'node:path';
import { z } from 'zod';
import { fieldGroups, type FieldGroup } from '../person/field-groups.js';
import { clientSettings, profileSettings } from './client-settings.js';
import { cutoverSettings } from './cutover-settings.js';
import { filematchSettings } from './filematch-settings.js';
import { hl7v2Settings } from './hl7v2-settings.js';
import { listenerSettings } from './listener-settings.js';
import { loggingSettings } from './logging-settings.js';
import { notificationSettings } from './notification-settings.js';
import { packageRoot } from './package-root.js';
import {
  assertionAlgorithms,
  readPrivateKey,
  type AssertionAlgorithm,
  type PrivateJwk,
} from './private-key.js';
import { purposeText } from './purpose-text.js';
import { upstreamSettings } from './upstream-settings.js';
import {
  apiVersion,
  flag,
  helpNumberStart,
  httpsAddress,
  key256,
  listOf,
  oneOf,
  organisationNumber,
  port,
  secretText,
  text,
  webAddress,
  wholeNumber,
} from './values.js';

/**
 * Every setting there is, with its default. `docs/configuration.md` and `config/hospital.example.yaml` tell the same
 * to readers; tests hold the three together. What one setting demands of another is in contradictions.ts and what it calls.
 */

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
  listeners: listenerSettings,
  clients: listOf(clientSettings, 'a list of clients').min(1, 'at least one client'),
  profiles: z
    .record(z.string(), profileSettings, 'a group of profiles')
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
  upstream: upstreamSettings,
  filematch: filematchSettings,
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
  logging: loggingSettings,
  sandbox: sandbox.optional(),
});

/** The settings as read. What the sandbox can supply may be missing when there is a sandbox. */
export type Configuration = z.output<typeof configurationSchema>;

export type LegacyListenerSettings = Configuration['listeners']['legacy'];
export type OldTlsListenerSettings = NonNullable<Configuration['listeners']['oldTls']>;
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
