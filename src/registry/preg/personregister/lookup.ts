import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { PregRejected } from '../../../errors/errors.js';
import { dayInNorway, type CalendarDate } from '../../../person/calendar-date.js';
import { isNationalId, type NationalId } from '../../../person/national-id.js';
import type { Clock } from '../../../runtime/clock.js';
import { MAX_NUMBERS } from '../../person-of-all.js';
import type { Caller, LookupAnswer, RecordWanted } from '../../person-registry.js';
import { SUPERSEDED } from './completed-person.js';
import type { PersonService } from './person-service.js';
import { isAbout, isSuccessor, type AddressesTold, type ToldPeople, type ToldPerson } from './told-people.js';

/** What lookups are made of. */
export interface LookupParts {
  readonly service: PersonService;
  readonly people: ToldPeople;
  readonly clock: Clock;
}

/** Looks people up of whom the same is wanted, on behalf of one caller. */
export class PersonLookup {
  /** The past day that is asked about; undefined for today. */
  readonly day: CalendarDate | undefined;

  constructor(
    private readonly parts: LookupParts,
    private readonly wanted: RecordWanted,
    private readonly caller: Caller,
  ) {
    const { on } = wanted;
    this.day = on !== undefined && on < dayInNorway(parts.clock.now()) ? on : undefined;
  }

  /** Asks for one person. @throws PregRejected for an answer about somebody else, and as the service does */
  async answer(id: NationalId): Promise<LookupAnswer> {
    const told = await this.#told(id);
    return told === undefined ? { outcome: 'not-found' } : this.answerFrom(told);
  }

  /** The answer from a record about the number that was asked for. @throws as {@link PersonLookup.answer} */
  async answerFrom(first: ToldPerson): Promise<LookupAnswer> {
    const { told, passed } =
      this.wanted.record === 'asked' ? { told: first, passed: [] } : await this.#inUse(first);
    const { person, lineage } = this.parts.people.hit(await this.#withAddresses(told), this.#addressesTold);
    const superseded = [...new Set([...person.supersededNINs, ...passed])];
    return {
      outcome: 'found',
      person: { ...person, supersededNINs: superseded },
      lineage,
      ...(person.regStatus === SUPERSEDED && person.newNIN === null ? { isOutOfUse: true } : {}),
    };
  }

  get #addressesTold(): AddressesTold {
    if (this.wanted.addresses === 'all') return 'all';
    return this.day === undefined ? 'current' : 'of-the-day';
  }

  async #told(id: NationalId): Promise<ToldPerson | undefined> {
    const { service } = this.parts;
    const [then, now] = await Promise.all([
      this.day === undefined ? undefined : service.person(id, this.day, this.caller),
      // Protection is that of today on every day (Safety S1).
      service.person(id, undefined, this.caller),
    ]);
    const told = this.#about(id, now);
    if (then === undefined || told === undefined) return told;
    const former = this.#about(id, then);
    return former === undefined ? undefined : this.parts.people.protectedAs(former, told);
  }

  #about(id: NationalId, record: ReadRecord | null): ToldPerson | undefined {
    if (record === null) return undefined;
    const told = this.parts.people.read(record);
    if (told === undefined || !isAbout(told.person, id)) {
      throw new PregRejected('wrong-answer', 'a record that is not about the number asked for');
    }
    return told;
  }

  /**
   * PREG keeps a record for each number: from one to the next, until the one that is in use ("Decided" 1).
   * @throws PregRejected where the next one is not seen to be the same person's (Safety S5)
   */
  async #inUse(
    first: ToldPerson,
  ): Promise<{ readonly told: ToldPerson; readonly passed: readonly NationalId[] }> {
    const passed: NationalId[] = [];
    let told = first;
    while (passed.length < MAX_NUMBERS) {
      const { nin, newNIN } = told.person;
      if (newNIN === null || !isNationalId(newNIN) || newNIN === nin || passed.includes(newNIN)) break;
      const next = await this.#told(newNIN);
      if (next === undefined) break;
      if (!isSuccessor(told.person, next.person)) {
        throw new PregRejected('wrong-answer', 'a record that leads to that of somebody else');
      }
      passed.unshift(nin);
      told = this.parts.people.protectedAs(next, told);
    }
    return { told, passed: passed.filter((nin) => nin !== told.person.nin) };
  }

  async #withAddresses(told: ToldPerson): Promise<ToldPerson> {
    if (this.wanted.addresses !== 'all' || this.day !== undefined) return told;
    const addresses = await this.parts.service.addresses(told.person.nin, this.caller);
    return addresses === null ? told : this.parts.people.withAddresses(told, addresses);
  }
}
