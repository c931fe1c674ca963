import { z } from 'zod';

/** One run of a load generator. */
export const runForm = z.object({
  port: z.number(),
  questions: z.enum(['one-shot', 'session', 'mixed']),
  strictness: z.enum(['person-and-message', 'person', 'status']),
  load: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('closed'),
      concurrency: z.number(),
      milliseconds: z.number(),
      /** Over how long they begin, one after another; default all at once. */
      spreadMilliseconds: z.number().default(0),
    }),
    z.object({
      kind: z.literal('open'),
      perSecond: z.number(),
      milliseconds: z.number(),
      seed: z.number(),
    }),
    z.object({ kind: z.literal('burst'), count: z.number() }),
  ]),
});
export type Run = z.input<typeof runForm>;
