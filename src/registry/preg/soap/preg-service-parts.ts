import type { Contract } from '../../../contract/preg-xml/contract.js';
import type { EventSink } from '../../../operations/events.js';
import type { ProxySettings } from '../../../outbound/proxy-agent.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import type { PregService } from '../preg-service.js';

/** How the old PREG is reached (`cutover.preg` of the configuration). */
export interface PregSettings {
  /** Address of IPersonRegistry; without it HL7 v3 cannot be asked. */
  readonly hl7v3Url?: string | undefined;
  /** Address of IPersonService; without it Personregister-XML cannot be asked. */
  readonly pregXmlUrl?: string | undefined;
  /** How the adapter proves who it is: user name and password with each message, or once for a session. */
  readonly security: 'username-token' | 'secure-conversation';
  /** How long a question may take, from the moment it leaves; within the caller's time. */
  readonly callTimeoutSeconds: number;
  /** To both services together. */
  readonly maxConcurrentCalls: number;
  readonly accounts: readonly PregAccount[];
}

/** The account at PREG that a client is asked for by. */
export interface PregAccount {
  /** `clients[].id`. */
  readonly client: string;
  readonly username: string;
  readonly password: string;
}

/** What the way to PREG is made of. */
export interface PregServiceParts {
  readonly settings: PregSettings;
  /** Operations and names of Personregister-XML. */
  readonly contract: Contract;
  /** Certificates to trust besides Node's own, PEM. */
  readonly certificateAuthority: string | undefined;
  /** The way out, where there is none without. */
  readonly proxy?: ProxySettings | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** PREG over SOAP, until it is closed. */
export interface OpenedPregService extends PregService {
  /** Gives sessions back where PREG answers soon, and closes connections. What is asked later finds nobody. */
  close(): Promise<void>;
}
