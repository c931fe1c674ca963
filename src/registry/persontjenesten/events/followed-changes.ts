import { InvalidQuery, UpstreamUnavailable } from '../../../errors/errors.js';
import type { EventSink } from '../../../operations/events.js';
import { numbersIn } from '../../../mapping/transforms/identity.js';
import type { ChangeFeed, ChangeInterval, IdentityChange } from '../../change-feed.js';
import type { Caller } from '../../person-registry.js';
import type { SearchHit } from '../../search.js';
import { callsFor } from '../documents.js';
import { RecordLookup } from '../lookup.js';
import { IDENTIFICATION_NUMBERS, type PersontjenestenRegistryParts } from '../translation.js';
import type { ChangedPerson, ChangeLog, ChangeLogReader, SeenInterval } from '../../changes/change-log.js';
import { documentsOfChanged } from './changed-people.js';
import { Concern } from '../../changes/event-types.js';
import { lagLimit } from './lag-limit.js';
import { numberChangesIn } from './number-changes.js';

/** What bounds an answer. */
export interface ChangeLimits {
  /** The most people that one interval may tell of. */
  readonly maxPersons: number;
  /** The longest interval, in days of 24 hours. */
  readonly maxDays: number;
  readonly pollSeconds: number;
}

/** What the answers are made of. */
export interface FollowedChangesParts {
  readonly registry: PersontjenestenRegistryParts;
  readonly log: ChangeLog;
  readonly limits: ChangeLimits;
  readonly events: EventSink;
}

const DAY = 24 * 60 * 60_000;
/** How far ahead of ours a client's clock may be: the same as for its messages (preg-hl7v3 1.5). */
const CLOCK_SKEW = 5 * 60_000;

/** Tells of changes from the log that a follower keeps; docs/events.md has the rules. */
export class FollowedChanges implements ChangeFeed {
  constructor(private readonly parts: FollowedChangesParts) {}

  async changes(interval: ChangeInterval, caller: Caller): Promise<readonly SearchHit[]> {
    const { registry } = this.parts;
    const people = this.#people(interval, Concern.Record);
    const lookup = new RecordLookup(registry, {}, caller);
    const { documents, gone } = await documentsOfChanged(
      registry,
      people,
      lookup.callsFor({ ofDuf: false }),
      caller,
    );
    const hits = documents.flatMap((document) => {
      const [number] = numbersIn(document);
      const answer = number === undefined ? undefined : lookup.answerFrom(document, number.nin);
      return answer?.outcome === 'found' ? [{ person: answer.person, lineage: answer.lineage }] : [];
    });
    this.#tellOfGone(gone + documents.length - hits.length, caller);
    return hits;
  }

  /** @throws InvalidQuery for a client with the restricted view, which lists no number that is out of use */
  async identityChanges(interval: ChangeInterval, caller: Caller): Promise<readonly IdentityChange[]> {
    if (caller.access === 'restricted') {
      throw new InvalidQuery('access', 'the restricted view does not tell numbers that are out of use');
    }
    const people = this.#people(interval, Concern.Number);
    const calls = callsFor([IDENTIFICATION_NUMBERS], { ofDuf: false, withHistory: true });
    const { documents, gone } = await documentsOfChanged(this.parts.registry, people, calls, caller);
    this.#tellOfGone(gone, caller);
    return documents.flatMap(numberChangesIn);
  }

  /** Whom the log tells of in the interval; decided and read at one moment. */
  #people(interval: ChangeInterval, concern: Exclude<Concern, 0>): readonly ChangedPerson[] {
    return this.parts.log.read((reader) => {
      const seen = this.#checked(interval, reader);
      const { maxPersons } = this.parts.limits;
      if (reader.count(seen, concern, maxPersons + 1) > maxPersons) {
        throw new InvalidQuery('interval', `tells of more than ${maxPersons} people: ask for a shorter one`);
      }
      return reader.people(seen, concern);
    });
  }

  /** The interval as far as it is over. @throws InvalidQuery, UpstreamUnavailable */
  #checked({ from, to }: ChangeInterval, { state }: ChangeLogReader): SeenInterval {
    const { limits, registry } = this.parts;
    const now = registry.clock.now();
    const end = to === undefined || to > now ? now : to;
    if (Number.isNaN(from.getTime())) throw new InvalidQuery('from', 'is not a time');
    if (Number.isNaN(end.getTime())) throw new InvalidQuery('to', 'is not a time');
    // Whoever asks for what is still to come would believe that it was told of it, and go on from there.
    const latest = now.getTime() + CLOCK_SKEW;
    if (from.getTime() > latest) throw new InvalidQuery('from', 'lies ahead of now');
    if (to !== undefined && to.getTime() > latest) throw new InvalidQuery('to', 'lies ahead of now');
    if (to !== undefined && to < from)
      throw new InvalidQuery('to', 'lies before the beginning of the interval');
    if (state === undefined) throw new UpstreamUnavailable('the event feed has not been reached yet');
    if (from < state.answersFrom) {
      const earliest = state.answersFrom.toISOString();
      throw new InvalidQuery('from', `lies before ${earliest}, since when changes are known here`);
    }
    if (end.getTime() - from.getTime() > limits.maxDays * DAY) {
      throw new InvalidQuery('interval', `is longer than ${limits.maxDays} days: ask for a shorter one`);
    }
    const caughtUpAt = state.caughtUpAt?.getTime() ?? -Infinity;
    if (caughtUpAt < end.getTime() - lagLimit(limits.pollSeconds)) {
      // What happened meanwhile is not known yet, and an empty answer would tell that nothing did ("Decided" 8).
      throw new UpstreamUnavailable('the log of changes has not caught up with the event feed');
    }
    return { from, to: end };
  }

  #tellOfGone(count: number, { correlationId }: Caller): void {
    if (count > 0) this.parts.events.emit('changedPeopleGone', { correlationId, count });
  }
}
