import { join } from 'node:path';
import { loadTransliteration } from '../../charset/transliteration.js';
import { loadMappings } from '../../config/mapping-files.js';
import { packageRoot } from '../../config/package-root.js';
import type { Configuration, SandboxSettings } from '../../config/schema.js';
import { loadContract } from '../../contract/preg-xml/load-contract.js';
import type { FrontDoor } from '../../legacy/http.js';
import { loadTypeTable } from '../../legacy/hl7v3/schema/load-type-table.js';
import { createAdapter } from '../../main.js';
import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import { Population } from '../../sandbox/population/population.js';
import { UnservedPersontjenesten } from '../../sandbox/persontjenesten/unserved-persontjenesten.js';
import { ChosenDifferences } from '../../sandbox/preg/chosen-differences.js';
import { openMemoryStore, type Store } from '../../store/store.js';
import { DifferingRegistry } from './differing-registry.js';
import { SandboxAccounts, type SandboxAccount } from './sandbox-accounts.js';
import { serveOverHttps, type ServedOverHttps } from './served-over-https.js';
import { unchangingLog } from './unchanging-log.js';

/** A PREG of the sandbox: our own front doors over a population of its own, with chosen differences. */
export interface SandboxPreg extends Pick<ServedOverHttps, 'faults' | 'requests' | 'stop'> {
  readonly hl7v3Url: string;
  readonly pregXmlUrl: string;
  /** One for each client of the configuration. */
  readonly accounts: SandboxAccount[];
  /** Who differs, and in what. */
  readonly differences: ChosenDifferences;
  /** Who is in it: the same people as at the start of the sandbox, whom nothing happens to. */
  readonly population: Population;
}

/** What the sandbox's PREG is made of. */
export interface SandboxPregParts {
  readonly settings: Pick<SandboxSettings, 'population' | 'seed' | 'persons'> & {
    readonly preg: Pick<NonNullable<SandboxSettings['preg']>, 'port' | 'differingPercent'>;
  };
  readonly configuration: Pick<Configuration, 'clients' | 'pregXml' | 'hl7v2'>;
  readonly host: string;
  readonly certificate: { readonly certificatePem: string; readonly privateKeyPem: string };
  readonly clock: Clock;
  readonly random: Random;
  /** Told of errors that are its own fault, which the adapter sees as trouble with PREG. */
  readonly onTrouble: (error: unknown) => void;
}

const HL7V3_PATH = '/Personregister.HL7/PersonRegistry.svc';
const PREG_XML_PATH = '/Personregister.WCF/PersonService.svc';

/** Another part of the range that NHN published for tests than the adapter's own in config/sandbox.yaml. */
const HELP_NUMBERS = { from: '800006000', to: '800009998' };

/**
 * Starts it. Rejects with the system's error when the port is in use, and with UnusablePersonFile when a person cannot be loaded;
 * nothing is left running then.
 */
export async function startSandboxPreg(parts: SandboxPregParts): Promise<SandboxPreg> {
  const { settings, configuration, clock, random, onTrouble } = parts;
  const population = await Population.create({
    personFolders: settings.persons,
    generated: settings.population,
    seed: settings.seed,
  });
  const accounts = new SandboxAccounts(
    configuration.clients.map(({ id }) => id),
    random,
  );
  const { differingPercent, port } = settings.preg;
  const differences = new ChosenDifferences({ seed: settings.seed, differingPercent });
  const store = openMemoryStore({
    sealingKeys: [{ id: 'sandbox-preg', key: random.bytes(32) }],
    pseudonymKey: random.bytes(32),
    clock,
    random,
  });
  try {
    const served = await serveOverHttps({
      doors: await doorsOf(parts, { population, accounts, differences, store }),
      host: parts.host,
      port,
      ...parts.certificate,
      clock,
      random,
      onTrouble,
    });
    return {
      hl7v3Url: served.url + HL7V3_PATH,
      pregXmlUrl: served.url + PREG_XML_PATH,
      accounts: accounts.all(),
      differences,
      population,
      faults: served.faults,
      requests: served.requests,
      stop: async () => {
        await served.stop();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

interface Inside {
  readonly population: Population;
  readonly accounts: SandboxAccounts;
  readonly differences: ChosenDifferences;
  readonly store: Store;
}

/** The front doors, as PREG's own settings were. */
async function doorsOf(
  { configuration, clock, random, onTrouble }: SandboxPregParts,
  { population, accounts, differences, store }: Inside,
): Promise<readonly FrontDoor[]> {
  const folder = join(packageRoot(), 'mappings');
  const { contractVersion, ...pregXml } = configuration.pregXml;
  const adapter = createAdapter({
    settings: {
      publicBaseUrl: undefined,
      mapping: { fill: 'faithful', supersededLookup: 'own-record' },
      upstream: { coalescing: { enabled: false, maxWaitMilliseconds: 0 } },
      secureConversation: { keyLifetimeHours: 15 },
      hl7v3: { processingCode: 'any' },
      hl7v2: configuration.hl7v2,
      pregXml: { ...pregXml, httpBasic: false },
      helpNumbers: { series: [HELP_NUMBERS] },
      persontjenesten: { version: 3 },
      listeners: { legacy: { requestDeadlineSeconds: 30, maxRequestBytes: 1024 * 1024 } },
    },
    mappings: await loadMappings(folder),
    types: await loadTypeTable(join(folder, 'hl7v3', 'types.yaml')),
    contract: await loadContract(join(folder, 'preg-xml', 'contract.yaml'), contractVersion),
    transliteration: await loadTransliteration(folder),
    authenticator: accounts,
    clients: accounts,
    contexts: store.contexts,
    contextSeal: store.contextSeal,
    continuations: store.continuations,
    // Its clients are recorded where they ask: by the adapter.
    audit: { record: () => Promise.resolve() },
    helpNumbers: store.helpNumbers,
    followed: {
      log: unchangingLog(store.changeLog, clock),
      limits: { maxPersons: 10_000, maxDays: 7, pollSeconds: 60 },
    },
    transport: new UnservedPersontjenesten(population),
    overSource: (source) => new DifferingRegistry(source, differences),
    events: tellingUnforeseen(onTrouble),
    clock,
    random,
  });
  return adapter.doors;
}

/** Of what happens inside, only what nobody foresaw is worth telling. */
function tellingUnforeseen(onTrouble: (error: unknown) => void): EventSink {
  return {
    emit: (name, event) => {
      if (name !== 'requestAnswered' || !('error' in event)) return;
      if (event.error?.code === 'internal') onTrouble(event.error);
    },
  };
}
