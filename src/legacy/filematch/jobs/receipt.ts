/**
 * What is said of a job to its client, as JSON beside the result (preg-xml-filematch-hl7v2 2.8, sample 35). Times are Norwegian
 * with their offset. What is not known yet is absent.
 */
export interface Receipt {
  readonly jobId: string;
  readonly state: string;
  readonly orgNumber?: string | undefined;
  readonly customerRef?: string | undefined;
  readonly inputFile: string;
  /** Absent where the file was refused unread. */
  readonly inputSha256?: string | undefined;
  readonly format?: string | undefined;
  readonly formatVersion?: string | undefined;
  readonly charset?: string | undefined;
  readonly receivedAt: string;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  readonly counts?: Readonly<Record<string, number>> | undefined;
  readonly outputFile?: string | undefined;
  readonly outputSha256?: string | undefined;
  readonly rejectFile?: string | undefined;
  readonly rejectSha256?: string | undefined;
  /** Why there is no result. */
  readonly errorCode?: string | undefined;
  readonly reason?: string | undefined;
  /** The job that processed the same content before (E012). */
  readonly earlierJobId?: string | undefined;
}
