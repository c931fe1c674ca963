import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type Response,
  type Router,
} from 'express';
import type { IncomingMessage } from 'node:http';
import type { EventFeed } from '../events/event-feed.js';
import type { PersonDocument } from '../population/person-document.js';
import type { Population } from '../population/population.js';
import type { RequestLog } from '../requests.js';
import type { Alteration } from '../servers/fault-gate.js';
import { flag, viewAsked } from './answer-options.js';
import { eventPageAsked } from './event-query.js';
import { fieldOf, listOf, readForm } from './form.js';
import { viewOf, type View } from './person-view.js';
import { badParameter, Problem } from './problem.js';
import { matchListCriteria, pageAsked, personSearchCriteria } from './search-criteria.js';
import { requireBulkNumbers, servedVersions, type ServedVersion } from './served-version.js';
import type { Refusal, TokenCheck } from './token-check.js';
import { requireVersion } from './version-header.js';

/** What the stand-in for Persontjenesten is made of. */
export interface PersontjenestenOptions {
  readonly population: Population;
  readonly events: EventFeed;
  /** One for each version: they take different tokens. */
  readonly tokenChecks: Readonly<Record<ServedVersion['number'], TokenCheck>>;
  readonly requests: RequestLog;
  /** What a fault changes in the answer to a request. */
  readonly alterationOf: (request: IncomingMessage) => Alteration;
  /** Told of errors that are the sandbox's own fault. */
  readonly onTrouble: (error: unknown) => void;
}

/** The most documents that a search gives. */
const MOST_HITS = 100;
const LONGEST_NIN = 12;
const LONGEST_ID = 64;

/** Persontjenesten in versions 2 and 3: persons, bulk, search and events, and ping (persontjenesten-api 5). */
export function createPersontjenesten(options: PersontjenestenOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/ping', (_, response) => {
    response.type('text/plain').send('pong');
  });
  for (const version of Object.values(servedVersions)) {
    app.use(version.routes.full, routes(options, version, 'full'));
    app.use(version.routes.restricted, routes(options, version, 'restricted'));
  }
  app.use((_, response) => {
    response.status(404).end();
  });
  app.use(errorHandler(options.onTrouble));
  return app;
}

function routes(options: PersontjenestenOptions, version: ServedVersion, access: View['access']): Router {
  const { population, events, requests } = options;
  const tokenCheck = options.tokenChecks[version.number];
  const router = express.Router({ caseSensitive: true, strict: true });
  const answer = (request: Request, response: Response, body: unknown): void => {
    const { alter } = options.alterationOf(request);
    response.set('cache-control', 'no-store').json(alter === undefined ? body : alter(body));
  };
  const shown = (document: PersonDocument, view: View): PersonDocument =>
    version.person(viewOf(document, view), document);
  const formOf = async (request: Request, list?: string): Promise<URLSearchParams> => {
    const form = await readForm(request);
    const asked = list === undefined ? 0 : form.getAll(list).flatMap((value) => value.split(',')).length;
    requests.noteForm(request, form.keys(), asked);
    return form;
  };

  if (version.versionHeader !== undefined) router.use(requireVersion(version.versionHeader));
  router.use(async (request, response, next) => {
    const refusal = await tokenCheck.refusalOf(
      {
        method: request.method,
        url: `https://${request.headers.host ?? ''}${addressOf(request).pathname}`,
        authorization: request.headers.authorization,
        proof: request.get('dpop'),
        clockSkewSeconds: options.alterationOf(request).clockSkewSeconds,
      },
      version.scopes[access],
    );
    if (refusal === undefined) next();
    else refuse(response, refusal, tokenCheck.challenge(refusal));
  });

  router
    .route('/person/get-by-nin')
    .post(async (request, response) => {
      const view = viewAsked(addressOf(request).searchParams, access);
      const nin = fieldOf(await formOf(request, 'nin'), 'nin');
      if (nin === undefined || nin.length > LONGEST_NIN) {
        throw badParameter('nin', `The length is to be 1 to ${LONGEST_NIN}.`);
      }
      const document = population.find(nin);
      if (document === undefined) throw new Problem(404, version.texts.noPerson);
      answer(request, response, shown(document, view));
    })
    .all(onlyBy('POST'));

  for (const [path, field, find] of [
    ['/person/bulk-by-nin', 'nins', (nin: string) => population.find(nin)],
    ['/person/bulk-by-id', 'personIds', (id: string) => population.get(id)],
  ] as const) {
    router
      .route(path)
      .post(async (request, response) => {
        const view = viewAsked(addressOf(request).searchParams, access);
        const asked = listOf(await formOf(request, field), field);
        if (field === 'nins') requireBulkNumbers(asked, version);
        const found = new Map(
          asked.flatMap((key) => find(key) ?? []).map((document) => [document.id, document]),
        );
        // One copy of each person, and never in the order asked for: the contract promises none.
        const documents = [...found.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
        answer(
          request,
          response,
          documents.map((document) => shown(document, view)),
        );
      })
      .all(onlyBy('POST'));
  }

  router
    .route('/person/:id')
    .get((request, response) => {
      const view = viewAsked(addressOf(request).searchParams, access);
      const { id } = request.params;
      if (id.length > LONGEST_ID) throw badParameter('id', `The length is to be 1 to ${LONGEST_ID}.`);
      const document = population.get(id);
      if (document === undefined) throw new Problem(404, version.texts.noPerson);
      answer(request, response, shown(document, view));
    })
    .all(onlyBy('GET'));

  const searchView = (request: Request): { access: View['access']; includeAlternate: boolean } => ({
    access,
    includeAlternate: flag(addressOf(request).searchParams, 'includeAinResults'),
  });

  router
    .route('/search/person')
    .post(async (request, response) => {
      const view = viewAsked(addressOf(request).searchParams, access);
      const criteria = personSearchCriteria(await formOf(request), version.search);
      const ids = population.search(criteria, searchView(request)).slice(0, MOST_HITS);
      const documents = ids.flatMap((id) => population.get(id) ?? []);
      answer(request, response, {
        results: documents.map((document) => shown(document, view)),
        ...pageMarks(0, ids.length),
      });
    })
    .all(onlyBy('POST'));

  router
    .route('/search/paged-match-list')
    .post(async (request, response) => {
      const form = await formOf(request);
      const { size, offset } = pageAsked(form);
      const ids = population
        .search(matchListCriteria(form, version.search), searchView(request))
        .slice(offset, offset + size);
      answer(request, response, { results: ids, ...pageMarks(offset, ids.length) });
    })
    .all(onlyBy('POST'));

  router
    .route('/search/match-count')
    .post(async (request, response) => {
      const form = await formOf(request);
      if (version.hasMatchList) pageAsked(form);
      const ids = population.search(matchListCriteria(form, version.search), searchView(request));
      answer(request, response, { matchCount: ids.length });
    })
    .all(onlyBy('POST'));

  if (version.hasMatchList) {
    router
      .route('/search/match-list')
      .post(async (request, response) => {
        const criteria = matchListCriteria(await formOf(request), version.search);
        answer(request, response, population.search(criteria, { access, includeAlternate: false }));
      })
      .all(onlyBy('POST'));
  }

  router
    .route('/event/latest')
    .get((request, response) => {
      const latest = events.latest();
      if (latest === undefined) throw new Problem(404, version.texts.noEvent);
      answer(request, response, version.event(latest));
    })
    .all(onlyBy('GET'));

  router
    .route('/event')
    .get((request, response) => {
      const asked = eventPageAsked(addressOf(request).searchParams, version.events);
      const page = events.page(asked).map(version.event);
      if (page.length === 0 && version.events.emptyIsNotFound) throw new Problem(404, version.texts.noEvent);
      answer(request, response, { results: page, ...pageMarks(0, page.length) });
    })
    .all(onlyBy('GET'));

  return router;
}

function addressOf(request: Request): URL {
  return new URL(request.originalUrl, 'https://sandbox.invalid');
}

/** Index of the first and the last result; of an empty page, the offset twice. */
function pageMarks(offset: number, count: number): { startIndex: number; endIndex: number } {
  return { startIndex: offset, endIndex: Math.max(offset, offset + count - 1) };
}

function onlyBy(method: string): (request: Request, response: Response) => void {
  return (_, response) => {
    response.set('allow', method).status(405).end();
  };
}

/** 401 and 403 have no body (persontjenesten-api 5.1); the challenge tells why (RFC 9449 7.1). */
function refuse(response: Response, { status }: Refusal, challenge: string): void {
  response.set('www-authenticate', challenge).status(status).end();
}

function errorHandler(onTrouble: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _, response, next) => {
    if (error instanceof Problem) {
      response.status(error.status).json(error.details());
      return;
    }
    if (error instanceof URIError) {
      response.status(400).json(new Problem(400, 'The address cannot be decoded.').details());
      return;
    }
    onTrouble(error);
    // Express breaks the connection off when the answer has begun.
    if (response.headersSent) next(error);
    else response.status(500).end();
  };
}
