import { expect } from 'chai';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import {
  askHl7v2,
  refusalOf,
  rememberedContinuations,
  type QueryAnswer,
  type QuerySetting,
} from '../../../support/hl7v2-query.js';
import { fieldOf } from '../../../support/hl7v2-segments.js';
import { memoryStore } from '../../../support/memory-store.js';
import { pregAddress, pregPerson } from '../../../support/preg-person.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const QPD = 'QPD|IHE PDQ Query|PDQ1|@PID.5.1^NORDMANN~@PID.7^1980';
const BY_ADDRESS = `${QPD}~@PID.11.9^0301`;
const RCP = 'RCP|I|10^RD';

function people(count: number): readonly PregPerson[] {
  return Array.from({ length: count }, (_, index) =>
    pregPerson({ nin: syntheticNumber(index), sn: 'NORDMANN' }),
  );
}

const protectedNow = (person: PregPerson): PregPerson => ({
  ...person,
  addresses: [pregAddress({ postalType: 7 })],
});

function setting(count: number, change: Partial<QuerySetting> = {}): QuerySetting {
  return { people: people(count), continuations: rememberedContinuations(), ...change };
}

function pointerOf({ lines }: QueryAnswer): string {
  return fieldOf(lines.find((line) => line.startsWith('DSC')) ?? '', 1);
}

function countsOf({ lines }: QueryAnswer): readonly string[] {
  return [2, 4, 5, 6].map((field) => fieldOf(lines[0] ?? '', field));
}

function toldBy({ lines }: QueryAnswer): readonly string[] {
  return lines.filter((line) => line.startsWith('PID')).map((line) => fieldOf(line, 3).slice(0, 11));
}

const ask = (given: QuerySetting, pointer?: string, query = QPD): Promise<QueryAnswer> =>
  askHl7v2('QBP^Q22', [query, RCP, ...(pointer === undefined ? [] : [`DSC|${pointer}|I`])], given);

const UNKNOWN = 'AE 204 DSC^1^1 DSC-1 is not known, or no longer: ask anew.';
const ANOTHER = 'AE 204 DSC^1^1 DSC-1 is the continuation of another query.';

describe('a query that is continued', () => {
  it('tells everybody, page by page, with the true total on each (Safety S4)', async () => {
    const given = setting(25);
    const told: string[] = [];
    const counts: (readonly string[])[] = [];
    let pointer: string | undefined;
    do {
      const page = await ask(given, pointer);
      told.push(...toldBy(page));
      counts.push(countsOf(page));
      pointer = pointerOf(page);
    } while (pointer !== '');
    expect(counts).to.deep.equal([
      ['OK', '25', '10', '15'],
      ['OK', '25', '10', '5'],
      ['OK', '25', '5', '0'],
    ]);
    expect(told).to.deep.equal(people(25).map(({ nin }) => nin));
  });

  it('is searched once; the rest is looked up by number, and told to the audit trail', async () => {
    const given = setting(15);
    const first = await ask(given);
    expect([first.searches.length, first.manyLookups]).to.deep.equal([1, []]);
    const second = await ask(given, pointerOf(first));
    const rest = people(15)
      .slice(10)
      .map(({ nin }) => nin);
    expect([second.searches, second.manyLookups, second.subjects]).to.deep.equal([[], [rest], rest]);
    expect(fieldOf(second.lines.find((line) => line.startsWith('PID')) ?? '', 1)).to.equal('1');
  });

  it('has DSC behind the people, and none behind the last', async () => {
    const given = setting(11);
    const first = await ask(given);
    expect(first.lines.at(-1)).to.match(/^DSC\|kept1\.10\|I$/);
    expect((await ask(given, pointerOf(first))).lines.at(-1)).to.match(/^PID/);
    expect((await ask(setting(10))).lines.at(-1)).to.match(/^PID/);
  });

  it('may be asked again for the same page: the answer may have been lost', async () => {
    const given = setting(35);
    const pointer = pointerOf(await ask(given));
    const [once, again] = [await ask(given, pointer), await ask(given, pointer)];
    expect(again.lines).to.deep.equal(once.lines);
  });

  it('may ask for pages of another size', async () => {
    const given = setting(25);
    const pointer = pointerOf(await ask(given));
    const page = await askHl7v2('QBP^Q22', [QPD, 'RCP|I|3^RD', `DSC|${pointer}`], given);
    expect(countsOf(page)).to.deep.equal(['OK', '25', '3', '12']);
  });

  it('says how many there are beyond those that can be told', async () => {
    const given = setting(12, { total: 4000 });
    const first = await ask(given);
    expect(countsOf(first)).to.deep.equal(['OK', '4000', '10', '3990']);
    const second = await ask(given, pointerOf(first));
    expect([countsOf(second), pointerOf(second)]).to.deep.equal([['OK', '4000', '2', '3988'], '']);
  });

  it('keeps as many hits as it is set up to', async () => {
    const given = setting(60, { maxHits: 30, total: 60 });
    const first = await ask(given);
    expect(first.searches[0]?.limit).to.equal(30);
    expect(countsOf(first)).to.deep.equal(['OK', '60', '10', '50']);
  });

  it('neither tells nor counts whoever is protected by now, when an address was searched by (Safety S2)', async () => {
    const hidden = syntheticNumber(12);
    const known = new Map([[hidden, protectedNow(pregPerson({ nin: hidden }))]]);
    for (const [query, told, total] of [
      [BY_ADDRESS, 4, '14'],
      [QPD, 5, '15'],
    ] as const) {
      const given = setting(15);
      const pointer = pointerOf(await ask(given, undefined, query));
      const page = await ask({ ...given, known }, pointer, query);
      expect(toldBy(page)).to.have.length(told);
      expect(countsOf(page)).to.deep.equal(['OK', total, String(told), '0']);
    }
  });

  it('counts on each page by the search, but for those whom that page leaves out', async () => {
    const given = setting(25);
    const second = pointerOf(await ask(given));
    const gone = people(25).filter((_, index) => index !== 12);
    const page = await ask({ ...given, people: gone }, second);
    expect(countsOf(page)).to.deep.equal(['OK', '24', '9', '5']);
    const last = await ask({ ...given, people: gone }, pointerOf(page));
    expect(countsOf(last)).to.deep.equal(['OK', '25', '5', '0']);
    expect(countsOf(await ask({ ...given, people: gone }, second))).to.deep.equal(countsOf(page));
  });

  it('tells protection that was set since the search (Safety S1, S10)', async () => {
    const given = setting(11);
    const pointer = pointerOf(await ask(given));
    const last = syntheticNumber(10);
    const known = new Map([[last, protectedNow(pregPerson({ nin: last }))]]);
    const page = await ask({ ...given, known }, pointer);
    expect(page.lines.at(-1)).to.equal('PD1||||||||||||Y');
  });

  it('leaves out who is not found any more, and tells once who became one person', async () => {
    const given = setting(15);
    const pointer = pointerOf(await ask(given));
    const merged = pregPerson({ nin: syntheticNumber(14) });
    const known = new Map([[syntheticNumber(13), merged]]);
    const gone = people(15).filter((_, index) => index !== 10);
    const page = await ask({ ...given, people: gone, known }, pointer);
    expect(toldBy(page)).to.deep.equal([11, 12, 14].map((index) => syntheticNumber(index)));
    expect(countsOf(page)).to.deep.equal(['OK', '13', '3', '0']);
  });

  it('never says that there is nobody where a page has nobody left (Safety S3)', async () => {
    const given = setting(15);
    const pointer = pointerOf(await ask(given));
    const page = await ask({ ...given, people: [] }, pointer);
    expect([countsOf(page), page.outcome]).to.deep.equal([['OK', '10', '0', '0'], 'found']);
  });

  it('is refused for the query of another, with another tag, or with other words', async () => {
    const given = setting(15);
    const pointer = pointerOf(await ask(given));
    const refusal = (query: string, change: Partial<QuerySetting> = {}): Promise<string | undefined> =>
      refusalOf('QBP^Q22', [query, RCP, `DSC|${pointer}|I`], { ...given, ...change });
    expect(await refusal(QPD, { clientId: 'ris' })).to.equal(UNKNOWN);
    expect(await refusal(QPD.replace('PDQ1', 'PDQ2'))).to.equal(ANOTHER);
    expect(await refusal(QPD.replace('1980', '1981'))).to.equal(ANOTHER);
    expect(await refusal('QPD|IHE PDQ Query|PDQ1|@PID.3.1^' + syntheticNumber())).to.equal(ANOTHER);
    expect(await refusal(QPD)).to.equal(undefined);
  });

  for (const pointer of [
    'x',
    'kept1',
    'kept1.0',
    'kept1.15',
    'kept1.-1',
    'kept1.1e3',
    '.10',
    'kept1.10.5',
    'K.1',
  ]) {
    it(`is refused with a pointer that nobody gave: ${pointer}`, async () => {
      const given = setting(15);
      await ask(given);
      expect(await refusalOf('QBP^Q22', [QPD, RCP, `DSC|${pointer}|I`], given)).to.equal(UNKNOWN);
    });
  }

  it('is refused when the client may not see any more what it searched by', async () => {
    const given = setting(15);
    const pointer = pointerOf(await ask(given));
    expect(
      await refusalOf('QBP^Q22', [QPD, RCP, `DSC|${pointer}`], { ...given, visible: ['identity', 'names'] }),
    ).to.equal('AE 102 QPD^1^3^2^2 @PID.7: outside the access profile.');
  });

  it('ends by QCN^J01', async () => {
    const given = setting(15);
    const pointer = pointerOf(await ask(given));
    const other = await askHl7v2('QCN^J01', ['QID|PDQ2|IHE PDQ Query'], given);
    expect([other.outcome, other.lines]).to.deep.equal(['done', []]);
    expect(toldBy(await ask(given, pointer))).to.have.length(5);
    const ended = await askHl7v2('QCN^J01', ['QID|PDQ1|IHE PDQ Query'], given);
    expect([ended.outcome, ended.lines]).to.deep.equal(['done', []]);
    expect(await refusalOf('QBP^Q22', [QPD, RCP, `DSC|${pointer}`], given)).to.equal(UNKNOWN);
  });

  it('is forgotten by the store when nobody asked for it for so long', async () => {
    const clock = new ManualClock('2025-03-01T12:00:00Z');
    const store = memoryStore({ clock });
    const given = setting(35, { continuations: store.continuations });
    const pointer = pointerOf(await ask(given));
    const at = (receivedAt: string): Promise<string | undefined> => {
      clock.advance(Date.parse(receivedAt) - clock.now().getTime());
      return refusalOf('QBP^Q22', [QPD, RCP, `DSC|${pointer}`], { ...given, receivedAt });
    };
    expect(await at('2025-03-01T12:09:59Z')).to.equal(undefined);
    expect(await at('2025-03-01T12:19:58Z')).to.equal(undefined);
    expect(await at('2025-03-01T12:29:58Z')).to.equal(UNKNOWN);
    store.close();
  });

  it('works for the patient query of old, whatever the time in it', async () => {
    const given = setting(3);
    const qrd = (time: string): string => `QRD|${time}|R|I|Q1|||2^RD|^NORDMANN^OLA|DEM`;
    const first = await askHl7v2('QRY^A19', [qrd('20250101')], given);
    expect(countsOf(first)).to.deep.equal(['OK', '3', '2', '1']);
    const second = await askHl7v2('QRY^A19', [qrd('20250102'), `DSC|${pointerOf(first)}`], given);
    expect(toldBy(second)).to.deep.equal([syntheticNumber(2)]);
    const other = qrd('20250102').replace('OLA', 'KARI');
    expect(await refusalOf('QRY^A19', [other, `DSC|${pointerOf(first)}`], given)).to.equal(ANOTHER);
  });

  it('has no DSC-2 before version 2.4', async () => {
    const page = await askHl7v2(
      'QRY^A19',
      ['QRD||R|I|Q1|||2^RD|^NORDMANN|DEM'],
      setting(3, { version: '2.3' }),
    );
    expect(page.lines.at(-1)).to.equal('DSC|kept1.2');
  });
});

describe('QCN^J01', () => {
  it('is refused without a query tag', async () => {
    expect(await refusalOf('QCN^J01', [])).to.equal('AE 100 QID^1 There is no segment QID.');
    expect(await refusalOf('QCN^J01', ['QID||IHE PDQ Query'])).to.equal(
      'AE 101 QID^1^1 The query tag is missing.',
    );
  });
});
