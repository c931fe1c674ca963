import { z } from 'zod';
import { checkHints } from '../../operations/check-hints.js';
import type { Readiness } from '../../operations/health.js';
import { addressOf, askWhoever, type OperationsAt } from '../operations-client.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { Examine } from './patient.js';

/** An adapter that answers at the configured operations listener. */
export interface RunningAdapterSeen {
  /** `http://host:port` or the same with `https`. */
  readonly address: string;
  readonly readiness: Readiness;
}

const readinessForm = z.object({
  status: z.enum(['ready', 'not-ready']),
  checks: z.record(
    z.string(),
    z.object({
      status: z.enum(['ok', 'warning', 'failed']),
      reason: z.string().exactOptional(),
      at: z.string().exactOptional(),
    }),
  ),
});

/**
 * The adapter that listens there for operators; undefined where none does. One that has not read its renewed certificate is seen, too:
 * what it shows is judged by itself.
 */
export async function seeRunningAdapter(listener: OperationsAt): Promise<RunningAdapterSeen | undefined> {
  if (listener.port === 0) return undefined;
  try {
    const { body } = await askWhoever(listener, '/health/ready');
    return { address: addressOf(listener), readiness: readinessForm.parse(JSON.parse(body)) };
  } catch {
    // Nobody is there, or somebody else: the examination of ports tells which.
    return undefined;
  }
}

/** What a running adapter tells of itself: its checks of readiness that are not well. */
export const examineRunningAdapter: Examine = ({ running }) => {
  if (running === undefined) return [ok('no adapter answers at listeners.operations')];
  const { address, readiness } = running;
  const troubles = Object.entries(readiness.checks).flatMap(
    ([check, { status, reason = 'no reason given' }]): Finding[] => {
      if (status === 'ok') return [];
      const told = `the adapter at ${address} says of ${check}: ${reason}`;
      const hint = checkHints[check] ?? 'Look at its log.';
      return [status === 'failed' ? failed(told, hint) : warning(told, hint)];
    },
  );
  const summary = `an adapter runs and answers at ${address}`;
  return readiness.status === 'ready' ? [ok(`${summary}: it is ready`), ...troubles] : troubles;
};
