import { setImmediate } from 'node:timers/promises';
import { type AdapterError, InternalError, NotAuthorised } from '../../../errors/errors.js';
import type { NationalId } from '../../../person/national-id.js';
import type { Caller, LookupAnswer, PersonRegistry } from '../../../registry/person-registry.js';
import type { InputRow } from '../record.js';
import { askAlone, troubleOf, type AloneAnswer } from './ask-alone.js';
import { FoundPeople } from './found-people.js';
import type { Matcher, MatchSettings, RowOutcome } from './matcher.js';
import { isElevenDigits, type CheckDigitRule } from './number-rules.js';
import { PersonFields, type FilematchTables } from './person-fields.js';
import { PersonSearch, type SearchFinding } from './person-search.js';
import { judgeRow } from './row-judgement.js';
import { outcomeOf } from './row-outcomes.js';
import type { Thresholds } from './verdict.js';

/** What a matcher is made of. */
export interface MatcherParts extends FilematchTables {
  readonly registry: Pick<PersonRegistry, 'lookupMany' | 'search'>;
  readonly settings: Thresholds & { readonly checkDigits: CheckDigitRule };
}

/** Makes the matcher. @throws Error when a code table is missing */
export function createMatcher({ registry, settings, ...tables }: MatcherParts): Matcher {
  const fields = new PersonFields(tables);
  const search = new PersonSearch({ registry, fields, thresholds: settings });
  const people = new FoundPeople(fields);
  return {
    judge: (row, isFirstOfItsRef) => judgeRow(row, isFirstOfItsRef, settings.checkDigits),
    match: (rows, caller, matchSettings) =>
      new Batch({ registry, search, people, caller, settings: matchSettings }).outcomes(rows),
    givenUp: (row, errorCode, auditOutcome) => outcomeOf(row, { status: '90', errorCode, auditOutcome }),
  };
}

interface BatchParts {
  readonly registry: Pick<PersonRegistry, 'lookupMany'>;
  readonly search: PersonSearch;
  readonly people: FoundPeople;
  readonly caller: Caller;
  readonly settings: MatchSettings;
}

type Answers<Key, Answer> = ReadonlyMap<Key, AloneAnswer<Answer>>;

/** So many rows are written before others have their turn: whoever waits for an answer does not wait for these. */
const ROWS_IN_A_TURN = 16;

/** The rows that are asked about together. */
class Batch {
  constructor(private readonly parts: BatchParts) {}

  async outcomes(rows: readonly InputRow[]): Promise<readonly RowOutcome[]> {
    const byNumber = await this.#lookups(rows.map(({ nin }) => nin).filter(isElevenDigits));
    const found = await this.#searches(rows.filter(({ nin }) => nin === ''));
    const outcomes: RowOutcome[] = [];
    for (const [index, row] of rows.entries()) {
      if (index > 0 && index % ROWS_IN_A_TURN === 0) await setImmediate();
      outcomes.push(this.#outcome(row, byNumber, found));
    }
    return outcomes;
  }

  #outcome(
    row: InputRow,
    byNumber: Answers<string, LookupAnswer>,
    found: Answers<InputRow, SearchFinding>,
  ): RowOutcome {
    const { people, settings } = this.parts;
    const { visible } = this.parts.caller;
    const lookup = byNumber.get(row.nin);
    const search = found.get(row);
    if (lookup !== undefined) {
      if ('trouble' in lookup) return troubled(row, lookup.trouble);
      return people.byNumber(row, lookup.answer, visible);
    }
    if (search === undefined) return troubled(row, new InternalError('a number was not answered'));
    if ('trouble' in search) return troubled(row, search.trouble);
    return people.bySearch(row, search.answer, visible, settings);
  }

  /** All in one question; each alone where that cannot be answered, whatever is tried. */
  async #lookups(numbers: readonly NationalId[]): Promise<Answers<string, LookupAnswer>> {
    const ids = [...new Set(numbers)];
    if (ids.length === 0) return new Map();
    const { signal } = this.parts.caller;
    try {
      return await this.#together(ids);
    } catch (error) {
      troubleOf(error, signal);
    }
    const alone = await askAlone(ids, (id) => this.#together([id]), signal);
    return new Map(
      ids.map((id, index) => {
        const answer = alone[index];
        if (answer === undefined) return [id, { trouble: new InternalError('a number was not asked for') }];
        return [id, 'trouble' in answer ? answer : (answer.answer.get(id) ?? UNANSWERED)];
      }),
    );
  }

  async #together(ids: readonly NationalId[]): Promise<Answers<string, LookupAnswer>> {
    const { registry, caller } = this.parts;
    const answers = await registry.lookupMany({ ids }, caller);
    return new Map([...answers].map(([id, answer]) => [id, { answer }]));
  }

  async #searches(rows: readonly InputRow[]): Promise<Answers<InputRow, SearchFinding>> {
    const { caller, search } = this.parts;
    if (!mayBeSearchedFor(caller)) {
      const trouble = new NotAuthorised('names and birth dates are outside the access profile');
      return new Map(rows.map((row) => [row, { trouble }]));
    }
    const answers = await askAlone(rows, (row) => search.find(row, caller), caller.signal);
    return new Map(rows.map((row, index) => [row, answers[index] ?? UNANSWERED]));
  }
}

const UNANSWERED = { trouble: new InternalError('a number was not answered') };

/** What a profile does not show it does not search by either. */
export function mayBeSearchedFor({ visible }: Pick<Caller, 'visible'>): boolean {
  return visible.has('names') && visible.has('birth');
}

/** E902 where the client is refused, E901 where the row is. */
function troubled(row: InputRow, error: AdapterError): RowOutcome {
  return outcomeOf(row, {
    status: '90',
    errorCode: error instanceof NotAuthorised ? 'E902' : 'E901',
    auditOutcome: error.code,
  });
}
