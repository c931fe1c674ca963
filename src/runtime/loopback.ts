import { parseNetworkList } from './network-list.js';

/**
 * Whether nobody but this machine can reach a listener on the host: `localhost`, 127.0.0.0/8 or ::1. Any other name
 * counts as reachable, since it may mean any address.
 */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || parseNetworkList(['127.0.0.0/8', '::1'])?.has(host) === true;
}
