import { isIP } from 'node:net';
import type { NetworkList } from '../runtime/network-list.js';

/**
 * The address that a request came from: the peer's, or, where the peer is a trusted proxy, the one that it vouches for
 * in X-Forwarded-For. Read from the right, since everything left of the first untrusted address is the sender's own word.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, trusted: NetworkList): string {
  let address = plainAddress(peer) ?? peer;
  const hops = (forwardedFor ?? '').split(',').reverse();
  for (const hop of hops) {
    if (!trusted.has(address)) return address;
    const previous = plainAddress(hop.trim());
    if (previous === undefined) return address;
    address = previous;
  }
  return address;
}

/** An IP address without brackets and port, IPv4 in its own notation; undefined for anything else. */
export function plainAddress(text: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1] ?? bare;
  return isIP(mapped) === 0 ? undefined : mapped;
}
