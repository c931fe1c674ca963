import { clientFrom } from '../access/accounts.js';
import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import { guarded } from '../legacy/hl7v2/mllp/guarded-endpoint.js';
import { createMllpListener, type MllpListener } from '../legacy/hl7v2/mllp/listener.js';
import { fingerprintOf, Peers } from '../legacy/hl7v2/mllp/peers.js';
import type { Hl7v2Endpoint } from '../legacy/hl7v2/endpoint.js';
import type { Doorkeeper } from '../legacy/overload/doorkeeper.js';
import type { PeopleWaiting } from '../legacy/people-waiting.js';
import type { EventSink } from '../operations/events.js';
import type { Clock } from '../runtime/clock.js';
import { parseNetworkList } from '../runtime/network-list.js';
import type { LiveParts } from './live-parts.js';
import { mllpTls } from './listener-certificates.js';

/** What the MLLP listener is opened with. */
export interface OpeningMllp {
  readonly configuration: Pick<AdapterConfiguration, 'listeners'>;
  readonly live: LiveParts;
  readonly endpoint: Hl7v2Endpoint;
  /** Sees those who wait for answers. */
  readonly people: PeopleWaiting;
  /** Lets messages in. */
  readonly doorkeeper: Doorkeeper;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** The MLLP listener, not yet started; undefined where the configuration has none. */
export function openMllp({
  configuration,
  live,
  endpoint,
  people,
  doorkeeper,
  events,
  clock,
}: OpeningMllp): MllpListener | undefined {
  const settings = configuration.listeners.mllp;
  if (settings === undefined) return undefined;
  const peers = live.follow(peersOf);
  return createMllpListener({
    peers: {
      knows: (address) => peers().knows(address),
      identify: (connected, header) => peers().identify(connected, header),
    },
    endpoint: guarded(
      {
        answer: (octets, origin) => people.during(() => endpoint.answer(octets, origin)),
        refuseTooLarge: (beginning, origin) => endpoint.refuseTooLarge(beginning, origin),
        refuseBusy: (octets, correlationId) => endpoint.refuseBusy(octets, correlationId),
      },
      doorkeeper,
    ),
    settings: {
      host: settings.host,
      port: settings.port,
      maxConnections: settings.maxConnections,
      maxConnectionsPerAddress: settings.maxConnectionsPerAddress,
      limits: {
        maxMessageBytes: settings.maxMessageBytes,
        idle: settings.idleSeconds * 1000,
        message: settings.messageSeconds * 1000,
      },
    },
    tls: mllpTls(settings.tls),
    events,
    clock,
  });
}

/** @throws TypeError for what loading the configuration refuses */
function peersOf({ clients, profiles }: Pick<AdapterConfiguration, 'clients' | 'profiles'>): Peers {
  return new Peers(
    clients
      .filter(({ enabled, protocols }) => enabled && protocols.includes('hl7v2'))
      .flatMap((settings) => {
        const client = clientFrom(settings, profiles);
        return settings.hl7v2.peers.map(({ addresses, application, facility, certificate }) => {
          const list = parseNetworkList(addresses);
          if (list === undefined) throw new TypeError(`the peers of client ${client.id} were not checked`);
          return {
            client,
            addresses: list,
            application,
            facility,
            certificate: certificate === undefined ? undefined : fingerprintOf(certificate),
          };
        });
      }),
  );
}
