import type { ErrorLocation } from '../hl7-error.js';
import { componentOf, repetitionsOf, type Hl7Field, type Hl7Segment } from './message.js';
import { repetition, segment, field, text } from './segment.js';
import { ENCODING_CHARACTERS, standardDelimiters } from './delimiters.js';

/** MSH-9: what a message is. */
export interface MessageType {
  readonly code: string;
  readonly event: string;
  /** The abstract structure; absent in old versions. */
  readonly structure?: string | undefined;
}

/** The versions that are spoken (preg-xml-filematch-hl7v2 3.2), oldest first. */
export const versions = ['2.3', '2.3.1', '2.4', '2.5', '2.5.1', '2.6'] as const;
export type Hl7Version = (typeof versions)[number];

/** An application and its facility, HD: the namespace of each, its first component. */
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
  /** MSH-18 as written; the first one where it repeats. */
  readonly charset: string;
}

/** Reads MSH; without one, everything is empty. */
export function headerOf(msh: Hl7Segment | undefined): MessageHeader {
  const structure = componentOf(msh, 9, 3);
  return {
    sender: { application: componentOf(msh, 3), facility: componentOf(msh, 4) },
    receiver: { application: componentOf(msh, 5), facility: componentOf(msh, 6) },
    type: {
      code: componentOf(msh, 9, 1),
      event: componentOf(msh, 9, 2),
      ...(structure === '' ? {} : { structure }),
    },
    controlId: componentOf(msh, 10),
    processingId: componentOf(msh, 11),
    version: componentOf(msh, 12),
    charset: componentOf(msh, 18),
  };
}

/** A field of the header, as a place to point at. */
export function headerField(number: number): ErrorLocation {
  return { segment: 'MSH', sequence: 1, field: number };
}

/** Whether it is a version that is spoken. */
export function isVersion(version: string): version is Hl7Version {
  return versions.some((known) => known === version);
}

/** Whether a version came before another one. */
export function isBefore(version: Hl7Version, other: Hl7Version): boolean {
  return versions.indexOf(version) < versions.indexOf(other);
}

/** An application and its facility as they stand in the header of another message: whole fields, HD. */
export interface HeaderAddress {
  readonly application: Hl7Field;
  readonly facility: Hl7Field;
}

/** Who sent a message, to answer to; and to whom, to answer as. */
export function addressesOf(msh: Hl7Segment | undefined): {
  readonly sender: HeaderAddress;
  readonly receiver: HeaderAddress;
} {
  return {
    sender: { application: repetitionsOf(msh, 3), facility: repetitionsOf(msh, 4) },
    receiver: { application: repetitionsOf(msh, 5), facility: repetitionsOf(msh, 6) },
  };
}

/** What a header is made of. */
export interface HeaderParts {
  readonly sender: HeaderAddress;
  readonly receiver: HeaderAddress;
  /** MSH-7, `YYYYMMDDHHMMSS+ZZZZ`. */
  readonly at: string;
  readonly type: MessageType;
  readonly controlId: string;
  readonly processingId: string;
  readonly version: Hl7Version;
  readonly charset: string;
}

/** Writes MSH, with the country Norway. What MSH-9 has of a structure is left out where versions had none. */
export function headerSegment(parts: HeaderParts): Hl7Segment {
  const { code, event, structure } = parts.type;
  return segment('MSH', {
    1: text(standardDelimiters.field),
    2: text(ENCODING_CHARACTERS),
    3: parts.sender.application,
    4: parts.sender.facility,
    5: parts.receiver.application,
    6: parts.receiver.facility,
    7: text(parts.at),
    9: field(repetition(code, event, isBefore(parts.version, '2.3.1') ? undefined : structure)),
    10: text(parts.controlId),
    11: text(parts.processingId),
    12: text(parts.version),
    17: text('NOR'),
    18: text(parts.charset),
  });
}
