import { text } from 'node:stream/consumers';
import type { Population } from '../../src/sandbox/population/population.js';
import { viewAsked } from '../../src/sandbox/persontjenesten/answer-options.js';
import { viewOf } from '../../src/sandbox/persontjenesten/person-view.js';
import type { SelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { listen, type ListeningServer } from './https-server.js';

/** A stand-in for Persontjenesten that answers lookups by number, and how often it did. */
export interface BareApi extends ListeningServer {
  readonly calls: () => number;
}

/**
 * The sandbox's answers to lookups without its judgement of tokens and routes, and kept once they were made: fast enough
 * that it is never the upstream that is measured.
 */
export async function serveBareApi(
  population: Population,
  certificate: SelfSignedCertificate,
): Promise<BareApi> {
  const documents = keptDocuments(population);
  let calls = 0;
  const listening = await listen(certificate, (request, response) => {
    calls += 1;
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'https://bare.invalid');
      const form = new URLSearchParams(body);
      const found = (field: string): readonly string[] =>
        form.getAll(field).flatMap((nin) => documents(nin, searchParams) ?? []);
      const one = pathname.endsWith('/get-by-nin') ? found('nin')[0] : undefined;
      const answer = pathname.endsWith('/bulk-by-nin') ? `[${found('nins').join()}]` : one;
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(answer);
    });
  });
  return { ...listening, calls: () => calls };
}

/** What a query shows of the person with a number, as JSON; undefined for nobody. */
function keptDocuments(population: Population): (nin: string, query: URLSearchParams) => string | undefined {
  const kept = new Map<string, string>();
  return (nin, query) => {
    const key = `${nin} ${query.toString()}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const document = population.find(nin);
    if (document === undefined) return undefined;
    const made = JSON.stringify(viewOf(document, viewAsked(query, 'full')));
    kept.set(key, made);
    return made;
  };
}
