/** A line that is longer is damaged: what follows is not kept, so that no file can fill the memory. In octets. */
export const longestLine = 64 * 1024;

/** A line as it lies in the file. */
export interface Line {
  /** Without its ending, and without a byte order mark before it; of one that is too long, the beginning. */
  readonly octets: Buffer;
  /** From 1. */
  readonly number: number;
  readonly tooLong: boolean;
  /** What ended it; nothing where the file ends. */
  readonly ending: '\r\n' | '\n' | '';
}

/** Cuts a stream of octets into lines, wherever its pieces begin and end. LF ends a line; a CR before it belongs to it. */
export class LineSplitter {
  /** The beginning of a line whose end has not come: at most `longestLine` and a CR, however long it is. */
  private kept: Buffer[] = [];
  private keptLength = 0;
  /** How long it is in truth. */
  private length = 0;
  private lines = 0;
  private marked = false;

  /** Whether the file began with the byte order mark of UTF-8; known with the first line. */
  get hasMark(): boolean {
    return this.marked;
  }

  /** The lines that end in this piece. */
  *push(piece: Uint8Array): Generator<Line, void> {
    const octets = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    for (let end = octets.indexOf(lf); end !== -1; end = octets.indexOf(lf, start)) {
      yield this.lineOf(octets, start, end);
      start = end + 1;
    }
    if (start < octets.length) this.keep(octets.subarray(start));
  }

  /** The last line, where the file does not end with a line ending. */
  *end(): Generator<Line, void> {
    if (this.length > 0) yield this.finish(false);
  }

  private lineOf(octets: Buffer, start: number, end: number): Line {
    const length = end - start;
    if (this.length > 0 || this.lines === 0 || length > longestLine) {
      this.keep(octets.subarray(start, end));
      return this.finish(true);
    }
    // What nearly all lines are: in one piece.
    this.lines += 1;
    const hasCr = length > 0 && octets[end - 1] === cr;
    return {
      octets: octets.subarray(start, hasCr ? end - 1 : end),
      number: this.lines,
      tooLong: false,
      ending: hasCr ? '\r\n' : '\n',
    };
  }

  private keep(part: Buffer): void {
    this.length += part.length;
    const room = longestLine + 1 + mark.length - this.keptLength;
    if (room <= 0 || part.length === 0) return;
    const kept = part.length > room ? part.subarray(0, room) : part;
    this.kept.push(kept);
    this.keptLength += kept.length;
  }

  private finish(ended: boolean): Line {
    let octets = Buffer.concat(this.kept);
    let length = this.length;
    this.kept = [];
    this.keptLength = 0;
    this.length = 0;
    this.lines += 1;
    if (this.lines === 1 && octets.subarray(0, mark.length).equals(mark)) {
      this.marked = true;
      octets = octets.subarray(mark.length);
      length -= mark.length;
    }
    // Only of a line that was kept whole is its last octet known; of others it does not matter.
    const hasCr = octets.length === length && octets.at(-1) === cr;
    if (hasCr) length -= 1;
    return {
      octets: octets.subarray(0, Math.min(length, longestLine)),
      number: this.lines,
      tooLong: length > longestLine,
      ending: ended ? (hasCr ? '\r\n' : '\n') : '',
    };
  }
}

/** Whether a line holds nothing but blanks; the end-of-file sign of old systems counts as nothing. */
export function isBlank({ octets, tooLong }: Line): boolean {
  if (tooLong || (octets[0] ?? 0) > blank) return false;
  for (const octet of octets) if (octet !== blank && octet !== endOfFile) return false;
  return true;
}

const lf = 0x0a;
const cr = 0x0d;
const blank = 0x20;
const endOfFile = 0x1a;
const mark = Buffer.from([0xef, 0xbb, 0xbf]);
