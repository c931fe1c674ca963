import type { ClientDirectory } from '../../src/access/client-directory.js';
import type { ContextLedger } from '../../src/access/context-ledger.js';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createContextSeal } from '../../src/store/context-seal.js';
import { Sealer } from '../../src/store/sealer.js';

/** The parts of an adapter that carry sessions, for one client, without a store. */
export function sessionParts(client: LegacyClient): {
  readonly clients: ClientDirectory;
  readonly contexts: ContextLedger;
  readonly contextSeal: ReturnType<typeof createContextSeal>;
} {
  return {
    clients: directoryOf([client]),
    contexts: forgetfulLedger(),
    contextSeal: createContextSeal(
      new Sealer([{ id: 'test', key: new Uint8Array(32).fill(7) }], systemRandom),
    ),
  };
}

/** A directory of enabled clients. */
export function directoryOf(clients: readonly LegacyClient[], credentialDigest = 'digest'): ClientDirectory {
  return {
    enabledClient: (id) => {
      const client = clients.find((candidate) => candidate.id === id);
      return client === undefined ? undefined : { client, credentialDigest };
    },
  };
}

/** A ledger in memory. */
function forgetfulLedger(): ContextLedger {
  const cancelled = new Set<string>();
  const ends = new Map<string, Date>();
  return {
    cancel: (identifier) => {
      cancelled.add(identifier);
    },
    supersede: (identifier, instance, endsAt) => {
      const key = `${identifier} ${instance}`;
      if (!ends.has(key)) ends.set(key, endsAt);
    },
    stateOf: (identifier, instance) => ({
      cancelled: cancelled.has(identifier),
      keyEndsAt: ends.get(`${identifier} ${instance}`),
    }),
  };
}
