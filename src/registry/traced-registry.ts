import { asAdapterError } from '../errors/errors.js';
import type { EventSink } from '../operations/events.js';
import type { TraceEvents } from '../operations/trace-events.js';
import type { BlankField, Lineage } from '../person/lineage.js';
import { blanksIn } from '../person/lineage-on-demand.js';
import type { NationalId } from '../person/national-id.js';
import { tellsOfProtection } from '../person/protection.js';
import type { Clock } from '../runtime/clock.js';
import type {
  AnsweredBy,
  Caller,
  ChildrenAnswer,
  KeptSource,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
} from './person-registry.js';
import type { SearchAnswer, SearchQuery } from './search.js';

type Told = Pick<TraceEvents['registersAsked'], 'outcome' | 'people' | 'blanks'>;
type Question = TraceEvents['registersAsked']['question'];

/** Tells what was asked and what came of it, for those who want to know why; nothing else changes. */
export class TracedRegistry implements PersonRegistry {
  constructor(
    private readonly inner: PersonRegistry,
    private readonly events: EventSink,
    private readonly clock: Clock,
  ) {}

  lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    return this.#traced('lookup', caller, (asked) => this.inner.lookup(query, asked), toldOfOne);
  }

  lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    return this.#traced(
      'lookup-many',
      caller,
      (asked) => this.inner.lookupMany(query, asked),
      (answers) => toldOf([...answers.values()].filter(({ outcome }) => outcome === 'found').length),
    );
  }

  children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    return this.#traced(
      'children',
      caller,
      (asked) => this.inner.children(id, asked),
      (answer) =>
        answer.outcome === 'found'
          ? { outcome: 'found', people: answer.children.length, blanks: [] }
          : NOBODY,
    );
  }

  search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    return this.#traced(
      'search',
      caller,
      (asked) => this.inner.search(query, asked),
      ({ hits }) => toldOf(hits.length),
    );
  }

  async #traced<Answer>(
    question: Question,
    caller: Caller,
    ask: (caller: Caller) => Promise<Answer>,
    told: (answer: Answer) => Told,
  ): Promise<Answer> {
    const { clientId, correlationId } = caller;
    const askedAt = this.clock.now().getTime();
    let answeredBy: AnsweredBy | null = null;
    let kept: KeptSource | null = null;
    const tell = (what: Told): void => {
      const milliseconds = this.clock.now().getTime() - askedAt;
      this.events.emit('registersAsked', {
        correlationId,
        clientId,
        question,
        ...what,
        answeredBy,
        kept,
        milliseconds,
      });
    };
    const watched: Caller = {
      ...caller,
      onAnswered: (by) => {
        answeredBy = by;
        caller.onAnswered?.(by);
      },
      onKept: (source) => {
        kept = source;
        caller.onKept?.(source);
      },
    };
    try {
      const answer = await ask(watched);
      tell(told(answer));
      return answer;
    } catch (error) {
      tell({ outcome: asAdapterError(error).code, people: 0, blanks: [] });
      throw error;
    }
  }
}

const NOBODY: Told = { outcome: 'not-found', people: 0, blanks: [] };

function toldOf(people: number): Told {
  return people === 0 ? NOBODY : { outcome: 'found', people, blanks: [] };
}

function toldOfOne(answer: LookupAnswer): Told {
  return answer.outcome === 'found'
    ? { outcome: 'found', people: 1, blanks: toldBlanks(answer.lineage) }
    : NOBODY;
}

/** Without what is blank by protection too. */
function toldBlanks(lineage: Lineage): readonly BlankField[] {
  return blanksIn(lineage).filter(({ field, reason }) => reason !== 'protected' && !tellsOfProtection(field));
}
