import { expect } from 'chai';
import { InvalidQuery, PregRejected, TooManyHits } from '../../../../src/errors/errors.js';
import type { SearchAnswer, SearchQuery } from '../../../../src/registry/search.js';
import { candidatesSought } from '../../../../src/legacy/hl7v3/find-candidates-query.js';
import { callerBy, FakePreg } from '../../../support/fake-preg.js';
import { codes, countries } from '../../../support/hl7v3-message.js';
import { reply, subjectOf } from '../../../support/preg-hl7v3-replies.js';
import { dayIn } from '../../../support/preg-person.js';
import { hl7v3RegistryOver } from '../../../support/preg-registries.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { readXml } from '../../../../src/xml/reader.js';

const caller = callerBy('hl7v3', 'FindCandidates');
const [first, second, third] = [0, 1, 2].map(syntheticNumber);
const whole: SearchQuery = { name: { family: 'PRØVESEN' }, withHelpNumbers: true, limit: 100 };

function search(preg: FakePreg, query: Partial<SearchQuery> = {}): Promise<SearchAnswer> {
  return hl7v3RegistryOver(preg).search({ ...whole, ...query }, caller);
}

function candidate(number: string | undefined, family: string, role = ''): string {
  return subjectOf(number ?? '', `<name><family>${family}</family></name>`, role);
}

function finding(subjects: string, total: number): FakePreg {
  return new FakePreg(() => reply('FindCandidates', { response: 'OK', total, subjects }));
}

const nobody = (): FakePreg => new FakePreg(() => reply('FindCandidates', { response: 'NF', total: 0 }));

describe('a search in PREG by HL7 v3', () => {
  for (const query of [
    { name: { given: 'KARI ANNE', middle: 'LØV', family: 'PRØVE SEN' } },
    { name: { full: 'KARI PRØVESEN' }, gender: 'F' },
    { birth: { from: dayIn('1950-12-31'), to: dayIn('1950-12-31') }, deceased: false },
    { birth: { from: dayIn('1950-01-01'), to: dayIn('1950-12-31') }, gender: 'M' },
    { birth: { from: dayIn('1950-01-01') }, death: { to: dayIn('2020-02-29') }, deceased: true },
    {
      address: {
        street: 'PRØVEVEIEN 1',
        postalCode: '0484',
        postalPlace: 'OSLO',
        municipality: '0301',
        country: 'NOR',
      },
    },
    { address: { municipalityName: 'KARASJOK', kind: 'residential' } },
    { address: { street: 'PRØVEVEIEN', kind: 'present' } },
    { address: { country: 'SWE', kind: 'home' } },
    { limit: 20 },
  ] as const satisfies readonly Partial<SearchQuery>[]) {
    it(`asks for ${JSON.stringify(query)} in a message that says just that`, async () => {
      const preg = nobody();
      await search(preg, query);
      const [message] = readXml(preg.requests[0]?.body ?? '').children;
      if (message === undefined) throw new Error('no message');
      const { criteria } = candidatesSought(message, { codes, countries });
      expect(JSON.parse(JSON.stringify(criteria))).to.deep.equal(
        JSON.parse(JSON.stringify({ ...whole, ...query })),
      );
    });
  }

  it('cannot leave out people with help numbers, nor seek a municipality by two names', async () => {
    const preg = nobody();
    const byTwo = { address: { municipality: '0301', municipalityName: 'OSLO' } };
    for (const query of [{ withHelpNumbers: false }, byTwo]) {
      expect(await rejectionOf(search(preg, query))).to.be.instanceOf(InvalidQuery);
    }
    expect(preg.requests).to.deep.equal([]);
  });

  it('finds nobody where PREG says so, and is refused where PREG refuses', async () => {
    expect(await search(nobody())).to.deep.equal({ hits: [], total: 0 });
    const refusing = new FakePreg(() => reply('FindCandidates', { type: 'AE', response: 'QE', total: 0 }));
    expect(await rejectionOf(search(refusing))).to.be.instanceOf(InvalidQuery);
    const failing = new FakePreg(() => reply('FindCandidates', { type: 'AE', response: 'AE', total: 0 }));
    expect(await rejectionOf(search(failing))).to.be.instanceOf(PregRejected);
  });

  it('puts all whom PREG finds in the order of searches, without a word about other numbers', async () => {
    const preg = finding(candidate(second, 'B') + candidate(third, 'A') + candidate(first, 'B'), 3);
    const { hits, total } = await search(preg, { limit: 2 });
    expect([total, hits.map(({ person }) => person.nin)]).to.deep.equal([3, [third, first]]);
    const told = hits.flatMap(({ lineage }) => [...lineage.keys()]);
    expect(told).to.include('sn').and.not.include('supersededNINs');
  });

  it('tells of somebody named twice once, and PREG’s total, since somebody else is missing', async () => {
    const twice = finding(candidate(second, 'B') + candidate(first, 'A') + candidate(second, 'B'), 3);
    const { hits, total } = await search(twice);
    expect([total, hits.map(({ person }) => person.nin)]).to.deep.equal([3, [second, first]]);
  });

  it('tells the first ones in PREG’s own order, and PREG’s total, where there are more', async () => {
    const { hits, total } = await search(finding(candidate(second, 'B') + candidate(first, 'A'), 90));
    expect([total, hits.map(({ person }) => person.nin)]).to.deep.equal([90, [second, first]]);
  });

  it('leaves nobody out without a word', async () => {
    const refusal = await rejectionOf(search(finding(candidate(first, 'A') + candidate('', 'B'), 2)));
    expect(refusal).to.be.instanceOf(PregRejected);
  });

  describe('by an address', () => {
    const address = { municipality: '0301' };
    const hidden = candidate(second, 'B', '<confidentialityCode code="R"/>');

    it('leaves whoever is in hiding out of hits and total', async () => {
      const { hits, total } = await search(finding(candidate(first, 'A') + hidden, 2), { address });
      expect([total, hits.map(({ person }) => person.nin)]).to.deep.equal([1, [first]]);
    });

    it('asks for all, however few are wanted', async () => {
      const preg = finding(candidate(first, 'A') + candidate(second, 'B'), 2);
      const { hits } = await search(preg, { address, limit: 1 });
      expect(hits).to.have.length(1);
      expect(preg.requests[0]?.body).not.to.contain('initialQuantity');
    });

    it('is refused where not all are told of', async () => {
      const preg = finding(candidate(first, 'A'), 2);
      expect(await rejectionOf(search(preg, { address }))).to.be.instanceOf(TooManyHits);
    });
  });
});
