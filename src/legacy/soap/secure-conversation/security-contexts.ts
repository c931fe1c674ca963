import { isGoodFor, type ClientDirectory } from '../../../access/client-directory.js';
import type { ContextLedger } from '../../../access/context-ledger.js';
import type { ContextSeal } from '../../../access/context-seal.js';
import { ExpiringMap } from '../../../access/expiring-map.js';
import type { LegacyClient } from '../../../access/legacy-client.js';
import { BadContextToken, NotAuthenticated } from '../../../errors/errors.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import type { XmlElement, XmlNode } from '../../../xml/element.js';
import { openContextToken, writeContextToken } from './context-token.js';
import { deriveKey } from '../../../contract/soap/p-sha1.js';
import { KEY_LENGTH } from '../../../contract/soap/trust.js';
import {
  KEY_ROLLOVER_MILLISECONDS,
  contextForgottenAt,
  keyForgottenAt,
  knownFrom,
  knownUntil,
  type SecurityContext,
} from './security-context.js';

/** What security contexts are made of. */
export interface SecurityContextsParts {
  readonly ledger: ContextLedger;
  readonly seal: ContextSeal;
  readonly clients: ClientDirectory;
  readonly clock: Clock;
  readonly random: Random;
  readonly keyLifetimeMilliseconds: number;
}

/** A context that may be used, and whose it is. That the caller has its key is yet to be proven. */
export interface AdmittedContext {
  readonly context: SecurityContext;
  readonly client: LegacyClient;
}

/** A key that was just made, with everything that the client needs to make it, too. */
export interface NewKey {
  readonly context: SecurityContext;
  /** `u:Id` of the token, and the token as it is to be written. */
  readonly tokenId: string;
  readonly token: XmlNode;
  readonly serverEntropy: Uint8Array;
}

/** For so long after its last message, and so many at most, a context need not be opened anew. */
const OPENED = { lifetimeMilliseconds: 10 * 60_000, entries: 1_000 } as const;

/** The life of security contexts: issued, used, renewed, cancelled, over. Contract: preg-hl7v3 1.5 and 7. */
export class SecurityContexts {
  readonly #opened: ExpiringMap<SecurityContext>;

  constructor(private readonly parts: SecurityContextsParts) {
    this.#opened = new ExpiringMap(parts.clock, OPENED);
  }

  /**
   * The context that a token stands for, if it may be used: for a call, for its renewal or for its end.
   * @throws BadContextToken
   * @throws StoreFailed when it cannot be known whether it was cancelled
   */
  admit(token: XmlElement, now: Date): AdmittedContext {
    const { ledger, seal, clients } = this.parts;
    const context = openContextToken(token, seal, this.#opened);
    const present = now.getTime();
    if (present >= knownUntil(context).getTime()) throw new BadContextToken('the context is over');
    if (present < knownFrom(context).getTime()) throw new BadContextToken('the context is from the future');
    const { cancelled, keyEndsAt } = ledger.stateOf(context.identifier, instanceOf(context));
    if (cancelled) throw new BadContextToken('the context was cancelled');
    if (keyEndsAt !== undefined && present >= keyEndsAt.getTime()) {
      throw new BadContextToken('the key of the context was renewed some time ago');
    }
    const known = clients.enabledClient(context.clientId);
    if (known === undefined) {
      throw new BadContextToken('the client of the context is unknown or switched off');
    }
    if (!isGoodFor(known, context.credentialDigest)) {
      throw new BadContextToken('the client of the context has another password by now');
    }
    return { context, client: known.client };
  }

  /** A context for a client that has just proven its credential. @throws NotAuthenticated when it is switched off, or the credential is */
  issue(client: LegacyClient, clientEntropy: Uint8Array): NewKey {
    const uuid = this.parts.random.uuid();
    return this.#newKey(client, clientEntropy, {
      credentialDigest: client.provenBy,
      identifier: `urn:uuid:${uuid}`,
      instance: undefined,
      tokenId: `uuid-${uuid}-1`,
    });
  }

  /**
   * A new key for a context. The old one ends in five minutes, unless an earlier renewal ends it before.
   * @throws StoreFailed when the end of the old key could not be written; there is no new key then
   */
  renew({ context, client }: AdmittedContext, clientEntropy: Uint8Array): NewKey {
    const { ledger, clock, random } = this.parts;
    const uuid = random.uuid();
    const renewed = this.#newKey(client, clientEntropy, {
      credentialDigest: context.credentialDigest,
      identifier: context.identifier,
      instance: `urn:uuid:${uuid}`,
      tokenId: `uuid-${uuid}-1`,
    });
    const endsAt = new Date(clock.now().getTime() + KEY_ROLLOVER_MILLISECONDS);
    ledger.supersede(context.identifier, instanceOf(context), endsAt, keyForgottenAt(context));
    return renewed;
  }

  /** Ends a context with all of its keys. @throws StoreFailed */
  cancel(context: SecurityContext): void {
    this.parts.ledger.cancel(context.identifier, contextForgottenAt(this.parts.clock.now()));
  }

  #newKey(
    client: LegacyClient,
    clientEntropy: Uint8Array,
    { identifier, instance, tokenId, ...begun }: KeyDetails,
  ): NewKey {
    const { seal, clients, clock, random, keyLifetimeMilliseconds } = this.parts;
    const known = clients.enabledClient(client.id);
    if (known === undefined) throw new NotAuthenticated('the client is unknown or switched off');
    const { credentialDigest = known.credentialDigest } = begun;
    if (!isGoodFor(known, credentialDigest)) throw new NotAuthenticated('the password is out of use by now');
    const serverEntropy = random.bytes(KEY_LENGTH);
    const issuedAt = clock.now();
    const context: SecurityContext = {
      identifier,
      instance,
      clientId: client.id,
      credentialDigest,
      key: deriveKey(clientEntropy, serverEntropy, KEY_LENGTH),
      issuedAt,
      keyExpiresAt: new Date(issuedAt.getTime() + keyLifetimeMilliseconds),
    };
    return { context, tokenId, token: writeContextToken(context, tokenId, seal), serverEntropy };
  }
}

/** What a new key is for. */
interface KeyDetails extends Pick<SecurityContext, 'identifier' | 'instance'> {
  /** Of the password that the context began with; the client's own where absent. */
  readonly credentialDigest: string | undefined;
  readonly tokenId: string;
}

/** Whether a key has to be renewed before it can be used for a call. */
export function needsRenewal({ keyExpiresAt }: SecurityContext, now: Date): boolean {
  return now.getTime() >= keyExpiresAt.getTime();
}

/** The name of a key in the ledger: that of the first one is empty. */
function instanceOf({ instance }: SecurityContext): string {
  return instance ?? '';
}
