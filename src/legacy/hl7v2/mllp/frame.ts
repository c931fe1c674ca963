/** The octets around a message (MLLP, preg-xml-filematch-hl7v2 3.2): 0x0B before it, 0x1C 0x0D after it. */
export const FRAME_START = 0x0b;
export const FRAME_END = 0x1c;
const CARRIAGE_RETURN = 0x0d;

/** A message in its frame. */
export function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(message.length + 3);
  frame[0] = FRAME_START;
  frame.set(message, 1);
  frame.set([FRAME_END, CARRIAGE_RETURN], message.length + 1);
  return frame;
}

/** A message without its frame, or with what is there of one taken away: what some send where none is asked for. */
export function unframed(octets: Uint8Array): Uint8Array {
  const start = octets[0] === FRAME_START ? 1 : 0;
  const last = octets.at(-1) === CARRIAGE_RETURN && octets.at(-2) === FRAME_END ? 2 : 1;
  return octets.at(-last) === FRAME_END ? octets.subarray(start, -last) : octets.subarray(start);
}
