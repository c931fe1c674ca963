import { deliveredName } from '../jobs/delivered-names.js';
import type { FilematchJobs, JobView } from '../jobs/filematch-jobs.js';
import { isOver } from '../jobs/job.js';
import { answer, type Ending } from './answers.js';

/** What can be fetched of a job. */
export type Download = 'result' | 'rejects' | 'receipt';

/** The file, named as it would be in a folder (preg-xml-filematch-hl7v2 2.8); undefined where there is none, or not yet. */
export function download(
  jobs: Pick<FilematchJobs, 'read' | 'receipt'>,
  { job }: JobView,
  file: Download,
): Ending | undefined {
  if (!isOver(job)) return undefined;
  const receipt = jobs.receipt(job.id);
  if (receipt === undefined) return undefined;
  if (file === 'receipt') {
    const name = deliveredName(job, 'kvittering.json');
    return answer(200, headersOf(name, undefined), `${JSON.stringify(receipt, undefined, 2)}\n`);
  }
  const name = file === 'result' ? receipt.outputFile : receipt.rejectFile;
  if (name === undefined) return undefined;
  const content = jobs.read(job.id, file);
  return content === undefined ? undefined : answer(200, headersOf(name, job.survey?.charset), content);
}

const mediaTypes = { json: 'application/json', csv: 'text/csv', txt: 'text/plain' } as const;

function headersOf(name: string, charset: string | undefined): Readonly<Record<string, string>> {
  const extension = (['json', 'csv'] as const).find((one) => name.endsWith(`.${one}`)) ?? 'txt';
  const parameter = charset === undefined ? '' : `; charset=${charset}`;
  return { 'Content-Type': mediaTypes[extension] + parameter, 'Content-Disposition': attachment(name) };
}

/** Of a name that not every client can read in a header, both forms (RFC 6266, 4.3). */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]/g, '_');
  if (plain === name) return `attachment; filename="${name}"`;
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*!~]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
