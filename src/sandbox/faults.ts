/** The services that can be disturbed. At `helseid` a fault meets the token endpoint unless a path says otherwise. */
export type FaultTarget = 'persontjenesten' | 'helseid' | 'self-service' | 'preg';

/** Something that goes wrong with one request. Statuses, headers and bodies are what real gateways and services send. */
export type Fault =
  /** The answer is late, by the injected clock; then it is answered as `then` says, or as if nothing had been wrong. */
  | { readonly kind: 'latency'; readonly milliseconds: number; readonly then?: Fault }
  /** 429. `retryAfter` in seconds or as an HTTP date. */
  | { readonly kind: 'too-many-requests'; readonly retryAfter?: number | string }
  | {
      readonly kind: 'server-error';
      readonly status: 500 | 502 | 503 | 504;
      readonly retryAfter?: number | string;
    }
  /** What a firewall in front says, in HTML; status 200 unless given. */
  | { readonly kind: 'html-page'; readonly status?: number }
  /** Headers and some of the body, and then nothing until the client or the sandbox gives up. */
  | { readonly kind: 'stalled-body' }
  | { readonly kind: 'cut-connection'; readonly when: 'before-headers' | 'mid-body' }
  /** 200 with JSON that breaks off; the HTTP message itself is complete. */
  | { readonly kind: 'truncated-json' }
  /** Persontjenesten answers as to an expired token; HelseID issues tokens that live `seconds` (default 1). */
  | { readonly kind: 'expired-token'; readonly seconds?: number }
  /** Asks for a proof with this nonce and lets one through that has it. */
  | { readonly kind: 'use-dpop-nonce'; readonly nonce: string }
  /**
   * The service goes by a clock that is `seconds` ahead (behind, when negative): header `Date`, what it thinks of the times in
   * assertions and proofs, and the times in tokens that it issues.
   */
  | { readonly kind: 'skewed-clock'; readonly seconds: number }
  /** Any answer at all. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The right answer, altered: gets the parsed body and gives what is sent instead. Only for answers of status 200. */
  | { readonly kind: 'altered-answer'; readonly alter: (body: unknown) => unknown };

/** Which requests a fault is for. */
export interface FaultScope {
  /** A piece of the path, or an expression for it. Default: every route, but of HelseID the token endpoint. */
  readonly path?: string | RegExp;
  /** How many requests it meets; default 1. Only for `next`. */
  readonly times?: number;
}

interface Rule {
  readonly target: FaultTarget;
  readonly fault: Fault;
  readonly path: string | RegExp;
}

const TOKEN_ENDPOINT = '/connect/token';

/** Faults on demand. Queued ones come first, in the order they were asked for; then the lasting one that was set last. */
export class Faults {
  #queue: Rule[] = [];
  #lasting: Rule[] = [];

  /** Disturbs the next request (or the next `times`) that the scope is for. */
  next(target: FaultTarget, fault: Fault, scope: FaultScope = {}): void {
    for (let count = 0; count < (scope.times ?? 1); count += 1) this.#queue.push(rule(target, fault, scope));
  }

  /** Disturbs every request that the scope is for, until `clear`. */
  always(target: FaultTarget, fault: Fault, scope: Pick<FaultScope, 'path'> = {}): void {
    this.#lasting.unshift(rule(target, fault, scope));
  }

  /** Ends all faults, or those of one target. */
  clear(target?: FaultTarget): void {
    const others = (one: Rule): boolean => target !== undefined && one.target !== target;
    this.#queue = this.#queue.filter(others);
    this.#lasting = this.#lasting.filter(others);
  }

  /** How many queued faults no request has met yet. */
  get pending(): number {
    return this.#queue.length;
  }

  /** The fault for a request. A queued one is used up by it. */
  take(target: FaultTarget, path: string): Fault | undefined {
    const meets = (one: Rule): boolean => one.target === target && isOnPath(one.path, path);
    const position = this.#queue.findIndex(meets);
    if (position >= 0) return this.#queue.splice(position, 1)[0]?.fault;
    return this.#lasting.find(meets)?.fault;
  }
}

function rule(target: FaultTarget, fault: Fault, { path }: FaultScope): Rule {
  return { target, fault, path: path ?? (target === 'helseid' ? TOKEN_ENDPOINT : '/') };
}

function isOnPath(wanted: string | RegExp, path: string): boolean {
  return typeof wanted === 'string' ? path.includes(wanted) : wanted.test(path);
}
