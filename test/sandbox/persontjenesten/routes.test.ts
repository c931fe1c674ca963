import { expect } from 'chai';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { current, discontinued, inUse, past, writePersons } from '../support/person-files.js';
import {
  hashOf,
  json,
  listIn,
  memberOf,
  RESTRICTED,
  SandboxClient,
  startTestSandbox,
  type Answer,
} from '../support/sandbox-client.js';

const NUMBER = syntheticNumber(0);
const OLD_NUMBER = syntheticNumber(1);
const OTHER = syntheticNumber(2);
const HELP_NUMBER = '80816899999';
const DUF = '000000000017';
const NAME = 'informationParts=Name';

const persons = [
  {
    id: 'b-person',
    sequenceNumber: 11,
    norwegianIdentificationNumber: [inUse(NUMBER), discontinued(OLD_NUMBER)],
    immigrationAuthoritiesIdentificationNumber: [current('2020-01-01', { identificationNumber: DUF })],
    name: [
      current('2020-01-01', { givenName: 'Ny', familyName: 'Solstråle' }),
      past('1990-01-01', { givenName: 'Gammel', familyName: 'Solstråle' }),
    ],
  },
  {
    id: 'a-person',
    sequenceNumber: 12,
    norwegianIdentificationNumber: [inUse(OTHER)],
    status: [current('2020-01-01', { status: 'Temporary' })],
  },
  {
    id: 'c-person',
    sequenceNumber: 13,
    norwegianIdentificationNumber: [inUse(HELP_NUMBER, 'AlternateIdentificationNumber')],
  },
];

describe('person routes of the sandbox API', () => {
  const folder = temporaryFolder();
  const troubles: unknown[] = [];
  let sandbox: Sandbox;
  let client: SandboxClient;

  before(async () => {
    writePersons(folder.path, ...persons);
    sandbox = await startTestSandbox({
      personFolders: [folder.path],
      onTrouble: (error) => troubles.push(error),
    });
    client = await SandboxClient.for(sandbox);
  });

  after(async () => {
    client.close();
    await sandbox.stop();
    folder.remove();
    expect(troubles).to.deep.equal([]);
  });

  const nin = (value: string, query = NAME, access = 'full'): Promise<Answer> =>
    client.call(`${access}-access/person/get-by-nin`, { query, form: new URLSearchParams({ nin: value }) });
  const idsIn = (answer: Answer): unknown[] => listIn(json(answer)).map((person) => memberOf(person, 'id'));

  it('answers a ping without a token', async () => {
    const answer = await client.send('GET', `${sandbox.persontjenestenUrl}/ping`);
    expect([answer.status, answer.text]).to.deep.equal([200, 'pong']);
  });

  describe('get-by-nin', () => {
    it('gives the parts that were asked for', async () => {
      const answer = await nin(NUMBER);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8');
      expect(json(answer)).to.deep.equal({
        id: 'b-person',
        sequenceNumber: 11,
        name: [persons[0]?.name?.[0]],
      });
    });

    for (const [kind, value] of [
      ['a superseded number', OLD_NUMBER],
      ['a DUF number', DUF],
      ['a help number', HELP_NUMBER],
    ] as const) {
      it(`finds a person by ${kind}`, async () => {
        expect((await nin(value)).status).to.equal(200);
      });
    }

    it('gives history when it is asked for', async () => {
      const answer = await nin(NUMBER, `${NAME}&includeHistory=true`);
      expect(memberOf(json(answer), 'name')).to.deep.equal(persons[0]?.name);
    });

    it('thins the answer of restricted-access', async () => {
      const answer = await nin(OTHER, 'informationParts=Status', 'restricted');
      const [status] = listIn(memberOf(json(answer), 'status'));
      expect(memberOf(status, 'status')).to.equal('Active');
    });

    it('answers 404 with problem details for nobody', async () => {
      const answer = await nin(syntheticNumber(3));
      expect(answer.status).to.equal(404);
      expect(answer.headers.get('content-type')).to.match(/^application\/json/);
      expect(json(answer)).to.include({ status: 404, title: 'No person found' });
      expect(answer.text).not.to.contain(syntheticNumber(3));
    });

    it('answers 404 for what is no number at all', async () => {
      expect((await nin('abc')).status).to.equal(404);
    });

    for (const [name, call] of [
      ['an empty number', () => nin('')],
      ['a number of 13 characters', () => nin('1'.repeat(13))],
      [
        'two numbers',
        () =>
          client.call('full-access/person/get-by-nin', { query: NAME, form: `nin=${NUMBER}&nin=${OTHER}` }),
      ],
      ['no information parts', () => nin(NUMBER, '')],
      ['an unknown information part', () => nin(NUMBER, `${NAME}&informationParts=Shoes`)],
      ['an information part in lower case', () => nin(NUMBER, 'informationParts=name')],
      ['information parts with commas', () => nin(NUMBER, 'informationParts=Name,Birth')],
      ['an empty information part', () => nin(NUMBER, 'informationParts=')],
      ['history neither true nor false', () => nin(NUMBER, `${NAME}&includeHistory=1`)],
    ] as const) {
      it(`answers 400 with problem details for ${name}`, async () => {
        const answer = await call();
        expect(answer.status).to.equal(400);
        expect(memberOf(json(answer), 'status')).to.equal(400);
        expect(answer.text).not.to.contain(NUMBER).and.not.to.contain('Shoes');
      });
    }

    it('answers 415 for a JSON body and 413 for an endless one', async () => {
      const path = 'full-access/person/get-by-nin';
      const asJson = await client.call(path, {
        query: NAME,
        form: '{}',
        headers: { 'content-type': 'application/json' },
      });
      expect(asJson.status).to.equal(415);
      const endless = await client.call(path, { query: NAME, form: `nin=${'1'.repeat(70_000)}` });
      expect(endless.status).to.equal(413);
    });

    it('answers 405 for GET on other paths of the same kind', async () => {
      const answer = await client.call('full-access/person/bulk-by-nin', { query: NAME, method: 'GET' });
      expect([answer.status, answer.headers.get('allow')]).to.deep.equal([405, 'POST']);
    });
  });

  describe('person/{id}', () => {
    it('gives the person with that id', async () => {
      const answer = await client.call('full-access/person/a-person', { query: 'informationParts=Status' });
      expect(memberOf(json(answer), 'id')).to.equal('a-person');
    });

    it('does not find a person by number', async () => {
      const answer = await client.call(`full-access/person/${NUMBER}`, { query: NAME });
      expect(answer.status).to.equal(404);
    });

    it('answers 400 for an id of 65 characters and for one that cannot be decoded', async () => {
      const long = await client.call(`full-access/person/${'x'.repeat(65)}`, { query: NAME });
      const broken = await client.call('full-access/person/%E0%A4%A', { query: NAME });
      expect([long.status, broken.status]).to.deep.equal([400, 400]);
    });
  });

  describe('bulk', () => {
    const bulk = (form: string, by = 'nin'): Promise<Answer> =>
      client.call(`full-access/person/bulk-by-${by}`, { query: NAME, form });

    it('gives the persons of repeated numbers, and of numbers between commas', async () => {
      expect(idsIn(await bulk(`nins=${NUMBER}&nins=${OTHER}`))).to.deep.equal(['a-person', 'b-person']);
      expect(idsIn(await bulk(`nins=${NUMBER}%2C${OTHER}&nins=${HELP_NUMBER}`))).to.deep.equal([
        'a-person',
        'b-person',
        'c-person',
      ]);
    });

    it('leaves out numbers that nobody has', async () => {
      expect(idsIn(await bulk(`nins=${syntheticNumber(3)}&nins=${OTHER}`))).to.deep.equal(['a-person']);
    });

    it('gives one copy of a person asked for by several numbers', async () => {
      expect(idsIn(await bulk(`nins=${NUMBER}&nins=${OLD_NUMBER}&nins=${DUF}`))).to.deep.equal(['b-person']);
    });

    it('gives the persons of ids, and none for numbers among them', async () => {
      expect(idsIn(await bulk(`personIds=c-person,a-person&personIds=${NUMBER}`, 'id'))).to.deep.equal([
        'a-person',
        'c-person',
      ]);
    });

    it('answers 400 for none and for more than a hundred', async () => {
      const hundred = Array.from({ length: 100 }, () => OTHER);
      expect((await bulk('nins=')).status).to.equal(400);
      expect((await bulk(`personIds=${NUMBER}`)).status, 'another field').to.equal(400);
      expect((await bulk(`nins=${hundred.join(',')}`)).status).to.equal(200);
      expect((await bulk(`nins=${[...hundred, OTHER].join(',')}`)).status).to.equal(400);
      expect((await bulk(`personIds=${[...hundred, OTHER].join(',')}`, 'id')).status).to.equal(400);
    });
  });

  describe('access', () => {
    it('answers 401 without a body and with a challenge when there is no token', async () => {
      const url = `${sandbox.persontjenestenUrl}/api/v3/full-access/person/a-person?${NAME}`;
      const answer = await client.send('GET', url);
      expect([answer.status, answer.text]).to.deep.equal([401, '']);
      expect(answer.headers.get('www-authenticate')).to.match(/^DPoP algs=/);
    });

    it('answers 401 and names the error when the token is not valid', async () => {
      const answer = await client.call('full-access/person/a-person', { query: NAME, token: 'nonsense' });
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('www-authenticate')).to.contain('error="invalid_token"');
    });

    it('answers 401 when a proof is used again', async () => {
      const path = 'full-access/person/a-person';
      const url = `${sandbox.persontjenestenUrl}/api/v3/${path}`;
      const proof = await client.proof('GET', url, { claims: { ath: hashOf(await client.token()) } });
      const statuses: number[] = [];
      for (let turn = 0; turn < 2; turn += 1) {
        statuses.push((await client.call(path, { query: NAME, proof })).status);
      }
      expect(statuses).to.deep.equal([200, 401]);
    });

    it('answers 403 without a body when the scope is of the other routes', async () => {
      const token = await client.token(RESTRICTED);
      const answer = await client.call('full-access/person/a-person', { query: NAME, token });
      expect([answer.status, answer.text]).to.deep.equal([403, '']);
      expect(answer.headers.get('www-authenticate')).to.contain('error="insufficient_scope"');
    });

    it('is judged before the request is', async () => {
      const url = `${sandbox.persontjenestenUrl}/api/v3/full-access/person/get-by-nin`;
      expect((await client.send('POST', url)).status).to.equal(401);
    });
  });

  it('answers 404 for versions and events that it does not have', async () => {
    for (const route of [
      '/api/full-access/event',
      '/api/v4/full-access/event',
      '/api/v2/legal-basis/event',
    ]) {
      expect((await client.send('GET', sandbox.persontjenestenUrl + route)).status, route).to.equal(404);
    }
    expect((await client.call('full-access/event/latest')).status).to.equal(404);
  });

  it('remembers what was asked for, without the values', async () => {
    sandbox.requests.clear();
    await client.call('full-access/person/bulk-by-nin', {
      query: `${NAME}&informationParts=Birth&includeHistory=true`,
      form: `nins=${NUMBER},${OTHER}`,
      headers: { 'x-correlation-id': 'c-1' },
    });
    const [request] = sandbox.requests.of('persontjenesten');
    expect(request).to.deep.include({
      method: 'POST',
      path: '/api/v3/full-access/person/bulk-by-nin',
      informationParts: ['Name', 'Birth'],
      correlationId: 'c-1',
      formFields: ['nins'],
      askedFor: 2,
      status: 200,
      fault: undefined,
    });
    expect(request?.query['includeHistory']).to.deep.equal(['true']);
    expect(JSON.stringify(sandbox.requests.all())).not.to.contain(NUMBER);
  });
});
