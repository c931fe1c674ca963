import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { createControl, isControlPath } from './control.js';
import { EventFeed } from './events/event-feed.js';
import { Faults, type FaultTarget } from './faults.js';
import { ClientRegister } from './helseid/client-register.js';
import { createHelseId } from './helseid/helseid.js';
import type { ClientOrganisation, RegisteredClient, Tenancy } from './helseid/registered-client.js';
import { PERSONTJENESTEN_AUDIENCE } from './helseid/scopes.js';
import { createPersontjenesten } from './persontjenesten/persontjenesten.js';
import { TokenCheck } from './persontjenesten/token-check.js';
import { PopulationChanges } from './population/changes/population-changes.js';
import { Population } from './population/population.js';
import { RequestLog } from './requests.js';
import { createSelfService, isSelfServicePath, SELF_SERVICE_PATH } from './self-service/self-service.js';
import { createSelfSignedCertificate, type SelfSignedCertificate } from './self-signed-certificate.js';
import { applyFault, type Alteration } from './servers/fault-gate.js';
import { openHttpsOrigin, type Handler, type HttpsOrigin } from './servers/https-origin.js';

/** How a sandbox is set up. */
export interface SandboxOptions {
  /** Latency and the API's judgement of tokens go by it. HelseID needs it to agree with the computer's clock. */
  readonly clock: Clock;
  readonly random: Random;
  readonly host: string;
  /** 0 takes any free port, as for HelseID. */
  readonly persontjenestenPort: number;
  readonly helseidPort: number;
  /** How many persons are invented besides those in the folders. */
  readonly population: number;
  /** Default 1. The same seed invents the same persons. */
  readonly seed?: number;
  /** Folders with Person documents, one in each `*.json`; folders inside them are not searched. */
  readonly personFolders: readonly string[];
  /** Of both servers; one is made when none is given. */
  readonly certificate?: SelfSignedCertificate;
  /** How the sandbox's own client stands to organisations; default `single`. */
  readonly tenancy?: Tenancy;
  /** The organisations it acts for; default an invented one. The first is that of a single-tenant client. */
  readonly organisations?: readonly ClientOrganisation[];
  /** `bearer`: HelseID gives every client unbound tokens, as in 2021–2022, and looks at no proof; default `dpop`. */
  readonly tokens?: 'dpop' | 'bearer';
  /** How long a key is good that self service has registered, in days; default 365. The sandbox's own first key never ends. */
  readonly keyLifeDays?: number;
  /** Clients besides the sandbox's own, with keys of their own. */
  readonly clients?: readonly RegisteredClient[];
  /** Algorithm of access tokens; default ES256. */
  readonly signingAlgorithm?: 'ES256' | 'RS256';
  /** Life of access tokens in seconds; default 600. */
  readonly tokenLife?: number;
  /** How many requests `requests` remembers; default 1000. */
  readonly rememberedRequests?: number;
  /** Told of errors inside the sandbox, which its clients see as status 500; default: nobody is told. */
  readonly onTrouble?: (error: unknown) => void;
}

/** A private key that can sign client assertions: a JWK with its id and algorithm. */
export type ClientPrivateJwk = JWK & { readonly kty: string; readonly kid: string; readonly alg: string };

/** A running sandbox. */
export interface Sandbox {
  /** `https://host:port`, without a path. */
  readonly persontjenestenUrl: string;
  /** `https://host:port` of HelseID. */
  readonly issuer: string;
  /** Address of HelseID's self-service API, to which `/v1/client-secret` is appended. */
  readonly selfServiceUrl: string;
  /** Certificate of both, to be trusted by clients. */
  readonly certificatePem: string;
  /** The sandbox's own client, registered with HelseID. */
  readonly clientId: string;
  /** The key that was made for it, registered until self service or `clients` replaces it. */
  readonly clientPrivateJwk: ClientPrivateJwk;
  /** The organisation that it acts for: the first of its list. */
  readonly organisation: { readonly parent: string };
  /** The clients that HelseID knows; their keys can be replaced while it runs. */
  readonly clients: ClientRegister;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly population: Population;
  /** Makes things happen to the population; the feed tells of them. */
  readonly changes: PopulationChanges;
  /** The event feed. Events may be added that no change of a document stands behind. */
  readonly events: EventFeed;
  /** Stops both servers and closes all connections. Faults under way end. */
  stop(): Promise<void>;
}

const OWN_CLIENT = 'preg-adapter-sandbox';
/** Invented organisations begin with 2 or 3; real ones with 8 or 9. */
const OWN_ORGANISATION: ClientOrganisation = { parent: '310000027', children: 'any' };

/**
 * Starts HelseID and Persontjenesten, in versions 2 and 3, on two HTTPS origins, over a synthetic population.
 * Rejects with the system's error, `code` and `port` intact, when a port is in use, and with UnusablePersonFile
 * when a person cannot be loaded; nothing is left running then.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const population = await Population.create({
    personFolders: options.personFolders,
    generated: options.population,
    seed: options.seed ?? 1,
  });
  const certificate =
    options.certificate ??
    (await createSelfSignedCertificate({
      commonName: 'preg-adapter sandbox',
      clock: options.clock,
      random: options.random,
    }));
  const own = await ownClient(options);
  const helseidOrigin = await openHttpsOrigin({
    ...certificate,
    host: options.host,
    port: options.helseidPort,
  });
  const opened: HttpsOrigin[] = [helseidOrigin];
  try {
    const apiOrigin = await openHttpsOrigin({
      ...certificate,
      host: options.host,
      port: options.persontjenestenPort,
    });
    opened.push(apiOrigin);
    return await assemble(options, { population, certificate, own, helseidOrigin, apiOrigin });
  } catch (error) {
    await stopAll(opened);
    throw error;
  }
}

interface Parts {
  readonly population: Population;
  readonly certificate: SelfSignedCertificate;
  readonly own: OwnClient;
  readonly helseidOrigin: HttpsOrigin;
  readonly apiOrigin: HttpsOrigin;
}

async function assemble(options: SandboxOptions, parts: Parts): Promise<Sandbox> {
  const { population, certificate, own, helseidOrigin, apiOrigin } = parts;
  const { clock, random } = options;
  const { seed = 1 } = options;
  const events = new EventFeed({ after: population.newestSequenceNumber, seed });
  const changes = new PopulationChanges({ population, events, clock, seed });
  const faults = new Faults();
  const requests = new RequestLog(options.rememberedRequests);
  const onTrouble = options.onTrouble ?? ((): void => undefined);
  const alterations = new WeakMap<IncomingMessage, Alteration>();
  const alterationOf = (request: IncomingMessage): Alteration => alterations.get(request) ?? {};

  const clients = new ClientRegister([own.registered, ...(options.clients ?? [])]);
  const helseId = await createHelseId({
    issuer: helseidOrigin.url,
    clock,
    random,
    clients,
    ...(options.tokens === undefined ? {} : { tokens: options.tokens }),
    ...(options.signingAlgorithm === undefined ? {} : { signingAlgorithm: options.signingAlgorithm }),
    ...(options.tokenLife === undefined ? {} : { tokenLife: options.tokenLife }),
    alterationOf,
    onTrouble,
  });
  const selfService = createSelfService({
    issuer: helseidOrigin.url,
    keys: helseId.keys,
    clients,
    keyLifeDays: options.keyLifeDays ?? 365,
    clock,
    alterationOf,
    onTrouble,
  });
  const judged = {
    issuer: helseidOrigin.url,
    audience: PERSONTJENESTEN_AUDIENCE,
    keys: helseId.keys,
    clock,
  };
  const tokenChecks = {
    2: new TokenCheck({ ...judged, allowsUnboundTokens: true, needsParentOrganisation: false }),
    3: new TokenCheck(judged),
  };
  const persontjenesten = createPersontjenesten({
    population,
    events,
    tokenChecks,
    requests,
    alterationOf,
    onTrouble,
  });

  const gate =
    (target: FaultTarget, handler: Handler): Handler =>
    (request, response) => {
      const url = addressOf(request);
      if (url === undefined) {
        response.writeHead(400).end();
        return;
      }
      requests.open(clock.now(), target, request, url);
      response.once('finish', () => {
        requests.noteStatus(request, response.statusCode);
      });
      const fault = faults.take(target, url.pathname);
      if (fault === undefined) {
        handler(request, response);
        return;
      }
      requests.noteFault(request, fault.kind);
      applyFault(fault, { target, request, response, clock }).then((alteration) => {
        if (alteration === null) return;
        alterations.set(request, alteration);
        handler(request, response);
      }, onTrouble);
    };
  const tokens = gate('helseid', helseId.handle);
  const keys = gate('self-service', selfService);
  helseidOrigin.serve((request, response) => {
    (isSelfServicePath(request) ? keys : tokens)(request, response);
  });
  const api = gate('persontjenesten', persontjenesten);
  const control = createControl({ population, changes, events, onTrouble });
  apiOrigin.serve((request, response) => {
    // Beside the gate: what a tester does to the sandbox is never disturbed, and is no request of the adapter.
    (isControlPath(request) ? control : api)(request, response);
  });

  return {
    persontjenestenUrl: apiOrigin.url,
    issuer: helseidOrigin.url,
    selfServiceUrl: helseidOrigin.url + SELF_SERVICE_PATH,
    certificatePem: certificate.certificatePem,
    clientId: own.registered.id,
    clientPrivateJwk: own.privateJwk,
    organisation: { parent: own.parent },
    clients,
    faults,
    requests,
    population,
    changes,
    events,
    stop: () => stopAll([apiOrigin, helseidOrigin]),
  };
}

function addressOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, 'https://sandbox.invalid') ? new URL(url, 'https://sandbox.invalid') : undefined;
}

interface OwnClient {
  readonly registered: RegisteredClient;
  readonly privateJwk: ClientPrivateJwk;
  readonly parent: string;
}

async function ownClient({ random, tenancy, organisations }: SandboxOptions): Promise<OwnClient> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const marks = { kty: 'EC', kid: random.uuid().replaceAll('-', ''), alg: 'ES256', use: 'sig' };
  const actsFor = organisations ?? [OWN_ORGANISATION];
  return {
    registered: {
      id: OWN_CLIENT,
      publicJwk: { ...(await exportJWK(publicKey)), ...marks },
      tenancy: tenancy ?? 'single',
      organisations: actsFor,
    },
    privateJwk: { ...(await exportJWK(privateKey)), ...marks },
    parent: actsFor[0]?.parent ?? '',
  };
}

async function stopAll(origins: readonly HttpsOrigin[]): Promise<void> {
  await Promise.all(origins.map((origin) => origin.stop()));
}
