/**
 * The one catalogue of what can go wrong: what it means, whether trying again helps, how loudly it is logged and what
 * the operator should do. `docs/errors.md` is this table for readers; a test holds the two together.
 * How a code looks on the wire is a table of each protocol's own (SOAP: src/legacy/soap/fault-table.ts).
 */

/** Whether trying again can help. */
export const RetryClass = {
  /** Nothing was changed and the cause passes by itself. */
  Transient: 'transient',
  /** It is unknown whether the other side acted. Safe for reads alone. */
  Ambiguous: 'ambiguous',
  /** The same request gives the same error until somebody changes something. */
  Permanent: 'permanent',
} as const;
export type RetryClass = (typeof RetryClass)[keyof typeof RetryClass];

/** One line of the catalogue. */
export interface ErrorDescription {
  readonly retry: RetryClass;
  readonly logLevel: 'error' | 'warn' | 'info';
  /** The cause, for the log and the documentation. Never holds data. */
  readonly cause: string;
  /** What the operator does about it. */
  readonly hint: string;
}

export const errorCatalogue = {
  'malformed-request': {
    retry: 'permanent',
    logLevel: 'warn',
    cause: 'The message is not well-formed, not the protocol, or over a limit.',
    hint: 'Ask the vendor of the client; the log line names the rule that was broken.',
  },
  'xml-dtd': {
    retry: 'permanent',
    logLevel: 'warn',
    cause: 'The message holds a DOCTYPE, which no legacy client sends.',
    hint: 'Treat it as an attack until the sender is known.',
  },
  'encoding-conflict': {
    retry: 'permanent',
    logLevel: 'warn',
    cause:
      'Content-Type, byte order mark and XML declaration name different character sets, or the bytes do not fit.',
    hint: 'Ask the vendor of the client which of the encodings is meant.',
  },
  'version-mismatch': {
    retry: 'permanent',
    logLevel: 'warn',
    cause: 'The envelope is of another SOAP version than Content-Type says.',
    hint: 'text/xml announces SOAP 1.1, application/soap+xml SOAP 1.2.',
  },
  'must-understand': {
    retry: 'permanent',
    logLevel: 'warn',
    cause: 'A header that has to be understood is unknown here.',
    hint: 'The client uses a WS-* feature that the old service did not have.',
  },
  'invalid-addressing': {
    retry: 'permanent',
    logLevel: 'warn',
    cause:
      'A WS-Addressing header is missing, repeated, or asks for a reply elsewhere than on the same connection.',
    hint: 'Check the binding of the client: WS-Addressing 1.0 with anonymous replies.',
  },
  'action-not-supported': {
    retry: 'permanent',
    logLevel: 'warn',
    cause: 'The action names no operation of the service at this address.',
    hint: 'The client probably uses the address of another service.',
  },
  'not-authenticated': {
    retry: 'permanent',
    logLevel: 'warn',
    cause:
      'Unknown user name, wrong password, or a client that is switched off. The answer does not tell which.',
    hint: 'Compare the user name with clients[] in the configuration; make a new hash with preg-adapter hash-password. A client that sends PasswordDigest needs sealedPassword.',
  },
  'invalid-security': {
    retry: 'permanent',
    logLevel: 'warn',
    cause:
      'The security header is missing or malformed, its timestamp is stale, or its nonce was used before.',
    hint: 'The log line says which: for a stale timestamp compare the clocks of the client and of this machine, more than five minutes apart fails; a nonce that was used before is a message that was sent twice; for the rest ask the vendor of the client.',
  },
  'bad-context-token': {
    retry: 'permanent',
    logLevel: 'warn',
    cause:
      'A security context is unknown, cancelled or over, its token was changed, or its client was switched off or has a new password.',
    hint: 'Clients log in again by themselves; when it happens all the time, the log line says why. After a restart or behind a load balancer compare store.sealingKeys of the nodes.',
  },
  'renew-needed': {
    retry: 'permanent',
    logLevel: 'info',
    cause: 'The key of a security context has reached its age.',
    hint: 'Nothing to do here; the client renews the key by itself and goes on.',
  },
  'invalid-trust-request': {
    retry: 'permanent',
    logLevel: 'warn',
    cause: 'A request to issue, renew or cancel a security context asks for what is not served.',
    hint: 'Ask the vendor of the client; the log line names the part that cannot be served.',
  },
  'not-authorised': {
    retry: 'permanent',
    logLevel: 'warn',
    cause: 'The client is known but may not use this protocol or operation, or not from this address.',
    hint: 'The log line says which. Add it to clients[].protocols, clients[].operations or clients[].addresses of the client if it should.',
  },
  'invalid-query': {
    retry: 'permanent',
    logLevel: 'info',
    cause: 'A parameter of the query is missing or malformed.',
    hint: 'Nothing to do here; the client is told which parameter.',
  },
  'too-many-hits': {
    retry: 'permanent',
    logLevel: 'info',
    cause: 'More people fit the search than can be told, and they cannot be counted by the same criteria.',
    hint: 'Nothing to do here; the client is told to narrow the search.',
  },
  'changes-not-followed': {
    retry: 'permanent',
    logLevel: 'warn',
    cause: 'A client asked for changes in an interval, and the event feed is not followed here.',
    hint: 'Switch events.enabled on, some time before the client needs it: changes are known from then on.',
  },
  'upstream-unavailable': {
    retry: 'transient',
    logLevel: 'error',
    cause:
      'Persontjenesten cannot be reached, answers that it cannot serve, or is not asked for a while since too many calls failed.',
    hint: 'Check network, proxy and the operating messages of Norsk helsenett.',
  },
  'upstream-rate-limited': {
    retry: 'transient',
    logLevel: 'warn',
    cause: 'Persontjenesten answered 429, or too many calls to it wait for their turn.',
    hint: 'Too many requests in a short time; spread batch work. At log level debug, "call to Persontjenesten was not made" names the clients.',
  },
  'upstream-timeout': {
    retry: 'transient',
    logLevel: 'error',
    cause: 'No complete answer came before the deadline of the legacy request, or in the time of one call.',
    hint: 'Check the latency of Persontjenesten and the settings requestDeadlineSeconds and upstream.callTimeoutSeconds.',
  },
  'caller-left': {
    retry: 'transient',
    logLevel: 'info',
    cause: 'The caller closed the connection before its answer was ready.',
    hint: 'Nothing to do here, unless it happens often: then compare the time-out of the client with the times in the log.',
  },
  'upstream-rejected': {
    retry: 'permanent',
    logLevel: 'error',
    cause: 'Persontjenesten refused a request that should have been right.',
    hint: 'The log line has the status; report it as a fault in the adapter.',
  },
  'upstream-forbidden': {
    retry: 'permanent',
    logLevel: 'error',
    cause: 'Persontjenesten did not accept the access token (401 twice, or 403).',
    hint: 'Check scope, organisation number and the clock of this machine.',
  },
  'upstream-invalid-answer': {
    retry: 'ambiguous',
    logLevel: 'error',
    cause:
      'The answer was not a Person document for the number asked for: not JSON, cut short, too large, or another person.',
    hint: 'Look for a proxy or firewall that answers in place of Persontjenesten.',
  },
  'token-unavailable': {
    retry: 'transient',
    logLevel: 'error',
    cause: 'HelseID cannot be reached, or answers that it cannot serve.',
    hint: 'Check network, proxy and the operating messages of HelseID.',
  },
  'token-refused': {
    retry: 'permanent',
    logLevel: 'error',
    cause: 'HelseID refused to give a token, or gave one that cannot be used.',
    hint: 'Check client id, key, scope and organisation numbers in HelseID self service; the error code of HelseID tells which.',
  },
  'preg-unavailable': {
    retry: 'transient',
    logLevel: 'error',
    cause:
      'The old PREG cannot be reached, did not answer in the time of one call, answers that it cannot serve or what nobody can read, or is not asked for a while since too many calls failed.',
    hint: 'Check network, proxy and cutover.preg; the line "PREG called" has the status or the code of the connection. While PREG is down, cutover.fallback may have Persontjenesten answer.',
  },
  'preg-rejected': {
    retry: 'permanent',
    logLevel: 'error',
    cause:
      'The old PREG did not let the adapter in, refused the question, or gave an answer that must not be used; or the client has no account there.',
    hint: 'The message begins with the problem. no-account, not-let-in: check cutover.preg.accounts, cutover.preg.security and the clock of this machine. no-address: give cutover.preg the address of that service. Otherwise report it as a fault in the adapter.',
  },
  'preg-refused': {
    retry: 'permanent',
    logLevel: 'info',
    cause: 'The old PREG refused the question as one that it cannot answer.',
    hint: 'Nothing to do here; the message has the codes of its fault. Its words are kept out, since they may quote the question.',
  },
  'audit-unavailable': {
    retry: 'transient',
    logLevel: 'error',
    cause: 'The audit entry could not be written, so the answer was withheld.',
    hint: 'Check the disk and the permissions of data.directory.',
  },
  'store-failed': {
    retry: 'transient',
    logLevel: 'error',
    cause: 'The store could not be read or written, so the request was not served.',
    hint: 'Check the disk and the permissions of data.directory.',
  },
  overloaded: {
    retry: 'transient',
    logLevel: 'warn',
    cause:
      'There is too much to do: too many requests are under way or wait for their turn, or too many logins do, or wait out the delay after wrong passwords.',
    hint: 'Look for the lines "requests were refused unread" and "authentication failed": a client that asks very often, has an old password, or somebody guessing. Behind a gateway check trustedProxies.',
  },
  'rate-limited': {
    retry: 'transient',
    logLevel: 'warn',
    cause: 'The client asks more often than clients[].requestsPerSecond lets it.',
    hint: 'Find out why it asks so often; if it should, raise requestsPerSecond or requestBurst of the client and reload.',
  },
  internal: {
    retry: 'ambiguous',
    logLevel: 'error',
    cause: 'An error that nobody foresaw.',
    hint: 'The log has the stack under the correlation id; report it.',
  },
} as const satisfies Record<string, ErrorDescription>;

/** The stable name of a cause. */
export type ErrorCode = keyof typeof errorCatalogue;
