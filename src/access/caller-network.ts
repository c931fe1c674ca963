import { isIP } from 'node:net';

/** Groups of 16 bits in an IPv6 address, and in the part of it that its network alone decides (RFC 4291, 2.5.1). */
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * What stands for a caller where its attempts are counted: its address in IPv4, its /64 network in IPv6, within which
 * whoever has one address has 2^64 of them. Addresses of `::/64`, such as the loopback address, stand for themselves, as
 * does what is no address.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [written = ''] = address.split('%');
  const [left = '', right] = written.split('::');
  const before = groupsOf(left);
  const after = right === undefined ? [] : groupsOf(right);
  const between = Array.from({ length: Math.max(0, GROUPS - before.length - after.length) }, () => 0);
  const network = [...before, ...between, ...after].slice(0, NETWORK_GROUPS);
  if (network.every((group) => group === 0)) return address;
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

/** An IPv4 address at the end takes the place of two groups; which ones does not matter, since the network is before it. */
function groupsOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => (group.includes('.') ? [0, 0] : [Number.parseInt(group, 16)]));
}
