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
import { attempt, type Answered, type Attempt, type Failed } from './attempt.js';
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

  #step(way: Way | undefined, present: PresentWays | undefined, { clientId }: Caller): Step | undefined {
    if (way === undefined || present === undefined) return undefined;
    const { guard, clock } = this.parts;
    return { clientId, way, at: clock.now(), setting: guard.settingOf(clientId, present.standing) };
  }

  async #askBy<Answer>(step: Step | undefined, question: Question<Answer>, caller: Caller): Promise<Answer> {
    const { registryOf, usage, shadow, clock } = this.parts;
    if (step === undefined) {
      const answer = await question.ask(registryOf('persontjenesten'), caller);
      usage.note(caller, question.subjects.length, question.tellings(answer));
      return answer;
    }
    const source = answeringSource(step.way.route);
    const other = this.#inPlaceOf(source, caller);
    const milliseconds = other === undefined ? undefined : timeOfFirst(caller, clock.now());
    const first = await attempt(
      question,
      { source, registry: registryOf(source), clock, milliseconds },
      caller,
    );
    this.#noteForGuard(step, first);
    if ('error' in first && other !== undefined && isOutage(first.error) && !caller.signal.aborted) {
      return this.#askOther(other, question, caller, step, first);
    }
    shadow.ask(question, caller, step, first);
    return this.#told(question, caller, step, first);
  }

  /** The register that may answer in place of another one. */
  #inPlaceOf(source: Source, { clientId }: Caller): Source | undefined {
    const { routing, pregClients } = this.parts;
    if (!mayFallBack(routing.settings.fallback, source)) return undefined;
    const other = otherSource(source);
    return other === 'preg' && !pregClients.has(clientId) ? undefined : other;
  }

  /** Asks the register that the route does not name. When it fails, too, the client is told of the one that should have answered. */
  async #askOther<Answer>(
    source: Source,
    question: Question<Answer>,
    caller: Caller,
    step: Step,
    first: Failed,
  ): Promise<Answer> {
    const { registryOf, comparing, events, clock } = this.parts;
    const second = await attempt(question, { source, registry: registryOf(source), clock }, caller);
    const sides = [sideOf(question, first), sideOf(question, second)] as const;
    const [failed, asked] = sides;
    events.emit('otherRegisterAsked', {
      correlationId: caller.correlationId,
      clientId: caller.clientId,
      route: step.way.route,
      outOfOrder: first.source,
      error: first.error,
      outcome: outcomeOf(asked).outcome,
    });
    comparing.recordTrouble({
      step,
      caller,
      answeredBy: 'answer' in second ? source : first.source,
      subjects: question.subjects,
      sides:
        source === 'preg'
          ? { preg: asked, persontjenesten: failed }
          : { preg: failed, persontjenesten: asked },
    });
    return this.#told(question, caller, step, 'answer' in second ? second : first);
  }

  #told<Answer>(question: Question<Answer>, caller: Caller, step: Step, outcome: Attempt<Answer>): Answer {
    const people = question.subjects.length;
    if ('error' in outcome) {
      this.parts.usage.note(caller, people);
      throw outcome.error;
    }
    const { answer, kept, source } = outcome;
    this.parts.usage.note(caller, people, question.tellings(answer));
    if (kept !== undefined) caller.onKept?.(kept);
    caller.onAnswered?.({ route: step.way.route, source });
    return answer;
  }

  #noteForGuard<Answer>(step: Step, first: Answered<Answer> | Failed): void {
    const hasFailed =
      'error' in first
        ? isTroubleOfRegister(first.error)
        : // What is kept is told since the register does not answer.
          first.kept === 'stale-cache';
    if ('error' in first && !hasFailed) return;
    this.parts.guard.note(step, { answers: 1, failures: hasFailed ? 1 : 0 });
  }
}
