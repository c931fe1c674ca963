import { isUnchanged, type Disk, type Sighting } from './disk.js';
import { forceMarker, isUnfinishedName, markedName, readyMarkers } from './file-names.js';

/** What lies in inn/ and may be taken. */
export interface Found {
  /** Octets, as latin1. */
  readonly name: string;
  readonly sighting: Sighting;
  /** Its markers, which go with it. */
  readonly markers: readonly string[];
  /** Whether it is to be processed again if it was processed before. */
  readonly forced: boolean;
}

/**
 * Looks into inn/. A file is complete when its name says so, or with `ok` when a marker lies beside it, and when nothing was
 * done to it since the look before.
 */
export class Inbox {
  #before: ReadonlyMap<string, Sighting> = new Map();

  constructor(
    private readonly disk: Disk,
    private readonly ready: 'rename' | 'ok',
  ) {}

  /** Those that are complete, the oldest first. @throws what the disk throws */
  async look(folder: string): Promise<readonly Found[]> {
    const seen = new Map<string, Sighting>();
    for (const name of await this.disk.list(folder)) {
      const sighting = isUnfinishedName(name) ? undefined : await this.disk.look({ folder, name });
      if (sighting !== undefined) seen.set(name, sighting);
    }
    const before = this.#before;
    this.#before = seen;
    const markers = new Set([...seen].filter((entry) => isMarker(...entry)).map(([name]) => name));
    return [...seen]
      .filter(([name, sighting]) => !markers.has(name) && isStill(before.get(name), sighting))
      .map(([name, sighting]) => found(name, sighting, markers))
      .filter((file) => this.#isReady(file))
      .sort((one, other) => (one.sighting.modifiedAt < other.sighting.modifiedAt ? -1 : 1));
  }

  #isReady({ name, markers, sighting }: Found): boolean {
    return (
      this.ready === 'rename' ||
      sighting.kind !== 'file' ||
      readyMarkers(name).some((marker) => markers.includes(marker))
    );
  }
}

/** Empty, with the name of one: what holds something is a file like others. */
export function isMarker(name: string, { kind, size }: Sighting): boolean {
  return kind === 'file' && size === 0n && markedName(name) !== undefined;
}

function isStill(before: Sighting | undefined, now: Sighting): boolean {
  return before !== undefined && isUnchanged(before, now);
}

function found(name: string, sighting: Sighting, all: ReadonlySet<string>): Found {
  const markers = [...readyMarkers(name), forceMarker(name)].filter((marker) => all.has(marker));
  return { name, sighting, markers, forced: all.has(forceMarker(name)) };
}
