import type { ClientDirectory } from '../../src/access/client-directory.js';
import type { ContextLedger } from '../../src/access/context-ledger.js';
import type { ContextSeal } from '../../src/access/context-seal.js';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { NotAuthenticated } from '../../src/errors/errors.js';
import type { LegacyHttpResponse } from '../../src/legacy/http.js';
import { noQuirks } from './quirks.js';
import {
  cancelMessage,
  issueMessage,
  renewMessage,
  sessionFrom,
  sessionMessage,
  type ClientSession,
  type TrustMessage,
} from './session-client.js';
import { faultOf, soapBench, textOf, type SoapBench } from './soap-bench.js';
import { SENT_AT, usernameToken } from './soap-request.js';

/** A SOAP endpoint in whose sessions a test moves about. */
export interface SessionBench {
  readonly bench: SoapBench;
  /** The accounts: taken out is switched off, another digest is another password. The password of all is `secret`. */
  readonly accounts: Map<string, { client: LegacyClient; credentialDigest: string }>;
  readonly now: Date;
  post(message: string): Promise<Outcome>;
  /** A new session. @throws Error when there is none */
  open(message?: Partial<TrustMessage>): Promise<ClientSession>;
  /** The session with a new key. @throws Error when there is none */
  renewed(session: ClientSession, message?: Partial<TrustMessage>): Promise<ClientSession>;
  issue(message?: Partial<TrustMessage>): Promise<Outcome>;
  call(session: ClientSession, message?: Partial<TrustMessage>): Promise<Outcome>;
  renew(session: ClientSession, message?: Partial<TrustMessage>): Promise<Outcome>;
  cancel(session: ClientSession, message?: Partial<TrustMessage>): Promise<Outcome>;
}

/** How a message was answered. */
export interface Outcome {
  /** `answered`, or the innermost code of the fault. */
  readonly code: string;
  readonly reason: string;
  readonly secured: boolean;
  readonly text: string;
}

export interface SessionBenchOptions {
  readonly now?: Date;
  readonly ledger?: ContextLedger;
  readonly seal?: ContextSeal;
  readonly keyLifetimeMilliseconds?: number;
  readonly protocols?: LegacyClient['protocols'];
}

/** The UsernameToken of an account. */
export function userToken(username: string, password = 'secret'): string {
  return usernameToken.replace('>epj<', `>${username}<`).replace('>secret<', `>${password}<`);
}

/** A bench with the accounts `epj` and `lab`. */
export function sessionBench({ now, protocols, ...sessions }: SessionBenchOptions = {}): SessionBench {
  const accounts: SessionBench['accounts'] = new Map();
  for (const id of ['epj', 'lab']) {
    accounts.set(id, { client: someClient(id, protocols), credentialDigest: `digest of ${id}` });
  }
  const clients: ClientDirectory = { enabledClient: (id) => accounts.get(id) };
  const bench = soapBench({
    now: (now ?? new Date(SENT_AT)).toISOString(),
    sessions: { clients, ...sessions },
    authenticate: (credentials) => {
      const known = 'password' in credentials && credentials.password === 'secret';
      const account = known ? accounts.get(credentials.username) : undefined;
      return account === undefined
        ? Promise.reject(new NotAuthenticated('unknown'))
        : Promise.resolve(account.client);
    },
  });
  const at = (message: Partial<TrustMessage> = {}): TrustMessage => ({ now: bench.clock.now(), ...message });
  const post: SessionBench['post'] = async (message) => outcomeOf(await bench.post(message));
  const made: SessionBench = {
    bench,
    accounts,
    get now() {
      return bench.clock.now();
    },
    post,
    issue: (message) => post(issueMessage(at(message))),
    call: (session, message) => post(sessionMessage(session, at(message))),
    renew: (session, message) => post(renewMessage(session, at(message))),
    cancel: (session, message) => post(cancelMessage(session, at(message))),
    open: async (message) => sessionFrom((await made.issue(message)).text, message?.entropy),
    renewed: async (session, message) =>
      sessionFrom((await made.renew(session, message)).text, message?.entropy),
  };
  return made;
}

function outcomeOf(response: LegacyHttpResponse): Outcome {
  const text = textOf(response);
  const secured = text.includes('<o:Security ');
  if (response.status === 200) return { code: 'answered', reason: '', secured, text };
  return { ...faultOf(response), secured, text };
}

export function someClient(
  id: string,
  protocols: LegacyClient['protocols'] = new Set(['hl7v3']),
): LegacyClient {
  return {
    id,
    protocols,
    organisation: { parent: '999999999' },
    access: 'full',
    visible: new Set(),
    quirks: noQuirks,
  };
}
