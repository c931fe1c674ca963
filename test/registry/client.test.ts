import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  AdapterError,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../src/errors/errors.js';
import type { PersonDocument } from '../../src/mapping/person-document.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { PersontjenestenClient } from '../../src/registry/persontjenesten/client.js';
import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';
import { NIN } from './transport-bench.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { caller } from './registry-bench.js';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

function answer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): ApiResponse {
  return { status, headers, body };
}

async function get(
  response: ApiResponse | Error,
  parts: { history?: boolean; access?: 'full' | 'restricted' } = {},
): Promise<{ document: PersonDocument | undefined; request: ApiRequest | undefined }> {
  let request: ApiRequest | undefined;
  const transport: Transport = {
    send: (sent) => {
      request = sent;
      return response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
    },
  };
  const document = await new PersontjenestenClient(transport, apiVersions[3]).getByNin(
    NIN,
    { informationParts: ['Name', 'Birth'], includeHistory: parts.history ?? false },
    caller({ access: parts.access ?? 'full' }),
  );
  return { document, request };
}

async function failure(response: ApiResponse | Error): Promise<AdapterError> {
  try {
    await get(response);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const everything = inspect(error, { depth: Infinity, showHidden: true });
    expect(everything).to.not.include('do-not-tell').and.not.include(NIN);
    return error;
  }
  throw new Error('there was a document');
}

describe('client of Persontjenesten', () => {
  describe('asks', () => {
    for (const access of ['full', 'restricted'] as const) {
      it(`in the ${access} view for the parts given`, async () => {
        const { request } = await get(answer(200, '{"id":"e1"}'), { access });
        expect(request).to.deep.include({
          method: 'POST',
          path: `/api/v3/${access}-access/person/get-by-nin`,
          query: [
            ['informationParts', 'Name'],
            ['informationParts', 'Birth'],
            ['includeHistory', 'false'],
          ],
          form: [['nin', NIN]],
          access,
        });
      });
    }

    it('for many by number in one form', async () => {
      let request: ApiRequest | undefined;
      const transport: Transport = {
        send: (sent) => {
          request = sent;
          return Promise.resolve(answer(200, '[{"id":"e1"},{"id":"e2"}]'));
        },
      };
      const other = syntheticNumber(1);
      const documents = await new PersontjenestenClient(transport, apiVersions[3]).bulkByNin(
        [NIN, other],
        { informationParts: ['Name'], includeHistory: true },
        caller(),
      );
      expect(documents.map(({ id }) => id)).to.deep.equal(['e1', 'e2']);
      expect(request).to.deep.include({
        method: 'POST',
        path: '/api/v3/full-access/person/bulk-by-nin',
        query: [
          ['informationParts', 'Name'],
          ['includeHistory', 'true'],
        ],
        form: [
          ['nins', NIN],
          ['nins', other],
        ],
      });
    });

    it('for history when it is wanted', async () => {
      const { request } = await get(answer(200, '{"id":"e1"}'), { history: true });
      expect(request?.query).to.deep.include(['includeHistory', 'true']);
    });

    it('on behalf of the caller and within its time', async () => {
      const asking = caller();
      const { request } = await get(answer(200, '{"id":"e1"}'));
      expect(request?.organisation).to.deep.equal(asking.organisation);
      expect(request?.correlationId).to.equal(asking.correlationId);
      expect(request?.signal).to.be.instanceOf(AbortSignal);
    });
  });

  describe('a document', () => {
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/hal+json',
    ]) {
      it(`is read from ${type}`, async () => {
        const { document } = await get(answer(200, '{"id":"e1","x":1}', { 'content-type': type }));
        expect(document).to.deep.equal({ id: 'e1', content: { id: 'e1', x: 1 } });
      });
    }

    it('may hold members that nobody knows, and names of Object.prototype', async () => {
      const { document } = await get(
        answer(200, '{"id":"e1","__proto__":{"a":1},"constructor":2,"new":[{}]}'),
      );
      expect(document?.content).to.include.keys('new', 'constructor', '__proto__');
      expect(Object.prototype).to.not.have.property('a');
    });

    const bad: Record<string, ApiResponse> = {
      'a page in HTML': answer(200, '<!DOCTYPE html><p>do-not-tell</p>', { 'content-type': 'text/html' }),
      'a page in HTML that claims to be JSON': answer(200, '<!DOCTYPE html><p>do-not-tell</p>'),
      'a document without a type': answer(200, '{"id":"e1"}', {}),
      'JSON that breaks off': answer(200, '{"id":"e1","name":[{"givenName":"do-not-tell'),
      null: answer(200, 'null'),
      'a list': answer(200, '[{"id":"e1"}]'),
      'a number': answer(200, '7'),
      'a text': answer(200, '"do-not-tell"'),
      nothing: answer(200, ''),
      'an object without id': answer(200, '{"name":[]}'),
      'an id that is no text': answer(200, '{"id":7}'),
      'an id that is null': answer(200, '{"id":null}'),
      'an empty id': answer(200, '{"id":""}'),
    };
    for (const [name, response] of Object.entries(bad)) {
      it(`is not ${name}`, async () => {
        expect(await failure(response)).to.be.instanceOf(UpstreamInvalidAnswer);
      });
    }

    it('may be nested without end', async () => {
      const depth = 100_000;
      const { document } = await get(answer(200, `{"id":"e1","x":${'['.repeat(depth)}${']'.repeat(depth)}}`));
      expect(document?.id).to.equal('e1');
    });
  });

  describe('404', () => {
    const found = async (body: string, headers?: Readonly<Record<string, string>>): Promise<unknown> =>
      (await get(answer(404, body, headers))).document;

    for (const [name, body] of [
      ['as version 3 says it', '{"type":"t","title":"Not Found","status":404,"detail":"No person found"}'],
      ['as version 2 says it', '{"title":"Person not found","status":404}'],
      ['with further members', '{"status":404,"title":"No person found","traceId":"00-1"}'],
      ['with nulls', '{"type":null,"title":null,"status":404,"detail":null,"instance":null}'],
      ['without a status of its own', '{"detail":"No person found"}'],
      ['with a status of null', '{"status":null,"title":"No person found"}'],
    ] as const) {
      it(`in problem details ${name} is nobody`, async () => {
        expect(await found(body)).to.equal(undefined);
      });
    }

    it('in problem details by media type is nobody', async () => {
      expect(
        await found('{"status":404}', { 'content-type': 'application/problem+json; charset=utf-8' }),
      ).to.equal(undefined);
    });

    const bad: Record<string, ApiResponse> = {
      'without a body': answer(404, '', {}),
      'with an empty body of JSON': answer(404, ''),
      'in HTML': answer(404, '<title>404</title><p>do-not-tell "title" "status"</p>', {
        'content-type': 'text/html',
      }),
      'in HTML that claims to be JSON': answer(404, '<p "title":"do-not-tell">'),
      "of a gateway's own": answer(404, '{"message":"no Route matched"}'),
      'with another status inside': answer(404, '{"title":"Bad gateway","status":502}'),
      'with a status that is no number': answer(404, '{"title":"Not Found","status":"404 do-not-tell"}'),
      'in a list': answer(404, '[{"title":"Not Found","status":404}]'),
      'in a text': answer(404, '"\\"title\\" do-not-tell"'),
      'of null': answer(404, 'null'),
      'that breaks off': answer(404, '{"title":"Not Found","status":404,"det'),
      'with problem details only inside of something': answer(404, '{"error":{"title":"x","status":404}}'),
    };
    for (const [name, response] of Object.entries(bad)) {
      it(`${name} is UpstreamInvalidAnswer, never nobody`, async () => {
        expect(await failure(response)).to.be.instanceOf(UpstreamInvalidAnswer);
      });
    }
  });

  describe('status', () => {
    const statuses: readonly [number, abstract new (...parts: never[]) => AdapterError][] = [
      [201, UpstreamInvalidAnswer],
      [202, UpstreamInvalidAnswer],
      [204, UpstreamInvalidAnswer],
      [206, UpstreamInvalidAnswer],
      [301, UpstreamInvalidAnswer],
      [302, UpstreamInvalidAnswer],
      [304, UpstreamInvalidAnswer],
      [307, UpstreamInvalidAnswer],
      [400, UpstreamRejected],
      [401, UpstreamForbidden],
      [403, UpstreamForbidden],
      [405, UpstreamRejected],
      [408, UpstreamUnavailable],
      [409, UpstreamRejected],
      [410, UpstreamRejected],
      [413, UpstreamRejected],
      [415, UpstreamRejected],
      [422, UpstreamRejected],
      [429, UpstreamRateLimited],
      [500, UpstreamUnavailable],
      [501, UpstreamUnavailable],
      [502, UpstreamUnavailable],
      [503, UpstreamUnavailable],
      [504, UpstreamUnavailable],
    ];
    for (const [status, expected] of statuses) {
      it(`${status} is ${expected.name}, whatever comes with it`, async () => {
        for (const body of [
          '',
          '{"id":"e1"}',
          '{"status":404,"title":"do-not-tell"}',
          '<p>do-not-tell</p>',
        ]) {
          const error = await failure(answer(status, body));
          expect(error).to.be.instanceOf(expected);
          expect(error.message).to.include(String(status));
        }
      });
    }
  });

  it('passes on what the transport throws', async () => {
    const error = new UpstreamTimeout('the deadline passed');
    expect(await failure(error)).to.equal(error);
  });
});
