import { expect } from 'chai';
import type { OperationsPage, PageAnswer } from '../../../src/operations/operations-page.js';
import { tracePages, type TracePagesParts } from '../../../src/operations/traces/trace-pages.js';
import { Traces } from '../../../src/operations/traces/traces.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { CountedRandom } from '../../support/counted-random.js';
import { ManualClock } from '../../support/manual-clock.js';

const correlationId = newCorrelationId(new CountedRandom());
const at = new Date('2026-03-01T12:00:00Z');

describe('the pages of traces', () => {
  let traces: Traces;
  let pages: readonly OperationsPage[];

  function make(entriesOf: TracePagesParts['entriesOf']): void {
    traces = new Traces(10, new ManualClock());
    pages = tracePages({ traces, entriesOf });
  }

  beforeEach(() => {
    make(() => [
      { seq: 4711, at, operation: 'GetPerson', outcome: 'found', purpose: 'Helsehjelp', keptSource: null },
    ]);
  });

  function answered(clientId: string): void {
    traces.listener('requestAnswered', {
      correlationId,
      clientId,
      protocol: 'preg-xml',
      operation: 'GetPerson',
      outcome: 'found',
      milliseconds: 4,
    });
  }

  async function get(path: string, query = '', id = ''): Promise<PageAnswer> {
    const page = pages.find((one) => one.path === path);
    if (page === undefined) throw new Error(`no page ${path}`);
    return page.answer({ parameters: { id }, query: new URLSearchParams(query), acceptLanguage: undefined });
  }

  it('list the last requests, each with the way to its trace', async () => {
    expect((await get('/traces')).body).to.contain('No request has been answered yet');
    answered('epj');
    const { body, contentType } = await get('/traces');
    expect(contentType).to.equal('text/html; charset=utf-8');
    expect(body).to.contain(`<a href="/traces/${correlationId}">`).and.to.contain('<td>epj</td>');
    expect(JSON.parse((await get('/traces', 'as=json')).body)).to.have.length(1);
  });

  it('show the steps of one with its entries in the audit trail', async () => {
    answered('epj');
    const { body } = await get('/traces/:id', '', correlationId);
    expect(body).to.contain('answered: found').and.to.contain('4711: GetPerson, found, for Helsehjelp');
    const json = JSON.parse((await get('/traces/:id', 'as=json', correlationId)).body) as unknown;
    expect(json).to.deep.include({ correlationId, leftOut: 0, calls: [] });
  });

  it('show the steps also where the audit trail cannot be read, or has nothing', async () => {
    make(() => {
      throw new Error('locked');
    });
    answered('epj');
    expect((await get('/traces/:id', '', correlationId)).body).to.contain(
      'The audit trail could not be read.',
    );
    make(() => []);
    answered('epj');
    expect((await get('/traces/:id', '', correlationId)).body).to.contain('has no entry of it yet');
  });

  it('say 404 of a request that nothing is remembered of, and repeat nothing of what was asked', async () => {
    for (const query of ['', 'as=json']) {
      const { status, body } = await get('/traces/:id', query, '<script>alert(1)</script>');
      expect(status).to.equal(404);
      expect(body).not.to.contain('alert');
    }
  });

  it('write whatever a client is called as text', async () => {
    answered('<img src=x onerror=alert(1)>');
    for (const { body } of [await get('/traces'), await get('/traces/:id', '', correlationId)]) {
      expect(body).to.contain('&lt;img').and.to.not.contain('<img');
    }
  });
});
