/** The composition of the way to Persontjenesten: HelseID, calls and the event feed. Nothing is called before the first request. */
import type { AdapterConfiguration } from './config/adapter-configuration.js';
import { closeHttpClient, createHttpClient } from './outbound/http-client.js';
import type { ProxySettings } from './outbound/proxy-agent.js';
import type { Tokens } from './helseid/access-tokens.js';
import { createCredentials } from './helseid/credentials.js';
import type { EventSink } from './operations/events.js';
import type { KeyState } from './operations/key-check.js';
import { apiVersions } from './registry/persontjenesten/api-version.js';
import {
  createCallPolicy,
  type CallLayers,
  type CallSettings,
} from './registry/persontjenesten/calls/call-policy.js';
import { EventFollower, type FollowerParts } from './registry/persontjenesten/events/follower.js';
import { HttpsTransport } from './registry/persontjenesten/https-transport.js';
import type { Transport } from './registry/persontjenesten/transport.js';
import type { Clock } from './runtime/clock.js';
import type { Random } from './runtime/random.js';

/** The way to Persontjenesten, with a HelseID token of its own. */
export interface Upstream {
  readonly transport: Transport;
  /**
   * The same for the event feed, in turns with lookups. It tells no events and neither heeds nor moves the breaker, so that its
   * trouble is not that of lookups.
   */
  readonly feedTransport: Transport;
  /** What is known of the key that HelseID knows us by. */
  keyState(): KeyState;
  /** Closes the kept connections, and ends what runs by the clock. */
  close(): void;
}

/** What the way to Persontjenesten is made of. */
export interface UpstreamParts {
  readonly settings: Pick<AdapterConfiguration, 'persontjenesten' | 'helseid'> & {
    readonly upstream: CallSettings;
  };
  /** Certificates to trust besides Node's own, PEM. */
  readonly certificateAuthority: string | undefined;
  /** The way out, where there is none without. */
  readonly proxy?: ProxySettings | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** Puts the way to Persontjenesten together. Nothing is called before the first request. */
export async function createUpstream(parts: UpstreamParts): Promise<Upstream> {
  const { settings, events, clock, random } = parts;
  const http = createHttpClient({
    certificateAuthority: parts.certificateAuthority,
    proxy: parts.proxy,
    maxSockets: settings.upstream.maxConcurrentCalls,
  });
  const { version } = settings.persontjenesten;
  const credentials = await createCredentials({
    settings: settings.helseid,
    usualTokens: version === 2 ? 'bearer' : 'dpop',
    http,
    clock,
    random,
    events,
  });
  const policy = createCallPolicy({ settings: settings.upstream, clock, random, events });
  const transport = ({ calls, attempts }: CallLayers, sink: EventSink, tokens: Tokens): Transport => {
    const https = new HttpsTransport({
      baseUrl: settings.persontjenesten.baseUrl.replace(/\/$/, ''),
      version: apiVersions[version],
      http,
      tokens,
      authorisation: credentials.authorisation(),
      clock,
      events: sink,
      attempts,
    });
    return { send: (request) => calls.send(request, (one) => https.send(one)) };
  };
  return {
    transport: transport(policy.lookups, events, credentials.tokens),
    feedTransport: transport(policy.feed, { emit: () => undefined }, credentials.tokens.quietly()),
    keyState: () => credentials.keyState(),
    close: () => {
      credentials.close();
      closeHttpClient(http);
    },
  };
}

/** What follows the event feed. @throws TypeError for settings without an organisation, which the loader refuses */
export function createFollower({
  settings: { organisation, access, pollSeconds },
  version,
  ...parts
}: Pick<FollowerParts, 'transport' | 'log' | 'onTurn' | 'events' | 'clock' | 'random'> & {
  readonly settings: Pick<AdapterConfiguration['events'], 'organisation' | 'access' | 'pollSeconds'>;
  readonly version: AdapterConfiguration['persontjenesten']['version'];
}): EventFollower {
  if (organisation === undefined) throw new TypeError('events.organisation was not checked');
  return new EventFollower({
    ...parts,
    version: apiVersions[version],
    organisation,
    access,
    pollMilliseconds: pollSeconds * 1_000,
  });
}
