import type { ErrorCode } from '../../errors/catalogue.js';
import { AdapterError } from '../../errors/errors.js';
import { MinuteCounts, minuteOf } from './minute-counts.js';
import { TABLE_MINUTES } from './traffic.js';

const COLUMNS = 2;
const ANSWERS = 0;
const ELSEWHERE = 1;

/** So many clients are named beside a cause. */
const CLIENTS_NAMED = 3;

/** What went wrong within {@link TABLE_MINUTES}, by its cause. */
export interface ErrorCause {
  readonly code: ErrorCode;
  /** Requests that were answered with it. */
  readonly answers: number;
  /** How often it was told of otherwise: by calls, tokens, jobs, the event feed. */
  readonly elsewhere: number;
  readonly sinceStart: number;
  readonly lastAt: Date;
  /** Those that met it last, the last one first. */
  readonly clients: readonly string[];
}

interface Cause {
  readonly counts: MinuteCounts;
  sinceStart: number;
  lastAt: Date;
  clients: readonly string[];
}

/** Errors by their cause. */
export class ErrorCauses {
  readonly #causes = new Map<ErrorCode, Cause>();

  /** @param client of a request that was answered with it; undefined for what else tells of errors */
  note(error: unknown, now: Date, client?: string): void {
    if (error instanceof AdapterError) this.noteCode(error.code, 1, now, client);
  }

  /** The same for what is told of by its code alone. */
  noteCode(code: ErrorCode, count: number, now: Date, client?: string): void {
    const cause = this.#causes.get(code) ?? {
      counts: new MinuteCounts(TABLE_MINUTES, COLUMNS),
      sinceStart: 0,
      lastAt: now,
      clients: [],
    };
    this.#causes.set(code, cause);
    cause.counts.add(minuteOf(now), client === undefined ? ELSEWHERE : ANSWERS, count);
    cause.sinceStart += count;
    cause.lastAt = now;
    if (client !== undefined && cause.clients[0] !== client) {
      cause.clients = [client, ...cause.clients.filter((other) => other !== client)].slice(0, CLIENTS_NAMED);
    }
  }

  /** Those of the last hour, the most frequent first. */
  recent(now: Date): readonly ErrorCause[] {
    return [...this.#causes]
      .map(([code, { counts, ...cause }]) => {
        const [answers = 0, elsewhere = 0] = counts.sum(minuteOf(now), TABLE_MINUTES);
        return { code, ...cause, answers, elsewhere };
      })
      .filter(({ answers, elsewhere }) => answers + elsewhere > 0)
      .sort((a, b) => b.answers - a.answers || b.elsewhere - a.elsewhere || a.code.localeCompare(b.code));
  }
}
