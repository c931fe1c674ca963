import { z } from 'zod';
import { InternalError } from '../../../errors/errors.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { FilematchJobs } from '../jobs/filematch-jobs.js';
import { norwegianTimeWithOffset } from '../jobs/norwegian-time.js';
import type { Receipt } from '../jobs/receipt.js';
import { madeAt } from '../jobs/ulid.js';
import type { Disk, Place } from './disk.js';
import {
  idOfDraftedReceipt,
  idOfReceipt,
  isDeliveredOf,
  nameProblem,
  presentableName,
  receiptName,
  refusedName,
  type NameProblem,
} from './file-names.js';
import { receiptOctets } from './job-files.js';

/** Why a file is not taken. */
export type Refusal =
  | NameProblem
  | 'not-a-file'
  | 'linked'
  | 'too-large'
  | {
      readonly earlierJobId: string;
      readonly sha256: string | undefined;
    };

const texts: Readonly<Record<Extract<Refusal, string> | 'processed-before', string>> = {
  characters:
    'Filnavnet kan bare ha bokstavene A–Z, sifre, punktum, bindestrek og understrek, må begynne med bokstav eller siffer, og kan ikke slutte med punktum.',
  length: 'Filnavnet er for langt.',
  device: 'Filnavnet er et enhetsnavn.',
  number: 'Filnavnet kan inneholde et fødselsnummer. Gi filen et annet navn.',
  extension: 'Filtypen er ikke avtalt.',
  'not-a-file': 'Dette er ikke en vanlig fil.',
  linked: 'Filen har flere navn (harde lenker).',
  'too-large': 'Filen er for stor.',
  'processed-before': 'Filen er behandlet før.',
};

/** The name in avvist/ of what came under a name that must not come back. */
const NAMELESS = 'ukjent';

/** A refused file: which, and as what. */
export interface Refused {
  readonly id: string;
  /** As delivered; octets, as latin1. */
  readonly name: string;
  readonly place: Place;
  readonly refusal: Refusal;
}

export interface RefusedFilesParts {
  readonly clientId: string;
  readonly disk: Disk;
  readonly jobs: Pick<FilematchJobs, 'job'>;
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** What was not taken: it lies in avvist/ beside a receipt that says why. */
export class RefusedFiles {
  constructor(private readonly parts: RefusedFilesParts) {}

  /**
   * Moves a file to avvist/. The receipt comes first: nothing lies there unexplained, nor without what tells when it may go.
   * @throws what the disk throws; then the file is where it was
   */
  async refuse(folder: string, { id, name, place, refusal }: Refused): Promise<void> {
    const { disk, clientId, clock, events } = this.parts;
    const shownName = isRepeatable(name) ? name : NAMELESS;
    const receipt = { folder, name: receiptName(shownName, id) };
    await disk.write(receipt, [receiptOctets(receiptOfRefused({ id, name, refusal }, clock.now()))]);
    let isMoved = false;
    try {
      isMoved = await disk.move(place, { folder, name: refusedName(shownName, id) });
    } finally {
      // Somebody else has it, or it cannot be moved: nothing lies here that the receipt is of.
      if (!isMoved) await disk.remove(receipt);
    }
    if (isMoved) events.emit('deliveredFileRefused', { clientId, deliveryId: id, reason: reasonOf(refusal) });
  }

  /** Deletes what was refused so long ago that results of its time are deleted, too. @throws what the disk throws */
  async sweep(folder: string): Promise<void> {
    const { disk, clock, retentionDays } = this.parts;
    const entries = await disk.list(folder);
    const end = clock.now().getTime() - retentionDays * 86_400_000;
    const isOverdue = (id: string | undefined): id is string =>
      id !== undefined && madeAt(id).getTime() < end && !this.#isOfJob(id);
    for (const name of entries) {
      if (isOverdue(idOfDraftedReceipt(name))) await this.#remove({ folder, name });
      const id = idOfReceipt(name);
      if (!isOverdue(id)) continue;
      const refusedAt = await this.#refusedAt({ folder, name }, id);
      if (refusedAt === undefined || refusedAt.getTime() >= end) continue;
      for (const entry of entries)
        if (entry !== name && isDeliveredOf(id, entry)) await this.#remove({ folder, name: entry });
      await disk.remove({ folder, name });
    }
  }

  /** What a job put there goes with the job, also with one that cannot be read. */
  #isOfJob(id: string): boolean {
    const { jobs, clientId } = this.parts;
    try {
      return jobs.job(id, clientId) !== undefined;
    } catch (error) {
      if (error instanceof InternalError) return true;
      throw error;
    }
  }

  async #remove(place: Place): Promise<void> {
    const { disk } = this.parts;
    const kind = (await disk.look(place))?.kind;
    if (kind !== undefined && kind !== 'folder') await disk.remove(place);
  }

  /** When the file was refused whose receipt this is, which may be long after it was claimed; undefined for no receipt of ours. */
  async #refusedAt(place: Place, id: string): Promise<Date | undefined> {
    const { disk } = this.parts;
    if ((await disk.look(place))?.kind !== 'file') return undefined;
    const file = await disk.open(place);
    try {
      const receipt = ownReceipt.safeParse(await shortText(file.read()));
      return receipt.success && receipt.data.jobId === id ? receipt.data.finishedAt : undefined;
    } finally {
      await file.close();
    }
  }
}

/** The receipt of a file that is refused at that time. */
export function receiptOfRefused({ id, name, refusal }: Omit<Refused, 'place'>, now: Date): Receipt {
  return {
    jobId: id,
    state: 'REJECTED',
    inputFile: presentableName(name),
    receivedAt: norwegianTimeWithOffset(madeAt(id)),
    finishedAt: norwegianTimeWithOffset(now),
    reason: texts[reasonOf(refusal)],
    ...(typeof refusal === 'string'
      ? {}
      : { inputSha256: refusal.sha256, errorCode: 'E012', earlierJobId: refusal.earlierJobId }),
  };
}

function reasonOf(refusal: Refusal): keyof typeof texts {
  return typeof refusal === 'string' ? refusal : 'processed-before';
}

const MAX_RECEIPT_BYTES = 64 * 1024;

const ownReceipt = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'no JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      jobId: z.string(),
      state: z.literal('REJECTED'),
      finishedAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
    }),
  );

async function shortText(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > MAX_RECEIPT_BYTES) return '';
    read.push(piece);
  }
  return Buffer.concat(read).toString('utf8');
}

/** Whether names of files of ours may be made of it. */
function isRepeatable(name: string): boolean {
  const problem = nameProblem(name, []);
  return problem === undefined || problem === 'extension';
}
