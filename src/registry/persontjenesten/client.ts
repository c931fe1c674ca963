import { z } from 'zod';
import {
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnavailable,
} from '../../errors/errors.js';
import { parseJson } from '../../mapping/json.js';
import { parsePersonDocument, type PersonDocument } from '../../mapping/person-document.js';
import type { NationalId } from '../../person/national-id.js';
import type { Caller } from '../person-registry.js';
import type { ApiResponse, Transport } from './transport.js';

/** What is asked of a document. */
export interface DocumentRequest {
  readonly nin: NationalId;
  readonly informationParts: readonly string[];
  readonly includeHistory: boolean;
}

/** Persontjenesten's operations, version 3 (persontjenesten-api 5). */
export class PersontjenestenClient {
  constructor(private readonly transport: Transport) {}

  /**
   * The document of the person that the number belongs to; undefined when the register knows nobody by it.
   * @throws AdapterError for everything else than 200 and a proper 404.
   */
  async getByNin(request: DocumentRequest, caller: Caller): Promise<PersonDocument | undefined> {
    const response = await this.transport.send({
      method: 'POST',
      path: `/api/v3/${caller.access}-access/person/get-by-nin`,
      query: [
        ...request.informationParts.map((part) => ['informationParts', part] as const),
        ['includeHistory', String(request.includeHistory)],
      ],
      form: [['nin', request.nin]],
      access: caller.access,
      organisation: caller.organisation,
      correlationId: caller.correlationId,
      signal: caller.signal,
    });
    if (response.status === 404) {
      mustBeProblemDetails(response);
      return undefined;
    }
    mustBeSuccess(response);
    mustBeJson(response);
    const document = parsePersonDocument(response.body);
    if (document === undefined) throw new UpstreamInvalidAnswer('the answer is not a Person document');
    return document;
  }
}

function mustBeSuccess({ status }: ApiResponse): void {
  if (status === 200) return;
  if (status === 429) throw new UpstreamRateLimited('status 429');
  if (status === 401 || status === 403) throw new UpstreamForbidden(`status ${status}`);
  if (status === 408 || status >= 500) throw new UpstreamUnavailable(`status ${status}`);
  // A redirect would carry token and number to a place that nobody configured.
  if (status < 400) throw new UpstreamInvalidAnswer(`status ${status}`);
  throw new UpstreamRejected(`status ${status}`);
}

function mustBeJson({ status, headers }: ApiResponse): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/(?:[a-z0-9.+-]*\+)?json\b/i.test(type)) {
    throw new UpstreamInvalidAnswer(`status ${status} with an answer that is not JSON`);
  }
}

/** Problem details (RFC 9457) about a 404: every member may be null or missing, but not all, and none may disagree. */
const problemDetails = z
  .looseObject({
    status: z.literal(404).nullish(),
    title: z.string().nullish(),
    detail: z.string().nullish(),
  })
  .refine(({ status, title, detail }) => (status ?? title ?? detail ?? null) !== null);

/** A 404 that is not the register's own means a wrong address or a gateway, never "nobody" ("Decided" 8). */
function mustBeProblemDetails(response: ApiResponse): void {
  mustBeJson(response);
  if (!problemDetails.safeParse(parseJson(response.body)).success) {
    throw new UpstreamInvalidAnswer('status 404 without problem details');
  }
}
