import {
  completeConfiguration,
  type AdapterConfiguration,
  type Supplied,
} from '../config/adapter-configuration.js';
import { cutoverSettings } from '../config/cutover-settings.js';
import type { Configuration, PregSettings, SandboxSettings } from '../config/schema.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import type { SelfSignedCertificate } from '../sandbox/self-signed-certificate.js';
import { loadOrCreateKeys } from '../store/key-files.js';
import { loadOrCreateSandboxCertificate } from './sandbox-certificate.js';
import type { SandboxPreg } from './sandbox-preg/sandbox-preg.js';

/** A configuration with everything in it, and the sandbox that supplied what it left out, if it asks for one. */
export interface SuppliedConfiguration {
  readonly configuration: AdapterConfiguration;
  readonly sandbox: Sandbox | undefined;
  /** The sandbox's PREG, where the configuration asks for one. */
  readonly preg: SandboxPreg | undefined;
  /** The same for a configuration that was read anew. @throws ConfigurationError */
  complete(configuration: Configuration): AdapterConfiguration;
  /** Ends what was brought up. May be called again. */
  stop(): Promise<void>;
}

/** How the sandbox is brought up. */
export interface SupplyOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Take any free ports rather than the configured ones, for a sandbox that serves one command. */
  readonly anyPorts?: boolean;
  /** Told of errors inside the sandbox, which the adapter sees as status 500. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Brings the sandbox up where the configuration asks for one, and completes the configuration from it. This is the only
 * place that knows of both: the adapter sees addresses, keys and certificates, whoever they belong to.
 * @throws ConfigurationError, StoreUnavailable, or the listen error of a port in use
 */
export async function supply(
  configuration: Configuration,
  options: SupplyOptions,
): Promise<SuppliedConfiguration> {
  const settings = configuration.sandbox;
  if (settings === undefined) return suppliedBy(configuration, undefined, undefined, {});
  const { directory } = configuration.data;
  const keys = loadOrCreateKeys(directory, options.random);
  const certificate = await loadOrCreateSandboxCertificate(directory, options.clock, options.random);
  const sandbox = await bringUp(settings, certificate, options);
  try {
    const preg = await bringPregUp(configuration, settings, certificate, options);
    return suppliedBy(configuration, sandbox, preg, {
      persontjenesten: { baseUrl: sandbox.persontjenestenUrl, version: settings.version },
      helseid: {
        issuer: sandbox.issuer,
        clientId: sandbox.clientId,
        privateKey: sandbox.clientPrivateJwk,
        tenancy: 'single',
      },
      store: { sealingKeys: [...keys.sealingKeys], pseudonymKey: keys.pseudonymKey },
      tls: { kind: 'pem', ...certificate },
      caPem: sandbox.certificatePem,
      preg: preg && pregSettings(configuration, preg),
    });
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

function suppliedBy(
  configuration: Configuration,
  sandbox: Sandbox | undefined,
  preg: SandboxPreg | undefined,
  supplied: Supplied,
): SuppliedConfiguration {
  const complete = (one: Configuration): AdapterConfiguration => completeConfiguration(one, supplied);
  return {
    configuration: complete(configuration),
    sandbox,
    preg,
    complete,
    stop: async () => {
      await Promise.all([preg?.stop(), sandbox?.stop()]);
    },
  };
}

/** How PREG is called, as configured or by default, at the addresses and with the accounts of the sandbox's. */
function pregSettings(
  { cutover }: Configuration,
  { hl7v3Url, pregXmlUrl, accounts }: SandboxPreg,
): PregSettings {
  const { preg } = cutoverSettings.parse({ preg: {} });
  const settings = cutover.preg ?? preg;
  if (settings === undefined) throw new TypeError('cutover.preg has no defaults');
  return { ...settings, hl7v3Url, pregXmlUrl, accounts };
}

async function bringPregUp(
  configuration: Configuration,
  settings: SandboxSettings,
  certificate: SelfSignedCertificate,
  { clock, random, anyPorts = false, onTrouble }: SupplyOptions,
): Promise<SandboxPreg | undefined> {
  if (settings.preg === undefined) return undefined;
  const { startSandboxPreg } = await import('./sandbox-preg/sandbox-preg.js');
  return startSandboxPreg({
    settings: { ...settings, preg: { ...settings.preg, port: anyPorts ? 0 : settings.preg.port } },
    configuration,
    host: '127.0.0.1',
    certificate,
    clock,
    random,
    onTrouble,
  });
}

async function bringUp(
  settings: SandboxSettings,
  certificate: SelfSignedCertificate,
  { clock, random, anyPorts = false, onTrouble }: SupplyOptions,
): Promise<Sandbox> {
  // Loaded when it is needed: a hospital's adapter never pays for it.
  const { startSandbox } = await import('../sandbox/sandbox.js');
  const port = anyPorts ? 0 : settings.port;
  return startSandbox({
    clock,
    random,
    host: '127.0.0.1',
    persontjenestenPort: port,
    helseidPort: port === 0 ? 0 : port + 1,
    population: settings.population,
    seed: settings.seed,
    personFolders: settings.persons,
    certificate,
    // What each version was met with in its day.
    tokens: settings.version === 2 ? 'bearer' : 'dpop',
    onTrouble,
  });
}
