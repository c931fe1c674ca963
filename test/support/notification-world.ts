import { UpstreamUnavailable, type AdapterError } from '../../src/errors/errors.js';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { latin1 } from '../../src/legacy/hl7v2/message/charsets.js';
import { messageWriter } from '../../src/legacy/hl7v2/notifications/messages.js';
import { ConnectionLost } from '../../src/legacy/hl7v2/notifications/outgoing-connection.js';
import { Planner } from '../../src/legacy/hl7v2/notifications/planner.js';
import type { NotificationQueue, Trigger } from '../../src/legacy/hl7v2/notifications/queue.js';
import type { Receiver } from '../../src/legacy/hl7v2/notifications/receiver.js';
import { Sender } from '../../src/legacy/hl7v2/notifications/sender.js';
import type { SenderParts } from '../../src/legacy/hl7v2/notifications/sender-parts.js';
import { PersonSegments } from '../../src/legacy/hl7v2/person/person-segments.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import { ChangeKind, type Change, type News, type NewsPlace } from '../../src/registry/change-news.js';
import type { Caller, LookupAnswer } from '../../src/registry/person-registry.js';
import type { Clock } from '../../src/runtime/clock.js';
import type { Store } from '../../src/store/store.js';
import { CountedRandom } from './counted-random.js';
import { hl7v2Codes } from './hl7v2-segments.js';
import { transliteration } from './hl7v2.js';
import { memoryStore } from './memory-store.js';
import { pregPerson } from './preg-person.js';
import { auditInto } from './recorded-audit.js';
import { RecordedEvents } from './recorded-events.js';
import { StandingClock } from './standing-clock.js';

/** What a receiver does with a message: its code in MSA-1, another control id, no answer, or nobody there. */
export type Behaviour = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR' | 'other' | 'noise' | 'silent' | 'absent';

export const HOUR = 60 * 60_000;

const client: LegacyClient = {
  id: 'pas-client',
  protocols: new Set(['hl7v2']),
  organisation: { parent: '999999999' },
  access: 'full',
  visible: new Set(fieldGroups),
  quirks: { noFixedAbode: 'send', refusedSearch: 'fault', maxReplyBytes: 65_536 },
};

/** A receiver that wants everything, unless told otherwise. */
export function receiverOf(parts: Partial<Receiver> = {}): Receiver {
  return {
    id: 'pas',
    client,
    party: { application: 'PAS', facility: 'SYKEHUSET' },
    version: '2.5',
    charset: '8859/1',
    processingId: 'P',
    events: new Set<Trigger>(['A28', 'A31', 'A40']),
    subscribesOnLookup: false,
    ...parts,
  };
}

/** A register, a log of changes, a receiver and a store that tests move by hand. */
export class NotificationWorld {
  readonly clock: StandingClock;
  readonly store: Store;
  readonly random = new CountedRandom();
  readonly events = new RecordedEvents();
  readonly audited: AuditEntry[] = [];
  /** Who is known, by every number. */
  readonly people = new Map<NationalId, PregPerson>();
  readonly ids = new Map<NationalId, string>();
  readonly lookedUp: NationalId[] = [];
  readonly callers: Caller[] = [];
  readonly askedAbout: NationalId[] = [];
  /** Every message that reached the receiver, as text. */
  readonly received: string[] = [];
  /** The same as it came. */
  readonly octets: Uint8Array[] = [];
  readonly signal = new AbortController();
  behaviour: Behaviour = 'AA';
  /** With every question to the register. */
  trouble: AdapterError | undefined;
  /** With questions that name somebody. */
  readonly troubleWith = new Map<NationalId, AdapterError>();
  readonly #log: Change[] = [];
  #own: Sender | undefined;
  hasGap = false;

  /** @param open makes the store on the clock of this world */
  constructor(
    readonly receiver: Receiver = receiverOf(),
    open: (clock: Clock) => Store = (clock) => memoryStore({ clock }),
  ) {
    this.clock = new StandingClock('2026-03-01T12:00:00Z');
    this.store = open(this.clock);
  }

  knows(nin: NationalId, personId: string, parts: Partial<PregPerson> = {}): void {
    const person = pregPerson({ nin, sn: 'ØREKJÆR', givenName: 'KARI', ...parts });
    for (const number of [nin, ...person.supersededNINs, ...person.alternativeNINs]) {
      this.people.set(number, person);
      this.ids.set(number, personId);
    }
  }

  follows(...numbers: readonly NationalId[]): void {
    const { subscriptions } = this.store;
    subscriptions.load(this.receiver.id, numbers, subscriptions.beginLoad(this.receiver.id), { anew: false });
  }

  /** Something happens, and the log sees it. */
  happens(personId: string, nin: NationalId | null, kind: ChangeKind = ChangeKind.Record): void {
    this.#log.push({ personId, nin, kind });
  }

  readonly news = {
    since: (place: NewsPlace | undefined, most: number): News => {
      const from = Number(place?.next ?? BigInt(this.#log.length));
      const changes = this.#log.slice(from, from + most);
      const next = BigInt(from + changes.length);
      return {
        changes,
        place: { feed: 1, next, at: this.clock.now() },
        hasMore: Number(next) < this.#log.length,
        hasGap: this.hasGap,
      };
    },
  };

  planner(
    receivers: readonly Receiver[] = [this.receiver],
    queue: Pick<NotificationQueue, 'place' | 'plan'> = this.store.notifications,
  ): Planner {
    const { news, events, clock } = this;
    return new Planner({
      news,
      queue,
      receivers,
      onQueued: () => undefined,
      events,
      clock,
    });
  }

  /** Looks through everything that has happened. */
  plan(): void {
    const planner = this.planner();
    while (planner.turn());
  }

  sender(parts: Partial<SenderParts> = {}): Sender {
    const { clock, random, events, store } = this;
    let isOpen = false;
    return new Sender({
      receiver: this.receiver,
      registry: { lookupMany: ({ ids }, caller) => this.#lookUp(ids, caller) },
      references: { referencesOf: (numbers) => this.#referencesOf(numbers) },
      queue: store.notifications,
      subscriptions: store.subscriptions,
      connection: {
        // eslint-disable-next-line @typescript-eslint/require-await
        open: async () => {
          if (this.behaviour === 'absent') throw new ConnectionLost('ECONNREFUSED');
          const isNew = !isOpen;
          isOpen = true;
          return isNew;
        },
        // eslint-disable-next-line @typescript-eslint/require-await
        exchange: async (octets) => this.#answerTo(octets),
        close: () => {
          isOpen = false;
        },
      },
      write: messageWriter({
        receiver: this.receiver,
        sender: { application: 'PREGADAPTER', facility: '' },
        people: new PersonSegments(hl7v2Codes('hl7')),
        transliteration,
        events,
        clock,
      }),
      audit: auditInto(this.audited),
      limits: { lookup: 30_000, exchange: 40_000, retry: 72 * HOUR },
      events,
      clock,
      random,
      ...parts,
    });
  }

  /** The sender of this process. */
  get ownSender(): Sender {
    this.#own ??= this.sender();
    return this.#own;
  }

  /** Lets a sender work until it has nothing to do; gives how long it wants to rest. */
  async send(sender: Sender = this.ownSender, turns = 50): Promise<number> {
    let pause = 0;
    for (let turn = 0; turn < turns && pause === 0; turn += 1) pause = await sender.turn(this.signal.signal);
    return pause;
  }

  /** What happened becomes known, and is sent as far as that goes. */
  async tell(sender?: Sender): Promise<void> {
    this.plan();
    await this.send(sender);
  }

  /** A segment of the last message. */
  last(name: string): string {
    return (
      this.received
        .at(-1)
        ?.split('\r')
        .find((line) => line.startsWith(name)) ?? ''
    );
  }

  /** Which messages came, as in `ADT^A31`. */
  get types(): readonly string[] {
    return this.received.map((message) => /ADT\^A\d\d/.exec(message)?.[0] ?? '');
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async #lookUp(ids: readonly NationalId[], caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    this.lookedUp.push(...ids);
    this.callers.push(caller);
    this.#failFor(ids);
    return new Map(
      ids.map((id): [NationalId, LookupAnswer] => {
        const person = this.people.get(id);
        if (person === undefined) return [id, { outcome: 'not-found' }];
        return [id, { outcome: 'found', person, lineage: new Map() }];
      }),
    );
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async #referencesOf(numbers: readonly NationalId[]): Promise<ReadonlyMap<NationalId, string>> {
    this.askedAbout.push(...numbers);
    this.#failFor(numbers);
    return new Map(
      numbers.flatMap((number) => {
        const id = this.ids.get(number);
        return id === undefined ? [] : [[number, id] as const];
      }),
    );
  }

  #failFor(numbers: readonly NationalId[]): void {
    const trouble = this.trouble ?? numbers.map((number) => this.troubleWith.get(number)).find(Boolean);
    if (trouble !== undefined) throw trouble;
  }

  #answerTo(octets: Uint8Array): Uint8Array {
    if (this.behaviour === 'absent') throw new ConnectionLost('ECONNRESET');
    const text = latin1.decode(octets) ?? '';
    this.received.push(text);
    this.octets.push(octets);
    const controlId = text.split('|')[9] ?? '';
    if (this.behaviour === 'silent') throw new ConnectionLost('timeout');
    if (this.behaviour === 'noise') return Buffer.from('good morning');
    const [code, about] = this.behaviour === 'other' ? ['AA', 'ANOTHER'] : [this.behaviour, controlId];
    return Buffer.from(
      `MSH|^~\\&|PAS|SYKEHUSET|PREGADAPTER||20260301130000||ACK|1|P|2.5\rMSA|${code}|${about}\r`,
      'latin1',
    );
  }
}

/** The register cannot be reached. */
export const outage = new UpstreamUnavailable('nobody answers');
