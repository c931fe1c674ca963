import { z } from 'zod';

/** What a process of a measurement does when it is told so. What comes in is checked by whoever does it. */
export type Commands = Readonly<Record<string, (payload: unknown) => Promise<unknown>>>;

const commandForm = z.object({ id: z.number(), command: z.string(), payload: z.unknown().optional() });

/** What a process has used up so far. */
export const usageForm = z.object({
  /** Processor time of all of its threads, in milliseconds. */
  cpuMilliseconds: z.number(),
  rssBytes: z.number(),
  heapUsedBytes: z.number(),
});
export type Usage = z.output<typeof usageForm>;

/**
 * Lets the parent process command this one, which ends when the parent does. `usage` is answered besides; `stop` runs
 * `close` and ends the process in good order, as --cpu-prof needs it.
 */
export function takeCommands(commands: Commands, close: () => Promise<void>): void {
  const all: Commands = { ...commands, usage: () => Promise.resolve(usage()), stop: close };
  process.on('message', (message) => {
    const { id, command, payload } = commandForm.parse(message);
    const act = all[command];
    const answered =
      act === undefined ? Promise.reject(new Error(`there is no command ${command}`)) : act(payload);
    answered.then(
      (result) => process.send?.({ id, result }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : 'unknown' }),
    );
  });
  process.once('disconnect', () => {
    process.exit();
  });
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuMilliseconds: (user + system) / 1000, rssBytes: rss, heapUsedBytes: heapUsed };
}
