import type { Authenticator } from '../../access/authenticator.js';
import type { LegacyClient, Protocol } from '../../access/legacy-client.js';
import { requireAdmitted } from '../../access/permission.js';
import { InvalidSecurity, NotAuthenticated, RenewNeeded } from '../../errors/errors.js';
import type { XmlDocumentText } from '../../xml/canonical.js';
import { readBasicCredentials } from '../http-basic.js';
import type { SoapEnvelope } from './envelope.js';
import type { SecurityContext } from './secure-conversation/security-context.js';
import { needsRenewal, type SecurityContexts } from './secure-conversation/security-contexts.js';
import { verifySignedTimestamp } from './secure-conversation/signature.js';
import { readTimestamp, requireFresh, type SecurityTimestamp } from './timestamp.js';
import { requireFreshToken, type UsernameToken } from './username-token.js';
import { hasSecurityHeader, readSecurity } from './ws-security.js';

/** Who sent a message, and how that was proven. */
export type Identity =
  | { readonly proof: 'password'; readonly client: LegacyClient }
  | { readonly proof: 'context'; readonly client: LegacyClient; readonly context: SecurityContext }
  | {
      readonly proof: 'context and password';
      readonly client: LegacyClient;
      readonly context: SecurityContext;
      /** Whose password it is: that both belong together is not known yet. */
      readonly passwordOf: string;
    };

/** A message whose sender is to be found out. */
export interface UnidentifiedMessage {
  readonly envelope: SoapEnvelope;
  readonly document: XmlDocumentText;
  /** Authorization of HTTP. */
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  readonly receivedAt: Date;
  readonly signal: AbortSignal;
}

/** What telling the sender takes, and who is told on the way. */
export interface IdentificationParts {
  readonly authenticator: Authenticator;
  readonly contexts: SecurityContexts;
  readonly protocol: Protocol;
  /** Whether a message without WS-Security may be vouched for by HTTP Basic. */
  readonly httpBasic: boolean;
  /** Told when the message was made, before that is judged. */
  onTimestamp(timestamp: SecurityTimestamp): void;
  /** Told who sent the message, as soon as that is proven. */
  onClient(client: LegacyClient): void;
}

/**
 * Finds out who sent a message. What a stranger can make us do is cheap: a context token is opened before any signature
 * is looked at, and a stale message costs no password check.
 * @throws InvalidSecurity, NotAuthenticated, BadContextToken, NotAuthorised, StoreFailed
 */
export async function identify(parts: IdentificationParts, message: UnidentifiedMessage): Promise<Identity> {
  const identity =
    parts.httpBasic && !hasSecurityHeader(message.envelope)
      ? await identifiedByHttp(parts, message)
      : await identifiedByMessage(parts, message);
  requireAdmitted(identity.client, parts.protocol, message.remoteAddress);
  return identity;
}

async function identifiedByHttp(parts: IdentificationParts, message: UnidentifiedMessage): Promise<Identity> {
  const token = readBasicCredentials(message.authorization);
  if (token === undefined) throw new NotAuthenticated('neither WS-Security nor HTTP says who is asking');
  const client = await authenticated(parts, message, token);
  parts.onClient(client);
  return { proof: 'password', client };
}

async function identifiedByMessage(
  parts: IdentificationParts,
  message: UnidentifiedMessage,
): Promise<Identity> {
  const { timestamp, usernameToken, contextProof } = readSecurity(message.envelope);
  const judgeTimestamp = (stated: SecurityTimestamp): void => {
    parts.onTimestamp(stated);
    requireFresh(stated, message.receivedAt);
  };

  if (contextProof === undefined) {
    // Without a context there is always a name: readSecurity lets no other header pass.
    if (usernameToken === undefined) throw new InvalidSecurity('nobody is named');
    judgeTimestamp(readTimestamp(timestamp));
    const client = await authenticated(parts, message, usernameToken);
    parts.onClient(client);
    return { proof: 'password', client };
  }
  const { context, client } = parts.contexts.admit(contextProof.contextToken, message.receivedAt);
  judgeTimestamp(verifySignedTimestamp(message.document, { timestamp, ...contextProof }, context.key));
  parts.onClient(client);
  if (usernameToken === undefined) return { proof: 'context', client, context };
  const passwordOf = (await authenticated(parts, message, usernameToken)).id;
  return { proof: 'context and password', client, context, passwordOf };
}

async function authenticated(
  { authenticator }: IdentificationParts,
  { remoteAddress, receivedAt, signal }: UnidentifiedMessage,
  token: UsernameToken,
): Promise<LegacyClient> {
  requireFreshToken(token, receivedAt);
  const { username } = token;
  const credentials =
    'digest' in token
      ? { username, digest: token.digest, remoteAddress }
      : { username, password: token.password, remoteAddress };
  const client = await authenticator.authenticate(credentials, signal);
  // Once the answer has left, nothing more may be done for it, and least of all a lookup that nobody records.
  signal.throwIfAborted();
  return client;
}

/**
 * Whether the sender may call operations of the service: with a password, or in a context whose key is still good.
 * @throws InvalidSecurity for a context and a password together, which is the form of a renewal
 * @throws RenewNeeded
 */
export function requireCallable(identity: Identity, now: Date): void {
  if (identity.proof === 'context and password') {
    throw new InvalidSecurity('a UsernameToken beside the context token of a call');
  }
  if (identity.proof === 'context' && needsRenewal(identity.context, now)) {
    throw new RenewNeeded('the key of the context has reached its age');
  }
}
