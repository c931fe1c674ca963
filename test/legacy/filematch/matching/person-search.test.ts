import { expect } from 'chai';
import { InvalidQuery, TooManyHits, UpstreamUnavailable } from '../../../../src/errors/errors.js';
import { PersonFields } from '../../../../src/legacy/filematch/matching/person-fields.js';
import { PersonSearch, type SearchFinding } from '../../../../src/legacy/filematch/matching/person-search.js';
import type { InputRow } from '../../../../src/legacy/filematch/record.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import type { SearchQuery } from '../../../../src/registry/search.js';
import { caller } from '../../../registry/registry-bench.js';
import { inputRow } from '../../../support/filematch-rows.js';
import { mappings } from '../../../support/person-documents.js';
import { dayIn, pregPerson } from '../../../support/preg-person.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const BIRTH = dayIn('1981-03-12');

/** Who is found by which name; nobody by any other. */
type Register = Readonly<Record<string, readonly PregPerson[] | number | Error>>;

function named(index: number, givenName: string, sn: string): PregPerson {
  return pregPerson({ nin: syntheticNumber(index), givenName, sn, dateOfBirth: BIRTH });
}

async function found(
  register: Register,
  row: Partial<InputRow>,
): Promise<{ readonly finding: SearchFinding; readonly queries: readonly SearchQuery[] }> {
  const queries: SearchQuery[] = [];
  const known = new Map(Object.entries(register));
  const search = new PersonSearch({
    registry: {
      search: (query) => {
        queries.push(query);
        const answer = known.get(query.name?.full ?? '') ?? [];
        if (answer instanceof Error) return Promise.reject(answer);
        if (typeof answer === 'number') return Promise.resolve({ hits: [], total: answer });
        const hits = answer.map((person) => ({ person, lineage: new Map() }));
        return Promise.resolve({ hits, total: hits.length });
      },
    },
    fields: new PersonFields(mappings),
    thresholds: { strongScore: 85, weakScore: 60 },
  });
  const finding = await search.find(inputRow({ dateOfBirth: BIRTH, ...row }), caller());
  return { finding, queries };
}

const names = (queries: readonly SearchQuery[]): readonly (string | undefined)[] =>
  queries.map(({ name }) => name?.full);

describe('the search for a person', () => {
  it('is by names and birth date alone, whatever else the row tells (Safety S2)', async () => {
    const { queries } = await found(
      {},
      {
        surname: 'HANSEN',
        givenName: 'KARI',
        middleName: 'LIE',
        sex: 'K',
        street: 'PRØVEVEIEN 1',
        postalCode: '0484',
        municipality: '0301',
      },
    );
    for (const query of queries) {
      expect(query).to.deep.equal({
        name: query.name,
        birth: { from: BIRTH, to: BIRTH },
        withHelpNumbers: false,
        limit: 100,
      });
    }
    expect(names(queries)).to.deep.equal(['KARI HANSEN', 'HANSEN']);
  });

  it('ends with the first question that finds somebody who counts', async () => {
    const kari = named(0, 'KARI', 'HANSEN');
    const { finding, queries } = await found(
      { 'KARI HANSEN': [kari] },
      { surname: 'HANSEN', givenName: 'KARI' },
    );
    expect(finding).to.deep.equal({ status: '20', person: kari });
    expect(names(queries)).to.deep.equal(['KARI HANSEN']);
  });

  it('asks on where only others were found', async () => {
    const bjoern = named(0, 'BJØRN', 'HANSEN');
    const { finding, queries } = await found(
      { 'BJOERN HANSEN': [named(1, 'SIGRID', 'HANSEN')], 'BJØRN HANSEN': [bjoern] },
      { surname: 'HANSEN', givenName: 'BJOERN' },
    );
    expect(finding).to.deep.equal({ status: '20', person: bjoern });
    expect(names(queries)).to.deep.equal(['BJOERN HANSEN', 'BJØRN HANSEN']);
  });

  it('asks for every spelling that is the same, though the first finds somebody (Safety S9)', async () => {
    const { finding, queries } = await found(
      { 'AASE HANSEN': [named(0, 'AASE', 'HANSEN')], 'ÅSE HANSEN': [named(1, 'ÅSE', 'HANSEN')] },
      { surname: 'HANSEN', givenName: 'AASE' },
    );
    expect(finding).to.deep.equal({ status: '30', candidates: 2 });
    expect(names(queries)).to.deep.equal(['AASE HANSEN', 'ÅSE HANSEN']);
  });

  it('counts a person who is found twice once', async () => {
    const aase = named(0, 'ÅSE', 'HANSEN');
    const { finding } = await found(
      { 'AASE HANSEN': [aase], 'ÅSE HANSEN': [aase] },
      { surname: 'HANSEN', givenName: 'AASE' },
    );
    expect(finding).to.deep.equal({ status: '20', person: aase });
  });

  it('tells of a misspelled given name no more than weakly', async () => {
    const christian = named(0, 'CHRISTIAN', 'HANSEN');
    const { finding } = await found(
      { HANSEN: [christian, named(1, 'PER', 'HANSEN')] },
      { surname: 'HANSEN', givenName: 'KRISTIAN' },
    );
    expect(finding).to.deep.equal({ status: '21', person: christian });
  });

  it('tells twins apart, and takes neither for one who is missing', async () => {
    const twins = [named(0, 'KARI', 'HANSEN'), named(1, 'PER', 'HANSEN')];
    const register = { 'KARI HANSEN': twins.slice(0, 1), HANSEN: twins };
    expect((await found(register, { surname: 'HANSEN', givenName: 'KARI' })).finding.status).to.equal('20');
    expect((await found(register, { surname: 'HANSEN', givenName: 'SIGRID' })).finding).to.deep.equal({
      status: '41',
    });
    expect((await found(register, { surname: 'HANSEN' })).finding).to.deep.equal({
      status: '30',
      candidates: 2,
    });
  });

  it('never tells more than weakly without a given name', async () => {
    const kari = named(0, 'KARI', 'HANSEN');
    expect((await found({ HANSEN: [kari] }, { surname: 'HANSEN' })).finding).to.deep.equal({
      status: '21',
      person: kari,
    });
  });

  it('tells how many there are where they are too many to be judged', async () => {
    const row = { surname: 'HANSEN', givenName: 'KARI' };
    expect((await found({ 'KARI HANSEN': 101 }, row)).finding).to.deep.equal({
      status: '30',
      candidates: 101,
    });
    expect((await found({ 'KARI HANSEN': 5_000 }, row)).finding).to.deep.equal({
      status: '30',
      candidates: 999,
    });
    expect((await found({ 'KARI HANSEN': new TooManyHits('many') }, row)).finding).to.deep.equal({
      status: '30',
      candidates: 999,
    });
  });

  it('cannot be made where upstream refuses it, which is not nobody (Safety S3)', async () => {
    const refusal = new InvalidQuery('name', 'too short');
    const row = { surname: 'HANSEN', givenName: 'KARI' };
    expect((await found({ 'KARI HANSEN': refusal, HANSEN: refusal }, row)).finding).to.deep.equal({
      status: '51',
    });
    expect((await found({ 'KARI HANSEN': refusal }, row)).finding, 'one of two').to.deep.equal({
      status: '51',
    });
    const kari = named(0, 'KARI', 'HANSEN');
    expect((await found({ 'KARI HANSEN': refusal, HANSEN: [kari] }, row)).finding.status).to.equal('20');
    const { finding, queries } = await found({}, { surname: '42', givenName: '-' });
    expect(finding).to.deep.equal({ status: '51' });
    expect(queries).to.deep.equal([]);
  });

  it('fails with the register', async () => {
    const error = new UpstreamUnavailable('down');
    expect(
      await rejectionOf(found({ 'KARI HANSEN': error }, { surname: 'HANSEN', givenName: 'KARI' })),
    ).to.equal(error);
  });
});
