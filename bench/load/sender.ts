import { Agent, request } from 'node:https';
import { callErrorCode } from '../../src/outbound/http-client.js';
import type { Question } from './question.js';

/** Asks questions over connections that are kept. */
export class Sender {
  readonly #agent: Agent;

  constructor(
    private readonly port: number,
    certificatePem: string,
  ) {
    this.#agent = new Agent({ ca: certificatePem, keepAlive: true, scheduling: 'fifo' });
  }

  /** Asks one and gives what is wrong with the answer; undefined when nothing is. Never rejects. */
  ask({ path, body, judge }: Question): Promise<string | undefined> {
    return new Promise((resolve) => {
      const onError = (error: unknown): void => {
        resolve(`connection ${callErrorCode(error)}`);
      };
      const octets = Buffer.from(body);
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.port,
          path,
          method: 'POST',
          agent: this.#agent,
          headers: {
            'Content-Type': 'application/soap+xml; charset=utf-8',
            'Content-Length': String(octets.length),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', onError);
          response.once('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve(judge({ status: response.statusCode ?? 0, text }));
          });
        },
      );
      outgoing.once('error', onError);
      outgoing.end(octets);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
