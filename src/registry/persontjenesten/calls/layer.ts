import type { ApiRequest, ApiResponse } from '../transport.js';

/** Sends a call, or one attempt at it. */
export type Send = (request: ApiRequest) => Promise<ApiResponse>;

/** Something that a call passes on its way out, and its answer on the way back. */
export interface Layer {
  /** Sends it on by `next`: once, several times, later, or not at all. @throws AdapterError */
  send(request: ApiRequest, next: Send): Promise<ApiResponse>;
}

/** Several layers as one, the outermost first. */
export function layered(...layers: readonly Layer[]): Layer {
  return {
    send: (request, next) => {
      const through = layers.reduceRight<Send>((inner, layer) => (one) => layer.send(one, inner), next);
      return through(request);
    },
  };
}
