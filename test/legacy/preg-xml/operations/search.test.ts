import { expect } from 'chai';
import { InvalidQuery, TooManyHits, UpstreamUnavailable } from '../../../../src/errors/errors.js';
import type { PersonRegistry } from '../../../../src/registry/person-registry.js';
import type { SearchQuery } from '../../../../src/registry/search.js';
import { membersOf, serve, told, type ServiceOptions } from '../../../support/person-service.js';
import { pregPerson } from '../../../support/preg-person.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const NAME = '<LastName>NORD</LastName>';
const numbers = Array.from({ length: 250 }, (_, index) => syntheticNumber(index));

const parameters = (content: string): string => `<parameters>${content}</parameters>`;

/** A registry that finds so many people and can list so many of them. */
function finding(
  total: number,
  listed = total,
): { readonly registry: Partial<PersonRegistry>; readonly asked: SearchQuery[] } {
  const asked: SearchQuery[] = [];
  return {
    asked,
    registry: {
      search: (query) => {
        asked.push(query);
        const hits = numbers.slice(0, Math.min(total, listed, query.limit));
        return Promise.resolve({ hits: hits.map((nin) => told(pregPerson({ nin }))), total });
      },
    },
  };
}

async function page(content: string, options: ServiceOptions) {
  const served = await serve('Search', parameters(NAME + content), options);
  const result = served.reply.record('SearchResult');
  const status = result?.record('Status');
  const told = (member: string): number | null | undefined => status?.number(member);
  return {
    ...served,
    told: membersOf(result?.records('Persons') ?? null, 'NIN'),
    status: ['Code', 'CurrentPage', 'ResultsPerPage', 'TotalPages', 'TotalResults'].map(told),
    message: status?.text('Message'),
    reason: status?.text('Reason'),
  };
}

describe('Search', () => {
  it('turns every parameter into a criterion', async () => {
    const { registry, asked } = finding(0);
    await serve(
      'Search',
      parameters(
        '<Address> Storgata 1 </Address><DateOfBirth>1979-11-05T13:00:00</DateOfBirth><FirstName>PER</FirstName>' +
          '<LastName>NORD*</LastName><MiddleName>LØV</MiddleName><MunicipalityCode>0301</MunicipalityCode>' +
          '<PostalPlace>OSLO</PostalPlace><SearchFhNumberPersonsToo>true</SearchFhNumberPersonsToo><ZipCode>0484</ZipCode>',
      ),
      { registry },
    );
    expect(asked).to.deep.equal([
      {
        name: { given: 'PER', middle: 'LØV', family: 'NORD*' },
        birth: { from: '1979-11-05', to: '1979-11-05' },
        address: { street: 'Storgata 1', postalPlace: 'OSLO', postalCode: '0484', municipality: '0301' },
        withHelpNumbers: true,
        limit: 20,
      },
    ]);
  });

  it('takes texts without content for not given', async () => {
    const { registry, asked } = finding(0);
    await serve('Search', parameters(`${NAME}<FirstName> </FirstName><Address/><ZipCode>\n</ZipCode>`), {
      registry,
    });
    expect(asked).to.deep.equal([
      {
        name: { given: undefined, middle: undefined, family: 'NORD' },
        birth: undefined,
        address: undefined,
        withHelpNumbers: false,
        limit: 20,
      },
    ]);
  });

  for (const content of [
    '',
    parameters(''),
    parameters('<LastName> </LastName><Page>1</Page><ResultsPerPage>5</ResultsPerPage>'),
  ]) {
    it(`is refused without criteria: ${content}`, async () => {
      const refusal = await rejectionOf(serve('Search', content));
      expect(refusal).to.be.instanceOf(InvalidQuery).and.to.have.property('parameter', 'parameters');
    });
  }

  for (const [what, unknown] of [
    ['of no type', '<Gender>1</Gender>'],
    ['that is nil', '<Gender i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>'],
    ['of a known name in a foreign namespace', '<x:ZipCode xmlns:x="urn:x">0484</x:ZipCode>'],
  ] as const) {
    it(`never ignores a member ${what}`, async () => {
      const { registry, asked } = finding(1);
      const refusal = await rejectionOf(serve('Search', parameters(NAME + unknown), { registry }));
      expect(refusal).to.be.instanceOf(InvalidQuery);
      expect(refusal).to.include({ parameter: 'parameters', problem: 'holds a criterion that is not known' });
      expect(asked).to.deep.equal([]);
    });
  }

  it('says in its status that a member is not known, for a client that reads refusals there', async () => {
    const { told, message, reason } = await page('<Gender>1</Gender>', {
      ...finding(1),
      quirks: { refusedSearch: 'qe' },
    });
    expect([told, message, reason]).to.deep.equal([
      [],
      'REFUSED',
      'parameters: holds a criterion that is not known.',
    ]);
  });

  it('says OK when there is nobody', async () => {
    const { told, status, message, outcome } = await page('', finding(0));
    expect([told, status, message, outcome]).to.deep.equal([[], [0, 1, 20, 0, 0], 'OK', 'not-found']);
  });

  describe('in pages', () => {
    it('begins with the first, of the length of the setting', async () => {
      const { told, status, subjects, outcome } = await page('', {
        ...finding(41),
        settings: { resultsPerPage: 15 },
      });
      expect(told).to.deep.equal(numbers.slice(0, 15));
      expect([status, subjects, outcome]).to.deep.equal([[0, 1, 15, 3, 41], told, 'found']);
    });

    it('tells everybody once over all pages', async () => {
      const pages = await Promise.all(
        ['1', '2', '3', '4', '5'].map((number) =>
          page(`<Page>${number}</Page><ResultsPerPage>10</ResultsPerPage>`, finding(41)),
        ),
      );
      expect(pages.flatMap(({ told }) => told)).to.deep.equal(numbers.slice(0, 41));
      expect(pages.map(({ status }) => status)).to.deep.equal(
        [1, 2, 3, 4, 5].map((number) => [0, number, 10, 5, 41]),
      );
    });

    it('asks for as many hits as the page needs', async () => {
      const { registry, asked } = finding(41);
      await page('<Page>3</Page><ResultsPerPage>7</ResultsPerPage>', { registry });
      expect(asked.map(({ limit }) => limit)).to.deep.equal([21]);
    });

    it('is empty after the last, with true totals', async () => {
      const { told, status, outcome } = await page(
        '<Page>2147483647</Page><ResultsPerPage>100</ResultsPerPage>',
        finding(41),
      );
      expect([told, status, outcome]).to.deep.equal([[], [0, 2147483647, 100, 1, 41], 'found']);
    });

    it('has a hundred people at most, and says so', async () => {
      const { told, status } = await page('<ResultsPerPage>5000</ResultsPerPage>', {
        ...finding(250),
        quirks: { maxReplyBytes: 1_000_000 },
      });
      expect([told.length, status]).to.deep.equal([100, [0, 1, 100, 3, 250]]);
    });

    for (const [parameter, content] of [
      ['Page', '<Page>0</Page>'],
      ['Page', '<Page>-1</Page>'],
      ['ResultsPerPage', '<ResultsPerPage>-1</ResultsPerPage>'],
    ] as const) {
      it(`refuses what is no page: ${content}`, async () => {
        const refusal = await rejectionOf(page(content, {}));
        expect(refusal).to.be.instanceOf(InvalidQuery).and.to.have.property('parameter', parameter);
      });
    }

    it('is a fault where the source cannot tell who comes next, never an empty page', async () => {
      const cut = finding(250, 100);
      const last = await page('<Page>5</Page>', cut);
      expect([last.told, last.status]).to.deep.equal([numbers.slice(80, 100), [0, 5, 20, 13, 250]]);
      expect(await rejectionOf(page('<Page>6</Page>', cut))).to.be.instanceOf(TooManyHits);
      expect(await rejectionOf(page('<Page>14</Page>', cut))).to.be.instanceOf(TooManyHits);
      const across = '<Page>2</Page><ResultsPerPage>60</ResultsPerPage>';
      expect(await rejectionOf(page(across, cut))).to.be.instanceOf(TooManyHits);
    });

    it('is whole or a fault where it is longer than the client reads', async () => {
      const whole = await page('', finding(41));
      const room = 1000 + Buffer.byteLength(whole.text);
      const fits = await page('', { ...finding(41), quirks: { maxReplyBytes: room } });
      expect(fits.told).to.have.length(20);
      const refusal = await rejectionOf(page('', { ...finding(41), quirks: { maxReplyBytes: room - 1 } }));
      expect(refusal).to.be.instanceOf(InvalidQuery).and.to.have.property('parameter', 'ResultsPerPage');
    });
  });

  describe('refused below', () => {
    const refusing = (parameter: string): Partial<PersonRegistry> => ({
      search: () => Promise.reject(new InvalidQuery(parameter, 'cannot be served')),
    });

    for (const [criterion, content, members] of [
      ['name', '', 'LastName'],
      ['name', '<FirstName>P</FirstName>', 'FirstName, LastName'],
      ['birth', '', 'DateOfBirth'],
      ['street', '', 'Address'],
      ['postalCode', '', 'ZipCode'],
      ['postalPlace', '', 'PostalPlace'],
      ['municipality', '', 'MunicipalityCode'],
      ['address', '<ZipCode>0484</ZipCode>', 'ZipCode'],
      ['address', '', 'Address, PostalPlace, ZipCode, MunicipalityCode'],
      ['secondCriterion', '', 'DateOfBirth, MunicipalityCode, ZipCode, Address'],
    ] as const) {
      it(`names the parameters: ${criterion} is ${members}`, async () => {
        const refusal = await rejectionOf(page(content, { registry: refusing(criterion) }));
        expect(refusal).to.be.instanceOf(InvalidQuery);
        expect(refusal).to.include({ parameter: members, problem: 'cannot be served' });
      });
    }

    it('says so in the status for a client that wants it', async () => {
      const quirks = { refusedSearch: 'qe' } as const;
      const refused = await page('', { registry: refusing('name'), quirks });
      expect([refused.told, refused.status]).to.deep.equal([[], [1, 0, 0, 0, 0]]);
      expect([refused.message, refused.reason]).to.deep.equal(['REFUSED', 'LastName: cannot be served.']);
      expect([refused.outcome, refused.subjects]).to.deep.equal(['invalid-query', []]);
      const many = await page('<Page>6</Page>', { ...finding(250, 100), quirks });
      expect([many.status, many.outcome]).to.deep.equal([[1, 0, 0, 0, 0], 'too-many-hits']);
      expect(many.reason).to.equal('More people fit than can be told. Narrow the search.');
      const none = await serve('Search', '', { quirks });
      expect(none.reply.record('SearchResult')?.record('Status')?.text('Reason')).to.equal(
        'parameters: hold nothing to search by.',
      );
    });

    it('passes trouble on, whatever the client wants', async () => {
      const down = new UpstreamUnavailable('down');
      const registry: Partial<PersonRegistry> = { search: () => Promise.reject(down) };
      expect(await rejectionOf(page('', { registry, quirks: { refusedSearch: 'qe' } }))).to.equal(down);
    });
  });
});
