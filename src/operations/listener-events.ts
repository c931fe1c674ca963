/** What listeners over HTTP tell of connections. No event carries person data. */
export interface ListenerEvents {
  /** Connections were closed before anything was read, or gave way to others; each reason of a listener is told at most once in a minute. */
  connectionsTurnedAway: {
    readonly listener: HttpListenerName;
    /** Of the last one. */
    readonly remoteAddress: string;
    /** `unknown-address`: from where nobody is expected. `gave-way`: was idle, from where most connections came, and left its place to somebody else. */
    readonly reason: 'unknown-address' | 'too-many' | 'too-many-of-address' | 'gave-way';
    /** Since this was told before. */
    readonly count: number;
  };
}

/** The listeners over HTTP, as the log, metrics and health name them. */
export type HttpListenerName = 'legacy' | 'oldTls' | 'operations';
