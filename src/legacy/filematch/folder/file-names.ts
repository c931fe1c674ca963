import { redact } from '../../../operations/redact.js';
import {
  LONGEST_NAME,
  problemOfName,
  type NameProblem as CommonNameProblem,
} from '../delivered-name-rules.js';
import { ULID } from '../jobs/ulid.js';

/** What files in a drop folder are called. */

/** Why a name is not taken, for the receipt. */
export type NameProblem = CommonNameProblem | 'extension';

/**
 * What is wrong with the name of a file in inn/; undefined for one that may be taken.
 * @param extensions lower case, without the dot
 */
export function nameProblem(name: string, extensions: readonly string[]): NameProblem | undefined {
  const problem = problemOfName(name);
  if (problem !== undefined) return problem;
  return extensions.includes(splitName(name).extension.toLowerCase()) ? undefined : 'extension';
}

/** Whether a name says that the file is still being written, or is none of ours: hidden, or with the name of a draft. */
export function isUnfinishedName(name: string): boolean {
  return name.startsWith('.') || /\.(?:tmp|part|filepart)$/i.test(name);
}

/** The name before its last dot, and what follows the dot. */
export function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  return dot <= 0
    ? { stem: name, extension: '' }
    : { stem: name.slice(0, dot), extension: name.slice(dot + 1) };
}

/** The marker that says that a file is complete. Either of the two will do. */
export function readyMarkers(name: string): readonly string[] {
  return [`${name}.ok`, `${splitName(name).stem}.ok`];
}

/** The marker that asks for content to be processed that was processed before. */
export function forceMarker(name: string): string {
  return `${name}.force`;
}

/** The file whose marker this may be, with or without its extension; undefined for a name that is no marker's. */
export function markedName(name: string): string | undefined {
  return /^(.+)\.(?:ok|force)$/.exec(name)?.[1];
}

/** The name without what could be a number or mean anything to who reads it, for a receipt. @param name octets, as latin1 */
export function presentableName(name: string): string {
  const text = redact(Buffer.from(name, 'latin1').toString('utf8')).replaceAll(
    /[^\p{L}\p{N}._\-[\] ]/gu,
    '_',
  );
  return text.slice(0, LONGEST_NAME);
}

/** A file that was taken out of inn/: its name in arbeid/ says everything that must outlive a crash. */
export interface Claim {
  /** The id of the job that it becomes or has become. */
  readonly id: string;
  /** The installation that took it, and alone works on it. */
  readonly installation: string;
  /** As delivered. */
  readonly name: string;
  readonly forced: boolean;
}

// No delivered name holds a tilde, and none of the other parts.
const CLAIM = new RegExp(`^(${ULID})~([a-z0-9]{1,16})~(force~)?([^~]+)$`);

/** The name of a claim in arbeid/. */
export function claimName({ id, installation, name, forced }: Claim): string {
  return [id, installation, ...(forced ? ['force'] : []), name].join('~');
}

/** What a name in arbeid/ says; undefined when nobody of us gave it. */
export function parseClaim(text: string): Claim | undefined {
  const [, id, installation, force, name] = CLAIM.exec(text) ?? [];
  if (id === undefined || installation === undefined || name === undefined) return undefined;
  return { id, installation, name, forced: force !== undefined };
}

/** Whether an entry of arbeid/ is the claim of that job, whoever made it. */
export function isClaimOf(jobId: string, entry: string): boolean {
  return entry.startsWith(`${jobId}~`);
}

/** What the names of all that is delivered of a job have in common, drafts included. */
export function isDeliveredOf(jobId: string, entry: string): boolean {
  return entry.includes(`.${jobId}.`) || entry.endsWith(`.${jobId}`);
}

const RECEIPT = new RegExp(`^(.+)\\.(${ULID})\\.kvittering\\.json$`);

/** `<input>.<id>.kvittering.json`, where input is the delivered name without its extension (preg-xml-filematch-hl7v2 2.8). */
export function receiptName(name: string, id: string): string {
  return `${splitName(name).stem}.${id}.kvittering.json`;
}

/** The id in the name of a receipt; undefined for any other name. */
export function idOfReceipt(entry: string): string | undefined {
  return RECEIPT.exec(entry)?.[2];
}

/** The id in the name of a receipt that was never finished; undefined for any other name. */
export function idOfDraftedReceipt(entry: string): string | undefined {
  const [, name] = /^\.(.+)\.tmp$/.exec(entry) ?? [];
  return name === undefined ? undefined : idOfReceipt(name);
}

/** What a file that was not processed is called in avvist/. */
export function refusedName(name: string, id: string): string {
  const { stem, extension } = splitName(name);
  return extension === '' ? `${stem}.${id}` : `${stem}.${id}.${extension}`;
}
