import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';
import { viewAsked } from '../../src/sandbox/persontjenesten/answer-options.js';
import { viewOf } from '../../src/sandbox/persontjenesten/person-view.js';
import { personNotFound } from '../../src/sandbox/persontjenesten/problem.js';
import type { Population } from '../../src/sandbox/population/population.js';

const json = { 'content-type': 'application/json' };

/** The sandbox's Persontjenesten without sockets and tokens: what it would answer to get-by-nin. */
export class PopulationTransport implements Transport {
  constructor(private readonly population: Population) {}

  send({ query, form, access }: ApiRequest): Promise<ApiResponse> {
    const nin = form.find(([name]) => name === 'nin')?.[1] ?? '';
    const asked = new URLSearchParams();
    for (const [name, value] of query) asked.append(name, value);
    const view = viewAsked(asked, access);
    const document = this.population.find(nin);
    return Promise.resolve(
      document === undefined
        ? { status: 404, headers: json, body: JSON.stringify(personNotFound().details()) }
        : { status: 200, headers: json, body: JSON.stringify(viewOf(document, view)) },
    );
  }
}
