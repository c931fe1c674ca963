import type { DescribedOperation } from '../../../contract/soap/wsdl.js';
import type { Sender } from './preg-endpoint.js';
import type { Heard } from './heard.js';
import type { PregAccount } from './preg-service-parts.js';

/** A question as PREG is asked it, whoever proves in what way who asks. */
export interface PregQuestion {
  readonly operation: DescribedOperation;
  readonly body: string;
  /** Whether it changes nothing, so that it may be sent again where nobody knows whether it arrived. */
  readonly isRead: boolean;
}

/** How questions are put to one service: each by itself, or in sessions. */
export interface Conversation {
  /**
   * What PREG answers.
   * @throws FaultHeard, PregUnavailable, PregRejected; what the signal was aborted with
   */
  ask(question: PregQuestion, account: PregAccount, sender: Sender): Promise<Heard>;
  /** Gives back at PREG what it holds for us, as far as it goes while the signal lasts. */
  end(signal: AbortSignal): Promise<void>;
}
