import path from 'node:path';
import type { Clock } from '../../../runtime/clock.js';
import { systemDisk, type Disk } from './disk.js';
import {
  DropFolder,
  type DropFolderClient,
  type DropFolderParts,
  type DropFolderState,
} from './drop-folder.js';
import { troubleToldOf } from './folder-trouble.js';

/** The folders in which clients deliver files. */
export interface DropFolders {
  /** Looks into all of them, again and again; ends when the signal aborts and nothing is touched any more. */
  run(signal: AbortSignal): Promise<void>;
  /** How each of them was at its last look. */
  state(): readonly DropFolderState[];
}

/** What drop folders are made of. */
export interface DropFoldersParts extends DropFolderParts {
  readonly clients: readonly DropFolderClient[];
  /** Whether the client may bring files now: the folders of others are left alone. */
  readonly mayBring?: ((clientId: string) => boolean) | undefined;
  readonly pollSeconds: number;
  readonly disk?: Disk | undefined;
}

/** Drop folders of clients, nothing of which is touched before `run`. Trouble with one of them leaves the others alone. */
export function createDropFolders(parts: DropFoldersParts): DropFolders {
  const disk = troubleToldOf(parts.disk ?? systemDisk);
  const folders = parts.clients.map(
    (client) => new DropFolder({ ...client, folder: path.resolve(client.folder) }, parts, disk),
  );
  const isInUse = ({ state }: DropFolder): boolean => parts.mayBring?.(state.clientId) ?? true;
  return {
    run: async (signal) => {
      await Promise.all(
        folders.map((folder) =>
          keepLooking({ look: async () => isInUse(folder) && folder.look(signal) }, parts, signal),
        ),
      );
    },
    state: () => folders.filter(isInUse).map(({ state }) => state),
  };
}

async function keepLooking(
  folder: { look(): Promise<unknown> },
  { clock, pollSeconds }: { readonly clock: Clock; readonly pollSeconds: number },
  signal: AbortSignal,
): Promise<void> {
  const stopped = (): boolean => signal.aborted;
  while (!stopped()) {
    await folder.look();
    try {
      await clock.sleep(pollSeconds * 1_000, signal);
    } catch (error) {
      if (!stopped()) throw error;
    }
  }
}
