import { expect } from 'chai';
import { StoreFailed } from '../../../../src/errors/errors.js';
import type { FaultMoment } from '../../../support/filematch-faults.js';
import { delivered, FilematchWorld, octets, plainFile } from '../../../support/filematch-world.js';

const kinds = ['found', 'none', 'bad', 'found', 'found', 'bad', 'none', 'found', 'found', 'found', 'none'];
const file = plainFile(...kinds);
const id = '01JBR8Q2W5N7K3M4P6T8V9X0YZ';

/** What is left when everything is over: what was delivered, and who was audited. */
function remains(world: FilematchWorld): unknown {
  return {
    files: Object.fromEntries(world.delivery.files),
    audited: world.rows.audited.map(({ subject, outcome }) => ({ subject, outcome })),
    state: world.rows.peek(id)?.state,
    over: world.rows.peek(id)?.over,
  };
}

/** Takes the file in as a door does that asks again until it is taken, and works on it, in one process. */
async function process(world: FilematchWorld): Promise<void> {
  const engine = world.engine();
  try {
    await engine.accept(delivered({ id }), octets(file));
  } catch (error) {
    if (!world.faults.isDead) throw error;
    return;
  }
  await world.runUntil(engine, () => world.faults.isDead || world.rows.peek(id)?.over === true);
}

class DiskFull extends Error {
  readonly code = 'ENOSPC';
}

describe('a Filematch job whose process is killed', () => {
  it('ends as if nothing had happened, whenever it is killed', async function () {
    this.timeout(120_000);
    const undisturbed = new FilematchWorld();
    await process(undisturbed);
    const expected = remains(undisturbed);
    const operations = undisturbed.faults.count;
    expect(operations).to.be.greaterThan(60);
    for (let at = 1; at <= operations; at += 1) {
      for (const moment of ['before', 'after'] as const satisfies readonly FaultMoment[]) {
        for (const keepUnsynced of [false, true]) {
          const world = new FilematchWorld();
          world.faults.dieAt(at, moment);
          await process(world);
          world.faults.revive();
          world.spool.crash(keepUnsynced);
          await process(world);
          const where = `${moment} ${at}, ${world.faults.log[at - 1] ?? ''}, ${String(keepUnsynced)}`;
          expect(remains(world), where).to.deep.equal(expected);
        }
      }
    }
  });

  it('ends as if nothing had happened when it is killed again and again', async function () {
    this.timeout(120_000);
    const undisturbed = new FilematchWorld();
    await process(undisturbed);
    for (const step of [7, 11, 13, 17, 23]) {
      const world = new FilematchWorld();
      for (let start = 0; world.rows.peek(id)?.over !== true; start += 1) {
        expect(start).to.be.lessThan(200);
        // Each process comes a little further than to where the one before began.
        world.faults.dieAt(world.faults.count + step + start, start % 2 === 0 ? 'before' : 'after');
        await process(world);
        world.faults.revive();
        world.spool.crash(start % 3 === 0);
      }
      expect(remains(world), `every ${step}`).to.deep.equal(remains(undisturbed));
    }
  });
});

describe('a Filematch job whose disk fails once', () => {
  for (const [what, error, operationsThatFail] of [
    ['the store', () => new StoreFailed('busy'), /./],
    ['the disk', () => new DiskFull('full'), /^(spool\.(?!claim)|writer|delivery)/],
  ] as const) {
    it(`ends as if nothing had happened, whenever it is: ${what}`, async function () {
      this.timeout(120_000);
      const undisturbed = new FilematchWorld();
      await process(undisturbed);
      const expected = remains(undisturbed);
      for (const [index, operation] of undisturbed.faults.log.entries()) {
        if (!operationsThatFail.test(operation)) continue;
        const at = index + 1;
        for (const moment of ['before', 'after'] as const satisfies readonly FaultMoment[]) {
          const world = new FilematchWorld();
          world.faults.failAt(at, moment, error);
          // A door tells its sender, who tries again.
          await process(world).catch(() => undefined);
          await process(world);
          expect(remains(world), `${moment} ${at}, ${world.faults.log[at - 1] ?? ''}`).to.deep.equal(
            expected,
          );
        }
      }
    });
  }
});
