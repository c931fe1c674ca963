/** MSH-9: what a message is. */
export interface MessageType {
  readonly code: string;
  readonly event: string;
  /** The abstract structure; absent in old versions. */
  readonly structure?: string | undefined;
}

/** The versions that are spoken (preg-xml-filematch-hl7v2 3.2). */
export const versions = ['2.3', '2.3.1', '2.4', '2.5', '2.5.1', '2.6'] as const;
export type Hl7Version = (typeof versions)[number];

/** An application and its facility, HD: each the namespace, `&` and `^` included as the peer wrote them. */
export interface HeaderParty {
  readonly application: string;
  readonly facility: string;
}

/** The header of a message, MSH. What is missing is empty. */
export interface MessageHeader {
  readonly sender: HeaderParty;
  readonly receiver: HeaderParty;
  readonly type: MessageType;
  readonly controlId: string;
  /** MSH-11.1: P, T or D. */
  readonly processingId: string;
  readonly version: string;
  /** MSH-18 as written. */
  readonly charset: string;
}
