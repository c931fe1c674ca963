import { request } from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { ACCOUNT } from '../processes/adapter-configuration.js';
import type { PersonToAsk } from '../processes/running-upstream.js';

/** Where files go, and whose certificate is there. */
export interface FilematchServer {
  readonly port: number;
  readonly certificatePem: string;
}

/** How a job went. */
export interface JobFigures {
  /** From when it was taken up until its result was there. */
  readonly seconds: number;
  readonly perSecond: number;
}

/** Told now and then how many rows are done, and how long the job has run. */
export type OnProgress = (done: number, seconds: number) => Promise<void> | void;

const uploadForm = z.object({ jobId: z.string() });
const statusForm = z.object({
  state: z.string(),
  rows: z.object({ done: z.number() }),
  counts: z.object({ matched: z.number(), technical: z.number() }),
});

/** A job at work, over a file about the people in turn, all of whom the register knows. */
export class StartedJob {
  private constructor(
    private readonly server: FilematchServer,
    private readonly id: string,
    private readonly rows: number,
  ) {}

  /** Uploads a file with so many rows. */
  static async start(
    server: FilematchServer,
    people: readonly PersonToAsk[],
    rows: number,
  ): Promise<StartedJob> {
    const answer = await send(server, 'POST', '?force=true', Readable.from(fileOf(people, rows)));
    return new StartedJob(server, uploadForm.parse(JSON.parse(answer)).jobId, rows);
  }

  /** How many rows are done. @throws Error when it has ended otherwise than well */
  async rowsDone(): Promise<number> {
    return (await this.#status()).rows.done;
  }

  /** Has it stand, or go on; or end. */
  async tell(wish: 'pause' | 'resume' | 'cancel'): Promise<void> {
    await send(this.server, 'POST', `/${this.id}/${wish}`);
  }

  /** Waits until its result is there. @throws Error when it ends otherwise, or somebody was not found */
  async finish(pollMilliseconds: number, onProgress: OnProgress): Promise<JobFigures> {
    const startedAt = performance.now();
    for (;;) {
      const { state, counts, rows } = await this.#status();
      const seconds = (performance.now() - startedAt) / 1000;
      await onProgress(rows.done, seconds);
      if (state === 'COMPLETED') {
        if (counts.matched !== this.rows)
          throw new Error(`${counts.matched} of ${this.rows} rows were matched`);
        return { seconds, perSecond: this.rows / seconds };
      }
      await wait(pollMilliseconds);
    }
  }

  async #status(): Promise<z.output<typeof statusForm>> {
    const status = statusForm.parse(JSON.parse(await send(this.server, 'GET', `/${this.id}`)));
    if (['REJECTED', 'FAILED'].includes(status.state)) throw new Error(`the job is ${status.state}`);
    return status;
  }
}

/** Has a file with so many rows matched. @throws Error as {@link StartedJob.finish} */
export async function runJob(
  server: FilematchServer,
  people: readonly PersonToAsk[],
  { rows, pollMilliseconds = 100 }: { readonly rows: number; readonly pollMilliseconds?: number },
  onProgress: OnProgress = () => undefined,
): Promise<JobFigures> {
  const job = await StartedJob.start(server, people, rows);
  return job.finish(pollMilliseconds, onProgress);
}

/** A file in pieces of a thousand rows. What is sent is by number, with a name and a birth date to compare. */
function* fileOf(people: readonly PersonToAsk[], rows: number): Generator<string> {
  yield 'ownRef;nin;dateOfBirth;surname;givenName;middleName;street;postalCode;municipality;sex\r\n';
  for (let row = 0; row < rows; row += 1_000) {
    yield Array.from({ length: Math.min(1_000, rows - row) }, (_, index) => {
      const person = people[(row + index) % people.length];
      if (person === undefined) throw new RangeError('nobody to ask for');
      const born = person.birthDate.replaceAll('-', '');
      return `R${row + index};${person.nin};${born};${person.familyName.toUpperCase()};;;;;;\r\n`;
    }).join('');
  }
}

function send(
  { port, certificatePem }: FilematchServer,
  method: 'GET' | 'POST',
  path: string,
  body?: Readable,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: 'localhost',
        port,
        path: `/filematch/jobs${path}`,
        method,
        ca: certificatePem,
        auth: `${ACCOUNT.username}:${ACCOUNT.password}`,
        headers: body === undefined ? {} : { 'Content-Type': 'text/csv' },
      },
      (response) => {
        text(response).then((answer) => {
          if ((response.statusCode ?? 0) < 300) resolve(answer);
          else reject(new Error(`${method} gave ${response.statusCode ?? 0}: ${answer}`));
        }, reject);
      },
    );
    sent.once('error', reject);
    if (body === undefined) sent.end();
    else body.once('error', reject).pipe(sent);
  });
}
