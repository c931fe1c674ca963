/** The `code` of an error from Node.js (`ENOENT`, `EADDRINUSE`, …); undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
