import {
  completeConfiguration,
  type AdapterConfiguration,
  type Supplied,
} from '../config/adapter-configuration.js';
import type { Configuration, SandboxSettings } from '../config/schema.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import { loadOrCreateKeys } from '../store/key-files.js';
import { loadOrCreateSandboxCertificate } from './sandbox-certificate.js';

/** A configuration with everything in it, and the sandbox that supplied what it left out, if it asks for one. */
export interface SuppliedConfiguration {
  readonly configuration: AdapterConfiguration;
  readonly sandbox: Sandbox | undefined;
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
  if (settings === undefined)
    return { configuration: completeConfiguration(configuration), sandbox: undefined };
  const { directory } = configuration.data;
  const keys = loadOrCreateKeys(directory, options.random);
  const certificate = await loadOrCreateSandboxCertificate(directory, options.clock, options.random);
  const sandbox = await bringUp(settings, certificate, options);
  const supplied: Supplied = {
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
  };
  return { configuration: completeConfiguration(configuration, supplied), sandbox };
}

async function bringUp(
  settings: SandboxSettings,
  certificate: { readonly certificatePem: string; readonly privateKeyPem: string },
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
