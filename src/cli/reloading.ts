import { changedSettings } from '../config/changed-settings.js';
import { cutoverContradictions } from '../config/cutover-contradictions.js';
import { ConfigurationError } from '../config/problems.js';
import type { Configuration } from '../config/schema.js';
import type { AuditEntry } from '../operations/audit-trail.js';
import type { EventSink } from '../operations/events.js';
import type { LiveSettings } from './live-settings.js';
import { operatorEntry } from './operator-entry.js';
import { sentenceFor } from './report.js';
import type { Surroundings } from './surroundings.js';

/** What a running adapter is reloaded with. */
export interface ReloadingParts extends Pick<Surroundings, 'clock' | 'random'> {
  /** What it was started with. */
  readonly configuration: Configuration;
  /** Reads it anew. @throws ConfigurationError */
  readonly read: () => Configuration;
  /** Goes on by these settings from now on. */
  readonly reconfigure: (settings: LiveSettings) => void;
  /** Where the change leaves its entry before it is made. @throws AuditUnavailable */
  readonly audit: { record(entries: readonly AuditEntry[]): void };
  readonly events: EventSink;
}

/**
 * Reads the configuration again while the adapter runs. What can be changed is `cutover`, but for `cutover.preg`; all else
 * waits for a restart and is named in the log. A configuration with problems changes nothing.
 */
export class Reloading {
  /** What the adapter goes by: what it was started with, and the cutover as it was last read. */
  #effective: Configuration;

  constructor(private readonly parts: ReloadingParts) {
    this.#effective = parts.configuration;
  }

  /** Reads and changes what can be changed. Tells the log what came of it; never throws. */
  reload(): void {
    const { events } = this.parts;
    try {
      const fresh = this.parts.read();
      const next = withCutoverOf(fresh, this.#effective);
      const applied = changedSettings(this.#effective, next);
      if (applied.length > 0) this.#apply(next, applied);
      events.emit('configurationReloaded', { applied, awaitingRestart: changedSettings(next, fresh) });
    } catch (error) {
      events.emit('configurationRefused', { problems: problemsIn(error) });
    }
  }

  #apply(next: Configuration, applied: readonly string[]): void {
    const { audit, reconfigure } = this.parts;
    audit.record([operatorEntry(this.parts, 'reload', { settings: applied })]);
    reconfigure(next.cutover);
    this.#effective = next;
  }
}

/** The configuration with the cutover of another one, as far as it can be had without a restart. */
function withCutoverOf(fresh: Configuration, effective: Configuration): Configuration {
  const cutover = { ...fresh.cutover, preg: effective.cutover.preg };
  if (hasMoreOfPreg(fresh, effective) && !isServed({ ...fresh, sandbox: effective.sandbox, cutover })) {
    return effective;
  }
  return { ...effective, cutover };
}

/** Whether its routes lead nobody to what the running adapter does not have of PREG. */
function isServed(next: Configuration): boolean {
  return cutoverContradictions(next).length === 0;
}

/** Whether there is a PREG, a service of it or an account there that the running adapter does not know. */
function hasMoreOfPreg(fresh: Configuration, effective: Configuration): boolean {
  if (fresh.sandbox?.preg !== undefined) return effective.sandbox?.preg === undefined;
  const { preg } = fresh.cutover;
  if (preg === undefined) return false;
  const running = effective.cutover.preg;
  const known = running?.accounts.map(({ client }) => client) ?? [];
  return (
    running === undefined ||
    (preg.hl7v3Url !== undefined && running.hl7v3Url === undefined) ||
    (preg.pregXmlUrl !== undefined && running.pregXmlUrl === undefined) ||
    preg.accounts.some(({ client }) => !known.includes(client))
  );
}

function problemsIn(error: unknown): readonly string[] {
  if (!(error instanceof ConfigurationError)) return [sentenceFor(error)];
  return error.problems.map(({ path, found, expected }) => `${path}: found ${found}, expected ${expected}`);
}
