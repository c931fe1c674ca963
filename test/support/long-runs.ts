/** Whether the suite runs at full counts: `npm run test:long`. */
export const long = process.env['PREG_ADAPTER_LONG_TESTS'] === '1';

/** How often to try: `usual` times, or fifty times as often at full counts. */
export function runs(usual: number): number {
  return long ? usual * 50 : usual;
}
