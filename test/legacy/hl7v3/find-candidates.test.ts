import { expect } from 'chai';
import { InvalidQuery, TooManyHits, UpstreamUnavailable } from '../../../src/errors/errors.js';
import type { PregPerson } from '../../../src/person/preg-person.js';
import { answerTo, findCandidates, parameter, queryWith } from '../../support/find-candidates.js';
import { all, the } from '../../support/hl7v3-message.js';
import { written, writtenName } from '../../support/written.js';
import { dayIn, pregPerson } from '../../support/preg-person.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const NAME = parameter('personName', 'Ola');
const A = syntheticNumber();
const B = syntheticNumber(1);
const C = syntheticNumber(2);

function people(count: number): readonly PregPerson[] {
  return Array.from({ length: count }, (_, index) =>
    pregPerson({ nin: syntheticNumber(index), givenName: 'OLA', sn: 'NORDMANN' }),
  );
}

const byNumber = (...numbers: readonly string[]): string =>
  numbers.map((number) => parameter('personId', '', `extension="${number}"`)).join('');

const ola = pregPerson({ nin: A, givenName: 'OLA', dateOfBirth: dayIn('1980-01-01'), supersededNINs: [B] });
const known = new Map([A, B].map((number) => [number as string, ola]));

describe('FindCandidates', () => {
  it('tells each person, how many there are, and the audit trail whom it told', async () => {
    const found = await findCandidates(NAME, { people: people(2) });
    expect([found.ending, ...found.quantities]).to.deep.equal(['AA OK', '2', '2', '0']);
    expect(found.told).to.deep.equal([A, B]);
    expect(found.subjects).to.deep.equal([A, B]);
    expect([found.answer.outcome, writtenName(found.answer.body)]).to.deep.equal([
      'found',
      't:FindCandidatesResponse',
    ]);
  });

  it('tells no other numbers of a person: the type has no room for them', async () => {
    const found = await findCandidates(NAME, { people: [pregPerson({ nin: A, supersededNINs: [B] })] });
    expect(found.told).to.deep.equal([A]);
    expect(all(found.body, 'identifiedBy')).to.deep.equal([]);
  });

  it('says NF when there is nobody', async () => {
    const found = await findCandidates(NAME);
    expect([found.ending, ...found.quantities]).to.deep.equal(['AA NF', '0', '0', '0']);
    expect([found.answer.outcome, found.subjects]).to.deep.equal(['not-found', []]);
  });

  it('tells as many as are wanted, and how many there are', async () => {
    const settings = '<initialQuantity value="2"/>';
    const found = await findCandidates(NAME, { people: people(5), total: 134, settings });
    expect([found.ending, ...found.quantities]).to.deep.equal(['AA OK', '134', '2', '132']);
    expect(found.told).to.deep.equal([A, B]);
    expect(found.subjects).to.deep.equal([A, B]);
  });

  it('gives the query its id back', async () => {
    const { body } = await findCandidates(NAME, { settings: '<queryId root="1.2" extension="q"/>' });
    expect(the(body, 'queryId').attributes.get('extension')).to.equal('q');
  });

  it('rejects a message of another interaction with an empty answer', async () => {
    const found = await answerTo(
      `<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN101307NO01"/>${queryWith(NAME)}`,
    );
    expect([found.ending, ...found.quantities]).to.deep.equal(['AR AE NS200', '0', '0', '0']);
    expect(found.searches).to.deep.equal([]);
  });

  describe('cut to the client’s limit', () => {
    it('tells the first ones that fit, each of them whole, and how many there are', async () => {
      const whole = await findCandidates(NAME, { people: people(9) });
      const room = 1000 + Buffer.byteLength(written(whole.answer.body));
      const all9 = await findCandidates(NAME, { people: people(9), quirks: { maxReplyBytes: room } });
      expect(all9.quantities).to.deep.equal(['9', '9', '0']);
      const fewer = await findCandidates(NAME, { people: people(9), quirks: { maxReplyBytes: room - 1 } });
      expect(fewer.quantities).to.deep.equal(['9', '8', '1']);
      expect(fewer.told).to.deep.equal(people(8).map(({ nin }) => nin));
      expect(fewer.subjects).to.deep.equal(fewer.told);
      expect(1000 + Buffer.byteLength(written(fewer.answer.body))).to.be.lessThan(room);
    });

    it('is refused when not even one fits', async () => {
      const error = await rejectionOf(
        findCandidates(NAME, { people: people(3), quirks: { maxReplyBytes: 2000 } }),
      );
      expect(error).to.be.instanceOf(TooManyHits);
    });

    it('says NF however little room there is', async () => {
      const found = await findCandidates(NAME, { quirks: { maxReplyBytes: 10 } });
      expect(found.ending).to.equal('AA NF');
    });
  });

  describe('by number', () => {
    it('looks the number up and does not search', async () => {
      const found = await findCandidates(byNumber(A), { known });
      expect([found.ending, ...found.quantities]).to.deep.equal(['AA OK', '1', '1', '0']);
      expect([found.told, found.lookups, found.searches]).to.deep.equal([[A], [A], []]);
    });

    it('tells the audit trail the number asked for and the number told', async () => {
      expect((await findCandidates(byNumber(B), { known })).subjects).to.deep.equal([B, A]);
      expect((await findCandidates(byNumber(C), { known })).subjects).to.deep.equal([C]);
    });

    it('finds nobody when nobody has the number, or the other criteria do not fit', async () => {
      expect((await findCandidates(byNumber(C), { known })).ending).to.equal('AA NF');
      const fitting = await findCandidates(byNumber(A, B) + NAME, { known });
      expect(fitting.ending).to.equal('AA OK');
      const other = await findCandidates(byNumber(A) + parameter('personName', 'Per'), { known });
      expect([other.ending, ...other.quantities]).to.deep.equal(['AA NF', '0', '0', '0']);
    });

    it('refuses numbers of different people, and of one known and one not', async () => {
      const two = new Map([...known, [C, pregPerson({ nin: C })]]);
      for (const [numbers, people] of [
        [[A, C], two],
        [[A, C], known],
      ] as const) {
        const error = await rejectionOf(findCandidates(byNumber(...numbers), { known: people }));
        expect(error).to.be.instanceOf(InvalidQuery).and.have.property('parameter', 'personId');
      }
    });

    it('refuses more numbers than anybody has, before it looks any up', async () => {
      const numbers = Array.from({ length: 11 }, (_, index) => syntheticNumber(index));
      const error = await rejectionOf(findCandidates(byNumber(...numbers), { known }));
      expect(error).to.be.instanceOf(InvalidQuery).and.have.property('parameter', 'personId');
    });

    it('refuses criteria that the client may not see, in the message’s terms', async () => {
      const error = await rejectionOf(
        findCandidates(byNumber(A) + NAME, { known, visible: ['identity', 'birth'] }),
      );
      expect(error).to.be.instanceOf(InvalidQuery).and.have.property('parameter', 'personName');
    });
  });

  describe('refused', () => {
    const refusing = (parameterName: string) => () =>
      Promise.reject(new InvalidQuery(parameterName, 'cannot be served'));

    for (const [criterion, name] of [
      ['name', 'personName'],
      ['birth', 'personBirthTime'],
      ['gender', 'personAdministrativeGender'],
      ['deceased', 'personDeceased'],
      ['death', 'personDeceasedTime'],
      ['address', 'identifiedPersonAddress'],
      ['addressKind', 'identifiedPersonAddress'],
      ['street', 'identifiedPersonAddress streetAddressLine'],
      ['postalCode', 'identifiedPersonAddress postalCode'],
      ['postalPlace', 'identifiedPersonAddress city'],
      ['municipality', 'identifiedPersonAddress county'],
      ['municipalityName', 'identifiedPersonAddress county'],
      ['country', 'identifiedPersonAddress country'],
      ['secondCriterion', 'parameterList'],
      ['search', 'parameterList'],
      ['something else', 'parameterList'],
    ] as const) {
      it(`for ${criterion} is told of ${name}`, async () => {
        const error = await rejectionOf(findCandidates(NAME, { search: refusing(criterion) }));
        expect(error).to.be.instanceOf(InvalidQuery);
        expect(error.message).to.equal(`${name}: cannot be served`);
      });
    }

    const qe = { quirks: { refusedSearch: 'qe' as const } };

    for (const [what, parameters, ending, text] of [
      ['a missing parameter', '', 'AE QE SYN105', 'parameterList: holds nothing to search by.'],
      [
        'a malformed one',
        parameter('personBirthTime', '', 'value="x"'),
        'AE QE SYN102',
        'personBirthTime: is not a date or an interval of dates.',
      ],
      [
        'an unknown code',
        parameter('personAdministrativeGender', '', 'code="UN"'),
        'AE QE SYN106',
        'personAdministrativeGender: has a code that cannot be searched by.',
      ],
      [
        'two values',
        NAME + parameter('personName', 'Per'),
        'AE QE SYN108',
        'personName: has two values that differ.',
      ],
    ] as const) {
      it(`for ${what} is an answer with QE where the client wants it so`, async () => {
        const found = await findCandidates(parameters, qe);
        expect([found.ending, found.texts, ...found.quantities]).to.deep.equal([
          ending,
          [text],
          ...['0', '0', '0'],
        ]);
        expect(found.answer.outcome).to.equal('invalid-query');
      });
    }

    it('by the source is an answer with QE where the client wants it so', async () => {
      const found = await findCandidates(NAME, { ...qe, search: refusing('secondCriterion') });
      expect([found.ending, found.texts]).to.deep.equal([
        'AE QE SYN105',
        ['parameterList: cannot be served.'],
      ]);
      const name = await findCandidates(NAME, { ...qe, search: refusing('name') });
      expect([name.ending, name.texts]).to.deep.equal(['AE QE SYN102', ['personName: cannot be served.']]);
    });

    it('for too many hits is an answer with QE where the client wants it so', async () => {
      const search = (): Promise<never> => Promise.reject(new TooManyHits('not countable'));
      expect(await rejectionOf(findCandidates(NAME, { search }))).to.be.instanceOf(TooManyHits);
      const found = await findCandidates(NAME, { ...qe, search });
      expect([found.ending, found.answer.outcome]).to.deep.equal(['AE QE SYN110', 'too-many-hits']);
    });

    it('because upstream is down is a fault for everybody', async () => {
      const search = (): Promise<never> => Promise.reject(new UpstreamUnavailable('down'));
      expect(await rejectionOf(findCandidates(NAME, { ...qe, search }))).to.be.instanceOf(
        UpstreamUnavailable,
      );
    });
  });
});
