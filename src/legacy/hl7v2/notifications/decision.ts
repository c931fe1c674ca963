import type { NationalId } from '../../../person/national-id.js';
import type { PregPerson } from '../../../person/preg-person.js';
import { ChangeKind } from '../../../registry/change-news.js';
import type { LookupAnswer } from '../../../registry/person-registry.js';
import { Again, type QueuedNotification, type Trigger } from './queue.js';

/** What is sent of a change, now that the person was looked up. */
export type Decision =
  | { readonly send: Exclude<Trigger, 'A40'>; readonly person: PregPerson }
  /** The number that is followed gave way to the person's. */
  | { readonly send: 'A40'; readonly person: PregPerson; readonly oldNumber: NationalId }
  /** Nothing that the receiver wants to know. */
  | { readonly send: 'nothing' }
  /** The register does not say (yet) what its event says. */
  | { readonly send: 'unconfirmed' };

/**
 * Decides by the fresh record alone: an event says that there is something to look at, never what it is. Two numbers are told as
 * one only where the record of the one in use lists the other as given up (Safety S9).
 */
export function decide(
  { kind, number, mergerSettled }: Pick<QueuedNotification, 'kind' | 'number' | 'mergerSettled'>,
  answer: LookupAnswer | undefined,
  events: ReadonlySet<Trigger>,
): Decision {
  const isAgain = kind === Again.First || kind === Again.Last;
  if (answer?.outcome !== 'found') return { send: isAgain ? 'nothing' : 'unconfirmed' };
  const { person } = answer;
  if (events.has('A40')) {
    const gaveWay = person.nin !== number && person.supersededNINs.includes(number);
    // Told or refused once, it need not be tried for each change that follows; those are told all the same.
    if (gaveWay && !mergerSettled) return { send: 'A40', person, oldNumber: number };
    if (kind === ChangeKind.Merged && !gaveWay) return { send: 'unconfirmed' };
  }
  if (isAgain) return { send: 'nothing' };
  if (kind === ChangeKind.Created && events.has('A28')) return { send: 'A28', person };
  return events.has('A31') ? { send: 'A31', person } : { send: 'nothing' };
}

const MINUTE = 60_000;

/**
 * Whether to look once more whether the number has given way: the register may lag behind its own events, and the event of a new
 * number comes once.
 * @returns what as, and in how many milliseconds; undefined when that is settled
 */
export function nextLook(
  { kind, mergerSettled }: Pick<QueuedNotification, 'kind' | 'mergerSettled'>,
  { send }: Decision,
  events: ReadonlySet<Trigger>,
): { readonly kind: Again; readonly wait: number } | undefined {
  if (send === 'A40' || mergerSettled || !events.has('A40')) return undefined;
  if (kind === ChangeKind.Number) return { kind: Again.First, wait: 10 * MINUTE };
  return kind === Again.First ? { kind: Again.Last, wait: 50 * MINUTE } : undefined;
}
