import type { EventSink } from '../../../operations/events.js';
import type { ApiRequest, ApiResponse } from '../transport.js';
import type { Layer, Send } from './layer.js';
import { CallsSuspended, TurnRefused } from './refusals.js';

/** Tells of calls that were not made. */
export class RefusalsTold implements Layer {
  constructor(private readonly events: EventSink) {}

  async send(request: ApiRequest, next: Send): Promise<ApiResponse> {
    try {
      return await next(request);
    } catch (error) {
      if (error instanceof CallsSuspended || error instanceof TurnRefused) {
        const { correlationId, clientId, lane } = request;
        this.events.emit('callRefused', { correlationId, clientId, lane, error });
      }
      throw error;
    }
  }
}
