/** Runs something until what is given back is called. */
export function untilStopped(run: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
  const stopping = new AbortController();
  const running = run(stopping.signal);
  return () => {
    stopping.abort();
    return running;
  };
}
