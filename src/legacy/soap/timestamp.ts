import { InvalidSecurity } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { collapsedText, hasStrayText, isNamed } from '../../xml/element-reading.js';
import { SECURITY_UTILITY } from '../../contract/soap/namespaces.js';

const MINUTE = 60_000;
/** How far apart the two clocks may be, and how long a message lives. Contract: preg-hl7v3 1.5, freshness rules. */
const CLOCK_SKEW = 5 * MINUTE;
const LIFETIME = 5 * MINUTE;

/** When a message was made and until when it is good, in milliseconds since 1970. */
export interface SecurityTimestamp {
  readonly created: number;
  readonly expires: number | undefined;
}

/**
 * Reads the Timestamp of a security header: one Created, at most one Expires.
 * @throws InvalidSecurity
 */
export function readTimestamp(timestamp: XmlElement): SecurityTimestamp {
  if (hasStrayText(timestamp)) throw new InvalidSecurity('text in the Timestamp');
  const createdTexts = dateTexts(timestamp, 'Created');
  const expiresTexts = dateTexts(timestamp, 'Expires');
  const [createdText] = createdTexts;
  if (createdText === undefined || createdTexts.length > 1 || expiresTexts.length > 1) {
    throw new InvalidSecurity('the Timestamp has not one Created and at most one Expires');
  }
  const [expiresText] = expiresTexts;
  return {
    created: instantOf(createdText),
    expires: expiresText === undefined ? undefined : instantOf(expiresText),
  };
}

/** Until when a message that was made then may be accepted. */
export function acceptableUntil(created: number): Date {
  return new Date(Math.ceil(created + CLOCK_SKEW + LIFETIME));
}

/**
 * Judges a Timestamp by the rules that .NET has on both sides. Without Expires, the bounds on Created are all there is.
 * @throws InvalidSecurity
 */
export function requireFresh({ created, expires }: SecurityTimestamp, now: Date): void {
  const present = now.getTime();
  if (created >= present + CLOCK_SKEW) throw new InvalidSecurity('the Timestamp is from the future');
  if (created <= present - CLOCK_SKEW - LIFETIME) throw new InvalidSecurity('the Timestamp is too old');
  if (expires === undefined) return;
  if (expires <= present - CLOCK_SKEW) throw new InvalidSecurity('the Timestamp has expired');
  if (created >= expires) throw new InvalidSecurity('the Timestamp expires before it was created');
}

/** The texts of the children of that name. One in another namespace is there to be read by somebody else: refused. */
function dateTexts(timestamp: XmlElement, localName: string): readonly string[] {
  return timestamp.children
    .filter((child) => child.localName === localName)
    .map((child) => {
      const text = isNamed(child, SECURITY_UTILITY, localName) ? collapsedText(child) : undefined;
      if (text === undefined) throw new InvalidSecurity(`the ${localName} of the Timestamp is malformed`);
      return text;
    });
}

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,7})?Z$/;

/** Milliseconds since 1970 of `yyyy-MM-ddTHH:mm:ss`, 0 to 7 decimals, `Z`. */
function instantOf(text: string): number {
  const match = INSTANT.exec(text);
  const seconds = match?.[1];
  if (seconds === undefined) throw new InvalidSecurity('a date in the Timestamp is malformed');
  const milliseconds = Date.parse(`${seconds}Z`);
  // Date.parse takes 24:00:00 and makes 30 February a day of March.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== `${seconds}.000Z`) {
    throw new InvalidSecurity('a date in the Timestamp does not exist');
  }
  return milliseconds + Number(`0${match?.[2] ?? ''}`) * 1_000;
}
