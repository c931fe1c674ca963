import { asAdapterError, UpstreamUnavailable, type AdapterError } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import type { NationalId } from '../../person/national-id.js';
import type { Clock } from '../../runtime/clock.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
} from '../person-registry.js';
import type { SearchAnswer, SearchQuery } from '../search.js';
import { attempt, type Attempt } from './attempt.js';
import type { Comparing } from './comparing.js';
import { isOutage, isTroubleOfRegister, mayFallBack, timeOfFirst } from './fallback.js';
import type { Guard, Step } from './guard.js';
import {
  childrenQuestion,
  lookupManyQuestion,
  lookupQuestion,
  searchQuestion,
  type Question,
} from './question.js';
import { answeringSource, otherSource, type Source } from './route.js';
import type { Way } from './route-table.js';
import type { PresentWays, Routing } from './routing.js';
import type { Shadow } from './shadow.js';
import { outcomeOf, sideOf } from './side.js';
import type { Usage } from './usage.js';

/** What both registers together are made of. */
export interface CutoverRegistryParts {
  readonly routing: Routing;
  readonly registryOf: (source: Source) => PersonRegistry;
  /** Clients that PREG can serve; nobody else falls back to it. */
  readonly pregClients: ReadonlySet<string>;
  readonly guard: Guard;
  readonly shadow: Shadow;
  readonly comparing: Comparing;
  readonly usage: Usage;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** Both registers as one: each question goes the way that holds for it when it is asked. */
export class CutoverRegistry implements PersonRegistry {
  constructor(private readonly parts: CutoverRegistryParts) {}

  async lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    return this.#ask(lookupQuestion(query), caller);
  }

  /** Where some of a hundred people go another way, each goes its own. */
  async lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    const { routing } = this.parts;
    const present = routing.waysOf(caller);
    const ids = [...new Set(query.ids)];
    const groups = new Map<Way | undefined, NationalId[]>();
    for (const id of ids) {
      const way = present && routing.wayOf(present, id);
      const group = groups.get(way);
      if (group === undefined) groups.set(way, [id]);
      else group.push(id);
    }
    const answers = await Promise.all(
      [...groups].map(([way, some]) =>
        this.#askBy(this.#step(way, present, caller), lookupManyQuestion({ ...query, ids: some }), caller),
      ),
    );
    const [only, ...others] = answers;
    if (only !== undefined && others.length === 0) return only;
    const together = new Map(answers.flatMap((some) => [...some]));
    return new Map(
      ids.flatMap((id) => {
        const answer = together.get(id);
        return answer === undefined ? [] : [[id, answer] as const];
      }),
    );
  }

  async children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    return this.#ask(childrenQuestion(id), caller);
  }

  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    return this.#ask(searchQuestion(query), caller);
  }

  async #ask<Answer>(question: Question<Answer>, caller: Caller): Promise<Answer> {
    const { routing } = this.parts;
    const present = routing.waysOf(caller);
    const way = present && routing.wayOf(present, question.key);
    return this.#askBy(this.#step(way, present, caller), question, caller);
  }

  #step(
    way: Way | undefined,
    present: PresentWays | undefined,
    { clientId, correlationId }: Caller,
  ): Step | undefined {
    if (way === undefined || present === undefined) return undefined;
    const { guard, clock } = this.parts;
    return {
      clientId,
      correlationId,
      way,
      at: clock.now(),
      setting: guard.settingOf(clientId, present.standing),
    };
  }

  async #askBy<Answer>(step: Step | undefined, question: Question<Answer>, caller: Caller): Promise<Answer> {
    const { clock, shadow, guard } = this.parts;
    if (step === undefined) return this.#askAlone(question, caller);
    const source = answeringSource(step.way.route);
    const other = this.#inPlaceOf(source, caller);
    const milliseconds = other === undefined ? undefined : timeOfFirst(caller, clock.now());
    const first = await this.#attempt(source, question, caller, milliseconds);
    this.#aside(caller, () => {
      this.#noteForGuard(step, first);
    });
    const outage = outageIn(first);
    if (outage !== undefined && other !== undefined && !caller.signal.aborted) {
      return this.#askOther(other, question, caller, step, { first, outage });
    }
    this.#aside(caller, () => {
      const isAsked = shadow.ask(question, caller, step, first);
      if (!isAsked && guard.wantsProof(step)) shadow.probe(question, caller, step);
    });
    return this.#told(question, caller, step, first);
  }

  /** Where there is one register, nobody is told which it was. */
  async #askAlone<Answer>(question: Question<Answer>, caller: Caller): Promise<Answer> {
    try {
      const answer = await question.ask(this.parts.registryOf('persontjenesten'), caller);
      this.#noteUse(question, caller, answer);
      return answer;
    } catch (error) {
      this.#noteUse(question, caller);
      throw error;
    }
  }

  #attempt<Answer>(
    source: Source,
    question: Question<Answer>,
    caller: Caller,
    milliseconds?: number,
  ): Promise<Attempt<Answer>> {
    const { registryOf, clock } = this.parts;
    return attempt(question, { source, registry: registryOf(source), clock, milliseconds }, caller);
  }

  /** The register that may answer in place of another one. */
  #inPlaceOf(source: Source, { clientId }: Caller): Source | undefined {
    const { routing, pregClients } = this.parts;
    if (!mayFallBack(routing.settings.fallback, source)) return undefined;
    const other = otherSource(source);
    return other === 'preg' && !pregClients.has(clientId) ? undefined : other;
  }

  /** Asks the register that the route does not name. When it fails, too, the client gets what the one has that it names. */
  async #askOther<Answer>(
    source: Source,
    question: Question<Answer>,
    caller: Caller,
    step: Step,
    { first, outage }: { readonly first: Attempt<Answer>; readonly outage: AdapterError },
  ): Promise<Answer> {
    const { comparing, events } = this.parts;
    const second = await this.#attempt(source, question, caller);
    const given = 'answer' in second ? second : first;
    this.#aside(caller, () => {
      const [broken, asked] = [sideOf(question, first), sideOf(question, second)];
      const [preg, persontjenesten] = source === 'preg' ? [asked, broken] : [broken, asked];
      events.emit('otherRegisterAsked', {
        correlationId: caller.correlationId,
        clientId: caller.clientId,
        route: step.way.route,
        outOfOrder: first.source,
        error: outage,
        outcome: outcomeOf(asked).outcome,
      });
      const { subjects } = question;
      const sides = { preg, persontjenesten };
      comparing.recordTrouble({ step, caller, answeredBy: given.source, subjects, sides });
    });
    return this.#told(question, caller, step, given);
  }

  #told<Answer>(question: Question<Answer>, caller: Caller, step: Step, outcome: Attempt<Answer>): Answer {
    if ('error' in outcome) {
      this.#noteUse(question, caller);
      throw outcome.error;
    }
    const { answer, kept, source } = outcome;
    this.#noteUse(question, caller, answer);
    if (kept !== undefined) caller.onKept?.(kept);
    caller.onAnswered?.({ route: step.way.route, source });
    return answer;
  }

  #noteUse<Answer>(question: Question<Answer>, caller: Caller, answer?: Answer): void {
    this.#aside(caller, () => {
      const tellings = answer === undefined ? [] : question.tellings(answer);
      this.parts.usage.note(caller, question.subjects.length, tellings);
    });
  }

  #noteForGuard<Answer>(step: Step, first: Attempt<Answer>): void {
    const hasFailed = outageIn(first) !== undefined || ('error' in first && isTroubleOfRegister(first.error));
    if ('error' in first && !hasFailed) return;
    this.parts.guard.noteHeld(step, !hasFailed);
    this.parts.guard.note(step, { answers: 1, failures: hasFailed ? 1 : 0 });
  }

  /** What nobody waits for is nobody's trouble either. */
  #aside(caller: Caller, work: () => void): void {
    try {
      work();
    } catch (error) {
      const { correlationId } = caller;
      this.parts.events.emit('comparisonFailed', { correlationId, error: asAdapterError(error) });
    }
  }
}

/** What says that a register is out of order for now; undefined where it is not. */
function outageIn<Answer>(first: Attempt<Answer>): AdapterError | undefined {
  if ('error' in first) return isOutage(first.error) ? first.error : undefined;
  return first.kept === 'stale-cache'
    ? new UpstreamUnavailable('the register gave no answer but an old one that was kept')
    : undefined;
}
