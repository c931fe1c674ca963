import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import { AttemptTimeout } from './attempt-timeout.js';
import { BehindBreaker } from './behind-breaker.js';
import { Breaker, type BreakerSettings } from './breaker.js';
import { InTurn } from './in-turn.js';
import { layered, type Layer } from './layer.js';
import { RefusalsTold } from './refusals-told.js';
import { Retry } from './retry.js';
import { Served } from './served.js';
import { Turns, type TurnSettings } from './turns.js';

/** How calls to Persontjenesten are made (`upstream` of the configuration). */
export interface CallSettings extends TurnSettings {
  readonly callTimeoutSeconds: number;
  readonly retries: number;
  readonly breaker: BreakerSettings;
}

/** What goes around a call, and around each attempt at it once there is a token. */
export interface CallLayers {
  readonly calls: Layer;
  readonly attempts: Layer;
}

/** The layers for each kind of call; they share the turns. */
export interface CallPolicy {
  readonly lookups: CallLayers;
  readonly feed: CallLayers;
}

/** What a policy is made of. */
export interface CallPolicyParts {
  readonly settings: CallSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** Puts the layers in order; docs/decisions/009 tells why in this one. */
export function createCallPolicy({ settings, clock, random, events }: CallPolicyParts): CallPolicy {
  const turns = new Turns(settings, clock, events);
  const breaker = new Breaker({
    settings: settings.breaker,
    clock,
    events,
    onOpen: (error) => {
      turns.refuseWaiting(error);
    },
  });
  const ofShadows = new Breaker({
    settings: settings.breaker,
    clock,
    events: { emit: () => undefined },
    onOpen: () => undefined,
  });
  const inTime = new AttemptTimeout(settings.callTimeoutSeconds * 1_000, clock);
  const served = new Served(clock);
  return {
    lookups: {
      calls: layered(
        new RefusalsTold(events),
        new Retry({ retries: settings.retries, clock, random, events }),
        new BehindBreaker(breaker, ofShadows),
      ),
      attempts: layered(new InTurn(turns, { heedsLimit: true }), inTime, served),
    },
    // The follower waits and tries again by itself, and tells of it; its trouble is not that of lookups.
    feed: {
      calls: layered(),
      attempts: layered(new InTurn(turns, { heedsLimit: false }), inTime, served),
    },
  };
}

/** Sends straight on, once. */
export const straight: CallLayers = { calls: layered(), attempts: layered() };
