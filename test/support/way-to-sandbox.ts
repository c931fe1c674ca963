import { createUpstream, type Upstream } from '../../src/upstream.js';
import type { EventSink } from '../../src/operations/events.js';
import type { CallSettings } from '../../src/registry/persontjenesten/calls/call-policy.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { callSettings } from './call-settings.js';

/** What a way to a sandbox may be given. */
export interface WayOptions {
  readonly version?: 2 | 3;
  readonly events: EventSink;
  readonly calls?: Partial<CallSettings>;
}

/** The way to a sandbox's Persontjenesten as its own client, with bound tokens, which the sandbox takes in both versions. */
export function wayToSandbox(
  sandbox: Sandbox,
  { version = 3, events, calls = {} }: WayOptions,
): Promise<Upstream> {
  return createUpstream({
    settings: {
      persontjenesten: { baseUrl: sandbox.persontjenestenUrl, version },
      upstream: callSettings(calls),
      helseid: {
        issuer: sandbox.issuer,
        clientId: sandbox.clientId,
        privateKey: sandbox.clientPrivateJwk,
        tenancy: 'single',
        tokens: 'dpop',
      },
    },
    certificateAuthority: sandbox.certificatePem,
    events,
    clock: systemClock,
    random: systemRandom,
  });
}
