import { FRAME_END, FRAME_START } from './frame.js';

/** What came in a frame: a message, or the beginning of one that is over the limit. */
export type Received =
  | { readonly kind: 'message'; readonly octets: Uint8Array }
  | { readonly kind: 'too-large'; readonly beginning: Uint8Array };

/** What came in no frame that ended. */
export interface Skipped {
  /** Outside of frames, but for line ends and blanks, which many send there. */
  readonly octets: number;
  /** Messages that another one began within, or the connection ended. */
  readonly brokenFrames: number;
}

/** As much of a message that is too large is kept, so that its header can be answered to. */
const BEGINNING = 4096;
const SMALLEST_BUFFER = 4096;
const NOTHING: Uint8Array = new Uint8Array();
const BETWEEN_FRAMES: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);

/**
 * Takes frames out of octets as they come, however they are cut. Octets are looked at once each and no further than the end of
 * the message that is taken, so that whoever sends many messages at once is read as fast as it is answered.
 *
 * A frame ends with 0x1C alone: the 0x0D after it is read over as any line end between frames, whether it comes or not. Neither
 * 0x1C nor 0x0B is part of any message.
 */
export class FrameDecoder {
  #input = NOTHING;
  #position = 0;
  #message = NOTHING;
  #length = 0;
  #state: 'between' | 'within' | 'over' = 'between';
  #skippedOctets = 0;
  #brokenFrames = 0;

  /** @param maxMessageBytes the largest message, without its frame */
  constructor(private readonly maxMessageBytes: number) {}

  /** Whether a message has begun that has not ended. */
  get isWithinMessage(): boolean {
    return this.#state === 'within';
  }

  /** What was skipped since {@link takeSkipped}. */
  get skipped(): Skipped {
    return { octets: this.#skippedOctets, brokenFrames: this.#brokenFrames };
  }

  /** Takes octets in; to no effect after {@link end} or a message that was too large. @throws RangeError while there are some that {@link next} has not looked at */
  push(octets: Uint8Array): void {
    if (this.#state === 'over') return;
    if (this.#position < this.#input.length) throw new RangeError('there is input left');
    this.#input = octets;
    this.#position = 0;
  }

  /** The next message; undefined where more octets are needed, and for ever after one that was too large. */
  next(): Received | undefined {
    if (this.#state === 'between') this.#skip();
    return this.#state === 'within' ? this.#collect() : undefined;
  }

  /** Nothing comes any more: what has begun will not end. */
  end(): void {
    if (this.#state === 'within') this.#drop();
    this.#state = 'over';
  }

  /** What was skipped, to be told once. */
  takeSkipped(): Skipped {
    const { skipped } = this;
    this.#skippedOctets = 0;
    this.#brokenFrames = 0;
    return skipped;
  }

  #skip(): void {
    const input = this.#input;
    for (; this.#position < input.length; this.#position += 1) {
      const octet = input[this.#position] ?? 0;
      if (octet === FRAME_START) {
        this.#position += 1;
        this.#state = 'within';
        return;
      }
      if (!BETWEEN_FRAMES.has(octet)) this.#skippedOctets += 1;
    }
  }

  #collect(): Received | undefined {
    const input = this.#input;
    let start = this.#position;
    for (let position = start; position < input.length; position += 1) {
      const octet = input[position];
      if (octet === FRAME_START) {
        this.#length += position - start;
        this.#drop();
        start = position + 1;
      } else if (octet === FRAME_END) {
        this.#position = position + 1;
        this.#keep(input.subarray(start, position));
        this.#state = 'between';
        return { kind: 'message', octets: this.#taken() };
      } else if (this.#length + position - start === this.maxMessageBytes) {
        this.#keep(input.subarray(start, position));
        this.#state = 'over';
        return { kind: 'too-large', beginning: this.#taken().slice(0, BEGINNING) };
      }
    }
    this.#position = input.length;
    this.#keep(input.subarray(start));
    return undefined;
  }

  #keep(octets: Uint8Array): void {
    const length = this.#length + octets.length;
    this.#makeRoom(length);
    this.#message.set(octets, this.#length);
    this.#length = length;
  }

  #taken(): Uint8Array {
    const message = this.#message.subarray(0, this.#length);
    this.#message = NOTHING;
    this.#length = 0;
    return message;
  }

  /** A frame that began and will not end. One without content is but an octet too many. */
  #drop(): void {
    if (this.#length === 0) this.#skippedOctets += 1;
    else this.#brokenFrames += 1;
    this.#length = 0;
  }

  #makeRoom(length: number): void {
    if (length <= this.#message.length) return;
    const roomy = Math.max(SMALLEST_BUFFER, length, this.#message.length * 2);
    const larger = new Uint8Array(Math.min(roomy, this.maxMessageBytes));
    larger.set(this.#message.subarray(0, this.#length));
    this.#message = larger;
  }
}
