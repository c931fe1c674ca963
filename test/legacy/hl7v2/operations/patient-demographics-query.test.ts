import { expect } from 'chai';
import { InvalidQuery, TooManyHits, UpstreamUnavailable } from '../../../../src/errors/errors.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import {
  askHl7v2,
  refusalLines,
  refusalOf,
  type QueryAnswer,
  type QuerySetting,
} from '../../../support/hl7v2-query.js';
import { fieldOf } from '../../../support/hl7v2-segments.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const FNR = '2.16.578.1.12.4.1.4.1';
const DNR = '2.16.578.1.12.4.1.4.2';
const FHN = '2.16.578.1.12.4.1.4.3';
const A = syntheticNumber();
const B = syntheticNumber(1);
const RCP = 'RCP|I|10^RD';
const NAME = '@PID.5.1^NORDMANN~@PID.5.2^OLA~@PID.7^19800101';

const qpd = (parameters: string, domains = ''): string =>
  `QPD|IHE PDQ Query|PDQ1|${parameters}${domains === '' ? '' : `|||||${domains}`}`;

const ask = (parameters: string, setting: QuerySetting = {}, domains = ''): Promise<QueryAnswer> =>
  askHl7v2('QBP^Q22', [qpd(parameters, domains), RCP], setting);

const refusal = (parameters: string, setting: QuerySetting = {}, domains = ''): Promise<string | undefined> =>
  refusalOf('QBP^Q22', [qpd(parameters, domains), RCP], setting);

const ola = pregPerson({
  nin: A,
  givenName: 'OLA',
  sn: 'NORDMANN',
  gender: 'M',
  dateOfBirth: dayIn('1980-01-01'),
  supersededNINs: [B],
  addresses: [
    pregAddress({
      postalAddress: 'STORGATA 1',
      postalPlace: 'OSLO',
      postalCode: '0150',
      st: '0301',
      source: 'residential',
    }),
  ],
});
const known = new Map([A, B].map((number) => [number as string, ola]));

function people(count: number): readonly PregPerson[] {
  return Array.from({ length: count }, (_, index) =>
    pregPerson({ nin: syntheticNumber(index), sn: 'NORDMANN' }),
  );
}

describe('QBP^Q22', () => {
  describe('by number', () => {
    it('tells the one person with certainty, and repeats the query', async () => {
      const found = await ask(`@PID.3.1^${A}~@PID.3.4.2^${FNR}~@PID.3.4.3^ISO`, { known });
      expect(found.lines.slice(0, 2)).to.deep.equal([
        'QAK|PDQ1|OK|IHE PDQ Query|1|1|0',
        qpd(`@PID.3.1^${A}~@PID.3.4.2^${FNR}~@PID.3.4.3^ISO`),
      ]);
      expect(found.lines.slice(2).map((line) => line.slice(0, 3))).to.deep.equal(['PID', 'QRI']);
      expect(found.lines[3]).to.equal('QRI|100');
      expect([found.outcome, found.lookups, found.searches]).to.deep.equal(['found', [A], []]);
    });

    it('tells the record in use of a number that gave way, and both to the audit trail', async () => {
      const found = await ask(`@PID.3.1^${B}`, { known });
      expect(
        fieldOf(found.lines[2] ?? '', 3)
          .split('~')
          .map((id) => id.slice(0, 11)),
      ).to.deep.equal([A, B]);
      expect(found.subjects).to.deep.equal([B, A]);
    });

    it('says NF of nobody ("Decided" 7), and names the number to the audit trail', async () => {
      const found = await ask(`@PID.3.1^${A}`);
      expect(found.lines).to.deep.equal(['QAK|PDQ1|NF|IHE PDQ Query|0|0|0', qpd(`@PID.3.1^${A}`)]);
      expect([found.outcome, found.subjects]).to.deep.equal(['not-found', [A]]);
    });

    it('asks about odd check digits all the same (Safety S6)', async () => {
      expect((await ask('@PID.3.1^00000000000')).lookups).to.deep.equal(['00000000000']);
    });

    for (const id of ['1234567890', '1234567890123', '12345 67890', '1234567890A', '*']) {
      it(`refuses what is no number: ${id}`, async () => {
        expect(await refusal(`@PID.3.1^${id}`)).to.equal(
          'AE 102 QPD^1^3^1^2 @PID.3.1 is not 11 digits, or 12 for a DUF number.',
        );
      });
    }

    it('finds nobody when the other criteria do not fit', async () => {
      expect((await ask(`@PID.3.1^${A}~${NAME}~@PID.8^M`, { known })).outcome).to.equal('found');
      expect((await ask(`@PID.3.1^${A}~@PID.5.1^HANSEN`, { known })).outcome).to.equal('not-found');
      expect((await ask(`@PID.3.1^${A}~@PID.11.9^0301`, { known })).outcome).to.equal('found');
    });

    it('finds nobody protected by an address (Safety S2)', async () => {
      const hidden = { ...ola, addresses: ola.addresses.map((address) => ({ ...address, postalType: 7 })) };
      const setting = { known: new Map([[A, hidden]]) };
      expect((await ask(`@PID.3.1^${A}~@PID.11.9^0301`, setting)).outcome).to.equal('not-found');
      const byName = await ask(`@PID.3.1^${A}~${NAME}`, setting);
      expect(byName.outcome).to.equal('found');
      expect(byName.lines[3]).to.equal('PD1||||||||||||Y');
    });

    it('refuses a second, different number', async () => {
      expect(await refusal(`@PID.3.1^${A}~@PID.3.1^${B}`, { known })).to.equal(
        'AE 102 QPD^1^3^2^2 @PID.3.1 has two values that differ.',
      );
      expect((await ask(`@PID.3.1^${A}~@PID.3.1^${A}`, { known })).outcome).to.equal('found');
    });

    it('refuses criteria that the client may not see: the answer would tell them', async () => {
      const setting = { known, visible: ['identity', 'birth'] } as const;
      expect(await refusal(`@PID.3.1^${A}~@PID.5.1^NORDMANN`, setting)).to.equal(
        'AE 102 QPD^1^3^2^2 @PID.5.1: outside the access profile.',
      );
    });

    it('refuses the parts of an authority without a number', async () => {
      expect(await refusal(`@PID.3.4.2^${FNR}`)).to.equal(
        'AE 101 QPD^1^3^1^2 @PID.3.4.2 is told without an identifier.',
      );
    });
  });

  describe('whose number it is', () => {
    for (const parts of [
      `@PID.3.4.2^${FNR}`,
      `@PID.3.4.2^${DNR}`,
      `@PID.3.4.2^${FHN}~@PID.3.4.3^iso`,
      `@PID.3.4.2^${FNR}~@PID.3.4.1^DIPS~@PID.3.5^MR`,
      ...['FNR', 'DNR', 'FHN', 'NN', 'NNNOR', 'PI', 'folkereg'].map((type) => `@PID.3.5^${type}`),
      '@PID.3.4^FOLKEREG~@PID.3.5^PI',
      '@PID.3.4.1^DIPS~@PID.3.5^FNR',
      `@PID.3.4.1^${FNR}`,
    ]) {
      it(`may be told by ${parts}`, async () => {
        expect((await ask(`@PID.3.1^${A}~${parts}`, { known })).outcome).to.equal('found');
      });
    }

    it('may be a DUF number’s own domain', async () => {
      const duf = '209900000417';
      const parts = '@PID.3.4.2^2.16.578.1.12.4.1.4.5';
      expect((await ask(`@PID.3.1^${duf}~${parts}`)).lookups).to.deep.equal([duf]);
      expect(await refusal(`@PID.3.1^${A}~${parts}`)).to.contain('AE 204 QPD^1^3^2^2');
    });

    for (const [parts, place] of [
      ['@PID.3.4.2^2.16.578.1.12.4.1.4.4', 2],
      ['@PID.3.4.2^1.2.3~@PID.3.5^FNR', 2],
      ['@PID.3.5^HNR', 2],
      ['@PID.3.5^MR', 2],
      ['@PID.3.4.1^FOLKEREG~@PID.3.5^HNR', 3],
      ['@PID.3.4.1^DIPS', 2],
      ['@PID.3.4.1^DIPS~@PID.3.5^PI', 2],
    ] as const) {
      it(`is not known here: ${parts}`, async () => {
        const answer = await refusal(`@PID.3.1^${A}~${parts}`, { known });
        expect(answer).to.match(new RegExp(`^AE 204 QPD\\^1\\^3\\^${place}\\^2 @PID`));
      });
    }

    it('is told by ISO’s OIDs alone', async () => {
      expect(await refusal(`@PID.3.1^${A}~@PID.3.4.2^${FNR}~@PID.3.4.3^DNS`)).to.equal(
        'AE 103 QPD^1^3^3^2 @PID.3.4.3 is not ISO.',
      );
    });
  });

  describe('by criteria', () => {
    it('makes a criterion of every parameter', async () => {
      const { searches } = await ask(
        '@PID.5.1.1^Fjørvåg~@PID.5.2^Åse~@PID.5.3^Lie~@PID.7.1^19900724~@PID.8^f~' +
          '@PID.11.1^Storgata 1~@PID.11.3^Oslo~@PID.11.5^0150~@PID.11.9^0301~@PID.11.6^NO',
      );
      expect(searches).to.deep.equal([
        {
          name: { family: 'Fjørvåg', given: 'Åse', middle: 'Lie' },
          birth: { from: '1990-07-24', to: '1990-07-24' },
          gender: 'F',
          address: {
            street: 'Storgata 1',
            postalPlace: 'Oslo',
            postalCode: '0150',
            municipality: '0301',
            country: 'NOR',
          },
          withHelpNumbers: true,
          limit: 1000,
        },
      ]);
    });

    it('tells whom it finds in their order, how many, and to the audit trail whom it told', async () => {
      const found = await ask(NAME, { people: people(2) });
      expect(found.lines.map((line) => line.slice(0, 6))).to.deep.equal([
        'QAK|PD',
        'QPD|IH',
        'PID|1|',
        'PID|2|',
      ]);
      expect(fieldOf(found.lines[0] ?? '', 4)).to.equal('2');
      expect(found.subjects).to.deep.equal([A, B]);
    });

    it('says NF when nobody fits', async () => {
      const found = await ask(NAME);
      expect([found.outcome, found.lines[0]]).to.deep.equal(['not-found', 'QAK|PDQ1|NF|IHE PDQ Query|0|0|0']);
    });

    it('leaves a trailing * to the register ("Decided" 9)', async () => {
      const { searches } = await ask('@PID.5.1^NORD*~@PID.7^1980');
      expect(searches[0]?.name).to.deep.equal({ family: 'NORD*', given: undefined, middle: undefined });
    });

    it('knows dates to the year, the month and the day, and cuts times off', async () => {
      for (const [value, from, to] of [
        ['1990', '1990-01-01', '1990-12-31'],
        ['199002', '1990-02-01', '1990-02-28'],
        ['19900724101500', '1990-07-24', '1990-07-24'],
      ] as const) {
        expect((await ask(`@PID.7^${value}`)).searches[0]?.birth).to.deep.equal({ from, to });
      }
    });

    it('knows countries by alpha-3, alpha-2 and DSF code', async () => {
      for (const code of ['SWE', 'se', '106']) {
        expect((await ask(`@PID.11.6^${code}`)).searches[0]?.address?.country).to.equal('SWE');
      }
    });

    it('takes no notice of parameters that are left blank', async () => {
      const found = await ask('@PID.5.1^NORDMANN~@PID.8^~~@PID.7^1980~@PID.5.2^""');
      expect(found.searches[0]).to.deep.include({ gender: undefined });
      expect(found.searches[0]?.name).to.deep.equal({
        family: 'NORDMANN',
        given: undefined,
        middle: undefined,
      });
    });

    it('knows parameters whatever their case', async () => {
      expect((await ask('@pid.5.1^NORDMANN~@PID.7^1980')).searches).to.have.length(1);
    });
  });

  describe('refuses, by name, and never says that there is nobody (Safety S3)', () => {
    for (const [parameters, expected] of [
      ['', 'AE 101 QPD^1^3 There is nothing to search by.'],
      ['@PID.5.1^', 'AE 101 QPD^1^3 There is nothing to search by.'],
      ['@PID.13^12345678', 'AE 204 QPD^1^3^1^1 @PID.13 is not a known parameter.'],
      ['@PID.5.1^NORD~@PID.18.1^7', 'AE 204 QPD^1^3^2^1 @PID.18.1 is not a known parameter.'],
      ['@PID.11.8^0304', 'AE 204 QPD^1^3^1^1 @PID.11.8 is not a known parameter.'],
      ['OLA NORDMANN^1', 'AE 204 QPD^1^3^1^1 Parameter 1 is not a known parameter.'],
      ['^NORDMANN', 'AE 204 QPD^1^3^1^1 Parameter 1 is not a known parameter.'],
      ['@PID.5.1&X^NORDMANN', 'AE 204 QPD^1^3^1^1 @PID.5.1 is not a known parameter.'],
      ['@PID.5.1^NORD^OLA', 'AE 102 QPD^1^3^1^2 @PID.5.1 has more than one value.'],
      ['@PID.5.1^NORD&OLA', 'AE 102 QPD^1^3^1^2 @PID.5.1 has more than one value.'],
      ['@PID.5.1^NORD~@PID.5.1.1^SØR', 'AE 102 QPD^1^3^2^2 @PID.5.1.1 has two values that differ.'],
      ['@PID.5.1^*NORD', 'AE 102 QPD^1^3^1^2 @PID.5.1 has another wildcard than one * at the end.'],
      [
        '@PID.5.1^NORD~@PID.5.2^O*A',
        'AE 102 QPD^1^3^2^2 @PID.5.2 has another wildcard than one * at the end.',
      ],
      ['@PID.11.1^Stor?gata', 'AE 102 QPD^1^3^1^2 @PID.11.1 has another wildcard than one * at the end.'],
      ['@PID.11.3^O%', 'AE 102 QPD^1^3^1^2 @PID.11.3 has another wildcard than one * at the end.'],
      ['@PID.7^24.07.1990', 'AE 102 QPD^1^3^1^2 @PID.7 is not a date.'],
      ['@PID.7^19900230', 'AE 102 QPD^1^3^1^2 @PID.7 is not a date.'],
      ['@PID.8^U', 'AE 103 QPD^1^3^1^2 @PID.8 can be searched by with F and M alone.'],
      ['@PID.8^K', 'AE 103 QPD^1^3^1^2 @PID.8 can be searched by with F and M alone.'],
      ['@PID.11.5^150', 'AE 102 QPD^1^3^1^2 @PID.11.5 is not four digits.'],
      ['@PID.11.9^Oslo', 'AE 102 QPD^1^3^1^2 @PID.11.9 is not four digits.'],
      ['@PID.11.6^XYZ', 'AE 103 QPD^1^3^1^2 @PID.11.6 is not a country that is known by this code.'],
      ['@PID.11.6^135', undefined],
    ] as const) {
      it(`${parameters || 'nothing'}: ${expected ?? 'answered'}`, async () => {
        expect(await refusal(parameters)).to.equal(expected);
      });
    }

    for (const [criterion, problem, expected] of [
      ['name', 'too short', 'AE 102 QPD^1^3^1^2 @PID.5.1: too short.'],
      ['birth', 'odd', 'AE 102 QPD^1^3^3^2 @PID.7: odd.'],
      ['secondCriterion', 'is needed', 'AE 101 QPD^1^3 Second criterion: is needed.'],
      ['gender', 'odd', 'AE 101 QPD^1^3 The query: odd.'],
      ['street', 'odd', 'AE 101 QPD^1^3 The query: odd.'],
    ] as const) {
      it(`what the register refuses, in the message’s terms: ${criterion}`, async () => {
        const search = () => Promise.reject(new InvalidQuery(criterion, problem));
        expect(await refusal(NAME, { registry: { search } })).to.equal(expected);
      });
    }

    it('a search without a name', async () => {
      const search = () => Promise.reject(new InvalidQuery('name', 'at least 3 letters of names are needed'));
      expect(await refusal('@PID.7^19800101', { registry: { search } })).to.equal(
        'AE 101 QPD^1^3 Name: at least 3 letters of names are needed.',
      );
    });

    it('an address by the part of it that was given', async () => {
      const search = () => Promise.reject(new InvalidQuery('address', 'outside the access profile'));
      expect(await refusal(`${NAME}~@PID.11.5^0150`, { registry: { search } })).to.equal(
        'AE 102 QPD^1^3^4^2 @PID.11.5: outside the access profile.',
      );
    });

    it('and lets trouble be trouble ("Decided" 8)', async () => {
      for (const error of [new UpstreamUnavailable('down'), new TooManyHits('many')]) {
        const search = () => Promise.reject(error);
        expect(await rejectionOf(ask(NAME, { registry: { search } }))).to.equal(error);
        const lookup = search;
        expect(await rejectionOf(ask(`@PID.3.1^${A}`, { registry: { lookup } }))).to.equal(error);
      }
    });
  });

  describe('the message around the parameters', () => {
    for (const [name, lines, expected] of [
      ['no QPD', [RCP], 'AE 100 QPD^1 There is no segment QPD.'],
      ['two QPD', [qpd(NAME), qpd(NAME)], 'AE 100 QPD^2 There is more than one segment QPD.'],
      ['two RCP', [qpd(NAME), RCP, RCP], 'AE 100 RCP^2 There is more than one segment RCP.'],
      ['no query name', [`QPD||PDQ1|${NAME}`], 'AE 101 QPD^1^1 The name of the query is missing.'],
      ['no query tag', [`QPD|IHE PDQ Query||${NAME}`], 'AE 101 QPD^1^2 The query tag is missing.'],
      ['an unknown field', [`${qpd(NAME)}||||||X`], 'AE 204 QPD^1^9 QPD-9 is not a known parameter.'],
      ['deferred', [qpd(NAME), 'RCP|D|10^RD'], 'AE 103 RCP^1^1 RCP-1 asks for what is not offered.'],
      ['a batch', [qpd(NAME), 'RCP|I|10^RD|B'], 'AE 103 RCP^1^3 RCP-3 asks for what is not offered.'],
      ['later', [qpd(NAME), 'RCP|I|10^RD|R|20300101'], 'AE 103 RCP^1^4 RCP-4 asks for what is not offered.'],
      [
        'sorted',
        [qpd(NAME), 'RCP|I|10^RD|R|||PID.5^A'],
        'AE 103 RCP^1^6 RCP-6 asks for what is not offered.',
      ],
      ['nobody wanted', [qpd(NAME), 'RCP|I|0^RD'], 'AE 102 RCP^1^2^1^1 RCP-2 is not a whole number from 1.'],
      ['junk wanted', [qpd(NAME), 'RCP|I|ten^RD'], 'AE 102 RCP^1^2^1^1 RCP-2 is not a whole number from 1.'],
      [
        'fewer than nobody',
        [qpd(NAME), 'RCP|I|-1'],
        'AE 102 RCP^1^2^1^1 RCP-2 is not a whole number from 1.',
      ],
      ['pages', [qpd(NAME), 'RCP|I|1^PG'], 'AE 103 RCP^1^2^1^2 RCP-2 counts in another unit than RD.'],
      [
        'a fragment',
        [qpd(NAME), RCP, 'DSC|x|F'],
        'AE 103 DSC^1^2 DSC-2 is a kind of continuation that is not offered.',
      ],
    ] as const) {
      it(`is refused: ${name}`, async () => {
        expect(await refusalOf('QBP^Q22', lines)).to.equal(expected);
      });
    }

    it('may do without RCP, or with blank fields of it', async () => {
      for (const lines of [
        [qpd(NAME)],
        [qpd(NAME), 'RCP|I'],
        [qpd(NAME), 'RCP'],
        [qpd(NAME), 'RCP|I||R||N'],
      ]) {
        const found = await askHl7v2('QBP^Q22', lines, { people: people(30) });
        expect(fieldOf(found.lines[0] ?? '', 5)).to.equal('20');
      }
    });

    it('tells as many as are wanted, at most 100', async () => {
      for (const [wanted, told] of [
        ['1^RD', '1'],
        ['+07', '7'],
        ['100^RD', '100'],
        ['101^RD', '100'],
        [`${'9'.repeat(400)}^RD`, '100'],
      ] as const) {
        const found = await askHl7v2('QBP^Q22', [qpd(NAME), `RCP|I|${wanted}`], { people: people(120) });
        expect(fieldOf(found.lines[0] ?? '', 5)).to.equal(told);
      }
    });

    it('is echoed when it is refused, with AE or AR in QAK and never NF', () => {
      expect(refusalLines('QBP^Q22', [qpd(NAME), RCP])).to.deep.equal([
        'QAK|PDQ1|AE|IHE PDQ Query',
        qpd(NAME),
      ]);
      expect(refusalLines('QBP^Q22', [qpd(NAME)], 'AR')[0]).to.equal('QAK|PDQ1|AR|IHE PDQ Query');
      expect(refusalLines('QBP^Q22', [RCP])).to.deep.equal(['QAK||AE']);
    });
  });

  describe('the domains wanted (QPD-8)', () => {
    const domain = (oid: string): string => `^^^&${oid}&ISO`;

    it('are the numbers that are told', async () => {
      const help = pregPerson({ nin: A, alternativeNINs: [syntheticNumber(5)] });
      const d = `4${A.slice(1)}`;
      const both = { ...help, supersededNINs: [] as const };
      const found = await ask(`@PID.3.1^${A}`, { known: new Map([[A, both]]) }, domain(FNR));
      expect(fieldOf(found.lines[2] ?? '', 3))
        .to.contain(A)
        .and.not.contain(d);
    });

    it('leave out, and uncounted, whoever has no number of them', async () => {
      const d = pregPerson({ nin: syntheticNumber(3), supersededNINs: [] });
      const setting = { people: [ola, d], known };
      const found = await ask(NAME, setting, domain(FHN));
      expect(found.lines[0]).to.equal('QAK|PDQ1|NF|IHE PDQ Query|0|0|0');
      expect((await ask(`@PID.3.1^${A}`, setting, domain(DNR))).outcome).to.equal('not-found');
      const all = await ask(NAME, setting, `${domain(FHN)}~${domain(FNR)}`);
      expect(all.lines[0]).to.equal('QAK|PDQ1|OK|IHE PDQ Query|2|2|0');
    });

    it('are too many to be counted where the hits are not all known (Safety S4)', async () => {
      const setting = { people: people(10), total: 2000 };
      expect(await rejectionOf(ask(NAME, setting, domain(FNR)))).to.be.instanceOf(TooManyHits);
      expect((await ask(NAME, setting)).outcome).to.equal('found');
    });

    it('may be told by name, or left blank', async () => {
      for (const wanted of ['^^^FNR', '^^^FOLKEREG', `^^^${FNR}`, '^^^', '""']) {
        expect((await ask(`@PID.3.1^${A}`, { known }, wanted)).outcome, wanted).to.equal('found');
      }
    });

    for (const [wanted, place] of [
      [domain('2.16.578.1.12.4.1.4.4'), 'QPD^1^8'],
      [domain('1.2.3'), 'QPD^1^8'],
      ['^^^METRO HOSPITAL', 'QPD^1^8'],
      ['^^^HNR', 'QPD^1^8'],
      [`^^^&${FNR}&DNS`, 'QPD^1^8'],
      [`${domain(FNR)}~${domain('1.2.3')}`, 'QPD^1^8^2'],
    ] as const) {
      it(`are refused when they are not known: ${wanted}`, async () => {
        expect(await refusal(NAME, {}, wanted)).to.equal(
          `AE 204 ${place} QPD-8 is a domain that is not known here.`,
        );
      });
    }

    it('are refused with an identifier beside them', async () => {
      expect(await refusal(NAME, {}, `${A}^^^&${FNR}&ISO`)).to.equal(
        'AE 102 QPD^1^8 QPD-8 has an identifier besides a domain.',
      );
    });
  });

  it('calls numbers as it is set up to', async () => {
    const found = await ask(`@PID.3.1^${A}`, { known, identifierTypes: 'volven' });
    expect(fieldOf(found.lines[2] ?? '', 3)).to.match(/&ISO\^FNR/);
  });

  it('leaves blank what the profile does not show, in an unchanged structure', async () => {
    const seen = pregPerson({ nin: A });
    const found = await ask(`@PID.3.1^${A}`, {
      known: new Map([[A, seen]]),
      visible: ['identity'],
    });
    expect(found.lines.slice(2)).to.deep.equal([`PID|1||${A}^^^&${FNR}&ISO^NNNOR`, 'QRI|100']);
  });
});
