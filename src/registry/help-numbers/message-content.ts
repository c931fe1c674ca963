/**
 * What a message asks as text that is the same whenever the same is asked: JSON (RFC 8259) with members in the order of
 * their names, and without those that are undefined.
 */
export function canonicalContent(asked: unknown): string {
  return JSON.stringify(asked, (_name, value: unknown) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : value,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
