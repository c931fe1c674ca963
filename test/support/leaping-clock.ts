import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/runtime/clock.js';

/** A clock that a test moves. Sleeping moves it too, and takes no time. */
export class LeapingClock implements Clock {
  #now: number;
  /** Every sleep that was asked for, in milliseconds. */
  readonly sleeps: number[] = [];
  /** Called when a sleep begins. */
  onSleep: () => void = () => undefined;

  constructor(start = '2026-03-01T12:00:00Z') {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds);
    this.#now += milliseconds;
    this.onSleep();
    // A round of the event loop, so that what happens meanwhile (an abort) has happened.
    await setImmediate();
    signal?.throwIfAborted();
  }
}
