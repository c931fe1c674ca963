import { z } from 'zod';

/** The rows that the queries of the register of help numbers give. Made once: making a schema costs more than what it reads. */

const sealed = z.instanceof(Uint8Array);

export const keyCheckRow = z.object({ keyCheck: z.string() }).optional();
export const idRow = z.object({ id: z.number() }).optional();
export const nextRow = z.object({ next: z.number() });
const personRow = z.object({ pseudonym: z.string(), sealedPerson: sealed });
export const linkRow = personRow.extend({ survivor: z.string() });
export const pageRow = personRow.extend({ id: z.number() });
export const entryRow = personRow.extend({ seq: z.number().nullable(), sealedSurvivor: sealed.nullable() });
export type EntryRow = z.infer<typeof entryRow>;
export const requestRow = z.object({ content: z.string(), sealedAnswer: sealed }).optional();
export const changeRow = z.object({
  seq: z.number(),
  at: z.string(),
  correlationId: z.string(),
  clientId: z.string(),
  operation: z.string(),
  sealedDetail: sealed,
});
