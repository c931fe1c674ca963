/**
 * The least that a lookup can cost: a bare HTTPS server that makes the calls which the adapter makes for one, with the same
 * HTTP client, tokens and proofs, and says the same few kilobytes to everybody.
 */
import { buffer } from 'node:stream/consumers';
import { closeHttpClient, createHttpClient } from '../../src/outbound/http-client.js';
import { createApiCalls } from './api-calls.js';
import { takeCommands } from './commands.js';
import { listen } from './https-server.js';
import { lookupQueries } from './lookup-calls.js';
import { serverStartForm } from './running-upstream.js';

/** As long as what the adapter says of somebody. */
const ANSWER = Buffer.alloc(3_000, 'x');

let close = (): void => undefined;

takeCommands(
  {
    start: async (payload) => {
      const start = serverStartForm.parse(payload);
      const http = createHttpClient({ certificateAuthority: start.upstream.certificatePem });
      const calls = await createApiCalls(http, start.upstream);
      const queries = await lookupQueries();
      const isFound = async (message: string): Promise<boolean> => {
        const nin = /extension="(\d{11})"/.exec(message)?.[1] ?? '';
        const answers = await Promise.all(queries.map((query) => calls.personByNumber(nin, query)));
        return answers.every(({ status }) => status === 200);
      };
      const listening = await listen(start, (request, response) => {
        buffer(request)
          .then((body) => isFound(body.toString('utf8')))
          .then(
            (found) => {
              response.writeHead(found ? 200 : 500, { 'Content-Type': 'application/soap+xml' });
              response.end(found ? ANSWER : undefined);
            },
            (error: unknown) => response.writeHead(500).end(String(error)),
          );
      });
      close = () => {
        listening.close();
        closeHttpClient(http);
      };
      return { port: listening.port };
    },
  },
  () => {
    close();
    return Promise.resolve();
  },
);
