import { UpstreamInvalidAnswer } from '../../errors/errors.js';
import { isCertainlyAfter } from '../../person/calendar-date.js';
import type { HelpNumberRecord } from '../../person/help-number-record.js';
import { kindOf, NationalIdKind, type NationalId } from '../../person/national-id.js';
import type { Clock } from '../../runtime/clock.js';
import type {
  AddAnswer,
  BrokenRule,
  Change,
  ChangeAnswer,
  HelpNumberRegister,
  Refusal,
} from '../help-number-register.js';
import type { Caller, PersonRegistry } from '../person-registry.js';
import type { SearchHit } from '../search.js';
import type {
  AnswerToRemember,
  HelpNumberEntry,
  HelpNumberOperation,
  HelpNumberRepository,
  HelpNumberWriter,
  MessageKey,
} from './help-number-repository.js';
import { canonicalContent } from './message-content.js';
import type { NumberSeries } from './number-series.js';
import { numbersOf, type OwnPeople } from './own-people.js';
import { duplicatesIn, ownDuplicates } from './possible-duplicates.js';

/** What the register is made of. */
export interface HelpNumbersParts {
  readonly repository: HelpNumberRepository;
  readonly people: OwnPeople;
  /** Who knows everybody else. */
  readonly source: PersonRegistry;
  readonly series: NumberSeries;
  readonly clock: Clock;
}

/** A message on its way through the register. */
interface Message {
  readonly operation: HelpNumberOperation;
  readonly change: Change;
  /** Undefined for a message without an id, which nobody can know again. */
  readonly key: MessageKey | undefined;
}

/**
 * The adapter's own register of help numbers (preg-hl7v3 part 6). What the source has to be asked is asked first; what
 * the register itself decides is decided in the transaction that writes it.
 */
export class HelpNumbers implements HelpNumberRegister {
  constructor(private readonly parts: HelpNumbersParts) {}

  /**
   * A number is only given out after the source has said that nobody has it (Safety S8). Of two who draw the same number
   * the one who writes first has it, and the other one draws again.
   */
  async add(record: HelpNumberRecord, change: Change): Promise<AddAnswer> {
    const { repository, series, source } = this.parts;
    const { caller } = change;
    const message = messageOf('add', [record], change);
    const done = this.#recall(message) ?? (series.isEmpty ? refused('no-series') : undefined);
    if (done !== undefined) return this.#added(done, caller);

    const elsewhere = await duplicatesIn(source, record, caller);
    const rejected = new Set<NationalId>();
    const isTaken = (number: NationalId): boolean => rejected.has(number) || repository.isAllotted(number);
    for await (const number of series.untaken(isTaken, caller.signal)) {
      if ((await this.#upstream(number, caller)) !== undefined) {
        rejected.add(number);
        continue;
      }
      const written = this.#write(message, (writer) => {
        const here = ownDuplicates(repository, record);
        if (!writer.insert(number, record)) return undefined;
        const possibleDuplicates = [...new Set([...here, ...elsewhere])];
        return { number, record, superseded: [], possibleDuplicates };
      });
      if (written !== undefined) return this.#added(written, caller);
    }
    return refused('series-exhausted');
  }

  async revise(id: NationalId, revision: Partial<HelpNumberRecord>, change: Change): Promise<ChangeAnswer> {
    const message = messageOf('revise', [id, revision], change);
    const done = this.#recall(message) ?? (await this.#whyNotOurs([id], change.caller));
    if (done !== undefined) return this.#changed(done, change.caller);
    const written = this.#write(message, (writer) => {
      const entry = this.#own(id);
      if (entry.survivor !== null) return refused('superseded');
      const record = { ...entry.record, ...revision };
      const tellsDays = 'birth' in revision || 'dateOfDeath' in revision;
      if (tellsDays && diesBeforeBirth(record)) return refused('death-before-birth');
      writer.replace(id, record);
      return this.#stateOf({ ...entry, record });
    });
    return this.#changed(written, change.caller);
  }

  /**
   * The tree stays flat: what a superseded number answered for, the survivor answers for from now on. A number that
   * superseded others before goes under the survivor together with them.
   */
  async link(survivor: NationalId, superseded: readonly NationalId[], change: Change): Promise<ChangeAnswer> {
    const { repository } = this.parts;
    const { caller } = change;
    const numbers = [...new Set(superseded)];
    const message = messageOf('link', [survivor, numbers], change);
    const done =
      this.#recall(message) ??
      (numbers.includes(survivor) ? refused('same-number') : await this.#whyNotOurs(numbers, caller));
    if (done !== undefined) return this.#changed(done, caller);

    const isOurs = repository.isAllotted(survivor);
    const found = isOurs ? undefined : await this.#upstream(survivor, caller, caller.visible);
    if (!isOurs && found === undefined) return refused('unknown-number');
    if (found?.person.supersededNINs.includes(survivor) === true || found?.isOutOfUse === true) {
      return refused('survivor-superseded');
    }
    const written = this.#write(message, (writer) => {
      if (numbers.some((number) => this.#own(number).survivor !== null)) return refused('superseded');
      const own = repository.find(survivor);
      if (own !== undefined && own.survivor !== null) return refused('survivor-superseded');
      for (const number of numbers) {
        for (const moved of [...repository.supersededBy(number)].reverse()) writer.link(moved, survivor);
        writer.link(number, survivor);
      }
      return own === undefined ? ofTheSource(survivor) : this.#stateOf(own);
    });
    return this.#changed(written, caller, found);
  }

  /**
   * The survivor may be given by any number of the person that the link was made with. A number that was freed leaves
   * behind those that came under the survivor together with it. Answers with the person of the freed number.
   */
  async unlink(survivor: NationalId, superseded: NationalId, change: Change): Promise<ChangeAnswer> {
    const { caller } = change;
    const message = messageOf('unlink', [survivor, superseded], change);
    const done = this.#recall(message) ?? (await this.#whyNotOurs([superseded], caller));
    if (done !== undefined) return this.#changed(done, caller);
    const survivors = await this.#numbersBeside(survivor, this.#own(superseded).survivor, caller);
    if (survivors === undefined) return refused('unknown-number');
    const written = this.#write(message, (writer) => {
      const entry = this.#own(superseded);
      if (entry.survivor === null || !survivors.includes(entry.survivor)) return refused('not-linked');
      writer.unlink(superseded);
      return this.#stateOf(entry);
    });
    return this.#changed(written, caller);
  }

  /** Why numbers cannot be revised or superseded here; undefined when they were all given out here. */
  async #whyNotOurs(numbers: readonly NationalId[], caller: Caller): Promise<Refusal | undefined> {
    if (numbers.some((number) => kindOf(number) !== NationalIdKind.HelpNumber)) {
      return refused('not-a-help-number');
    }
    const foreign = numbers.find((number) => !this.parts.repository.isAllotted(number));
    if (foreign === undefined) return undefined;
    const found = await this.#upstream(foreign, caller);
    return refused(found === undefined ? 'unknown-number' : 'not-our-number');
  }

  /** Every number of the person whom a survivor's number belongs to; undefined when nobody has it. */
  async #numbersBeside(
    survivor: NationalId,
    linkedTo: NationalId | null,
    caller: Caller,
  ): Promise<readonly NationalId[] | undefined> {
    // What is as written when the link was made can be undone whatever became of the survivor.
    if (survivor === linkedTo || this.parts.repository.isAllotted(survivor)) return [survivor];
    const found = await this.#upstream(survivor, caller);
    return found === undefined ? undefined : [survivor, ...numbersOf(found.person)];
  }

  /** The person whom the source knows by a number. Nothing is asked of it but what is visible. */
  async #upstream(
    id: NationalId,
    caller: Caller,
    visible: Caller['visible'] = new Set(),
  ): Promise<(SearchHit & { readonly isOutOfUse?: true }) | undefined> {
    const answer = await this.parts.source.lookup({ id }, { ...caller, visible });
    return answer.outcome === 'found' ? answer : undefined;
  }

  #own(number: NationalId): HelpNumberEntry {
    const entry = this.parts.repository.find(number);
    if (entry === undefined) throw new RangeError('a number that was given out is gone');
    return entry;
  }

  #stateOf({ number, record }: HelpNumberEntry): AnswerToRemember {
    const superseded = this.parts.repository.supersededBy(number);
    return { number, record, superseded, possibleDuplicates: [] };
  }

  /** What a message was answered when it came for the first time. */
  #recall({ key }: Message): AnswerToRemember | Refusal | undefined {
    const remembered = key === undefined ? undefined : this.parts.repository.answerTo(key);
    if (remembered === undefined) return undefined;
    return remembered.isSameContent ? remembered : refused('message-id-reused');
  }

  /** Runs a change, unless the same message was served meanwhile. A refusal changes nothing and is not remembered. */
  #write<Answer extends AnswerToRemember | Refusal | undefined>(
    message: Message,
    work: (writer: HelpNumberWriter) => Answer,
  ): Answer | AnswerToRemember | Refusal {
    const { operation, change, key } = message;
    const { clientId, correlationId, signal } = change.caller;
    // Who has left does not learn the number: the next attempt may come under another message id.
    signal.throwIfAborted();
    const origin = { at: this.parts.clock.now(), correlationId, clientId, operation };
    return this.parts.repository.change({ ...origin, requester: change.requester }, (writer) => {
      const earlier = this.#recall(message);
      if (earlier !== undefined) return earlier;
      const answer = work(writer);
      if (key !== undefined && answer !== undefined && !isRefusal(answer)) writer.remember(key, answer);
      return answer;
    });
  }

  #added(answer: AnswerToRemember | Refusal, caller: Caller): AddAnswer {
    if (isRefusal(answer)) return answer;
    const { number, record, superseded, possibleDuplicates } = answer;
    if (record === null) throw new TypeError('who was added here has a record here');
    const hit = this.parts.people.hit(number, record, superseded, caller);
    return { outcome: 'done', hit, possibleDuplicates };
  }

  async #changed(
    answer: AnswerToRemember | Refusal,
    caller: Caller,
    known?: SearchHit,
  ): Promise<ChangeAnswer> {
    if (isRefusal(answer)) return answer;
    const { number, record, superseded } = answer;
    const { people } = this.parts;
    if (record !== null) return { outcome: 'done', hit: people.hit(number, record, superseded, caller) };
    const hit = known ?? (await this.#upstream(number, caller, caller.visible));
    if (hit === undefined) throw new UpstreamInvalidAnswer('the survivor of a link is not known');
    return { outcome: 'done', hit: people.withLinkedNumbers(hit) };
  }
}

function messageOf(operation: HelpNumberOperation, asked: readonly unknown[], change: Change): Message {
  const { messageId, caller } = change;
  const key =
    messageId === undefined
      ? undefined
      : { clientId: caller.clientId, messageId, content: canonicalContent([operation, ...asked]) };
  return { operation, change, key };
}

function diesBeforeBirth({ birth, dateOfDeath }: HelpNumberRecord): boolean {
  return birth !== null && dateOfDeath !== null && isCertainlyAfter(birth, dateOfDeath);
}

function refused(rule: BrokenRule): Refusal {
  return { outcome: 'refused', rule };
}

function isRefusal(answer: AnswerToRemember | Refusal): answer is Refusal {
  return 'outcome' in answer;
}

/** An answer that tells of a person of the source, of whom nothing is kept here. */
function ofTheSource(number: NationalId): AnswerToRemember {
  return { number, record: null, superseded: [], possibleDuplicates: [] };
}
