/**
 * The least that the rows of a file can cost: a loop that makes the bulk calls which the adapter makes for them, with the same
 * HTTP client, tokens and proofs, and does nothing with the answers.
 */
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { closeHttpClient, createHttpClient } from '../../src/outbound/http-client.js';
import { createApiCalls, type ApiCalls } from './api-calls.js';
import { takeCommands } from './commands.js';
import { lookupQueries } from './lookup-calls.js';
import { serverStartForm } from './running-upstream.js';

const runForm = z.object({
  nins: z.array(z.string()),
  rows: z.number(),
  rowsPerCall: z.number(),
  concurrency: z.number(),
});

let calls: ApiCalls | undefined;
let close = (): void => undefined;

takeCommands(
  {
    start: async (payload) => {
      const { upstream } = serverStartForm.parse(payload);
      const http = createHttpClient({ certificateAuthority: upstream.certificatePem });
      close = () => {
        closeHttpClient(http);
      };
      calls = await createApiCalls(http, upstream);
      return { port: 0 };
    },
    run: async (payload) => {
      const { nins, rows, rowsPerCall, concurrency } = runForm.parse(payload);
      const api = calls;
      if (api === undefined) throw new Error('run before start');
      const queries = await lookupQueries();
      let begun = 0;
      const work = async (): Promise<void> => {
        while (begun < rows) {
          const first = begun;
          begun += rowsPerCall;
          const length = Math.min(rowsPerCall, rows - first);
          const asked = Array.from({ length }, (_, index) => nins[(first + index) % nins.length] ?? '');
          const answers = await Promise.all(queries.map((query) => api.peopleByNumber(asked, query)));
          if (!answers.every(({ status }) => status === 200)) throw new Error('a call failed');
        }
      };
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: concurrency }, work));
      return { seconds: (performance.now() - startedAt) / 1000 };
    },
  },
  () => {
    close();
    return Promise.resolve();
  },
);
