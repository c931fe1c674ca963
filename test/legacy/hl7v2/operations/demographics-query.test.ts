import { expect } from 'chai';
import { InvalidQuery } from '../../../../src/errors/errors.js';
import {
  askHl7v2,
  refusalLines,
  refusalOf,
  type QueryAnswer,
  type QuerySetting,
} from '../../../support/hl7v2-query.js';
import { dayIn, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const FNR = '2.16.578.1.12.4.1.4.1';
const A = syntheticNumber();
const known = new Map([[A, pregPerson({ nin: A, sn: 'NORDMANN', dateOfBirth: dayIn('1980-01-01') })]]);

const qrd = (subject: string, { quantity = '1^RD', rest = 'DEM^Demographics^HL70048' } = {}): string =>
  `QRD|20251103081504|R|I|A19-0001|||${quantity}|${subject}|${rest}`;

const ask = (subject: string, setting: QuerySetting = {}, ...others: string[]): Promise<QueryAnswer> =>
  askHl7v2('QRY^A19', [qrd(subject), ...others], { version: '2.4', ...setting });

describe('QRY^A19', () => {
  it('tells the person with that number, and that there is no visit', async () => {
    const found = await ask(A, { known });
    expect(found.lines).to.deep.equal([
      'QAK|A19-0001|OK||1|1|0',
      qrd(A),
      `PID|1||${A}^^^&${FNR}&ISO^NNNOR||NORDMANN^^^^^^L||19800101|U`,
      'PV1|1|N',
    ]);
    expect([found.outcome, found.subjects]).to.deep.equal(['found', [A]]);
  });

  it('says NF of nobody, and tells no PID', async () => {
    const found = await ask(A);
    expect(found.lines).to.deep.equal(['QAK|A19-0001|NF||0|0|0', qrd(A)]);
    expect(found.outcome).to.equal('not-found');
  });

  it('searches by the parts of a name, and by what QRF adds', async () => {
    const qrf = 'QRF|PAS||||@PID.7^19800101~@PID.8^M|ANY|ANY|ALL';
    const found = await ask('^Nordmann^Ola^Lie', { people: [pregPerson({ nin: A })] }, qrf);
    expect(found.searches[0]).to.deep.include({
      name: { family: 'Nordmann', given: 'Ola', middle: 'Lie' },
      birth: { from: '1980-01-01', to: '1980-01-01' },
      gender: 'M',
      withHelpNumbers: true,
    });
    expect(found.lines.map((line) => line.slice(0, 3))).to.deep.equal(['QAK', 'QRD', 'QRF', 'PID', 'PV1']);
    expect(found.lines[2]).to.equal(qrf);
  });

  it('lets a name beside the number have to fit', async () => {
    expect((await ask(`${A}^Nordmann`, { known })).outcome).to.equal('found');
    expect((await ask(`${A}^Hansen`, { known })).outcome).to.equal('not-found');
  });

  it('takes the authority of the number as QBP does', async () => {
    expect((await ask(`${A}^^^^^^^^&${FNR}&ISO`, { known })).outcome).to.equal('found');
    expect((await ask(`${A}^^^^^^^^^L^^^FNR`, { known })).outcome).to.equal('found');
    expect(await refusalOf('QRY^A19', [qrd(`${A}^^^^^^^^&1.2.3&ISO`)])).to.equal(
      'AE 204 QRD^1^8^1^9 QRD-8.9 is a domain whose numbers are not known here.',
    );
  });

  it('takes what old clients leave blank for what is usual', async () => {
    for (const line of [`QRD||||Q1||||${A}`, `QRD|20250101|R|I|Q1|||5|${A}|DEM||""|T`]) {
      expect((await askHl7v2('QRY^A19', [line], { known })).outcome).to.equal('found');
    }
  });

  describe('refuses (Safety S3)', () => {
    const rest = (text: string): string => qrd(A, { rest: text });
    for (const [name, lines, expected] of [
      ['no QRD', [], 'AE 100 QRD^1 There is no segment QRD.'],
      ['no query id', [`QRD||R|I||||1|${A}|DEM`], 'AE 101 QRD^1^4 The query id is missing.'],
      ['no subject', [qrd('')], 'AE 101 QRD^1^8 The subject is missing.'],
      ['two subjects', [qrd(`${A}~${A}`)], 'AE 102 QRD^1^8^2 QRD-8 has more than one subject.'],
      ['no number', [qrd('12345')], 'AE 102 QRD^1^8^1^1 QRD-8.1 is not 11 digits, or 12 for a DUF number.'],
      ['a prefix of the name', [qrd('^NORD^OLA^^^DR')], 'AE 204 QRD^1^8^1^6 QRD-8.6 cannot be searched by.'],
      [
        'a prefix of the surname',
        [qrd('^NORD&VAN^OLA')],
        'AE 204 QRD^1^8^1^2 QRD-8.2 cannot be searched by.',
      ],
      ['a maiden name', [qrd('^NORD^OLA^^^^^^^M')], 'AE 204 QRD^1^8^1^10 QRD-8.10 cannot be searched by.'],
      ['display', [`QRD||D|I|Q1|||1|${A}|DEM`], 'AE 103 QRD^1^2 QRD-2 asks for what is not offered.'],
      ['deferred', [`QRD||R|D|Q1|||1|${A}|DEM`], 'AE 103 QRD^1^3 QRD-3 asks for what is not offered.'],
      ['results', [rest('RES')], 'AE 103 QRD^1^9 QRD-9 asks for what is not offered.'],
      ['results as well', [rest('DEM~RES')], 'AE 103 QRD^1^9^2 QRD-9 asks for what is not offered.'],
      ['values', [rest('DEM||A')], 'AE 103 QRD^1^11 QRD-11 asks for what is not offered.'],
      ['status alone', [rest('DEM|||S')], 'AE 103 QRD^1^12 QRD-12 asks for what is not offered.'],
      ['lines', [qrd(A, { quantity: '10^LI' })], 'AE 103 QRD^1^7^1^2 QRD-7 counts in another unit than RD.'],
      [
        'nobody wanted',
        [qrd(A, { quantity: '0^RD' })],
        'AE 102 QRD^1^7^1^1 QRD-7 is not a whole number from 1.',
      ],
      ['a day', [qrd(A), 'QRF|PAS|20200101'], 'AE 103 QRF^1^2 QRF-2 asks for what is not offered.'],
      ['what QRF-4 adds', [qrd(A), 'QRF|PAS|||X'], 'AE 103 QRF^1^4 QRF-4 asks for what is not offered.'],
      [
        'what QRF-5 adds',
        [qrd(A), 'QRF|PAS||||WARD 7'],
        'AE 204 QRF^1^5^1^1 Parameter 1 is not a known parameter.',
      ],
      [
        'a number in QRF that differs',
        [qrd(A), `QRF|PAS||||@PID.3.1^${syntheticNumber(1)}`],
        'AE 102 QRF^1^5^1^2 @PID.3.1 has two values that differ.',
      ],
    ] as const) {
      it(name, async () => {
        expect(await refusalOf('QRY^A19', lines, { known })).to.equal(expected);
      });
    }

    it('a name alone, with the reason of the register', async () => {
      const search = () => Promise.reject(new InvalidQuery('secondCriterion', 'a birth date is needed'));
      expect(await refusalOf('QRY^A19', [qrd('^NORDMANN^OLA')], { registry: { search } })).to.equal(
        'AE 101 QRD^1^8 Second criterion: a birth date is needed.',
      );
    });

    it('and echoes the query, with AE or AR in QAK and never NF', () => {
      expect(refusalLines('QRY^A19', [qrd(A), 'QRF|PAS'])).to.deep.equal([
        'QAK|A19-0001|AE',
        qrd(A),
        'QRF|PAS',
      ]);
      expect(refusalLines('QRY^A19', [], 'AR')).to.deep.equal(['QAK||AR']);
    });
  });
});
