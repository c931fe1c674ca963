import type { ErrorCode } from '../../../errors/catalogue.js';
import type { AdapterError } from '../../../errors/errors.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import { backOff } from './back-off.js';

/** What pauses are made of. */
export interface PausesParts {
  readonly receiverId: string;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** For how long a receiver is left alone: because of itself, or because people cannot be looked up for it. Each is told once. */
export class Pauses {
  #until = 0;
  #connectionFailures = 0;
  #registerFailures = 0;
  #unreachable: string | undefined;
  #trouble: ErrorCode | undefined;

  constructor(private readonly parts: PausesParts) {}

  /** Why the receiver cannot be reached. */
  get unreachable(): string | undefined {
    return this.#unreachable;
  }

  /** The code of what keeps people from being looked up. */
  get trouble(): ErrorCode | undefined {
    return this.#trouble;
  }

  /** How long it is left alone from now on, in milliseconds; 0 when it is not. */
  get left(): number {
    return Math.max(0, this.#until - this.#now());
  }

  /** It could not be reached, or gave no answer. */
  connectionFailed(reason: string): void {
    const { events, receiverId } = this.parts;
    this.#connectionFailures += 1;
    this.#pause(this.#connectionFailures);
    if (this.#unreachable === undefined) {
      events.emit('receiverChanged', { receiver: receiverId, reachable: false, reason });
    }
    this.#unreachable = reason;
  }

  /** It answered. */
  connectionWorked(): void {
    this.#connectionFailures = 0;
    if (this.#unreachable === undefined) return;
    this.#unreachable = undefined;
    this.parts.events.emit('receiverChanged', { receiver: this.parts.receiverId, reachable: true });
  }

  /** People cannot be looked up, or what is kept cannot be read: that is no fault of any message. @returns the pause */
  registerFailed(error: AdapterError): number {
    this.#registerFailures += 1;
    if (this.#trouble !== error.code) {
      this.parts.events.emit('notificationsHeldBack', { receiver: this.parts.receiverId, error });
    }
    this.#trouble = error.code;
    return this.#pause(this.#registerFailures);
  }

  registerWorked(): void {
    this.#registerFailures = 0;
    this.#trouble = undefined;
  }

  #pause(failures: number): number {
    const pause = backOff(failures, this.parts.random);
    this.#until = this.#now() + pause;
    return pause;
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}
