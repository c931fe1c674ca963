import type { ServiceMetadata } from './soap-service.js';

/** Addresses whose documents are kept; a service has one or two, whatever a stranger's Host header says. */
const keptAddresses = 8;

/** The same function, which makes the documents of the addresses last asked for only once. */
export function keptMetadata(
  make: (address: string) => ServiceMetadata,
): (address: string) => ServiceMetadata {
  const kept = new Map<string, ServiceMetadata>();
  return (address) => {
    const metadata = kept.get(address) ?? make(address);
    kept.delete(address);
    kept.set(address, metadata);
    const [oldest] = kept.keys();
    if (kept.size > keptAddresses && oldest !== undefined) kept.delete(oldest);
    return metadata;
  };
}
