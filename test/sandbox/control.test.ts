import { expect } from 'chai';
import { numberInUse } from '../../src/sandbox/population/person-document.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { json, memberOf, SandboxClient, startTestSandbox, type Answer } from './support/sandbox-client.js';

describe("the sandbox's control path", () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let nin: string;

  before(async () => {
    sandbox = await startTestSandbox({ population: 20 });
    client = await SandboxClient.for(sandbox);
    const [person] = [...sandbox.population.documents()].filter(({ status }) =>
      JSON.stringify(status ?? '').includes('"Resident"'),
    );
    nin = person === undefined ? '' : (numberInUse(person) ?? '');
  });

  after(async () => {
    client.close();
    await sandbox.stop();
  });

  function post(
    path: string,
    body: unknown,
    { method = 'POST', type = 'application/json' } = {},
  ): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return client.send(method, sandbox.persontjenestenUrl + path, { 'content-type': type }, text);
  }

  it('applies a change without a token and tells the events', async () => {
    const answer = await post('/sandbox/changes', { type: 'name', nin, familyName: 'Prøveplan' });
    expect(answer.status, answer.text).to.equal(200);
    expect(memberOf(json(answer), 'nin')).to.equal(nin);
    expect(memberOf(json(answer), 'events')).to.deep.equal([sandbox.events.latest()]);
    expect(memberOf(json(await client.call('full-access/event/latest')), 'eventType')).to.equal(
      'ChangeInName',
    );
  });

  it('adds events in bulk, without a change to documents', async () => {
    const before = sandbox.events.size;
    const answer = await post('/sandbox/events', { count: 5000 });
    expect(answer.status, answer.text).to.equal(200);
    expect(sandbox.events.size).to.equal(before + 5000);
    expect(memberOf(json(answer), 'latest')).to.deep.equal(sandbox.events.latest());
    expect(sandbox.events.latest()).to.include({ eventType: 'PersonIsUpdated' });
  });

  it('is neither disturbed by faults nor remembered as a request', async () => {
    sandbox.requests.clear();
    sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 });
    const answer = await post('/sandbox/events', { count: 1 });
    sandbox.faults.clear();
    expect(answer.status).to.equal(200);
    expect(sandbox.requests.all()).to.deep.equal([]);
  });

  it('says what it did not understand without repeating any value', async () => {
    const secret = 'Hemmelig';
    const broken: readonly (readonly [status: number, path: string, body: unknown])[] = [
      [400, '/sandbox/changes', `{"type": "name", "familyName": "${secret}`],
      [400, '/sandbox/changes', { type: 'name', nin, surname: secret }],
      [400, '/sandbox/changes', { type: secret, nin }],
      [400, '/sandbox/changes', { type: 'move', nin, date: secret }],
      [400, '/sandbox/events', { count: 0 }],
      [400, '/sandbox/events', { count: 5, eventType: secret }],
      [404, '/sandbox/changes', { type: 'death', nin: '00000000000' }],
      [404, '/sandbox/nothing', {}],
      [409, '/sandbox/changes', { type: 'marriage', nin, spouse: nin }],
    ];
    for (const [status, path, body] of broken) {
      const answer = await post(path, body);
      expect(answer.status, answer.text).to.equal(status);
      expect(memberOf(json(answer), 'status')).to.equal(status);
      expect(answer.text).not.to.include(secret);
      expect(answer.text).not.to.include(nin);
    }
  });

  it('takes JSON by POST only', async () => {
    expect((await post('/sandbox/changes', '{}', { method: 'PUT' })).status).to.equal(405);
    expect((await post('/sandbox/changes', '{}', { type: 'text/plain' })).status).to.equal(415);
    expect((await client.send('GET', `${sandbox.persontjenestenUrl}/sandbox/changes`)).status).to.equal(405);
    expect((await post('/sandbox/changes', `"${'x'.repeat(70_000)}"`)).status).to.equal(413);
  });
});
