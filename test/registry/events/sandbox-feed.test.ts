import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { createFollower } from '../../../src/upstream.js';
import type { EventSink } from '../../../src/operations/events.js';
import type { NationalId } from '../../../src/person/national-id.js';
import { apiVersions } from '../../../src/registry/persontjenesten/api-version.js';
import { FollowedChanges } from '../../../src/registry/persontjenesten/events/followed-changes.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import type { Change } from '../../../src/sandbox/population/changes/change.js';
import { numberInUse } from '../../../src/sandbox/population/person-document.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import type { Store } from '../../../src/store/store.js';
import { memoryStore } from '../../support/memory-store.js';
import { mappings, number } from '../../support/person-documents.js';
import { serverCertificate } from '../../support/server-certificate.js';
import { caller } from '../registry-bench.js';
import type { Clock } from '../../../src/runtime/clock.js';
import { documentsOver } from '../../support/documents-over.js';
import { wayToSandbox } from '../../support/way-to-sandbox.js';

/** System time of which no two readings are the same: whatever was seen before a reading is before it. */
class DistinctClock implements Clock {
  #last = 0;

  now(): Date {
    this.#last = Math.max(systemClock.now().getTime(), this.#last + 1);
    return new Date(this.#last);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(milliseconds, signal);
  }
}

for (const version of [2, 3] as const) {
  describe(`the follower over the sandbox's feed of version ${version}`, function () {
    const clock = new DistinctClock();
    this.timeout(60_000);
    let sandbox: Sandbox;
    let store: Store;
    let changes: FollowedChanges;
    let end: () => Promise<void>;
    let isTold: () => boolean;
    const waiting = new Set<() => void>();

    before(async () => {
      sandbox = await startSandbox({
        clock: systemClock,
        random: systemRandom,
        host: '127.0.0.1',
        persontjenestenPort: 0,
        helseidPort: 0,
        population: 300,
        personFolders: [join(packageRoot(), 'fixtures', 'persons')],
        certificate: await serverCertificate(),
      });
      const events: EventSink = {
        emit: (name) => {
          if (name === 'eventsRead' || name === 'eventLogBegun') for (const wake of [...waiting]) wake();
        },
      };
      const upstream = await wayToSandbox(sandbox, { version, events });
      store = memoryStore({ clock, random: systemRandom });
      const parts = { events, clock, random: systemRandom };
      const follower = createFollower({
        settings: { organisation: sandbox.organisation, access: 'full', pollSeconds: 0.05 },
        version,
        transport: upstream.feedTransport,
        log: store.changeLog,
        ...parts,
      });
      changes = new FollowedChanges({
        registry: {
          ...documentsOver(upstream.transport, apiVersions[version]),
          mappings,
          fill: 'faithful',
          ...parts,
        },
        log: store.changeLog,
        limits: { maxPersons: 1_000, maxDays: 7, pollSeconds: 1 },
        events,
      });
      const stopping = new AbortController();
      const ended = follower.run(stopping.signal);
      end = async () => {
        stopping.abort();
        await ended;
        upstream.close();
        store.close();
        await sandbox.stop();
      };
      isTold = () => {
        const { next } = store.changeLog.state() ?? {};
        const latest = sandbox.events.latest()?.sequenceNumber;
        return next !== undefined && (latest === undefined || next > BigInt(latest));
      };
      await told();
    });

    after(() => end());

    async function told(): Promise<void> {
      while (!isTold()) {
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    }

    /** Lets it happen and be seen. @returns the interval in which it was */
    async function happening(change: Change): Promise<{ readonly from: Date; readonly to: undefined }> {
      // Not before the log, which has begun by now, and after whatever was seen before.
      const from = clock.now();
      sandbox.changes.apply(change);
      await told();
      return { from, to: undefined };
    }

    /** Living residents without a spouse or relatives in the way, by their numbers. */
    function residents(): readonly NationalId[] {
      return [...sandbox.population.documents()]
        .filter((document) => JSON.stringify(document['status'] ?? '').includes('"Resident"'))
        .filter((document) => !JSON.stringify(document['maritalStatus'] ?? '').includes('Married'))
        .flatMap((document) => numberInUse(document) ?? [])
        .map(number);
    }

    const asking = (): ReturnType<typeof caller> => caller({ organisation: sandbox.organisation });

    it('tells of a new name', async () => {
      const [nin] = residents();
      if (nin === undefined) throw new Error('nobody lives here');
      const interval = await happening({ type: 'name', nin, familyName: 'Prøveplan' });
      const people = await changes.changes(interval, asking());
      expect(people.map(({ person }) => [person.nin, person.sn])).to.deep.equal([[nin, 'PRØVEPLAN']]);
      expect(await changes.identityChanges(interval, asking())).to.deep.equal([]);
    });

    it('tells of a new number', async () => {
      const [, nin] = residents();
      if (nin === undefined) throw new Error('nobody lives here');
      const interval = await happening({ type: 'new-number', nin, date: '2026-02-03' });
      const told = await changes.identityChanges(interval, asking());
      expect(told.map(({ oldNIN, dateStatus }) => [oldNIN, dateStatus])).to.deep.equal([[nin, '2026-02-03']]);
      const people = await changes.changes(interval, asking());
      expect(people.map(({ person }) => person.nin)).to.include(told[0]?.nin);
    });

    it('tells of a merger, and of the split that undoes it', async () => {
      const candidates = residents().slice(2);
      let merged: readonly [NationalId, NationalId, Awaited<ReturnType<typeof happening>>] | undefined;
      for (const [index, kept] of candidates.entries()) {
        const lost = candidates[index + 1];
        if (lost === undefined) break;
        try {
          merged = [kept, lost, await happening({ type: 'merge', nin: kept, duplicate: lost })];
          break;
        } catch {
          // Relatives, say: the next two.
        }
      }
      if (merged === undefined) throw new Error('nobody can be merged');
      const [kept, lost, interval] = merged;
      const told = await changes.identityChanges(interval, asking());
      expect(told.map(({ nin, oldNIN }) => [nin, oldNIN])).to.deep.include([kept, lost]);
      const people = await changes.changes(interval, asking());
      expect(people.filter(({ person }) => person.nin === kept)).to.have.length(1);
      expect(people.filter(({ person }) => person.nin === lost)).to.have.length(0);

      const undone = await happening({ type: 'split', nin: lost });
      const both = (await changes.changes(undone, asking())).map(({ person }) => person.nin);
      expect(both).to.include.members([kept, lost]);
      expect((await changes.identityChanges(undone, asking())).map(({ oldNIN }) => oldNIN)).to.not.include(
        lost,
      );
    });
  });
}
