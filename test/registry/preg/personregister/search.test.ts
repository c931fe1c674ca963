import { expect } from 'chai';
import { InvalidQuery, PregRejected, TooManyHits } from '../../../../src/errors/errors.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import type { SearchAnswer, SearchQuery } from '../../../../src/registry/search.js';
import { callerBy, FakePreg } from '../../../support/fake-preg.js';
import { personRecord } from '../../../../src/legacy/preg-xml/person-record.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { readRequest, replyText } from '../../../support/preg-xml.js';
import { personregisterOver } from '../../../support/preg-registries.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const caller = callerBy('preg-xml', 'Search');
const name = { family: 'PRØVESEN' };

interface Pages {
  /** What PREG says at the most on a page, however many are asked for. */
  readonly perPage?: number;
  readonly total?: number;
  readonly code?: number;
}

/** A PREG that finds these people, page by page. */
function pregFinding(
  people: readonly PregPerson[],
  { perPage = 100, total = people.length, code = 0 }: Pages = {},
): FakePreg {
  return new FakePreg(({ body }) => {
    const parameters = readRequest('Search', body).record('parameters');
    const page = parameters?.number('Page') ?? 1;
    const size = Math.min(perPage, parameters?.number('ResultsPerPage') ?? 20);
    return replyText('Search', {
      Persons: people.slice((page - 1) * size, page * size).map((person) => personRecord(person, 'nil')),
      Status: {
        Code: code,
        CurrentPage: page,
        Message: null,
        Reason: null,
        ResultsPerPage: size,
        TotalPages: Math.ceil(total / size),
        TotalResults: total,
      },
    });
  });
}

function search(preg: FakePreg, query: Partial<SearchQuery> = {}): Promise<SearchAnswer> {
  return personregisterOver(preg).search({ name, withHelpNumbers: false, limit: 20, ...query }, caller);
}

function people(count: number): readonly PregPerson[] {
  return Array.from({ length: count }, (_, index) =>
    pregPerson({ nin: syntheticNumber(index), sn: `PRØVESEN ${String(count - index).padStart(4, '0')}` }),
  );
}

describe('a search in PREG by Personregister-XML', () => {
  it('asks for every criterion by its parameter', async () => {
    const preg = pregFinding([]);
    await search(preg, {
      name: { given: 'KARI*', middle: 'LØV', family: 'ÆREKJÆR' },
      birth: { from: dayIn('1950-12-31'), to: dayIn('1950-12-31') },
      address: { street: 'PRØVEVEIEN 1', postalCode: '0484', postalPlace: 'OSLO', municipality: '0301' },
      withHelpNumbers: true,
    });
    const parameters = readRequest('Search', preg.requests[0]?.body ?? '').record('parameters');
    expect(
      ['FirstName', 'MiddleName', 'LastName', 'Address', 'ZipCode', 'PostalPlace', 'MunicipalityCode'].map(
        (member) => parameters?.text(member),
      ),
    ).to.deep.equal(['KARI*', 'LØV', 'ÆREKJÆR', 'PRØVEVEIEN 1', '0484', 'OSLO', '0301']);
    expect(parameters?.time('DateOfBirth')?.day).to.equal('1950-12-31');
    expect(parameters?.flag('SearchFhNumberPersonsToo')).to.equal(true);
  });

  for (const [criterion, query] of [
    ['name', { name: { full: 'KARI PRØVESEN' } }],
    ['birth', { birth: { from: dayIn('1950-01-01'), to: dayIn('1950-12-31') } }],
    ['birth', { birth: { from: dayIn('1950-01-01') } }],
    ['gender', { gender: 'F' }],
    ['deceased', { deceased: false }],
    ['death', { death: { from: dayIn('2020-02-29') } }],
    ['municipalityName', { address: { municipalityName: 'OSLO' } }],
    ['country', { address: { country: 'NOR' } }],
    ['addressKind', { address: { kind: 'home' } }],
  ] as const satisfies readonly (readonly [string, Partial<SearchQuery>])[]) {
    it(`refuses ${JSON.stringify(query)}, which there is no parameter for`, async () => {
      const preg = pregFinding([]);
      const refusal = await rejectionOf(search(preg, query));
      expect(refusal).to.be.instanceOf(InvalidQuery).and.include({ parameter: criterion });
      expect(preg.requests).to.deep.equal([]);
    });
  }

  it('finds nobody where PREG says so', async () => {
    expect(await search(pregFinding([]))).to.deep.equal({ hits: [], total: 0 });
  });

  it('puts all whom it finds in the order of searches, however long PREG’s pages are', async () => {
    const preg = pregFinding(people(45), { perPage: 20 });
    const { hits, total } = await search(preg, { limit: 30 });
    expect(total).to.equal(45);
    expect(hits.map(({ person }) => person.sn)).to.deep.equal(
      Array.from({ length: 30 }, (_, index) => `PRØVESEN ${String(index + 1).padStart(4, '0')}`),
    );
    expect(preg.operations).to.have.length(3);
  });

  it('tells the first ones in PREG’s own order, and the total, of more than can be fetched', async () => {
    const many = people(501);
    const preg = pregFinding(many);
    const { hits, total } = await search(preg, { limit: 150 });
    expect(total).to.equal(501);
    expect(hits.map(({ person }) => person.nin)).to.deep.equal(many.slice(0, 150).map(({ nin }) => nin));
    expect(preg.operations).to.have.length(2);
  });

  it('leaves nobody out without a word', async () => {
    const whole = pregFinding(people(2));
    const preg = new FakePreg(async (request) => {
      const { text } = await whole.call(request, caller);
      return text.replace(/<NIN>[0-9]+<\/NIN>/, '<NIN/>');
    });
    expect(await rejectionOf(search(preg))).to.be.instanceOf(PregRejected);
  });

  it('never takes a refused search for nobody', async () => {
    const refusal = await rejectionOf(search(pregFinding([], { code: 1 })));
    expect(refusal).to.be.instanceOf(InvalidQuery);
  });

  it('takes people who are found for an answer, whatever the code', async () => {
    expect((await search(pregFinding(people(1), { code: 200 }))).total).to.equal(1);
  });

  it('refuses pages that hold fewer people than there are to be', async () => {
    const refusal = await rejectionOf(search(pregFinding(people(3), { total: 5 })));
    expect(refusal).to.be.instanceOf(PregRejected);
  });

  describe('whose pages repeat somebody', () => {
    /** A PREG that says 150 and gives some of the first page's people again on the second. */
    const repeating = (): FakePreg => {
      const all = people(150);
      return pregFinding([...all.slice(0, 100), ...all.slice(0, 50)]);
    };

    it('tells PREG’s total, since somebody else is missing', async () => {
      const { hits, total } = await search(repeating(), { limit: 200 });
      expect(total).to.equal(150);
      expect(hits).to.have.length(100);
    });

    it('is refused by address, where those in hiding have to be left out of the total', async () => {
      const refusal = await rejectionOf(search(repeating(), { address: { municipality: '0301' } }));
      expect(refusal).to.be.instanceOf(TooManyHits);
    });
  });

  it('refuses a result that does not tell how many there are', async () => {
    const preg = new FakePreg(
      () =>
        `<SearchResponse xmlns="http://register.nhn.no/PR"><SearchResult xmlns:d="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"><d:Persons/></SearchResult></SearchResponse>`,
    );
    expect(await rejectionOf(search(preg))).to.be.instanceOf(PregRejected);
  });

  describe('for somebody in hiding', () => {
    const hidden = pregPerson({
      nin: syntheticNumber(900),
      sn: 'PRØVESEN',
      addresses: [pregAddress({ nin: syntheticNumber(900), postalType: 6, st: '0301' })],
    });

    it('leaves them out of hits and total when an address is sought by', async () => {
      const { hits, total } = await search(pregFinding([hidden, ...people(2)]), {
        address: { municipality: '0301' },
      });
      expect(total).to.equal(2);
      expect(hits.map(({ person }) => person.nin)).not.to.include(hidden.nin);
    });

    it('finds them by name, masked', async () => {
      const { hits, total } = await search(pregFinding([hidden]));
      expect(total).to.equal(1);
      expect(hits[0]?.person.addresses.map(({ st }) => st)).to.deep.equal([null]);
    });

    it('refuses a search by address that finds more than can be looked through', async () => {
      const refusal = await rejectionOf(
        search(pregFinding(people(501)), { address: { municipality: '0301' } }),
      );
      expect(refusal).to.be.instanceOf(TooManyHits);
    });
  });
});
