/** HTTP between the listener's socket and the protocols: plain values, so that every door can be tried without a socket. */

/** A request whose body has been read off the socket, still compressed and encoded as it came. */
export interface LegacyHttpRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** Query string without `?`; empty when there is none. */
  readonly query: string;
  /** Lower-case names, as node:http gives them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  readonly remoteAddress: string;
  /** Aborts when the peer is gone. */
  readonly signal: AbortSignal;
}

/** The answer, ready to be written. */
export interface LegacyHttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A front door: answers requests for its paths. Rejects only when it cannot even say that it failed. */
export interface FrontDoor {
  /** Paths served, compared without regard to case as IIS did. */
  readonly paths: readonly string[];
  answer(request: LegacyHttpRequest): Promise<LegacyHttpResponse>;
}
