import type { BusyDoor } from './busy-door.js';

/** HTTP between the listener's socket and the protocols: plain values, so that every door can be tried without a socket. */

/** What is known of a request before its body. */
export interface LegacyHttpHead {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** Query string without `?`; empty when there is none. */
  readonly query: string;
  /** Lower-case names, as node:http gives them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly remoteAddress: string;
  /** Aborts when the peer is gone. */
  readonly signal: AbortSignal;
}

/** A request whose body has been read off the socket, still compressed and encoded as it came. */
export interface LegacyHttpRequest extends LegacyHttpHead {
  readonly body: Uint8Array;
}

/** A request whose body is still on its way, and stays there until it is read. */
export interface StreamedHttpRequest extends LegacyHttpHead {
  /**
   * To be read once, as fast as it can be used: the peer is held back meanwhile. A peer that waits to be asked is asked by
   * the first read. Throws CallerLeft when the peer leaves, PeerTooSlow when it does not get on.
   */
  readonly body: AsyncIterable<Uint8Array>;
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
  /** How it refuses when there is too much to do; without, by a bare 503. */
  readonly busy?: BusyDoor | undefined;
}

/** The answer of a streaming door. A body in pieces is read as fast as the peer takes it. */
export interface StreamedHttpResponse extends Omit<LegacyHttpResponse, 'body'> {
  readonly body: LegacyHttpResponse['body'] | AsyncIterable<Uint8Array>;
}

/**
 * A front door for what is too large for memory. It may answer before it has read the body, or all of it. Rejects only when
 * it cannot even say that it failed.
 */
export interface StreamingDoor {
  /** The path served, with everything below it; compared without regard to case. */
  readonly root: string;
  /** Nothing is there while it is closed. Absent: always open. */
  readonly isOpen?: () => boolean;
  answer(request: StreamedHttpRequest): Promise<StreamedHttpResponse>;
  /** As for a {@link FrontDoor}. */
  readonly busy?: BusyDoor | undefined;
}
