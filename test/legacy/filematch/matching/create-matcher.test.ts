import { expect } from 'chai';
import {
  InvalidQuery,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRejected,
  UpstreamUnavailable,
} from '../../../../src/errors/errors.js';
import { createMatcher } from '../../../../src/legacy/filematch/matching/create-matcher.js';
import type { MatchSettings, RowOutcome } from '../../../../src/legacy/filematch/matching/matcher.js';
import { tellIn } from '../../../../src/legacy/filematch/matching/told.js';
import type { InputRow } from '../../../../src/legacy/filematch/record.js';
import { fieldGroups } from '../../../../src/person/field-groups.js';
import { checkDigitsFor } from '../../../../src/person/national-id.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import type { Caller, LookupAnswer, PersonRegistry } from '../../../../src/registry/person-registry.js';
import { caller } from '../../../registry/registry-bench.js';
import { inputRow } from '../../../support/filematch-rows.js';
import { mappings } from '../../../support/person-documents.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { registryStub } from '../../../support/registry-stub.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const BIRTH = dayIn('1981-03-12');
const OWN = syntheticNumber();
const OLD = syntheticNumber(1);
const ZEROS = '000000000000';
/** Of a day 32, with the check digits that it would have. */
const NO_DAY = `328150102${checkDigitsFor('328150102') ?? ''}`;

const kari: PregPerson = pregPerson({
  nin: OWN,
  sn: 'ÆREKJÆR',
  givenName: 'KARI',
  middleName: 'LØV',
  dateOfBirth: BIRTH,
  gender: 'F',
  regStatus: 1,
  maritalStatus: 2,
  addresses: [
    pregAddress({ postalType: 0, postalAddress: 'PRØVEVEIEN 12B', postalCode: '0484', st: '0301' }),
  ],
});
const hers: Partial<InputRow> = {
  dateOfBirth: BIRTH,
  surname: 'ÆREKJÆR',
  givenName: 'KARI',
  middleName: 'LØV',
  street: 'PRØVEVEIEN 12B',
  postalCode: '0484',
  municipality: '0301',
  sex: 'K',
};

const nobody: LookupAnswer = { outcome: 'not-found' };

function found(person: PregPerson, state: { isOutOfUse?: true } = {}): LookupAnswer {
  return { outcome: 'found', person, lineage: new Map(), ...state };
}

/** A register that answers about some numbers, and to every search with the same people. */
function register(
  answers: Readonly<Record<string, LookupAnswer | Error>>,
  hits: readonly PregPerson[] | Error = [],
): { readonly registry: PersonRegistry; readonly asked: string[][]; readonly searches: string[] } {
  const known = new Map(Object.entries(answers));
  const asked: string[][] = [];
  const searches: string[] = [];
  return {
    asked,
    searches,
    registry: registryStub({
      lookupMany: ({ ids }) => {
        asked.push([...ids]);
        const given = ids.map((id) => [id, known.get(id) ?? nobody] as const);
        const error = given.map(([, answer]) => answer).find((answer) => answer instanceof Error);
        if (error !== undefined) return Promise.reject(error);
        return Promise.resolve(
          new Map(given.flatMap(([id, answer]) => (answer instanceof Error ? [] : [[id, answer] as const]))),
        );
      },
      search: ({ name }) => {
        searches.push(name?.full ?? '');
        if (hits instanceof Error) return Promise.reject(hits);
        return Promise.resolve({
          hits: hits.map((person) => ({ person, lineage: new Map() })),
          total: hits.length,
        });
      },
    }),
  };
}

interface Options {
  readonly asking?: Caller;
  readonly settings?: MatchSettings;
}

function matcherOver(registry: PersonRegistry): ReturnType<typeof createMatcher> {
  const settings = { strongScore: 85, weakScore: 60, checkDigits: 'until-2032' as const };
  return createMatcher({ registry, codes: mappings.codes, countries: mappings.countries, settings });
}

async function matched(
  registry: PersonRegistry,
  rows: readonly Partial<InputRow>[],
  { asking = caller(), settings = { weakMatches: 'mask' } }: Options = {},
): Promise<readonly RowOutcome[]> {
  const numbered = rows.map((row, index) => inputRow({ ownRef: `R${index + 1}`, number: index + 1, ...row }));
  return matcherOver(registry).match(numbered, asking, settings);
}

async function one(answer: LookupAnswer, row: Partial<InputRow>, options: Options = {}): Promise<RowOutcome> {
  const nin = row.nin ?? OWN;
  const [outcome] = await matched(register({ [nin]: answer }).registry, [{ ...row, nin }], options);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

async function sought(
  hits: readonly PregPerson[] | Error,
  row: Partial<InputRow>,
  options: Options = {},
): Promise<RowOutcome> {
  const [outcome] = await matched(register({}, hits).registry, [row], options);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

/** All that a row tells of which nothing of anybody is told. */
function bare(parts: Readonly<Record<string, string>>): object {
  return { ownRef: 'R1', candidates: '0', changeMask: ZEROS, ...parts };
}

describe('a row by number', () => {
  it('is 10 where nothing differs', async () => {
    const outcome = await one(found(kari), hers);
    expect(outcome).to.deep.include({
      status: '10',
      changeMask: ZEROS,
      errorCode: null,
      subject: OWN,
      auditOutcome: 'found',
    });
    expect(outcome.told).to.include({
      ownRef: 'R1',
      ninIn: OWN,
      matchStatus: '10',
      matchMethod: 'I',
      candidates: '1',
      changeMask: ZEROS,
      nin: OWN,
      idType: 'FNR',
      surname: 'ÆREKJÆR',
      sex: 'K',
      postalCode: '0484',
    });
    expect(outcome.told).to.not.have.any.keys('errorCode', 'newNin', 'oldNin');
  });

  it('is 10 where something was only filled in', async () => {
    expect(await one(found(kari), { surname: 'ÆREKJÆR' })).to.include({
      status: '10',
      changeMask: '002222222000',
    });
  });

  it('is 11 where something differs, status and protection included', async () => {
    expect(await one(found(kari), { ...hers, givenName: 'KAREN' })).to.include({
      status: '11',
      changeMask: '001000000000',
    });
    expect(await one(found({ ...kari, regStatus: 5 }), hers)).to.include({
      status: '11',
      changeMask: '000000000100',
    });
    const hidden = { ...kari, addresses: [pregAddress({ postalType: 6, postalAddress: 'Sperret adresse' })] };
    expect(await one(found(hidden), hers)).to.include({ status: '11', changeMask: '000000333001' });
  });

  it('is 12 for a number that gave way, with the data of the number in use (Decided 1)', async () => {
    const changed = { ...kari, oldNIN: OLD, supersededNINs: [OLD] };
    const outcome = await one(found(changed), { ...hers, nin: OLD });
    expect(outcome).to.deep.include({ status: '12', changeMask: '100000000000', subject: OLD });
    expect(outcome.told).to.include({
      ninIn: OLD,
      matchStatus: '12',
      matchMethod: 'H',
      nin: OWN,
      newNin: OWN,
      oldNin: OLD,
      surname: 'ÆREKJÆR',
    });
  });

  it('is 11 for a number in use of somebody who has a better one', async () => {
    const outcome = await one(found({ ...kari, alternativeNINs: [OLD] }), { ...hers, nin: OLD });
    expect(outcome).to.include({ status: '11', changeMask: '100000000000' });
    expect(outcome.told).to.include({ matchMethod: 'I', nin: OWN });
    expect(outcome.told).to.not.have.property('newNin');
  });

  it('is by a former number, and compared like any, where a number is out of use and none took its place', async () => {
    const outcome = await one(found({ ...kari, regStatus: 6 }, { isOutOfUse: true }), hers);
    expect(outcome).to.include({ status: '11', changeMask: '000000000100' });
    expect(outcome.told).to.include({ matchMethod: 'H', nin: OWN });
    expect(outcome.told).to.not.have.property('newNin');
  });

  it('is 40 for a number that nobody has', async () => {
    const outcome = await one(nobody, hers);
    expect(outcome).to.deep.include({ status: '40', subject: OWN, auditOutcome: 'not-found' });
    expect(outcome.told).to.deep.equal(bare({ ninIn: OWN, matchStatus: '40', matchMethod: 'I' }));
  });

  it('is 60 for a number that is probably somebody else’s, and tells nothing of them', async () => {
    const row = { surname: 'BERG', dateOfBirth: dayIn('1979-11-05') };
    const outcome = await one(found(kari), row);
    expect(outcome).to.deep.include({ status: '60', changeMask: ZEROS, auditOutcome: 'found', subject: OWN });
    const told = bare({ ninIn: OWN, matchStatus: '60', matchMethod: 'I', candidates: '1' });
    expect(outcome.told).to.deep.equal(told);
    for (const mode of ['V', 'K', 'E'] as const) expect(tellIn(outcome, mode)).to.deep.equal(told);
    const former = await one(found({ ...kari, supersededNINs: [OLD] }), { ...row, nin: OLD });
    expect(former.told, 'by a former number').to.deep.equal({ ...told, ninIn: OLD, matchMethod: 'H' });
  });

  it('is not 60 over what the profile hides, and tells no more than it grants', async () => {
    const asking = caller({ visible: new Set(['identity', 'birth']) });
    const shown = pregPerson({ nin: OWN, dateOfBirth: BIRTH });
    const outcome = await one(
      found(shown),
      { surname: 'BERG', givenName: 'PER', dateOfBirth: BIRTH },
      { asking },
    );
    expect(outcome).to.include({ status: '10', changeMask: '033303333303' });
  });
});

describe('a row without a number', () => {
  it('is 20 for the one person whom it fits', async () => {
    const outcome = await sought([kari], hers);
    expect(outcome).to.deep.include({
      status: '20',
      changeMask: '200000000000',
      subject: OWN,
      auditOutcome: 'found',
    });
    expect(outcome.told).to.include({
      matchStatus: '20',
      matchMethod: 'N',
      candidates: '1',
      nin: OWN,
      surname: 'ÆREKJÆR',
    });
    expect(outcome.told).to.not.have.any.keys('ninIn', 'newNin');
  });

  it('is 21 for one whom it fits less well, and tells no number and no data', async () => {
    const outcome = await sought([kari], { ...hers, givenName: 'KAREN', middleName: '' });
    expect(outcome.status).to.equal('41');
    const weak = await sought([kari], { ...hers, givenName: 'KARRI' });
    expect(weak).to.deep.include({
      status: '21',
      changeMask: '201000000000',
      subject: OWN,
      auditOutcome: 'found',
    });
    expect(weak.told).to.deep.equal({
      ownRef: 'R1',
      matchStatus: '21',
      matchMethod: 'N',
      candidates: '1',
      changeMask: '201000000000',
    });
  });

  it('is 21 with data where the client’s settings say so', async () => {
    const weak = await sought([kari], { ...hers, givenName: '' }, { settings: { weakMatches: 'data' } });
    expect(weak.status).to.equal('21');
    expect(weak.told).to.include({ nin: OWN, surname: 'ÆREKJÆR' });
  });

  it('is 30 for several, and tells how many', async () => {
    const outcome = await sought([kari, { ...kari, nin: OLD }], hers);
    expect(outcome).to.deep.include({ status: '30', subject: null, auditOutcome: 'found' });
    expect(outcome.told).to.deep.equal(bare({ matchStatus: '30', matchMethod: 'N', candidates: '2' }));
  });

  it('is 41 for nobody', async () => {
    const outcome = await sought([], hers);
    expect(outcome).to.deep.include({ status: '41', subject: null, auditOutcome: 'not-found' });
    expect(outcome.told).to.deep.equal(bare({ matchStatus: '41', matchMethod: 'N' }));
  });

  it('is 51 where the register cannot be searched by it', async () => {
    const outcome = await sought(new InvalidQuery('name', 'too short'), {
      ...hers,
      givenName: '',
      surname: 'BØ',
    });
    expect(outcome).to.deep.include({ status: '51', errorCode: 'E004', auditOutcome: 'refused' });
    expect(outcome.told).to.deep.equal(bare({ matchStatus: '51', errorCode: 'E004' }));
  });

  it('is 90 with E902 where the profile does not show what is searched by, and nobody is asked', async () => {
    for (const hidden of ['names', 'birth'] as const) {
      const { registry, searches } = register({}, [kari]);
      const visible = new Set(fieldGroups.filter((group) => group !== hidden));
      const [outcome] = await matched(registry, [hers], { asking: caller({ visible }) });
      expect(outcome).to.deep.include({ status: '90', errorCode: 'E902', auditOutcome: 'not-authorised' });
      expect(searches).to.deep.equal([]);
    }
  });

  it('finds a protected person by name and birth date, masked (Safety S2)', async () => {
    const hidden = {
      ...kari,
      addresses: [pregAddress({ postalType: 7, postalAddress: 'Sperret adr. fortrolig' })],
    };
    const outcome = await sought([hidden], hers);
    expect(outcome).to.include({ status: '20', changeMask: '200000333001' });
    expect(outcome.told).to.include({ postalType: '7', postalAddress: 'Sperret adr. fortrolig' });
    expect(outcome.told).to.not.have.any.keys('postalCode', 'municipality', 'street');
  });
});

describe('a row that is not looked up', () => {
  const matcher = matcherOver(register({}).registry);
  const cases: readonly (readonly [
    what: string,
    row: Partial<InputRow>,
    isFirst: boolean,
    status: string,
    code: string,
  ])[] = [
    ['a number of other than eleven digits', { nin: '123' }, true, '50', 'E001'],
    ['check digits', { nin: '01815010000' }, true, '50', 'E002'],
    ['a day that there is not', { nin: NO_DAY }, true, '50', 'E003'],
    ['an internal number', { nin: '01415010000' }, true, '53', 'E008'],
    ['a date that is none', { problem: 'E003' }, true, '52', 'E003'],
    ['an unknown record type', { problem: 'E005', nin: OWN }, true, '52', 'E005'],
    ['a wrong length', { problem: 'E006', nin: OWN }, true, '52', 'E006'],
    ['a letter outside the charset', { problem: 'E007', nin: OWN }, true, '52', 'E007'],
    ['no key', { ownRef: '', nin: OWN }, true, '52', 'E006'],
    ['a key that stands twice', { nin: OWN }, false, '52', 'E009'],
    ['nothing to search by', {}, true, '51', 'E004'],
    ['no birth date', { surname: 'HANSEN' }, true, '51', 'E004'],
    ['no surname', { givenName: 'KARI', dateOfBirth: BIRTH }, true, '51', 'E004'],
  ];
  for (const [what, row, isFirst, status, errorCode] of cases) {
    it(`is ${status} ${errorCode} for ${what}`, () => {
      const whole = inputRow({ ownRef: 'R1', ...row });
      const outcome = matcher.judge(whole, isFirst);
      expect(outcome).to.deep.include({ status, errorCode, changeMask: ZEROS, auditOutcome: 'refused' });
      expect(outcome?.told).to.deep.equal({
        ...bare({ matchStatus: status, errorCode }),
        ownRef: whole.ownRef,
        ...(whole.nin === '' ? {} : { ninIn: whole.nin }),
      });
    });
  }

  it('is none for a number or a name that can be looked up', () => {
    expect(matcher.judge(inputRow({ nin: OWN }), true)).to.equal(undefined);
    expect(matcher.judge(inputRow(hers), true)).to.equal(undefined);
  });

  it('names nobody by an internal number, not even to the audit trail', () => {
    expect(matcher.judge(inputRow({ nin: '01415010000' }), true)?.subject).to.equal(null);
    expect(matcher.judge(inputRow({ nin: '123' }), true)?.subject).to.equal(null);
    expect(matcher.judge(inputRow({ nin: OWN }), false)?.subject).to.equal(OWN);
  });

  it('is 90 when it is given up', () => {
    const outcome = matcher.givenUp(inputRow({ ownRef: 'R1', nin: OWN }), 'E900', 'upstream-timeout');
    expect(outcome).to.deep.include({
      status: '90',
      errorCode: 'E900',
      subject: OWN,
      auditOutcome: 'upstream-timeout',
    });
    expect(outcome.told).to.deep.equal(bare({ ninIn: OWN, matchStatus: '90', errorCode: 'E900' }));
  });
});

describe('the rows of a batch', () => {
  it('are answered in their order, each number asked for once', async () => {
    const { registry, asked } = register({ [OWN]: found(kari) }, [kari]);
    const outcomes = await matched(registry, [
      { nin: OLD },
      hers,
      { nin: OWN },
      { nin: OWN, surname: 'ANDRE' },
      { ...hers, surname: 'BERG' },
    ]);
    expect(outcomes.map(({ told, status }) => `${told.ownRef ?? ''} ${status}`)).to.deep.equal([
      'R1 40',
      'R2 20',
      'R3 10',
      'R4 11',
      'R5 41',
    ]);
    expect(asked).to.deep.equal([[OLD, OWN]]);
  });

  it('ask nothing where there is nothing to ask', async () => {
    const { registry, asked, searches } = register({});
    expect(await matched(registry, [])).to.deep.equal([]);
    await matched(registry, [hers]);
    expect(asked).to.deep.equal([]);
    await matched(registry, [{ nin: OWN }]);
    expect(searches).to.deep.equal(['KARI ÆREKJÆR', 'KARI AEREKJAER', 'ÆREKJÆR', 'AEREKJAER']);
  });

  for (const error of [
    new UpstreamRejected('no'),
    new UpstreamInvalidAnswer('no person'),
    new TypeError('unforeseen'),
  ]) {
    it(`are asked for alone after ${error.name}, and only the one that fails alone is 90`, async () => {
      const bad = syntheticNumber(7);
      const { registry, asked } = register({ [OWN]: found(kari), [bad]: error });
      const outcomes = await matched(registry, [{ nin: OWN }, { nin: bad, ...hers }, { nin: OLD }]);
      expect(outcomes.map(({ status, errorCode }) => [status, errorCode])).to.deep.equal([
        ['10', null],
        ['90', 'E901'],
        ['40', null],
      ]);
      expect(outcomes[1]?.told).to.deep.equal({
        ...bare({ ninIn: bad, matchStatus: '90', errorCode: 'E901' }),
        ownRef: 'R2',
      });
      expect(asked).to.deep.equal([[OWN, bad, OLD], [OWN], [bad], [OLD]]);
    });
  }

  it('are not answered while the register does not let the organisation in, and few calls find that out', async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => syntheticNumber(index));
    const error = new UpstreamForbidden('403');
    const { registry, asked } = register(Object.fromEntries(numbers.map((number) => [number, error])));
    const matching = matched(
      registry,
      numbers.map((nin) => ({ nin })),
    );
    expect(await rejectionOf(matching)).to.equal(error);
    expect(asked.length).to.be.lessThan(3);
  });

  it('are not answered at all while trouble passes, whether by number or by search', async () => {
    const error = new UpstreamUnavailable('down');
    expect(await rejectionOf(matched(register({ [OWN]: error }).registry, [{ nin: OWN }]))).to.equal(error);
    expect(await rejectionOf(matched(register({}, error).registry, [{ nin: OWN }, hers]))).to.equal(error);
  });

  it('are 90 one by one where searches fail for good', async () => {
    const outcomes = await matched(register({ [OWN]: found(kari) }, new UpstreamRejected('no')).registry, [
      hers,
      { nin: OWN },
    ]);
    expect(outcomes.map(({ status, errorCode }) => [status, errorCode])).to.deep.equal([
      ['90', 'E901'],
      ['10', null],
    ]);
  });

  it('let others have their turn meanwhile', async () => {
    const { registry } = register({ [OWN]: found(kari) });
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await matched(
      registry,
      Array.from({ length: 100 }, () => ({ nin: OWN })),
    );
    isOver = true;
    expect(turns).to.be.at.least(5);
  });

  it('end with the signal, and nothing is taken for trouble with a row', async () => {
    const controller = new AbortController();
    const failing = registryStub({
      lookupMany: () => {
        controller.abort(new Error('stopped'));
        return Promise.reject(new UpstreamRejected('no'));
      },
    });
    const ended = matched(failing, [{ nin: OWN }], { asking: caller({ signal: controller.signal }) });
    expect(await rejectionOf(ended)).to.have.property('message', 'stopped');
  });
});
