/**
 * The composition root: configuration → parts → front doors. The only place that knows how the parts fit together.
 * Nothing here does I/O by itself; sockets, files and the clock come in from outside.
 */
import type { Authenticator } from './access/authenticator.js';
import type { ClientDirectory } from './access/client-directory.js';
import type { ContextLedger } from './access/context-ledger.js';
import type { ContextSeal } from './access/context-seal.js';
import { ProfiledChangeFeed } from './access/profiled-change-feed.js';
import { ProfiledHelpNumbers } from './access/profiled-help-numbers.js';
import { ProfiledRegistry } from './access/profiled-registry.js';
import { RateLimits } from './access/rate-limits.js';
import type { Transliteration } from './charset/transliteration.js';
import type { AdapterConfiguration } from './config/adapter-configuration.js';
import type { Continuations } from './legacy/hl7v2/continuation.js';
import type { Hl7v2Endpoint } from './legacy/hl7v2/endpoint.js';
import { createHl7v2Door } from './legacy/hl7v2/http/hl7v2-door.js';
import { createHl7v2Service } from './legacy/hl7v2/service.js';
import { hl7v3ForwardedOperations } from './legacy/hl7v3/forwarded-operations.js';
import { createHl7v3Service } from './legacy/hl7v3/service.js';
import type { TypeTable } from './legacy/hl7v3/schema/type-table.js';
import type { FrontDoor, LegacyHttpRequest, LegacyHttpResponse } from './legacy/http.js';
import type { Contract } from './contract/preg-xml/contract.js';
import { pregXmlForwardedOperations } from './legacy/preg-xml/forwarded-operations.js';
import { createPregXmlService } from './legacy/preg-xml/service.js';
import { createSoapEndpoint } from './legacy/soap/endpoint.js';
import {
  withPassThrough,
  type ForwardedOperations,
  type OldRegister,
  type OwnRegister,
} from './legacy/soap/pass-through.js';
import type { SoapService } from './legacy/soap/soap-service.js';
import { SecurityContexts } from './legacy/soap/secure-conversation/security-contexts.js';
import type { Mappings } from './mapping/person-mapper.js';
import type { AuditTrail } from './operations/audit-trail.js';
import type { EventSink } from './operations/events.js';
import type { ChangeFeed } from './registry/change-feed.js';
import type { ChangeLog } from './registry/changes/change-log.js';
import type { HelpNumberRegister } from './registry/help-number-register.js';
import type { HelpNumberRepository } from './registry/help-numbers/help-number-repository.js';
import { ChangeFeedWithHelpNumbers } from './registry/help-numbers/change-feed-with-help-numbers.js';
import { HelpNumbers } from './registry/help-numbers/help-numbers.js';
import { NumberSeries } from './registry/help-numbers/number-series.js';
import { OwnPeople } from './registry/help-numbers/own-people.js';
import { RegistryWithHelpNumbers } from './registry/help-numbers/registry-with-help-numbers.js';
import type { PersonReferences } from './registry/person-references.js';
import type { PersonRegistry } from './registry/person-registry.js';
import { CachedDocuments } from './registry/persontjenesten/by-number/cached-documents.js';
import { CoalescedDocuments } from './registry/persontjenesten/by-number/coalesced-documents.js';
import type { PersonDocuments } from './registry/persontjenesten/by-number/person-documents.js';
import { UpstreamDocuments } from './registry/persontjenesten/by-number/upstream-documents.js';
import { apiVersions } from './registry/persontjenesten/api-version.js';
import { PersontjenestenClient } from './registry/persontjenesten/client.js';
import { FollowedChanges, type ChangeLimits } from './registry/persontjenesten/events/followed-changes.js';
import { DocumentReferences } from './registry/persontjenesten/person-references.js';
import { PersontjenestenRegistry } from './registry/persontjenesten/registry.js';
import type { Transport } from './registry/persontjenesten/transport.js';
import { unfollowedChanges } from './registry/unfollowed-changes.js';
import type { Clock } from './runtime/clock.js';
import type { Random } from './runtime/random.js';

/** A body may grow this much when it is decompressed. */
const DECOMPRESSION_FACTOR = 4;

const HOUR = 60 * 60_000;

/** The shortest time after an event about a person in which nothing about them is kept. */
const SHORTEST_SETTLING = 60_000;

/** The settings that the adapter itself reads; who connects it to sockets and files reads the rest. */
export type AdapterSettings = Pick<
  AdapterConfiguration,
  'publicBaseUrl' | 'hl7v3' | 'helpNumbers' | 'secureConversation'
> & {
  readonly hl7v2: Omit<AdapterConfiguration['hl7v2'], 'notifications'>;
  readonly mapping: Pick<AdapterConfiguration['mapping'], 'fill' | 'supersededLookup'>;
  /** Without `cache` nothing is kept. */
  readonly upstream: Pick<AdapterConfiguration['upstream'], 'coalescing'> &
    Partial<Pick<AdapterConfiguration['upstream'], 'cache'>>;
  readonly persontjenesten: Pick<AdapterConfiguration['persontjenesten'], 'version'>;
  /** The version of the contract comes as the contract itself. */
  readonly pregXml: Omit<AdapterConfiguration['pregXml'], 'contractVersion'>;
  readonly listeners: {
    readonly legacy: Pick<
      AdapterConfiguration['listeners']['legacy'],
      'requestDeadlineSeconds' | 'maxRequestBytes'
    >;
  };
};

/** What an adapter is made of. */
export interface AdapterParts {
  readonly settings: AdapterSettings;
  readonly mappings: Mappings;
  /** The types of HL7 v3's messages. */
  readonly types: TypeTable;
  /** The types and operations of Personregister-XML, in the version that is served. */
  readonly contract: Contract;
  /** Letters for letters that a charset lacks. */
  readonly transliteration: Transliteration;
  readonly authenticator: Authenticator;
  /** How often clients may ask; one of its own where nobody else counts their requests. */
  readonly rates?: RateLimits | undefined;
  /** Tells whether the client of a session may still come in. */
  readonly clients: ClientDirectory;
  /** Where ended sessions are known. */
  readonly contexts: ContextLedger;
  readonly contextSeal: ContextSeal;
  /** Where searches of HL7 v2 are kept that may be continued. */
  readonly continuations: Continuations;
  readonly audit: AuditTrail;
  /** Where the adapter's own register of help numbers is kept. */
  readonly helpNumbers: HelpNumberRepository;
  /** What was read of the event feed; undefined where nobody follows it. */
  readonly followed?: { readonly log: ChangeLog; readonly limits: ChangeLimits } | undefined;
  readonly transport: Transport;
  /** What stands between Persontjenesten and everything above it, where something does. */
  readonly overSource?: ((source: PersonRegistry) => PersonRegistry) | undefined;
  /** Puts the old register beside the new one, and lets through to it what cannot be compared. */
  readonly cutover?: AdapterCutover | undefined;
  /** Takes note of whom clients look up, where somebody wants to be told what becomes of them. */
  readonly followingLookups?: ((registry: PersonRegistry) => PersonRegistry) | undefined;
  /** Tells what protocols ask and what comes of it, where somebody wants to know. */
  readonly traced?: ((registry: PersonRegistry) => PersonRegistry) | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** The old register beside the new one. */
export interface AdapterCutover {
  /** Both as one. @param withHelpNumbers puts the adapter's own register of help numbers over either: its people are always found */
  over(
    persontjenesten: PersonRegistry,
    withHelpNumbers: (source: PersonRegistry) => PersonRegistry,
  ): PersonRegistry;
  /** The old register for what cannot be compared. */
  readonly old: OldRegister;
}

/** The adapter without its sockets. */
export interface Adapter {
  /** One for each legacy service, for a listener to serve. */
  readonly doors: readonly FrontDoor[];
  /** HL7 v2, whatever carries its messages. */
  readonly hl7v2: Hl7v2Endpoint;
  /** The waist, as protocols see it. */
  readonly registry: PersonRegistry;
  /** The same for questions that nobody is followed for. */
  readonly unfollowedRegistry: PersonRegistry;
  /** The part of the waist that tells what has changed. */
  readonly changes: ChangeFeed;
  /** The part of the waist that tells under which id changes of a person are told. */
  readonly references: PersonReferences;
  /** The part of the waist that changes something. */
  readonly helpNumbers: HelpNumberRegister;
  /** Documents that are kept in memory; undefined where none are. */
  readonly cache: Pick<CachedDocuments, 'refresh' | 'close'> | undefined;
  /** Answers a request as a listener would; 404 for an address that no door is at. */
  ask(request: LegacyHttpRequest): Promise<LegacyHttpResponse>;
}

/** Puts the adapter together. */
export function createAdapter(parts: AdapterParts): Adapter {
  const { settings, mappings, events, clock, random, rates = new RateLimits(clock) } = parts;
  const version = apiVersions[settings.persontjenesten.version];
  const client = new PersontjenestenClient(parts.transport, version);
  const direct = new UpstreamDocuments(client);
  const beneath = coalesced(direct, parts);
  const cache = cached(beneath, parts);
  const upstream = {
    client,
    documents: beneath,
    upstream: direct,
    mappings,
    fill: settings.mapping.fill,
    clock,
    events,
  };
  const source = new PersontjenestenRegistry({ ...upstream, documents: cache ?? beneath });
  const people = new OwnPeople({
    repository: parts.helpNumbers,
    mapping: { countries: mappings.countries, fill: settings.mapping.fill },
    events,
  });
  const withHelpNumbers = (of: PersonRegistry): PersonRegistry => new RegistryWithHelpNumbers(of, people);
  const profiled = new ProfiledRegistry(
    withHelpNumbers(parts.overSource?.(source) ?? source),
    mappings.fields,
  );
  const unfollowed = parts.cutover?.over(profiled, withHelpNumbers) ?? profiled;
  const followed = parts.followingLookups?.(unfollowed) ?? unfollowed;
  const registry = parts.traced?.(followed) ?? followed;
  const changes = new ProfiledChangeFeed(
    parts.followed === undefined
      ? unfollowedChanges
      : new ChangeFeedWithHelpNumbers(
          new FollowedChanges({ registry: upstream, ...parts.followed, events }),
          people,
        ),
    mappings.fields,
  );
  const helpNumbers = new ProfiledHelpNumbers(
    new HelpNumbers({
      repository: parts.helpNumbers,
      people,
      // What is decided about numbers is decided by what the register says now (Safety S8).
      source: cache === undefined ? source : new PersontjenestenRegistry(upstream),
      series: new NumberSeries(settings.helpNumbers.series, random),
      clock,
    }),
    mappings.fields,
  );
  const hl7v3 = createHl7v3Service({
    types: parts.types,
    codes: mappings.codes,
    countries: mappings.countries,
    registry,
    helpNumbers,
    processingMode: settings.hl7v3.processingCode,
    clock,
    random,
  });
  const pregXml = createPregXmlService({
    contract: parts.contract,
    registry,
    changes,
    settings: { ...settings.pregXml, supersededLookup: settings.mapping.supersededLookup },
    events,
  });
  const contexts = new SecurityContexts({
    ledger: parts.contexts,
    seal: parts.contextSeal,
    clients: parts.clients,
    clock,
    random,
    keyLifetimeMilliseconds: settings.secureConversation.keyLifetimeHours * HOUR,
  });
  const { requestDeadlineSeconds, maxRequestBytes } = settings.listeners.legacy;
  const lettingThrough = (service: SoapService, operations: ForwardedOperations): SoapService =>
    parts.cutover === undefined
      ? service
      : withPassThrough(service, { old: parts.cutover.old, own: ownRegister(parts.helpNumbers) }, operations);
  const services = [
    { service: lettingThrough(hl7v3, hl7v3ForwardedOperations), httpBasic: false },
    {
      service: lettingThrough(pregXml, pregXmlForwardedOperations),
      httpBasic: settings.pregXml.httpBasic,
    },
  ];
  const soapDoors = services.map(({ service, httpBasic }) =>
    createSoapEndpoint({
      service,
      authenticator: parts.authenticator,
      rates,
      contexts,
      audit: parts.audit,
      events,
      clock,
      random,
      settings: {
        deadlineMilliseconds: requestDeadlineSeconds * 1000,
        publicBaseUrl: settings.publicBaseUrl,
        maxRequestBytes,
        maxDecompressedBytes: maxRequestBytes * DECOMPRESSION_FACTOR,
        httpBasic,
      },
    }),
  );
  const hl7v2 = createHl7v2Service({
    registry,
    continuations: parts.continuations,
    codes: mappings.codes,
    countries: mappings.countries,
    transliteration: parts.transliteration,
    rates,
    audit: parts.audit,
    events,
    clock,
    random,
    settings: { ...settings.hl7v2, deadlineMilliseconds: requestDeadlineSeconds * 1000 },
  });
  const hl7v2Door = createHl7v2Door({
    endpoint: hl7v2,
    authenticator: parts.authenticator,
    audit: parts.audit,
    events,
    clock,
    random,
  });
  const doors = [...soapDoors, hl7v2Door];
  return {
    doors,
    hl7v2,
    registry,
    unfollowedRegistry: unfollowed,
    changes,
    references: new DocumentReferences(direct),
    helpNumbers,
    cache,
    ask: async (request) => askDoor(doors, request),
  };
}

function ownRegister(repository: HelpNumberRepository): OwnRegister {
  return {
    hasServed: (message) => repository.answerTo({ ...message, content: '' }) !== undefined,
    isAllotted: (number) => repository.isAllotted(number),
  };
}

/** Documents by number, several for each call where that is on. */
function coalesced(
  upstream: UpstreamDocuments,
  { settings, random, events, clock }: AdapterParts,
): PersonDocuments {
  const { enabled, maxWaitMilliseconds } = settings.upstream.coalescing;
  return enabled
    ? new CoalescedDocuments({ upstream, maxWaitMilliseconds, random, events, clock })
    : upstream;
}

/**
 * Documents in memory above all others, where that is on.
 * @throws TypeError where the event feed is not followed, which the loader refuses
 */
function cached(
  beneath: PersonDocuments,
  { settings, followed, mappings, events, clock }: AdapterParts,
): CachedDocuments | undefined {
  const { cache } = settings.upstream;
  if (cache?.enabled !== true) return undefined;
  if (followed === undefined) throw new TypeError('events.enabled was not checked');
  const deadline = settings.listeners.legacy.requestDeadlineSeconds * 1_000;
  return new CachedDocuments({
    beneath,
    log: followed.log,
    pollSeconds: followed.limits.pollSeconds,
    mappings,
    limits: {
      maxEntries: cache.maxEntries,
      maxAgeMilliseconds: cache.maxAgeSeconds * 1_000,
      staleMaxAgeMilliseconds: cache.staleWhileDown ? cache.staleMaxAgeMinutes * 60_000 : undefined,
      patienceMilliseconds: deadline / 3,
      settlingMilliseconds: Math.max(SHORTEST_SETTLING, 2 * deadline),
    },
    events,
    clock,
  });
}

async function askDoor(doors: readonly FrontDoor[], request: LegacyHttpRequest): Promise<LegacyHttpResponse> {
  const path = request.path.toLowerCase();
  const door = doors.find(({ paths }) => paths.some((known) => known.toLowerCase() === path));
  return door?.answer(request) ?? { status: 404, headers: {}, body: '' };
}
