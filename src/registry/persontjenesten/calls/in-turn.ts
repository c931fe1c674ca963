import { UpstreamRateLimited } from '../../../errors/errors.js';
import type { ApiRequest, ApiResponse } from '../transport.js';
import type { Layer, Send } from './layer.js';
import type { Turns } from './turns.js';

/** So long at least no shadow goes once one was told that there are too many calls. */
const SHADOW_PAUSE_SECONDS = 60;

/** Lets each attempt go when it is its turn. */
export class InTurn implements Layer {
  /** `heedsLimit`: whether a 429 here is one to everybody who shares the turns. */
  constructor(
    private readonly turns: Turns,
    private readonly options: { readonly heedsLimit: boolean },
  ) {}

  /** @throws TurnRefused */
  async send(request: ApiRequest, next: Send): Promise<ApiResponse> {
    const turn = await this.turns.take(request);
    try {
      return await next(request);
    } catch (error) {
      if (error instanceof UpstreamRateLimited && this.options.heedsLimit) {
        const seconds = error.retryAfterSeconds ?? 0;
        if (request.lane === 'shadow') {
          this.turns.holdBackShadows(Math.max(seconds, SHADOW_PAUSE_SECONDS) * 1_000);
        } else {
          this.turns.holdBack(seconds * 1_000);
        }
      }
      throw error;
    } finally {
      turn.end();
    }
  }
}
