import { z } from 'zod';
import { ChangeKind } from '../registry/change-news.js';

// The rows that come out of the queries of notifications.

const octets = z.instanceof(Uint8Array);
const kindForm = z.enum(ChangeKind);
/** Also whether a number gave way meanwhile, asked for the first time and for the last. */
const dueKindForm = z.union([kindForm, z.enum(['number-again', 'number-last'])]);

/** How far the log of changes was looked through. */
export const placeRow = z.object({
  feed: z.bigint().transform(Number),
  next: z.bigint(),
  at: z.bigint().transform((at) => new Date(Number(at))),
});

/** Somebody who follows a person of whom a change tells. */
export const followerRow = z.object({
  id: z.number(),
  receiver: z.string(),
  number: octets,
  sealedNumber: octets,
  gaveWay: z.number().transform((gaveWay) => gaveWay === 1),
});
/** Somebody who follows a person of whom a change tells. */
export type Follower = z.output<typeof followerRow>;

/** A message that tells what is seen from now on, too. */
export const openRow = z.object({ id: z.number(), kind: kindForm });
/** A message that is being sent. */
export const sentRow = z.object({ receiver: z.string(), controlId: z.string() });
/** Whom a message is about, and for whom. */
export const foundRow = z.object({ receiver: z.string(), number: octets });

/** A message that may be sent. */
export const dueRow = z.object({
  id: z.number(),
  receiver: z.string(),
  number: octets,
  sealedNumber: octets,
  kind: dueKindForm,
  queuedAt: z.number(),
  attempts: z.number(),
  failures: z.number(),
  failingSince: z.number().nullable(),
  mergerSettled: z.number(),
});

const instant = z.number().transform((at) => new Date(at));

/** A message as it is looked at. */
export const viewRow = z.object({
  id: z.number(),
  receiver: z.string(),
  digest: octets,
  sealedNumber: octets,
  kind: z.string(),
  controlId: z.string(),
  state: z.enum(['waiting', 'dead']),
  queuedAt: instant,
  dueAt: instant,
  attempts: z.number(),
  sentAs: z.string().nullable(),
  problem: z.string().nullable(),
  diedAt: instant.nullable(),
  seenAt: instant.nullable(),
});

/** How much waits for each receiver. */
export const waitingCounts = z.array(
  z.object({ receiver: z.string(), waiting: z.number(), failing: z.number(), oldest: z.number() }),
);
/** How much was given up for each receiver. */
export const deadCounts = z.array(z.object({ receiver: z.string(), dead: z.number(), unseen: z.number() }));
