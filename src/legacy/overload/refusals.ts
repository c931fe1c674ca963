import type { Protocol } from '../../access/legacy-client.js';
import type { EventSink } from '../../operations/events.js';
import { alarm, type Clock, type StopAlarm } from '../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../runtime/correlation.js';
import type { Random } from '../../runtime/random.js';
import type { Crowding } from './gate.js';

/** For so long those who are refused are told of together, in milliseconds. */
const TOGETHER = 10_000;

/** Of so many callers it is counted who they are; those who come after that are counted all the same. */
const MOST_CALLERS = 1_000;

/** What a refusal says beside that it is one. */
export interface Refusing {
  /** The same for all who are refused about that time: one line in the log is about all of them. */
  readonly correlationId: CorrelationId;
  /** The second it was in, so that what is written once in a second can be sent to many. */
  readonly at: Date;
}

/** Who was refused since a moment ago. */
interface Together {
  readonly correlationId: CorrelationId;
  readonly began: number;
  readonly stop: StopAlarm;
  count: number;
  readonly protocols: Map<Protocol | null, number>;
  readonly reasons: Map<Crowding, number>;
  readonly callers: Map<string, number>;
  at: Date;
}

/** Counts those who are refused, and tells of them together: there is no time to tell of each. */
export class Refusals {
  #together: Together | undefined;

  constructor(
    private readonly parts: {
      readonly events: EventSink;
      readonly clock: Clock;
      readonly random: Pick<Random, 'uuid'>;
    },
  ) {}

  /** Counts one. @param protocol null where the address is none of a protocol's */
  count(caller: string, protocol: Protocol | null, reason: Crowding): Refusing {
    const now = this.parts.clock.now();
    const together = (this.#together ??= this.#begin(now));
    together.count += 1;
    add(together.protocols, protocol);
    add(together.reasons, reason);
    if (together.callers.size < MOST_CALLERS || together.callers.has(caller)) add(together.callers, caller);
    const { at } = together;
    if (Math.abs(now.getTime() - at.getTime()) >= 1_000) together.at = now;
    return together;
  }

  /** Tells of those of whom nothing was told yet. */
  tell(): void {
    const together = this.#together;
    if (together === undefined) return;
    this.#together = undefined;
    together.stop();
    const { correlationId, began, count, protocols, reasons, callers } = together;
    const [busiest = ''] = [...callers].sort(([, one], [, other]) => other - one)[0] ?? [];
    this.parts.events.emit('requestsRefused', {
      correlationId,
      count,
      milliseconds: Math.max(0, this.parts.clock.now().getTime() - began),
      protocols: [...protocols].map(([protocol, refused]) => ({ protocol, refused })),
      noPlace: reasons.get('no-place') ?? 0,
      longWait: reasons.get('long-wait') ?? 0,
      callers: callers.size,
      busiest,
    });
  }

  #begin(now: Date): Together {
    const { clock, random } = this.parts;
    return {
      correlationId: newCorrelationId(random),
      began: now.getTime(),
      stop: alarm(clock, TOGETHER, () => {
        this.tell();
      }),
      count: 0,
      protocols: new Map(),
      reasons: new Map(),
      callers: new Map(),
      at: now,
    };
  }
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
