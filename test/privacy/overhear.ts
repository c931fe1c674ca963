/** Keeps what this process writes past the log, until it is stopped. */
export function overhear(): { stop(): string } {
  const heard: string[] = [];
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array): boolean => {
      heard.push(Buffer.from(chunk).toString('utf8'));
      return true;
    };
  }
  return {
    stop: () => {
      // The method of the prototype comes to light again.
      for (const stream of streams) Reflect.deleteProperty(stream, 'write');
      return heard.join('');
    },
  };
}
