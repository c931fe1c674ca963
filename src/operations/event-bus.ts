import type { AdapterEvents, EventListener, EventSink } from './events.js';
import type { Logger } from './logger.js';

/** Hands each event to all who listen, in the order in which they began to. */
export interface EventBus extends EventSink {
  /** @returns ends the subscription; a second call does nothing. */
  subscribe(listener: EventListener): () => void;
}

/**
 * A bus whose listeners cannot hurt the emitter: what one throws is written to the log, and the others are still told.
 */
export function createEventBus(logger: Logger): EventBus {
  const subscriptions = new Set<{ readonly listener: EventListener }>();
  return {
    subscribe: (listener) => {
      const subscription = { listener };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
    emit: <Name extends keyof AdapterEvents>(name: Name, event: AdapterEvents[Name]) => {
      // A copy: a listener may come or go while the event is handed round.
      for (const { listener } of [...subscriptions]) {
        try {
          listener(name, event);
        } catch (error) {
          reportQuietly(logger, name, error);
        }
      }
    },
  };
}

function reportQuietly(logger: Logger, event: string, error: unknown): void {
  try {
    logger.error('a listener failed', { module: 'event-bus', event, error });
  } catch {
    // The logger itself is broken; the emitter has done nothing wrong and nobody is left to tell.
  }
}
