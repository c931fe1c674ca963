/** The package, loaded when a sandbox starts and not before: nobody else should pay for it. */
export type OidcProviderPackage = typeof import('oidc-provider');

/**
 * Imports oidc-provider without the line it writes to the console on Node 20. The package runs there and is pinned, and a
 * test starts it on that version, so the warning tells nobody anything; whatever else it writes is passed on
 * (sandbox-notes, "Cost and noise").
 */
export async function loadOidcProvider(): Promise<OidcProviderPackage> {
  const { console } = globalThis;
  const before = Object.getOwnPropertyDescriptor(console, 'warn');
  const warn = console.warn.bind(console);
  console.warn = (...pieces: unknown[]): void => {
    if (!pieces.some((piece) => String(piece).includes('Unsupported runtime'))) warn(...pieces);
  };
  try {
    return await import('oidc-provider');
  } finally {
    if (before !== undefined) Object.defineProperty(console, 'warn', before);
  }
}
