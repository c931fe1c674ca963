import { expect } from 'chai';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { schemaOf } from '../support/person-schema.js';
import {
  json,
  listIn,
  memberOf,
  RESTRICTED,
  SandboxClient,
  startTestSandbox,
  type Answer,
} from '../support/sandbox-client.js';

describe('event routes', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let numbers: readonly number[];

  before(async () => {
    sandbox = await startTestSandbox();
    client = await SandboxClient.for(sandbox);
    const first = await client.call('full-access/event/latest');
    expect(first.status).to.equal(404);
    expect(memberOf(json(first), 'title')).to.equal('No event found');
    const empty = await client.call('full-access/event', { query: 'sequenceNumber=1' });
    expect(json(empty)).to.deep.equal({ results: [], startIndex: 0, endIndex: 0 });
    sandbox.events.appendMany(1500, (index) => ({
      personId: `person-${index}`,
      eventType: index % 3 === 0 ? 'ChangeInName' : 'PersonIsDeceased',
      nin: index % 2 === 0 ? undefined : '00000000000',
    }));
    numbers = sandbox.events.page({ limit: 1500 }).map(({ sequenceNumber }) => Number(sequenceNumber));
  });

  after(async () => {
    client.close();
    await sandbox.stop();
  });

  function resultsOf(answer: Answer): readonly unknown[] {
    expect(answer.status, answer.text).to.equal(200);
    return listIn(memberOf(json(answer), 'results'));
  }

  async function eventsFor(query: string): Promise<readonly unknown[]> {
    return resultsOf(await client.call('full-access/event', { query }));
  }

  it('give the newest event', async () => {
    const latest = json(await client.call('full-access/event/latest'));
    expect(latest).to.deep.equal({
      sequenceNumber: String(numbers.at(-1)),
      personId: 'person-1499',
      eventType: 'PersonIsDeceased',
      nin: '00000000000',
    });
  });

  it('give at most a thousand events, from the oldest on when no number is given', async () => {
    for (const query of ['', 'maxLimit=1000000', `sequenceNumber=${numbers[0] ?? 0}`]) {
      const page = await eventsFor(query);
      expect(page, query).to.have.length(1000);
      expect(memberOf(page[0], 'personId')).to.equal('person-0');
    }
  });

  it('include the event with the number asked for, and go on with the next where there is a gap', async () => {
    const from = numbers[700] ?? 0;
    expect(memberOf((await eventsFor(`sequenceNumber=${from}&maxLimit=1`))[0], 'personId')).to.equal(
      'person-700',
    );
    const gap = numbers.findIndex((number, index) => (numbers[index + 1] ?? 0) > number + 1);
    const [next] = await eventsFor(`sequenceNumber=${(numbers[gap] ?? 0) + 1}&maxLimit=1`);
    expect(memberOf(next, 'personId')).to.equal(`person-${gap + 1}`);
    expect(await eventsFor(`sequenceNumber=${(numbers.at(-1) ?? 0) + 1}`)).to.deep.equal([]);
    expect(await eventsFor('sequenceNumber=9223372036854775807')).to.deep.equal([]);
  });

  it('take event types repeated and between commas', async () => {
    for (const query of ['eventTypes=ChangeInName', 'eventTypes=ChangeInName&eventTypes=PersonIsCreated']) {
      const page = await eventsFor(query);
      expect(page).to.have.length(500);
      expect(new Set(page.map((event) => memberOf(event, 'eventType')))).to.deep.equal(
        new Set(['ChangeInName']),
      );
    }
    expect(await eventsFor('eventTypes=ChangeInName,PersonIsDeceased')).to.have.length(1000);
    expect(await eventsFor('eventTypes=PersonIsCreated')).to.deep.equal([]);
  });

  for (const query of [
    'sequenceNumber=0',
    'sequenceNumber=-1',
    'sequenceNumber=01',
    'sequenceNumber=1.5',
    'sequenceNumber=',
    'sequenceNumber=9223372036854775808',
    'sequenceNumber=1&sequenceNumber=2',
    'eventTypes=changeinname',
    'eventTypes=ChangeInName,Nothing',
    'eventTypes=',
    'maxLimit=0',
    'maxLimit=-5',
    'maxLimit=x',
    'maxLimit=2147483648',
  ]) {
    it(`refuse ${query}`, async () => {
      const answer = await client.call('full-access/event', { query });
      expect(answer.status).to.equal(400);
      const [name = ''] = query.split('=');
      expect(memberOf(memberOf(json(answer), 'errors'), name)).to.be.an('array');
    });
  }

  it('ask for the scope of the route', async () => {
    for (const route of ['event', 'event/latest']) {
      const restricted = await client.token(RESTRICTED);
      expect((await client.call(`full-access/${route}`, { token: restricted })).status).to.equal(403);
      expect((await client.call(`restricted-access/${route}`)).status).to.equal(200);
      const bare = await client.send('GET', `${sandbox.persontjenestenUrl}/api/v3/full-access/${route}`);
      expect(bare.status).to.equal(401);
    }
  });

  it('are read with GET only', async () => {
    for (const route of ['event', 'event/latest']) {
      const answer = await client.call(`full-access/${route}`, { form: '' });
      expect(answer.status).to.equal(405);
      expect(answer.headers.get('allow')).to.equal('GET');
    }
  });

  it('are remembered among the requests and met by faults', async () => {
    sandbox.requests.clear();
    sandbox.faults.next('persontjenesten', { kind: 'server-error', status: 503 }, { path: '/event' });
    expect((await client.call('full-access/event', { query: 'maxLimit=2' })).status).to.equal(503);
    expect(await eventsFor('maxLimit=2')).to.have.length(2);
    expect(sandbox.requests.all().map(({ path, query, status }) => [path, query, status])).to.deep.equal([
      ['/api/v3/full-access/event', { maxLimit: ['2'] }, 503],
      ['/api/v3/full-access/event', { maxLimit: ['2'] }, 200],
    ]);
  });

  it("fit the API's own description", async function () {
    this.timeout(20_000);
    const page = schemaOf('EventDocumentSearchResult');
    const event = schemaOf('EventDocument');
    if (page === undefined || event === undefined) return this.skip();
    expect(page(json(await client.call('full-access/event')))).to.equal(true);
    expect(event(json(await client.call('full-access/event/latest')))).to.equal(true);
    expect(event({ sequenceNumber: 5 })).to.equal(false);
  });
});
