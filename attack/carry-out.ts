import { Breach, NotTried, type Item, type Probe } from './item.js';
import { tells } from './judge.js';
import type { Row } from './table.js';
import { post, question } from './wire/message.js';
import type { Hospital } from './world/hospital.js';
import type { Target } from './world/target.js';

/** What is attacked: an adapter of our own, or somebody's. */
export interface Attacked {
  readonly target: Target;
  readonly hospital: Hospital | undefined;
  /** Sees that an honest client is answered. @throws Breach */
  readonly stillServes?: (target: Target) => Promise<void>;
}

/** Carries out the probes of one item, each followed by a question of an honest client. Never rejects. */
export async function* carryOut(
  item: Item,
  { target, hospital, stillServes = answersHonestly }: Attacked,
): AsyncGenerator<Row> {
  for (const probe of item.probes) {
    const row = { item: item.number, title: item.title, tried: probe.tried };
    try {
      const came = await carriedOut(probe, target, hospital);
      await hospital?.recover();
      await stillServes(target);
      yield { ...row, came, verdict: 'held' };
    } catch (error) {
      await hospital?.recover();
      if (error instanceof NotTried) yield { ...row, came: error.message, verdict: 'not tried' };
      else if (error instanceof Breach) yield { ...row, came: error.message, verdict: 'BREACH' };
      else yield { ...row, came: `failed: ${String(error)}`, verdict: 'BREACH' };
    }
  }
}

async function carriedOut(probe: Probe, target: Target, hospital: Hospital | undefined): Promise<string> {
  if (probe.on === 'target') return probe.run(target);
  if (hospital === undefined) throw new NotTried('needs an adapter of its own');
  return probe.run(hospital);
}

/** How long what was upstream may be heeded once it is over, in milliseconds. */
const RECOVERY = 40_000;

async function answersHonestly(target: Target): Promise<void> {
  const end = Date.now() + RECOVERY;
  for (;;) {
    try {
      tells(target, await post(target, question(target), { from: '127.0.0.200' }));
      return;
    } catch (error) {
      if (Date.now() > end) {
        throw new Breach(
          `afterwards an honest client gets ${error instanceof Error ? error.message : 'nothing'}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
