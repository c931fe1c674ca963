import { setImmediate } from 'node:timers/promises';
import type { JsonObject } from '../../../mapping/json.js';
import type { EventSink } from '../../../operations/events.js';
import type { NationalId } from '../../../person/national-id.js';
import type { Clock } from '../../../runtime/clock.js';
import { oncePerObject } from '../../../runtime/once-per-object.js';
import { PassingMap } from '../../../runtime/passing-map.js';
import type { Caller } from '../../person-registry.js';
import { abortError } from '../abort-error.js';
import { BatchAnswers, type BatchAnswersParts } from './batch-answers.js';
import { LookupBatch } from './lookup-batch.js';
import type { DocumentCalls, PersonDocuments } from './person-documents.js';
import { SharedLookup, type SharedLookupParts } from './shared-lookup.js';

/** What coalescing is made of. */
export interface CoalescedDocumentsParts extends BatchAnswersParts {
  /** The longest that a lookup waits for others, while others keep coming. */
  readonly maxWaitMilliseconds: number;
  readonly events: EventSink;
  readonly clock: Clock;
  /** Passes once whatever had already arrived was brought in; by default a turn of the event loop. */
  readonly turn?: () => Promise<void>;
}

/** A turn of the event loop that takes as long was not spent on waiting for something to do. */
const BUSY_MILLISECONDS = 1;

/**
 * Documents by number, several for each call: lookups that arrive together go in one bulk call, and whoever asks for the
 * same waits for the same answer. Nothing is kept once it is given. Together goes only what could not be told apart
 * upstream (the same view, organisation, parts and lane) and what one client asks: the call takes its turn in the client's
 * name, and nobody is to wait, or to be refused, in the place of another. Described in
 * docs/decisions/011-lookups-in-company.md.
 */
export class CoalescedDocuments implements PersonDocuments {
  readonly #answers: BatchAnswers;
  readonly #turn: () => Promise<void>;
  readonly #onShared: SharedLookupParts['onShared'];
  /** The batches that may be joined, by what their lookups have in common. */
  readonly #open = new PassingMap<string, LookupBatch>();
  /** What is asked and not answered yet, by the same and the number. */
  readonly #underWay = new PassingMap<string, SharedLookup>();

  constructor(private readonly parts: CoalescedDocumentsParts) {
    this.#answers = new BatchAnswers(parts);
    this.#turn = parts.turn ?? (() => setImmediate());
    this.#onShared = (correlationId, call) => {
      parts.events.emit('lookupShared', {
        correlationId,
        callCorrelationId: call.correlationId,
        people: call.people,
      });
    };
  }

  async one(nin: NationalId, calls: DocumentCalls, caller: Caller): Promise<JsonObject | undefined> {
    if (caller.signal.aborted) throw abortError(caller.signal, 'the deadline had passed before the call');
    const common = inCommon(calls, caller);
    const name = `${common} ${nin}`;
    const now = this.#now();
    const same = this.#underWay.get(name);
    if (same?.mayBeJoined(caller, now) === true) return same.join(caller);
    const lookup = new SharedLookup({
      nin,
      opener: caller,
      openedAt: now,
      onShared: this.#onShared,
      onEnd: () => {
        if (this.#underWay.get(name) === lookup) this.#underWay.delete(name);
      },
    });
    this.#underWay.set(name, lookup);
    const answer = lookup.join(caller);
    this.#enter(lookup, common, calls);
    return answer;
  }

  #enter(lookup: SharedLookup, common: string, calls: DocumentCalls): void {
    if (!this.parts.upstream.takesInBulk(lookup.nin)) {
      void this.#answers.give([lookup], calls);
      return;
    }
    const open = this.#open.get(common);
    if (open?.isOpen === true) {
      open.add(lookup);
      return;
    }
    const batch = new LookupBatch(this.#answers.most, (lookups) => void this.#answers.give(lookups, calls));
    this.#open.set(common, batch);
    batch.add(lookup);
    void this.#closeInTime(batch, common);
  }

  /**
   * Waiting costs nothing while the process has its hands full, likely with bringing in more: a batch is sent after the
   * first turn that was over at once and in which nobody joined. For a lone lookup that is the first.
   */
  async #closeInTime(batch: LookupBatch, common: string): Promise<void> {
    const { maxWaitMilliseconds } = this.parts;
    const openedAt = this.#now();
    // Where the event loop is just now, it would not look for anything that has arrived meanwhile.
    await this.#turn();
    let turnedAt = this.#now();
    while (batch.isOpen) {
      const size = batch.size;
      await this.#turn();
      const now = this.#now();
      const isQuiet = batch.size === size && now - turnedAt < BUSY_MILLISECONDS;
      if (isQuiet || now - openedAt >= maxWaitMilliseconds) break;
      turnedAt = now;
    }
    if (this.#open.get(common) === batch) this.#open.delete(common);
    batch.close();
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}

/** What has to be equal for one call to serve several lookups. */
function inCommon(
  calls: DocumentCalls,
  { clientId, access, organisation, lane = 'interactive' }: Caller,
): string {
  const { parent, child = null } = organisation;
  return JSON.stringify([clientId, access, parent, child, lane, textOf(calls)]);
}

const textOf = oncePerObject((calls: DocumentCalls) => JSON.stringify(calls));
