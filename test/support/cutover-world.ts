import { StoreFailed } from '../../src/errors/errors.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type {
  ComparedAnswers,
  NotCompared,
  UsageCount,
} from '../../src/registry/cutover/compared-answers.js';
import type { AnswerPair, FieldDifference } from '../../src/registry/cutover/comparison/comparer.js';
import { createCutover, type Cutover, type CutoverSettings } from '../../src/registry/cutover/cutover.js';
import type { Holds, TriedHold } from '../../src/registry/cutover/holds.js';
import {
  sources,
  type RouteScope,
  type Source,
  type StandingRoute,
  type StandingRoutes,
} from '../../src/registry/cutover/route.js';
import { afterSetting, isSameScope, type Setting } from '../../src/registry/cutover/standing-change.js';
import type {
  AnsweredBy,
  Caller,
  KeptSource,
  LookupAnswer,
  PersonRegistry,
} from '../../src/registry/person-registry.js';
import { StoreBusy } from '../../src/registry/cutover/store-busy.js';
import { newCorrelationId, type CorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from './counted-random.js';
import { pregPerson } from './preg-person.js';
import { RecordedEvents } from './recorded-events.js';
import { StandingClock } from './standing-clock.js';

/** Settings as they are where nothing is configured. */
export const usualSettings: CutoverSettings = {
  routes: [],
  fallback: 'none',
  testers: [],
  comparison: { samplePercent: 100, maxConcurrent: 8, maxWaiting: 200 },
  guard: {
    enabled: true,
    windowMinutes: 15,
    minimumAnswers: 50,
    unexplainedPercent: 1,
    identityDifferences: 1,
    errorPercent: 20,
  },
};

/** A difference that nothing explains, in a field that does not tell who somebody is unless told otherwise. */
export function difference(known: Partial<FieldDifference> = {}): FieldDifference {
  return {
    field: 'maritalStatus',
    isIdentity: false,
    class: 'unexplained',
    kinds: { preg: 'code', persontjenesten: 'code' },
    ...known,
  };
}

/** A question that a register was asked. */
export interface AskedQuestion {
  readonly kind: 'lookup' | 'lookupMany' | 'children' | 'search';
  readonly ids: readonly NationalId[];
  readonly caller: Caller;
}

/** A register that answers as it is told to; everybody is found in it, under the number asked for. */
export class ScriptedRegister implements PersonRegistry {
  readonly asked: AskedQuestion[] = [];
  /** What happens before an answer: it may take its time, or fail. */
  before: (question: AskedQuestion) => Promise<void> | void = () => undefined;
  /** What is answered about a number. */
  answer: (id: NationalId) => LookupAnswer;

  constructor(readonly source: Source) {
    this.answer = (id) => ({
      outcome: 'found',
      person: pregPerson({ nin: id, sn: source === 'preg' ? 'GAMMEL' : 'NY' }),
      lineage: new Map(),
    });
  }

  async lookup({ id }: { readonly id: NationalId }, caller: Caller): Promise<LookupAnswer> {
    await this.#asked({ kind: 'lookup', ids: [id], caller });
    return this.answer(id);
  }

  async lookupMany(
    { ids }: { readonly ids: readonly NationalId[] },
    caller: Caller,
  ): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    await this.#asked({ kind: 'lookupMany', ids, caller });
    return new Map(ids.map((id) => [id, this.answer(id)]));
  }

  async children(id: NationalId, caller: Caller): ReturnType<PersonRegistry['children']> {
    await this.#asked({ kind: 'children', ids: [id], caller });
    return { outcome: 'found', children: [{ person: pregPerson(), lineage: new Map() }] };
  }

  async search(_query: unknown, caller: Caller): ReturnType<PersonRegistry['search']> {
    await this.#asked({ kind: 'search', ids: [], caller });
    return { hits: [{ person: pregPerson(), lineage: new Map() }], total: 1 };
  }

  async #asked(question: AskedQuestion): Promise<void> {
    this.asked.push(question);
    await this.before(question);
  }
}

/** Standing routes in memory, as the store keeps them. */
export class StandingRoutesInMemory implements StandingRoutes, Holds {
  #routes: readonly StandingRoute[] = [];
  failing = false;
  isReadOnly = false;
  /** How often somebody else has the lock. */
  lock = 0;
  /** How often it was read or written in vain. */
  refused = 0;

  all(): readonly StandingRoute[] {
    this.#check();
    return this.#routes;
  }

  set(route: StandingRoute, setting?: Setting): void {
    this.#check();
    if (this.isReadOnly) {
      this.refused += 1;
      throw new StoreFailed('the disk is full');
    }
    this.#routes = afterSetting(this.#routes, route, setting);
  }

  hold(
    route: StandingRoute,
    _question: CorrelationId,
    isStillSo: (standing: readonly StandingRoute[]) => boolean,
  ): TriedHold {
    if (this.lock > 0) {
      this.lock -= 1;
      throw new StoreBusy('somebody else writes');
    }
    const isSet = isStillSo(this.#routes);
    if (isSet) this.set(route);
    else this.#check();
    return { isSet, standing: this.#routes };
  }

  clear(scope: RouteScope): number {
    const kept = this.#routes.filter((one) => !isSameScope(one, scope));
    const cleared = this.#routes.length - kept.length;
    this.#routes = kept;
    return cleared;
  }

  #check(): void {
    if (!this.failing) return;
    this.refused += 1;
    throw new StoreFailed('the disk is full');
  }
}

/** What a test can do to, and see of, a cutover. */
export interface CutoverWorld {
  readonly cutover: Cutover;
  readonly registers: Readonly<Record<Source, ScriptedRegister>>;
  readonly standing: StandingRoutesInMemory;
  readonly clock: StandingClock;
  readonly events: RecordedEvents;
  /** What was written down, in its transactions. */
  readonly written: {
    readonly comparisons: ComparedAnswers[][];
    readonly notCompared: NotCompared[];
    readonly usage: UsageCount[][];
  };
  /** Whether writing fails. */
  readonly trouble: { comparisons: Error | undefined; usage: Error | undefined };
  /** Whether somebody waits for an answer. */
  readonly people: { somebody: boolean };
  /** How answers are held against each other. */
  compare: (pair: AnswerPair) => readonly FieldDifference[];
  /** How much work that is. */
  steps: number;
  /** All comparisons that were written down. */
  recorded(): readonly ComparedAnswers[];
  /** Lets the background run on, and writes down what is known. */
  settle(): Promise<void>;
  /** Ends it as the adapter does. */
  stop(): Promise<void>;
}

/** A cutover between two registers that do as they are told, with a clock that stands still. */
export function cutoverWorld(
  settings: Partial<CutoverSettings> = {},
  { hasPreg = true, pregClients = ['epj'] }: { hasPreg?: boolean; pregClients?: readonly string[] } = {},
): CutoverWorld {
  const registers = {
    preg: new ScriptedRegister('preg'),
    persontjenesten: new ScriptedRegister('persontjenesten'),
  };
  const standing = new StandingRoutesInMemory();
  const clock = new StandingClock('2022-09-01T12:00:00Z');
  const events = new RecordedEvents();
  const written: CutoverWorld['written'] = { comparisons: [], notCompared: [], usage: [] };
  const trouble: CutoverWorld['trouble'] = { comparisons: undefined, usage: undefined };
  const people: CutoverWorld['people'] = { somebody: false };
  const running = new AbortController();
  const world: CutoverWorld = {
    registers,
    standing,
    clock,
    events,
    written,
    trouble,
    people,
    compare: () => [],
    steps: 1,
    recorded: () => written.comparisons.flat(),
    stop: async () => {
      running.abort();
      await world.cutover.stop();
    },
    settle: async () => {
      // What is under way takes some turns; what waits to be written takes its time.
      for (let turn = 0; turn < 20; turn += 1) await clock.advance(0);
      await clock.advance(10_000);
    },
    cutover: createCutover({
      registries: { persontjenesten: registers.persontjenesten, preg: hasPreg ? registers.preg : undefined },
      standing,
      holds: standing,
      comparisons: {
        record: (compared, notCompared = []) => {
          if (trouble.comparisons !== undefined) throw trouble.comparisons;
          if (compared.length > 0) written.comparisons.push([...compared]);
          written.notCompared.push(...notCompared);
        },
      },
      usage: {
        add: (counts) => {
          if (trouble.usage !== undefined) throw trouble.usage;
          written.usage.push(counts.map((count) => ({ ...count, fields: new Map(count.fields) })));
        },
      },
      comparer: {
        compare: (pair) => world.compare(pair),
        *inSteps(pair) {
          for (let step = 1; step < world.steps; step += 1) yield;
          return world.compare(pair);
        },
      },
      settings: { ...usualSettings, ...settings },
      pregClients: new Set(pregClients),
      people,
      // A number's last two digits are its place among a hundred.
      digestOf: (text) => {
        const octets = Buffer.alloc(4);
        octets.writeUInt32BE(Math.floor(((Number(text.slice(-2)) + 0.5) / 100) * 2 ** 32));
        return octets;
      },
      events,
      clock,
      random: new CountedRandom(),
    }),
  };
  void world.cutover.run(running.signal);
  return world;
}

/** A caller, and what it was told besides its answers. */
export interface KnowingCaller {
  readonly caller: Caller;
  readonly answeredBy: AnsweredBy[];
  readonly kept: KeptSource[];
  readonly leaving: AbortController;
}

/** A client that asks by HL7 v3. */
export function knowingCaller(known: Partial<Caller> = {}): KnowingCaller {
  const answeredBy: AnsweredBy[] = [];
  const kept: KeptSource[] = [];
  const leaving = new AbortController();
  return {
    answeredBy,
    kept,
    leaving,
    caller: {
      clientId: 'epj',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      organisation: { parent: '999999999' },
      access: 'full',
      visible: new Set(fieldGroups),
      correlationId: newCorrelationId(new CountedRandom()),
      signal: leaving.signal,
      deadline: new Date('2022-09-01T12:00:30Z'),
      onAnswered: (by) => answeredBy.push(by),
      onKept: (source) => kept.push(source),
      ...known,
    },
  };
}

/** Whom a register was asked about, each time. */
export function askedOf(world: CutoverWorld): Readonly<Record<Source, number>> {
  const [preg, persontjenesten] = sources.map((source) => world.registers[source].asked.length);
  return { preg: preg ?? 0, persontjenesten: persontjenesten ?? 0 };
}
