import type { Survey } from '../jobs/job.js';
import type { Layout } from '../layout/layout.js';
import { FileRejected, type FileHeader, type Mode } from '../record.js';
import { CharsetDetection } from './decode.js';
import { readFileHead, type FileHead } from './file-head.js';
import { countIn } from './fixed-head.js';
import { isBlank, LineSplitter, type Line } from './lines.js';
import { isRow, recordsOf, type FileRecord, type Records } from './records.js';

/** What stands in for a header in files that have none, and whose files are taken. */
export interface Outside {
  /** Nine digits. */
  readonly orgNumber: string;
  /** A header that names none of these is somebody else's; to look at a file, `all` will do. */
  readonly organisations: readonly string[] | 'all';
  readonly mode: Mode;
  readonly customerRef: string;
}

/**
 * The first reading of a whole file: what it is and how many rows of data it has. Holds no more than a piece of it in memory.
 * @param layouts those that the file may have; the first that fits is taken
 * @throws FileRejected E010, E011 or E902; what the source throws
 */
export async function surveyFile(
  source: AsyncIterable<Uint8Array>,
  layouts: readonly Layout[],
  outside: Outside,
): Promise<Survey> {
  const splitter = new LineSplitter();
  const surveyor = new Surveyor(layouts, outside);
  for await (const piece of source) for (const line of splitter.push(piece)) surveyor.take(line);
  for (const line of splitter.end()) surveyor.take(line);
  return surveyor.finish(splitter.hasMark);
}

class Surveyor {
  private readonly detection = new CharsetDetection();
  private file: FileHead | undefined;
  private records: Records | undefined;
  private header: FileHeader | undefined;
  /** Rows that say that they are, and those that do not say what they are. */
  private rows = 0;
  private unknown = 0;
  private trailer: FileRecord | undefined;

  constructor(
    private readonly layouts: readonly Layout[],
    private readonly outside: Outside,
  ) {}

  take(line: Line): void {
    this.records ??= isBlank(line) ? undefined : this.begin(line);
    if (this.records === undefined) return;
    if (this.file?.head?.charset === undefined && !line.tooLong) this.detection.see(line.octets);
    for (const record of this.records.take(line)) this.count(record);
  }

  finish(hasMark: boolean): Survey {
    for (const record of this.records?.end() ?? []) this.count(record);
    if (this.file === undefined || this.header === undefined) throw new FileRejected('E011', 'Filen er tom.');
    const { layout, head } = this.file;
    if (layout.encoding === 'fixed' && layout.input.trailer !== null) {
      if (this.trailer === undefined) throw new FileRejected('E010', 'Filen mangler slutt.');
      this.compare(countIn(this.trailer, layout));
    }
    return {
      layout: layout.name,
      charset: head?.charset ?? this.detection.charset(hasMark),
      header: this.header,
      rows: this.rows + this.unknown,
    };
  }

  private begin(first: Line): Records {
    this.file = readFileHead(first, this.layouts);
    this.header = headerFrom(this.file, this.outside);
    return recordsOf(this.file.layout);
  }

  private count(record: FileRecord): void {
    if (record.kind === 'beyond') throw new FileRejected('E010', 'Det står noe etter filens slutt.');
    if (record.kind === 'trailer') this.trailer = record;
    if (!isRow(record)) return;
    if (record.kind === 'unknown') this.unknown += 1;
    else this.rows += 1;
  }

  /** Whether its sender counted records of unknown kinds is anybody's guess, so both counts are right. */
  private compare(told: number | undefined): void {
    if (told === undefined) throw new FileRejected('E010', 'Filens slutt forteller ikke antall rader.');
    if (told === this.rows || told === this.rows + this.unknown) return;
    throw new FileRejected(
      'E010',
      `Filens slutt forteller om ${told} rader, men filen har ${this.rows + this.unknown}.`,
    );
  }
}

function headerFrom({ head }: FileHead, outside: Outside): FileHeader {
  if (head?.orgNumber !== undefined && !isAmong(head.orgNumber, outside))
    throw new FileRejected('E902', 'Hodet nevner en annen virksomhet enn avsenderens.');
  return {
    orgNumber: head?.orgNumber ?? outside.orgNumber,
    customerRef: head?.customerRef ?? outside.customerRef,
    createdAt: head?.createdAt ?? '',
    mode: head?.mode ?? outside.mode,
  };
}

function isAmong(orgNumber: string, { organisations }: Outside): boolean {
  return organisations === 'all' || organisations.includes(orgNumber);
}
