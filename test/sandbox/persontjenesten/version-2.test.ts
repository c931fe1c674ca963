import { expect } from 'chai';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { current, inUse, street, writePersons } from '../support/person-files.js';
import {
  json,
  listIn,
  memberOf,
  RESTRICTED,
  SandboxClient,
  startTestSandbox,
  type Answer,
} from '../support/sandbox-client.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const since = '2020-01-01';
const NUMBER = syntheticNumber(0);
const D_NUMBER = `4${syntheticNumber(1).slice(1)}`;
const HELP_NUMBER = '80816899999';
const DUF = '000000000017';
const NAME = 'informationParts=Name';
const FULL_V2 = 'nhn:hgd-persontjenesten-api/read-with-legal-basis';
const RESTRICTED_V2 = 'nhn:hgd-persontjenesten-api/read-no-legal-basis';

const persons = [
  {
    id: 'a-person',
    sequenceNumber: 11,
    norwegianIdentificationNumber: [inUse(NUMBER)],
    immigrationAuthoritiesIdentificationNumber: [current(since, { identificationNumber: DUF })],
    name: [current(since, { givenName: "Rolig D'Arc", familyName: 'Solstråle' })],
    birth: [current(since, { birthDate: '1985-03-14T00:00:00Z' })],
    residentialAddress: [current(since, { streetAddress: street('St. Hansgata', '4') })],
    commonContactRegisterInformation: {
      reservation: 'No',
      reservationTime: '2024-01-01T00:00:00Z',
      certificateExpireDate: '2027-01-01T00:00:00Z',
      contactInformation: { email: 'a@example.invalid', emailDuplicated: 'No' },
      digitalPost: { digitalPostAddress: 'a#0000', digitalPostVendorName: 'Syntetisk Postkasse' },
    },
  },
  {
    id: 'b-person',
    sequenceNumber: 12,
    norwegianIdentificationNumber: [inUse(HELP_NUMBER, 'AlternateIdentificationNumber')],
    name: [current(since, { givenName: 'Ukjent', familyName: 'Solhjelp' })],
    residentialAddress: [
      current(since, { streetAddress: { addressName: 'Mørketidskaia 7 B', city: { postalCode: '9011' } } }),
    ],
  },
  {
    id: 'c-person',
    sequenceNumber: 13,
    norwegianIdentificationNumber: [inUse(D_NUMBER, 'DNumber')],
    name: [current(since, { givenName: 'Rolig', familyName: 'Solpære' })],
    death: current(since, { deceasedDate: '2023-11-05T00:00:00Z' }),
  },
];

describe('version 2 of the sandbox API', () => {
  const folder = temporaryFolder();
  let sandbox: Sandbox;
  let client: SandboxClient;

  before(async () => {
    writePersons(folder.path, ...persons);
    sandbox = await startTestSandbox({ personFolders: [folder.path], tokens: 'bearer' });
    client = await SandboxClient.for(sandbox);
  });

  after(async () => {
    client.close();
    await sandbox.stop();
    folder.remove();
  });

  const tokens = new Map<string, string>();
  async function bearer(scope: string): Promise<string> {
    const known = tokens.get(scope);
    if (known !== undefined) return known;
    const granted = json(await client.askForToken(await client.assertion(), undefined, scope));
    const token = memberOf(granted, 'access_token');
    if (typeof token !== 'string') throw new Error('no token was issued');
    tokens.set(scope, token);
    return token;
  }

  /** A call with an unbound token. */
  async function call(
    route: string,
    {
      query = '',
      form,
      scope,
      version = '2',
    }: {
      readonly query?: string;
      readonly form?: string;
      readonly scope?: string;
      readonly version?: string | null;
    } = {},
  ): Promise<Answer> {
    const token = await bearer(scope ?? (route.startsWith('no-') ? RESTRICTED_V2 : FULL_V2));
    return client.send(
      form === undefined ? 'GET' : 'POST',
      `${sandbox.persontjenestenUrl}/api/${route}?${query}`,
      {
        authorization: `Bearer ${token}`,
        ...(version === null ? {} : { 'api-version': version }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      form,
    );
  }

  const errorsOf = (answer: Answer): readonly string[] => Object.keys(memberOf(json(answer), 'errors') ?? {});
  const titleOf = (answer: Answer): unknown => memberOf(json(answer), 'title');

  describe('header', () => {
    const person = 'legal-basis/person/a-person';

    it('says the version, as 2 or as 2.0', async () => {
      for (const version of ['2', '2.0']) {
        expect((await call(person, { query: NAME, version })).status, version).to.equal(200);
      }
    });

    it('is missed before anything else, with problem details', async () => {
      for (const version of [null, '']) {
        const answer = await call(person, { version });
        expect([answer.status, titleOf(answer)]).to.deep.equal([400, 'Unspecified API version']);
      }
      expect((await client.send('GET', `${sandbox.persontjenestenUrl}/api/${person}`)).status).to.equal(400);
    });

    it('is refused when it says another version, or none', async () => {
      for (const version of ['3', '1.5', '2.1']) {
        expect(titleOf(await call(person, { query: NAME, version })), version).to.equal(
          'Unsupported API version',
        );
      }
      for (const version of ['v2', '2, 2', 'two']) {
        const answer = await call(person, { query: NAME, version });
        expect([answer.status, titleOf(answer)], version).to.deep.equal([400, 'Invalid API version']);
      }
    });
  });

  describe('access', () => {
    it('is given by an unbound token with the scope of the route, and by no other', async () => {
      for (const [route, scope, status] of [
        ['legal-basis', FULL_V2, 200],
        ['no-legal-basis', RESTRICTED_V2, 200],
        ['legal-basis', RESTRICTED_V2, 403],
        ['no-legal-basis', FULL_V2, 403],
        ['no-legal-basis', RESTRICTED, 403],
      ] as const) {
        const answer = await call(`${route}/person/a-person`, { query: NAME, scope });
        expect(answer.status, `${route} ${scope}`).to.equal(status);
      }
    });

    it('is not given to version 3, whatever the scope', async () => {
      const answer = await call('v3/restricted-access/person/a-person', { query: NAME, scope: RESTRICTED });
      expect(answer.status).to.equal(401);
    });

    it('needs a token, and says that it is a bearer token', async () => {
      const url = `${sandbox.persontjenestenUrl}/api/legal-basis/person/a-person?${NAME}`;
      const answer = await client.send('GET', url, { 'api-version': '2' });
      expect([answer.status, answer.text]).to.deep.equal([401, '']);
      expect(answer.headers.get('www-authenticate')).to.match(/^Bearer/);
    });
  });

  describe('persons', () => {
    it('are found by every kind of number alone', async () => {
      for (const [nin, id] of [
        [NUMBER, 'a-person'],
        [DUF, 'a-person'],
        [HELP_NUMBER, 'b-person'],
        [D_NUMBER, 'c-person'],
      ] as const) {
        const answer = await call('legal-basis/person/get-by-nin', { query: NAME, form: `nin=${nin}` });
        expect([answer.status, memberOf(json(answer), 'id')]).to.deep.equal([200, id]);
      }
    });

    it('are given in bulk by national identity number and D-number', async () => {
      const answer = await call('legal-basis/person/bulk-by-nin', {
        query: NAME,
        form: `nins=${NUMBER},${D_NUMBER}`,
      });
      expect(listIn(json(answer)).map((person) => memberOf(person, 'id'))).to.deep.equal([
        'a-person',
        'c-person',
      ]);
    });

    it('are refused in bulk as soon as one number is of another kind', async () => {
      for (const nin of [HELP_NUMBER, DUF]) {
        const answer = await call('legal-basis/person/bulk-by-nin', {
          query: NAME,
          form: `nins=${NUMBER},${nin}`,
        });
        expect([answer.status, errorsOf(answer)]).to.deep.equal([400, ['nins']]);
      }
    });

    it('are missed in its own words', async () => {
      const answer = await call('legal-basis/person/nobody', { query: NAME });
      expect([answer.status, titleOf(answer)]).to.deep.equal([404, 'Person not found']);
    });

    it('have none of what the contact register came to tell later', async () => {
      const query = 'informationParts=CommonContactRegisterInformation';
      const krr = memberOf(
        json(await call('legal-basis/person/a-person', { query })),
        'commonContactRegisterInformation',
      );
      expect(krr).to.deep.equal({
        reservation: 'No',
        contactInformation: { email: 'a@example.invalid' },
        digitalPost: { digitalPostAddress: 'a#0000' },
      });
    });

    it('with a help number alone have house number and letter in fields of their own', async () => {
      const query = 'informationParts=ResidentialAddress';
      const [address] = listIn(
        memberOf(json(await call('legal-basis/person/b-person', { query })), 'residentialAddress'),
      );
      expect(memberOf(address, 'streetAddress')).to.deep.equal({
        addressName: 'Mørketidskaia',
        addressNumber: { houseNumber: '7', houseLetter: 'B' },
        city: { postalCode: '9011' },
      });
    });
  });

  describe('searches', () => {
    const search = (form: string): Promise<Answer> =>
      call('legal-basis/search/person', { query: NAME, form });
    const count = async (form: string): Promise<unknown> =>
      memberOf(json(await call('legal-basis/search/match-count', { form })), 'matchCount');

    it('find by name and birth date', async () => {
      const found = listIn(memberOf(json(await search('FamilyName=Solstr&BirthDate=1985')), 'results'));
      expect(found.map((person) => memberOf(person, 'id'))).to.deep.equal(['a-person']);
    });

    it('take no postal code alone for a second criterion', async () => {
      expect((await search('FamilyName=Solstr&PostalCode=0474')).status).to.equal(400);
      expect((await search('FamilyName=Solstr&PostalCode=0474&BirthDate=1985')).status).to.equal(200);
    });

    it('take no apostrophe in a name, and nothing but letters and digits in a street', async () => {
      expect(errorsOf(await search("GivenName=D'A&FamilyName=Solstr&BirthDate=1985"))).to.deep.equal([
        'GivenName',
      ]);
      for (const address of ['St. Hans', 'Nord-Sør', 'Gata 1/2']) {
        const answer = await search(`FamilyName=Solstr&StreetAddress=${encodeURIComponent(address)}`);
        expect(errorsOf(answer), address).to.deep.equal(['StreetAddress']);
      }
    });

    it('do not look at days of death', async () => {
      expect(await count('FamilyName=Solpære&DeathDateFrom=2024-01-01')).to.equal(1);
    });

    it('count whatever page is named, if it is one', async () => {
      expect(await count('GivenName=Rolig&PageSize=1&IndexOffset=0')).to.equal(2);
      const answer = await call('legal-basis/search/match-count', { form: 'GivenName=Rolig&PageSize=0' });
      expect(errorsOf(answer)).to.deep.equal(['PageSize']);
    });

    it('list ids without an envelope in the deprecated match list', async () => {
      const list = await call('legal-basis/search/match-list', { form: 'FullName=Sol' });
      expect(json(list)).to.deep.equal(['a-person', 'c-person']);
      const page = await call('legal-basis/search/paged-match-list', { form: 'FullName=Sol' });
      expect(memberOf(json(page), 'results')).to.deep.equal(['a-person', 'c-person']);
    });
  });

  describe('events', () => {
    it('are 404 while there are none', async () => {
      for (const route of ['event', 'event/latest']) {
        const answer = await call(`legal-basis/${route}`);
        expect([answer.status, titleOf(answer)], route).to.deep.equal([404, 'Event not found']);
      }
    });

    it('have no number of the person, and are as many as there are whatever limit is named', async () => {
      const sequences = ['a-person', 'c-person'].map((personId) =>
        sandbox.events.append({ personId, eventType: 'ChangeInName', nin: NUMBER }),
      );
      const [first, second] = sequences.map(String);
      const answer = json(await call('legal-basis/event', { query: 'maxLimit=1' }));
      expect(memberOf(answer, 'results')).to.deep.equal([
        { sequenceNumber: first, personId: 'a-person', eventType: 'ChangeInName' },
        { sequenceNumber: second, personId: 'c-person', eventType: 'ChangeInName' },
      ]);
      expect(json(await call('no-legal-basis/event/latest'))).to.deep.equal({
        sequenceNumber: second,
        personId: 'c-person',
        eventType: 'ChangeInName',
      });
    });

    it('are asked for by repeated types, not by several between commas', async () => {
      const repeated = await call('legal-basis/event', {
        query: 'eventTypes=ChangeInName&eventTypes=PersonIsDeceased',
      });
      expect(repeated.status).to.equal(200);
      const joined = await call('legal-basis/event', { query: 'eventTypes=ChangeInName,PersonIsDeceased' });
      expect([joined.status, errorsOf(joined)]).to.deep.equal([400, ['eventTypes']]);
    });
  });
});
