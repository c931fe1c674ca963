import type { ErrorCode } from '../../../errors/catalogue.js';
import { asAdapterError, StoreFailed, type AdapterError } from '../../../errors/errors.js';
import type { AuditOutcome } from '../../../operations/audit-trail.js';
import type { LookupAnswer } from '../../../registry/person-registry.js';
import { newCorrelationId, type CorrelationId } from '../../../runtime/correlation.js';
import { askingFor, auditEntryFor, isOfOnePerson, type Asking } from './asking.js';
import { backOff } from './back-off.js';
import { Conversation } from './conversation.js';
import { decide, nextLook, type Decision } from './decision.js';
import { Nap } from './nap.js';
import { ConnectionLost } from './outgoing-connection.js';
import { Pauses } from './pauses.js';
import { Problem, type QueuedNotification } from './queue.js';
import { References } from './references.js';
import type { MessageToWrite, SenderParts } from './sender-parts.js';

/** How long to wait where there is nothing to do, unless somebody wakes the sender. */
const POLL_MILLISECONDS = 5_000;
/** How much longer than everything takes the receiver is held. */
const MARGIN_MILLISECONDS = 15_000;
/** For so long the register may lag behind its own events. */
const CONFIRMED_WITHIN = 60 * 60_000;

/**
 * Sends one receiver what is queued for it, a message at a time: looks the person up, decides what to say, sends it, and waits for
 * the answer. Several may run on one store, of which one sends. docs/notifications.md tells how.
 */
export class Sender {
  /** Names this sender towards others with the same store. */
  readonly #name: string;
  readonly #nap: Nap;
  readonly #pauses: Pauses;
  readonly #references: References;
  readonly #conversation: Conversation;

  constructor(private readonly parts: SenderParts) {
    this.#name = parts.random.uuid();
    this.#nap = new Nap(parts.clock);
    this.#pauses = new Pauses({ ...parts, receiverId: parts.receiver.id });
    this.#references = new References(parts);
    this.#conversation = new Conversation(parts.connection);
  }

  /** The id of the receiver. */
  get receiver(): string {
    return this.parts.receiver.id;
  }

  /** Why the receiver cannot be reached; undefined when it can, or was not tried yet. */
  get unreachable(): string | undefined {
    return this.#pauses.unreachable;
  }

  /** The code of what keeps people from being looked up, or ids from being asked for; undefined when nothing does. */
  get trouble(): ErrorCode | undefined {
    return this.#pauses.trouble ?? this.#references.trouble;
  }

  /** There may be something to send. */
  wake(): void {
    this.#nap.end();
  }

  /** Sends until the signal aborts; resolves when nothing is touched any more. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      const pause = await this.turn(signal);
      await this.#nap.rest(pause, signal);
    }
    this.#conversation.close();
    this.#release();
  }

  /** One step: a question or a message, or nothing. @returns for how long there is nothing to do, in milliseconds */
  async turn(signal: AbortSignal): Promise<number> {
    try {
      return await this.#step(signal);
    } catch (error) {
      if (signal.aborted) return 0;
      return Math.min(this.#pauses.registerFailed(asAdapterError(error)), POLL_MILLISECONDS);
    }
  }

  async #step(signal: AbortSignal): Promise<number> {
    const { queue, receiver } = this.parts;
    if (receiver.isOff?.() === true) {
      this.#conversation.close();
      return POLL_MILLISECONDS;
    }
    if (!queue.take(receiver.id, this.#name, this.#heldUntil())) {
      // Whoever has it holds the connection.
      this.#conversation.close();
      return POLL_MILLISECONDS;
    }
    const asked = await this.#references.askSome(signal);
    const { left } = this.#pauses;
    if (left > 0) return asked ? 0 : Math.min(left, POLL_MILLISECONDS);
    if (!queue.hasDue(receiver.id)) {
      this.#pauses.registerWorked();
      return asked ? 0 : POLL_MILLISECONDS;
    }
    if (!(await this.#connect(signal))) return 0;
    // The time that others took is not that of the message.
    queue.take(receiver.id, this.#name, this.#heldUntil());
    const notification = queue.claim(receiver.id, this.#name);
    if (notification !== undefined) await this.#tell(notification, signal);
    return 0;
  }

  async #connect(signal: AbortSignal): Promise<boolean> {
    const { queue, receiver, events } = this.parts;
    try {
      // What was seen of an outage is over with it, whoever saw it.
      if (await this.#conversation.open(signal)) queue.markReachable(receiver.id);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      this.#pauses.connectionFailed(error.reason);
      queue.markFailing(receiver.id);
      const since = new Date(this.#now() - this.parts.limits.retry);
      for (;;) {
        const buried = queue.buryFailing(receiver.id, since, Problem.NoConnection);
        if (buried.length === 0) return false;
        events.emit('notificationsGivenUp', {
          receiver: receiver.id,
          problem: Problem.NoConnection,
          count: buried.length,
        });
      }
    }
    return true;
  }

  async #tell(notification: QueuedNotification, signal: AbortSignal): Promise<void> {
    const { clock, queue, receiver, random } = this.parts;
    const asking = askingFor(receiver, newCorrelationId(random), {
      signal,
      clock,
      limit: this.parts.limits.lookup,
    });
    let decision: Decision;
    try {
      decision = await this.#decide(notification, asking);
    } catch (error) {
      if (signal.aborted) return;
      const trouble = asAdapterError(error);
      if (isOfOnePerson(trouble)) this.#notBuilt(notification, trouble, asking.caller.correlationId);
      else queue.postpone(notification.id, new Date(this.#now() + this.#pauses.registerFailed(trouble)));
      return;
    } finally {
      asking.end();
    }
    this.#pauses.registerWorked();
    switch (decision.send) {
      case 'nothing':
        this.#done(notification, decision);
        return;
      case 'unconfirmed':
        this.#unconfirmed(notification);
        return;
      case 'A28':
      case 'A31':
      case 'A40':
        await this.#send(notification, decision, asking.caller.correlationId);
    }
  }

  /** Looks the person up, and leaves an entry in the audit trail before anything of the answer leaves. */
  async #decide(notification: QueuedNotification, { caller }: Asking): Promise<Decision> {
    const { registry, receiver, audit, clock } = this.parts;
    const { correlationId } = caller;
    const { number } = notification;
    const record = (operation: string, outcome: AuditOutcome): Promise<void> =>
      audit.record([
        auditEntryFor(receiver, { at: clock.now(), correlationId, operation, subject: number, outcome }),
      ]);
    let answer: LookupAnswer | undefined;
    try {
      answer = (await registry.lookupMany({ ids: [number] }, caller)).get(number);
    } catch (error) {
      await record('ADT', asAdapterError(error).code);
      throw error;
    }
    const decision = decide(notification, answer, receiver.events);
    const operation =
      decision.send === 'nothing' || decision.send === 'unconfirmed' ? 'ADT' : `ADT^${decision.send}`;
    await record(operation, answer?.outcome ?? 'not-found');
    return decision;
  }

  async #send(
    notification: QueuedNotification,
    decision: MessageToWrite['decision'],
    correlationId: CorrelationId,
  ): Promise<void> {
    const { queue, events, clock, receiver } = this.parts;
    const { id, queuedAt } = notification;
    const begun = clock.now().getTime();
    const controlId = queue.sending(id, this.#name, decision.send, this.#heldUntil());
    if (controlId === undefined) return;
    let octets: Uint8Array;
    try {
      octets = this.parts.write({ decision, controlId, seenAt: queuedAt, correlationId });
    } catch (error) {
      this.#notBuilt(notification, asAdapterError(error), correlationId);
      return;
    }
    const problem = await this.#exchange(octets, controlId);
    const type = `ADT^${decision.send}`;
    const attempts = notification.attempts + 1;
    if (problem === undefined) {
      this.#done(notification, decision);
      events.emit('notificationSent', {
        correlationId,
        receiver: receiver.id,
        type,
        controlId,
        attempts,
        milliseconds: this.#now() - begun,
      });
    } else if (problem === Problem.Refused) {
      this.#bury(notification, problem);
    } else {
      const due = this.#failed(notification, problem);
      if (due === undefined) return;
      const named = { correlationId, receiver: receiver.id, type, controlId, attempts, problem };
      events.emit('notificationNotTaken', { ...named, retryInSeconds: Math.ceil(due / 1_000) });
    }
  }

  #done(notification: QueuedNotification, decision: Decision): void {
    const { queue, receiver } = this.parts;
    const next = nextLook(notification, decision, receiver.events);
    if (next === undefined) {
      queue.delivered(notification.id, decision.send === 'A40' ? decision.person.nin : undefined);
    } else {
      queue.lookAgain(notification.id, next.kind, new Date(this.#now() + next.wait));
    }
  }

  /** One whose message cannot be built is nobody else's trouble. */
  #notBuilt(notification: QueuedNotification, error: AdapterError, correlationId: CorrelationId): void {
    const pause = this.#failed(notification, Problem.NotBuilt);
    if (pause === undefined) return;
    const { id: notificationId, receiver } = notification;
    const retryInSeconds = Math.ceil(pause / 1_000);
    this.parts.events.emit('notificationNotBuilt', {
      correlationId,
      receiver,
      notificationId,
      error,
      retryInSeconds,
    });
  }

  /** What has begun is ended, also when we are to stop: nobody knows what becomes of a message that is cut off. */
  async #exchange(octets: Uint8Array, controlId: string): Promise<Problem | undefined> {
    try {
      const problem = await this.#conversation.tell(octets, controlId);
      this.#pauses.connectionWorked();
      return problem;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      this.#pauses.connectionFailed(error.reason);
      return Problem.NoAnswer;
    }
  }

  /** @returns in how many milliseconds it is tried again; undefined when it was given up */
  #failed(notification: QueuedNotification, problem: Problem): number | undefined {
    const { queue, limits, random } = this.parts;
    const now = this.#now();
    const failingSince = notification.failingSince?.getTime() ?? now;
    if (now - failingSince >= limits.retry) {
      this.#bury(notification, problem);
      return undefined;
    }
    const pause = backOff(notification.failures + 1, random);
    queue.postpone(notification.id, new Date(now + pause), problem);
    return pause;
  }

  #unconfirmed(notification: QueuedNotification): void {
    const { queue, random } = this.parts;
    const now = this.#now();
    const isLagging = now - (notification.failingSince?.getTime() ?? now) < CONFIRMED_WITHIN;
    if (!isLagging) {
      this.#bury(notification, Problem.NotConfirmed);
      return;
    }
    const due = new Date(now + backOff(notification.failures + 1, random));
    queue.postpone(notification.id, due, Problem.NotConfirmed);
  }

  #bury({ id, receiver }: QueuedNotification, problem: Problem): void {
    this.parts.queue.bury(id, problem);
    this.parts.events.emit('notificationsGivenUp', { receiver, problem, count: 1, notificationId: id });
  }

  #release(): void {
    try {
      this.parts.queue.release(this.parts.receiver.id, this.#name);
    } catch (error) {
      // A store that cannot be written keeps nobody from stopping: what is held ends by itself.
      if (!(error instanceof StoreFailed)) throw error;
    }
  }

  #heldUntil(): Date {
    const { lookup, exchange } = this.parts.limits;
    return new Date(this.#now() + lookup + exchange + MARGIN_MILLISECONDS);
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}
