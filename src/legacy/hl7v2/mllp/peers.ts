import type { LegacyClient } from '../../../access/legacy-client.js';
import { NotAuthenticated } from '../../../errors/errors.js';
import type { NetworkList } from '../../../runtime/network-list.js';
import type { MessageHeader } from '../message/header.js';

/** How a client is known over MLLP, which has no passwords. What is absent may be anything. */
export interface Peer {
  readonly client: LegacyClient;
  readonly addresses: NetworkList;
  /** MSH-3.1. */
  readonly application?: string | undefined;
  /** MSH-4.1. */
  readonly facility?: string | undefined;
  /** SHA-256 of its certificate, as {@link fingerprintOf} writes it. */
  readonly certificate?: string | undefined;
}

/** What a connection tells of who is at its other end. */
export interface Connected {
  readonly remoteAddress: string;
  /** SHA-256 of the certificate that it has proven to be the owner of. */
  readonly certificate: string | undefined;
}

/** The peers of enabled clients: who may connect, and whose a message is. */
export class Peers {
  constructor(private readonly peers: readonly Peer[]) {}

  /** Whether anybody is at that address. */
  knows(address: string): boolean {
    return this.peers.some(({ addresses }) => addresses.has(address));
  }

  /** The client that a message is from: the first that fits. @throws NotAuthenticated */
  identify(
    { remoteAddress, certificate }: Connected,
    { sender }: Pick<MessageHeader, 'sender'>,
  ): LegacyClient {
    const peer = this.peers.find(
      (one) =>
        one.addresses.has(remoteAddress) &&
        fits(one.application, sender.application) &&
        fits(one.facility, sender.facility) &&
        fits(one.certificate, certificate),
    );
    if (peer === undefined) throw new NotAuthenticated('no peer is known by this address and header');
    return peer.client;
  }
}

/** A fingerprint as it is compared: hexadecimal digits in lower case. */
export function fingerprintOf(text: string): string {
  return text.replaceAll(':', '').toLowerCase();
}

function fits(asked: string | undefined, found: string | undefined): boolean {
  return asked === undefined || asked === found;
}
