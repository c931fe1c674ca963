import type { Survey } from '../jobs/job.js';
import type { Layout } from '../layout/layout.js';
import { FileRejected, type Mode } from '../record.js';

/** What stands in for a header in files that have none, and whose files are taken. */
export interface Outside {
  /** Nine digits. */
  readonly orgNumber: string;
  /** A header that names none of these is somebody else's. */
  readonly organisations: readonly string[];
  readonly mode: Mode;
  readonly customerRef: string;
}

/**
 * The first reading of a whole file: what it is and how many rows of data it has. Holds no more than a piece of it in memory.
 * @param layouts those that the file may have; the first that fits is taken
 * @throws FileRejected E010, E011 or E902; what the source throws
 */
export function surveyFile(
  source: AsyncIterable<Uint8Array>,
  layouts: readonly Layout[],
  outside: Outside,
): Promise<Survey> {
  void [source, layouts, outside];
  return Promise.reject(new FileRejected('E011', 'not yet'));
}
