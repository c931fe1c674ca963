import { isOver } from '../jobs/job.js';
import type { Delivery } from '../jobs/delivery.js';
import { FileTooLarge, type Acceptance, type FilematchJobs } from '../jobs/filematch-jobs.js';
import type { Mode } from '../record.js';
import { isUnchanged, type Disk, type OpenFile, type Place, type Sighting } from './disk.js';
import { claimName, forceMarker, parseClaim, readyMarkers, type Claim } from './file-names.js';
import { concernsOneEntry } from './folder-trouble.js';
import { isMarker, type Found } from './inbox.js';
import type { Refusal, RefusedFiles } from './refused-files.js';

/** What is done on whose behalf. */
export interface ClaimedFilesParts {
  readonly clientId: string;
  readonly mode: Mode;
  /** The drop folder, absolute. */
  readonly base: string;
  readonly installation: string;
  readonly newId: () => string;
  readonly disk: Disk;
  readonly jobs: Pick<FilematchJobs, 'accept' | 'job'>;
  readonly delivery: Pick<Delivery, 'settle'>;
  readonly refused: RefusedFiles;
}

/** The folders between which files move. */
export interface Ways {
  readonly inn: string;
  readonly arbeid: string;
  readonly avvist: string;
}

/** What stays in arbeid/ without being at work. */
export interface Leftovers {
  /** Taken by other installations. */
  readonly others: readonly Claim[];
  /** Names of what can neither be read nor moved away. */
  readonly stuck: readonly string[];
}

/**
 * Files on their way from inn/ into a job. The move to arbeid/ decides who has the file, and gives it a name with the id that
 * its job will have; so whoever finds it there later, after whatever end of the process, asks the jobs by that id what has
 * become of it, and hands it in again where they know of nothing. Nothing has to be remembered in between.
 */
export class ClaimedFiles {
  /** Those that were not still when they were looked at. */
  readonly #restless = new Map<string, Sighting>();

  constructor(private readonly parts: ClaimedFilesParts) {}

  /** Takes a file out of inn/ and hands it in, unless somebody else was faster. @throws what disk and jobs throw */
  async take(ways: Ways, file: Found, signal: AbortSignal): Promise<void> {
    const { disk, installation, newId } = this.parts;
    const claim: Claim = { id: newId(), installation, name: file.name, forced: file.forced };
    const entry = claimName(claim);
    const isMine = await disk.move(
      { folder: ways.inn, name: file.name },
      { folder: ways.arbeid, name: entry },
    );
    if (!isMine) return;
    for (const name of file.markers) await disk.remove({ folder: ways.inn, name });
    this.#restless.set(entry, file.sighting);
    await this.#handIn(ways, claim, entry, signal);
  }

  /** Takes up what lies in arbeid/ from before: files that no job knows, and originals of jobs that are over. @throws what disk and jobs throw */
  async resume(ways: Ways, signal: AbortSignal): Promise<Leftovers> {
    const others: Claim[] = [];
    const stuck: string[] = [];
    const entries = await this.parts.disk.list(ways.arbeid);
    for (const entry of entries) {
      signal.throwIfAborted();
      const claim = parseClaim(entry);
      if (claim === undefined) continue;
      if (claim.installation !== this.parts.installation) others.push(claim);
      else if (!(await this.#resume(ways, claim, entry, signal))) stuck.push(entry);
    }
    for (const entry of this.#restless.keys()) if (!entries.includes(entry)) this.#restless.delete(entry);
    return { others, stuck };
  }

  /** @returns whether something could be done about it, or nothing had to be */
  async #resume(ways: Ways, claim: Claim, entry: string, signal: AbortSignal): Promise<boolean> {
    const { jobs, delivery, clientId } = this.parts;
    try {
      const view = jobs.job(claim.id, clientId);
      if (view === undefined) {
        await this.#forgetMarkers(ways, claim, entry);
        await this.#handIn(ways, claim, entry, signal);
      } else if (isOver(view.job)) await delivery.settle(view.job);
      return true;
    } catch (error) {
      if (!concernsOneEntry(error)) throw error;
      return false;
    }
  }

  async #handIn(ways: Ways, claim: Claim, entry: string, signal: AbortSignal): Promise<void> {
    const { disk } = this.parts;
    const place = { folder: ways.arbeid, name: entry };
    const seen = await disk.look(place);
    if (seen === undefined) return;
    if (seen.kind !== 'file') {
      await this.#refuse(ways, claim, place, 'not-a-file');
      return;
    }
    const file = await disk.open(place);
    try {
      const opened = await file.look();
      // Another file than the one that was looked at is looked at anew.
      if (!isUnchanged(seen, opened) || !this.#isStill(entry, opened)) return;
      if (opened.links > 1n) await this.#refuse(ways, claim, place, 'linked');
      else await this.#accept(ways, claim, place, new Reading(file, opened, signal));
    } finally {
      await file.close();
    }
  }

  #isStill(entry: string, now: Sighting): boolean {
    const before = this.#restless.get(entry);
    const isStill = before !== undefined && isUnchanged(before, now);
    if (isStill) this.#restless.delete(entry);
    else this.#restless.set(entry, now);
    return isStill;
  }

  async #accept(ways: Ways, claim: Claim, place: Place, reading: Reading): Promise<void> {
    const { jobs, clientId, base, mode } = this.parts;
    let acceptance: Acceptance;
    try {
      acceptance = await jobs.accept(
        {
          id: claim.id,
          clientId,
          door: 'folder',
          fileName: claim.name,
          mode,
          customerRef: '',
          remoteAddress: 'folder',
          directory: base,
          forced: claim.forced,
        },
        reading.pieces(),
      );
    } catch (error) {
      if (reading.wasDisturbed) return;
      if (!(error instanceof FileTooLarge)) {
        // It did not move while it was read, and need not be looked at twice again.
        this.#restless.set(place.name, reading.sighting);
        throw error;
      }
      return this.#refuse(ways, claim, place, 'too-large');
    }
    if (acceptance.outcome !== 'processed-before') return;
    const earlierJobId = acceptance.jobId;
    const sha256 = jobs.job(earlierJobId, clientId)?.job.input.sha256;
    await this.#refuse(ways, claim, place, { earlierJobId, sha256 });
  }

  #refuse(ways: Ways, { id, name }: Claim, place: Place, refusal: Refusal): Promise<void> {
    return this.parts.refused.refuse(ways.avvist, { id, name, place, refusal });
  }

  /**
   * Markers whose file was taken when the process ended would make the next file of that name complete before it is; they are
   * told by having been there before it was taken.
   */
  async #forgetMarkers(ways: Ways, { name }: Claim, entry: string): Promise<void> {
    const { disk } = this.parts;
    const taken = await disk.look({ folder: ways.arbeid, name: entry });
    for (const marker of [...readyMarkers(name), forceMarker(name)]) {
      const place = { folder: ways.inn, name: marker };
      const found = await disk.look(place);
      if (found === undefined || taken === undefined || !isMarker(marker, found)) continue;
      if (found.changedAt <= taken.changedAt) await disk.remove(place);
    }
  }
}

/** A file being read, which must not change meanwhile. */
class Reading {
  #wasDisturbed = false;

  constructor(
    private readonly file: OpenFile,
    readonly sighting: Sighting,
    private readonly signal: AbortSignal,
  ) {}

  /** Whether it was given up since somebody writes to the file. */
  get wasDisturbed(): boolean {
    return this.#wasDisturbed;
  }

  async *pieces(): AsyncIterable<Uint8Array> {
    for await (const piece of this.file.read()) {
      this.signal.throwIfAborted();
      yield piece;
    }
    if (isUnchanged(this.sighting, await this.file.look())) return;
    this.#wasDisturbed = true;
    throw new Error('the file changed while it was read');
  }
}
