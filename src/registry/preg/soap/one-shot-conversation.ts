import type { Conversation, PregQuestion } from './conversation.js';
import type { Heard } from './heard.js';
import type { PregEndpoint, Sender } from './preg-endpoint.js';
import type { PregAccount } from './preg-service-parts.js';

/** User name and password with each message (contract preg-hl7v3 1.6). */
export class OneShotConversation implements Conversation {
  constructor(private readonly endpoint: PregEndpoint) {}

  ask({ operation, body, isRead }: PregQuestion, account: PregAccount, sender: Sender): Promise<Heard> {
    return this.endpoint.ask({ operation, body, proof: { account }, isRepeatable: isRead }, sender);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}
