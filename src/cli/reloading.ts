import { changedSettings } from '../config/changed-settings.js';
import { ConfigurationError } from '../config/problems.js';
import type { Configuration } from '../config/schema.js';
import type { AuditEntry } from '../operations/audit-trail.js';
import type { EventSink } from '../operations/events.js';
import type { LiveSettings } from './live-settings.js';
import { operatorEntry } from './operator-entry.js';
import { reloaded } from './reloaded-configuration.js';
import { sentenceFor } from './report.js';
import type { Surroundings } from './surroundings.js';

/**
 * Done at every reload whose configuration could be read, after what has changed of it holds, and also where nothing has: whoever
 * reads files that settings name reads them anew. Tells its own troubles; one that throws all the same keeps nobody else from it.
 */
export type OnReload = (fresh: Configuration) => void;

/** What a running adapter is reloaded with. */
export interface ReloadingParts extends Pick<Surroundings, 'clock' | 'random'> {
  /** What it was started with. */
  readonly configuration: Configuration;
  /** Reads it anew. @throws ConfigurationError */
  readonly read: () => Configuration;
  /** Goes on by these settings from now on. @param beforehand done once it is certain that it can; where that throws, it does not */
  readonly reconfigure: (settings: LiveSettings, beforehand: () => void) => void;
  /** Where the change leaves its entry before it is made. @throws AuditUnavailable */
  readonly audit: { record(entries: readonly AuditEntry[]): void };
  readonly onReload: readonly OnReload[];
  readonly events: EventSink;
}

/**
 * Reads the configuration again while the adapter runs. What {@link reloaded} takes of it holds from then on; all else waits for a
 * restart and is named in the log. A configuration with problems changes nothing.
 */
export class Reloading {
  /** What the adapter goes by: what it was started with, and what could change as it was last read. */
  #effective: Configuration;

  constructor(private readonly parts: ReloadingParts) {
    this.#effective = parts.configuration;
  }

  /** Reads and changes what can be changed. Tells the log what came of it; never throws. */
  reload(): void {
    const { events, read, onReload } = this.parts;
    this.#telling(() => {
      const fresh = read();
      const next = reloaded(fresh, { started: this.parts.configuration, effective: this.#effective });
      const applied = changedSettings(this.#effective, next);
      if (applied.length > 0) this.#apply(next, applied);
      events.emit('configurationReloaded', { applied, awaitingRestart: changedSettings(next, fresh) });
      for (const one of onReload) {
        this.#telling(() => {
          one(fresh);
        });
      }
    });
  }

  #telling(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.parts.events.emit('configurationRefused', { problems: problemsIn(error) });
    }
  }

  #apply(next: Configuration, applied: readonly string[]): void {
    const { audit, reconfigure } = this.parts;
    reconfigure(next, () => {
      audit.record([operatorEntry(this.parts, 'reload', { settings: applied })]);
    });
    this.#effective = next;
  }
}

function problemsIn(error: unknown): readonly string[] {
  if (!(error instanceof ConfigurationError)) return [sentenceFor(error)];
  return error.problems.map(({ path, found, expected }) => `${path}: found ${found}, expected ${expected}`);
}
