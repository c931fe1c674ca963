import { BlockList, isIP } from 'node:net';

/** A set of IP addresses and networks that can be asked whether it holds an address. */
export interface NetworkList {
  has(address: string): boolean;
}

/** Reads addresses and networks (`10.1.0.0/16`); undefined when one of them is malformed. */
export function parseNetworkList(networks: readonly string[]): NetworkList | undefined {
  const list = new BlockList();
  for (const entry of networks) {
    const [address = '', prefix, ...rest] = entry.split('/');
    const version = isIP(address);
    if (version === 0 || rest.length > 0) return undefined;
    const bits = version === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : bits + 1;
    if (length > bits) return undefined;
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    has: (address) => {
      if (networks.length === 0) return false;
      const version = isIP(address);
      return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** Whether some address is in both, which are addresses or networks each; false when one of them is malformed. */
export function networksOverlap(one: string, other: string): boolean {
  // Of two networks that overlap the wider one holds all of the other.
  return holdsStartOf(one, other) || holdsStartOf(other, one);
}

function holdsStartOf(network: string, other: string): boolean {
  const [start = ''] = other.split('/');
  return parseNetworkList([other]) !== undefined && parseNetworkList([network])?.has(start) === true;
}
