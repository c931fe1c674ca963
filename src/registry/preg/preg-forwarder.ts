import type { BodyForwarder, ForwardedReply, ForwardedRequest } from '../body-forwarder.js';
import type { AnsweredBy, Caller } from '../person-registry.js';
import type { PregService } from './preg-service.js';

/** Lets requests through to the old register where their route says that it answers. */
export class PregForwarder implements BodyForwarder {
  /** @param decide the route of what a caller asks, and who answers on it */
  constructor(
    private readonly service: PregService,
    private readonly decide: (caller: Caller) => AnsweredBy,
  ) {}

  isForwarded(caller: Caller): boolean {
    return this.decide(caller).source === 'preg';
  }

  async forward(request: ForwardedRequest, caller: Caller): Promise<ForwardedReply> {
    const { route } = this.decide(caller);
    const { body, text } = await this.service.call(request, caller);
    caller.onAnswered?.({ route, source: 'preg' });
    return { body, text };
  }
}
