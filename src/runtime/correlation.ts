declare const correlationId: unique symbol;

/** The id that ties a request to its log lines, its audit entry, its upstream calls and its fault. A UUID. */
export type CorrelationId = string & { readonly [correlationId]: true };

/** Whether the text is a UUID in lower case. */
export function isCorrelationId(text: string): text is CorrelationId {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}

/** A fresh correlation id. */
export function newCorrelationId(random: { uuid(): string }): CorrelationId {
  const id = random.uuid();
  if (!isCorrelationId(id)) throw new TypeError('the random source gave no UUID');
  return id;
}
