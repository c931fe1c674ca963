import { KEY_LENGTH } from '../../../contract/soap/trust.js';
import { PregUnavailable } from '../../../errors/errors.js';
import type { Clock } from '../../../runtime/clock.js';
import { newCorrelationId } from '../../../runtime/correlation.js';
import { withDeadline } from '../../../runtime/deadline.js';
import type { Random } from '../../../runtime/random.js';
import { Span } from '../../../runtime/span.js';
import type { Conversation, PregQuestion } from './conversation.js';
import type { Heard } from './heard.js';
import type { PregEndpoint, Sender } from './preg-endpoint.js';
import { FaultHeard, type FaultMeaning } from './preg-fault.js';
import type { PregAccount } from './preg-service-parts.js';
import { readSession, type PregSession } from './preg-session.js';
import { trustOperations } from './soap-sender.js';
import { cancelRequest, keyRequest } from './trust-requests.js';

/** What conversations are made of. */
export interface SecureConversationParts {
  readonly endpoint: PregEndpoint;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a session may take to come about, whoever waits for it. */
  readonly sessionTimeoutMilliseconds: number;
}

/** What a client has at one of PREG's services. */
interface Slot {
  session: PregSession | undefined;
  /** A session, or another key of it, on its way. */
  coming: Promise<PregSession> | undefined;
}

/** What another session may mend: some servers tell of an unknown one in terms of WS-Security alone. */
const ofTheSession: ReadonlySet<FaultMeaning> = new Set([
  'session-over',
  'renewal-wanted',
  'account-refused',
  'not-let-in',
]);

/** A renewal may take such a part of the time that a call may take, while the old key does. */
const RENEWALS_IN_A_CALL = 4;

/**
 * Messages signed with the key of a session that was opened by user name and password (contract preg-hl7v3 1.5). A client has one
 * session at a service, whose key is renewed before its time; when PREG knows it no more, another is opened and the message sent
 * again. Whoever needs one that is on its way waits for it.
 */
export class SecureConversation implements Conversation {
  readonly #slots = new Map<string, Slot>();
  readonly #ended = new AbortController();

  constructor(private readonly parts: SecureConversationParts) {}

  async ask(question: PregQuestion, account: PregAccount, sender: Sender): Promise<Heard> {
    const session = await this.#session(account, sender);
    try {
      return await this.#askIn(session, question, sender);
    } catch (error) {
      if (!(error instanceof FaultHeard) || !ofTheSession.has(error.fault.meaning)) throw error;
      // PREG did not process it, so nothing is done twice.
      this.#outlived(account, session, error.fault.meaning);
      return this.#askIn(await this.#session(account, sender), question, sender);
    }
  }

  async end(signal: AbortSignal): Promise<void> {
    const { endpoint, random } = this.parts;
    this.#ended.abort(new PregUnavailable('PREG is not asked any more'));
    const sessions = [...this.#slots];
    this.#slots.clear();
    const cancelled = sessions.map(async ([clientId, { session }]) => {
      if (session === undefined || session.lifetime.left === 0) return;
      await endpoint.ask(
        {
          operation: trustOperations.Cancel,
          body: cancelRequest(session.identifier),
          proof: { session },
          isRepeatable: true,
        },
        { clientId, correlationId: newCorrelationId(random), signal },
      );
    });
    // What PREG does not give back now ends there by itself.
    await Promise.allSettled(cancelled);
  }

  #askIn(session: PregSession, { operation, body, isRead }: PregQuestion, sender: Sender): Promise<Heard> {
    return this.parts.endpoint.ask({ operation, body, proof: { session }, isRepeatable: isRead }, sender);
  }

  #session(account: PregAccount, sender: Sender): Promise<PregSession> {
    const slot = this.#slotOf(account);
    const { session } = slot;
    if (session !== undefined && session.fresh.left > 0) return Promise.resolve(session);
    slot.coming ??= this.#coming(slot, account, sender);
    return slot.coming;
  }

  #slotOf({ client }: PregAccount): Slot {
    const known = this.#slots.get(client);
    if (known !== undefined) return known;
    const slot: Slot = { session: undefined, coming: undefined };
    this.#slots.set(client, slot);
    return slot;
  }

  /** Others may have seen the same before, and have another one by now. */
  #outlived({ client }: PregAccount, session: PregSession, meaning: FaultMeaning): void {
    const slot = this.#slots.get(client);
    if (slot?.session !== session) return;
    slot.session =
      meaning === 'renewal-wanted' ? { ...session, fresh: new Span(this.parts.clock, 0) } : undefined;
  }

  /** Made for all who wait, so that nobody who leaves takes it away from the others. */
  async #coming(slot: Slot, account: PregAccount, sender: Sender): Promise<PregSession> {
    const { clock, sessionTimeoutMilliseconds } = this.parts;
    const { session: old } = slot;
    const isOfUse = old !== undefined && old.lifetime.left > 0;
    try {
      slot.session = await withDeadline(
        {
          clock,
          // Who has a key that still does must have time left for the question itself.
          milliseconds: sessionTimeoutMilliseconds / (isOfUse ? RENEWALS_IN_A_CALL : 1),
          signal: this.#ended.signal,
          timeUp: () => new PregUnavailable('no session came about in the time that a call may take'),
          givenUp: () => new PregUnavailable('PREG is not asked any more'),
        },
        (signal) => this.#newKey(slot.session, account, { ...sender, signal }),
      );
      return slot.session;
    } catch (error) {
      const isStillOfUse = old !== undefined && old.lifetime.left > 0;
      if (!(error instanceof PregUnavailable) || !isStillOfUse || this.#ended.signal.aborted) throw error;
      // It does while it lasts, and for a while nobody waits for another one.
      slot.session = { ...old, fresh: new Span(clock, sessionTimeoutMilliseconds) };
      return slot.session;
    } finally {
      slot.coming = undefined;
    }
  }

  /** A new key for the session while it lasts, else another session. */
  async #newKey(
    session: PregSession | undefined,
    account: PregAccount,
    sender: Sender,
  ): Promise<PregSession> {
    if (session === undefined || session.lifetime.left === 0)
      return this.#request(undefined, account, sender);
    try {
      return await this.#request(session, account, sender);
    } catch (error) {
      if (error instanceof FaultHeard) return this.#request(undefined, account, sender);
      // The old key does while it lasts, and the next question tries again.
      if (error instanceof PregUnavailable && session.lifetime.left > 0) return session;
      throw error;
    }
  }

  async #request(
    renewed: PregSession | undefined,
    account: PregAccount,
    sender: Sender,
  ): Promise<PregSession> {
    const { endpoint, clock, random } = this.parts;
    const entropy = random.bytes(KEY_LENGTH);
    const { document, body } = await endpoint.ask(
      {
        operation: renewed === undefined ? trustOperations.Issue : trustOperations.Renew,
        body: keyRequest(entropy, renewed?.identifier),
        proof: { account, session: renewed },
        isRepeatable: true,
      },
      sender,
    );
    return readSession(document, body, entropy, clock);
  }
}
