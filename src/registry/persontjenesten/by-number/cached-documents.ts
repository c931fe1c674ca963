import { asAdapterError, UpstreamTimeout, type AdapterError } from '../../../errors/errors.js';
import type { ErrorCode } from '../../../errors/catalogue.js';
import { textIn, type JsonObject } from '../../../mapping/json.js';
import { withoutAddresses } from '../../../mapping/without-addresses.js';
import { numbersIn } from '../../../mapping/transforms/identity.js';
import type { EventSink } from '../../../operations/events.js';
import { dayInNorway } from '../../../person/calendar-date.js';
import type { NationalId } from '../../../person/national-id.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Caller, KeptSource } from '../../person-registry.js';
import { QueueFull } from '../calls/refusals.js';
import type { PersontjenestenRegistryParts } from '../translation.js';
import { ChangeWatch, type ChangeWatchParts, type News } from './change-watch.js';
import { KeptDocuments, nameOfNumber, namesOf, type KeptDocument } from './kept-documents.js';
import type { DocumentCalls, PersonDocuments } from './person-documents.js';
import { ToldLately } from './told-lately.js';

/** How long documents are kept, and how many. */
export interface CacheLimits {
  readonly maxEntries: number;
  /** How long a document is as good as a new one, within the day in Norway on which it was asked for. */
  readonly maxAgeMilliseconds: number;
  /** How old a document may be that answers, without addresses, while the register is down; undefined where none does. */
  readonly staleMaxAgeMilliseconds: number | undefined;
  /** How long the register is waited for where there is such a document. */
  readonly patienceMilliseconds: number;
  /** How long after an event about a person nothing about them is kept. */
  readonly settlingMilliseconds: number;
}

/** What a cache is made of. */
export interface CachedDocumentsParts extends Pick<ChangeWatchParts, 'log' | 'pollSeconds'> {
  /** Where documents come from that are not kept. */
  readonly beneath: PersonDocuments;
  readonly mappings: PersontjenestenRegistryParts['mappings'];
  readonly limits: CacheLimits;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** What passes by itself, and tells nothing about the person: only then may an old document answer. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'upstream-unavailable',
  'upstream-timeout',
  'upstream-rate-limited',
  'token-unavailable',
]);

/** At least so often age is looked at while anybody asks, in milliseconds. */
const SWEEP_EVERY = 60_000;

/**
 * Documents by number that are kept in memory for a while, for who asks for the same again. They answer only while the event
 * feed vouches for them: an event about a person lets go of everything about the person, and nothing is answered from here
 * unless the log of changes is known to have caught up (Safety S10). "Nobody", trouble and anything in doubt is never
 * kept. docs/cache.md has the rules.
 */
export class CachedDocuments implements PersonDocuments {
  readonly #kept: KeptDocuments;
  readonly #toldLately: ToldLately;
  readonly #watch: ChangeWatch;
  readonly #bare: (document: JsonObject) => JsonObject;
  #isClosed = false;
  #sweptAt = -Infinity;

  constructor(private readonly parts: CachedDocumentsParts) {
    this.#kept = new KeptDocuments(parts.limits.maxEntries);
    this.#toldLately = new ToldLately(parts.limits.settlingMilliseconds);
    this.#watch = new ChangeWatch({ ...parts, settlingMilliseconds: parts.limits.settlingMilliseconds });
    this.#bare = withoutAddresses(parts.mappings);
  }

  /** How many documents are kept. */
  get size(): number {
    return this.#kept.size;
  }

  async one(nin: NationalId, calls: DocumentCalls, caller: Caller): Promise<JsonObject | undefined> {
    const key = keyOf(nin, calls, caller);
    const news = this.#heed();
    this.#sweepWhenDue();
    const kept = this.#kept.get(key);
    if (kept !== undefined && news?.isCurrent === true && this.#isFresh(kept)) {
      this.#kept.touch(key);
      this.#tell('cache', caller);
      return kept.document;
    }
    const askedAt = this.#now();
    let document: JsonObject | undefined;
    try {
      document = await this.#ask(kept, nin, calls, caller);
    } catch (error) {
      return this.#staleUnless(asAdapterError(error), key, caller);
    }
    // Whatever came is newer than what was kept; and whoever is nobody now is not to come back.
    this.#kept.drop(key);
    if (document !== undefined && this.#heed() !== undefined) this.#keep(key, nin, document, askedAt);
    return document;
  }

  /** Heeds what events tell, and lets go of what is too old. Never fails. */
  refresh(): void {
    this.#heed();
    this.#sweep();
  }

  /** Lets go of everything, and keeps nothing from now on. */
  close(): void {
    this.#isClosed = true;
    this.#kept.clear();
  }

  /** @returns undefined when nothing is known, and nothing must be answered from here */
  #heed(): News | undefined {
    if (this.#isClosed) return undefined;
    const news = this.#watch.read();
    if (news === undefined) return undefined;
    if (news.told === 'anybody') {
      this.#kept.clear();
      this.#toldLately.addEverybody(this.#now());
    } else {
      for (const person of news.told) this.#kept.dropPerson(person);
      this.#toldLately.add(news.told, this.#now());
    }
    return news;
  }

  #keep(key: string, nin: NationalId, document: JsonObject, askedAt: number): void {
    const personId = textIn(document, 'id');
    if (personId === undefined) return;
    const numbers = [nin, ...numbersIn(document).map((number) => number.nin)];
    const names = [...new Set([...namesOf({ personId, nin: null }), ...numbers.map(nameOfNumber)])];
    if (this.#toldLately.mayBeOld(names, askedAt, this.#now())) return;
    this.#kept.put(key, { document, askedAt, names, isBare: false });
  }

  /** Asks beneath, for a while only where there is something to fall back on. */
  async #ask(
    kept: KeptDocument | undefined,
    nin: NationalId,
    calls: DocumentCalls,
    caller: Caller,
  ): Promise<JsonObject | undefined> {
    const { beneath, clock, limits } = this.parts;
    if (kept === undefined || !this.#mayServeStale(kept)) return beneath.one(nin, calls, caller);
    const patience = new AbortController();
    const asking = new AbortController();
    const timeUp = clock.sleep(limits.patienceMilliseconds, patience.signal).then(() => {
      const error = new UpstreamTimeout('the register gave no answer while there was one to fall back on');
      asking.abort(error);
      throw error;
    });
    try {
      const signal = AbortSignal.any([caller.signal, asking.signal]);
      return await Promise.race([beneath.one(nin, calls, { ...caller, signal }), timeUp]);
    } finally {
      patience.abort();
      timeUp.catch(() => undefined);
    }
  }

  /** @throws the error itself, where there is nothing that may answer in its place */
  #staleUnless(error: AdapterError, key: string, caller: Caller): JsonObject {
    // A refusal is an answer: nothing is told any more that was told before it.
    if (error.description.retry === 'permanent') this.#kept.drop(key);
    // Events that were read meanwhile count: whoever changed is gone by now.
    const isKnown = this.#heed() !== undefined;
    const kept = this.#kept.get(key);
    // That too many of us wait for the register does not mean that it is down.
    const isPassing = PASSING.has(error.code) && !(error instanceof QueueFull) && !caller.signal.aborted;
    if (!isKnown || !isPassing || kept === undefined || !this.#mayServeStale(kept)) throw error;
    this.#tell('stale-cache', caller);
    return this.#bare(kept.document);
  }

  #tell(source: KeptSource, { correlationId, onKept }: Caller): void {
    onKept?.(source);
    this.parts.events.emit('answeredFromCache', { correlationId, source });
  }

  #isFresh({ askedAt, isBare }: KeptDocument): boolean {
    return (
      !isBare && this.#isYounger(askedAt, this.parts.limits.maxAgeMilliseconds) && this.#isOfToday(askedAt)
    );
  }

  #mayServeStale({ askedAt }: KeptDocument): boolean {
    const { staleMaxAgeMilliseconds } = this.parts.limits;
    return staleMaxAgeMilliseconds !== undefined && this.#isYounger(askedAt, staleMaxAgeMilliseconds);
  }

  /** What was asked for ahead of now, as a clock that was set back makes it seem, has no age that can be told. */
  #isYounger(askedAt: number, milliseconds: number): boolean {
    const age = this.#now() - askedAt;
    return age >= 0 && age < milliseconds;
  }

  /** What is valid changes with the date, a protection among it, and no event tells of that (Safety S10). */
  #isOfToday(askedAt: number): boolean {
    return dayInNorway(new Date(askedAt)) === dayInNorway(this.parts.clock.now());
  }

  #sweepWhenDue(): void {
    const since = this.#now() - this.#sweptAt;
    if (since < 0 || since >= SWEEP_EVERY) this.#sweep();
  }

  #sweep(): void {
    this.#sweptAt = this.#now();
    this.#kept.revise((kept) => {
      if (this.#isFresh(kept)) return kept;
      if (!this.#mayServeStale(kept)) return undefined;
      // It will never answer with its addresses again, and so does not hold them.
      return kept.isBare ? kept : { ...kept, document: this.#bare(kept.document), isBare: true };
    });
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}

/** What two questions have in common that one document answers: the person's number, what is asked, and who may see it. */
function keyOf(nin: NationalId, calls: DocumentCalls, { access, organisation }: Caller): string {
  const asked = calls.map(({ informationParts, includeHistory }) => [informationParts, includeHistory]);
  return JSON.stringify([access, organisation.parent, organisation.child ?? null, asked, nin]);
}
