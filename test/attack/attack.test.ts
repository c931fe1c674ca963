import { expect } from 'chai';
import { carryOut } from '../../attack/carry-out.js';
import { Breach, onHospital, onTarget, type Item } from '../../attack/item.js';
import { items } from '../../attack/items/items.js';
import { legalFault, tells } from '../../attack/judge.js';
import { summary, type Row } from '../../attack/table.js';
import type { Answer } from '../../attack/wire/http.js';
import { Hospital } from '../../attack/world/hospital.js';
import type { Target } from '../../attack/world/target.js';

describe('npm run attack', () => {
  const opened: Hospital[] = [];

  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  it('has items 1 to 38, each with probes', () => {
    expect(items.map(({ number }) => number)).to.deep.equal(Array.from({ length: 38 }, (_, at) => at + 1));
    for (const { number, probes } of items) expect(probes, String(number)).to.not.be.empty;
  });

  it('finds nothing by its quick probes', async function () {
    this.timeout(120_000);
    const hospital = await Hospital.open();
    opened.push(hospital);
    const rows: Row[] = [];
    for (const item of items) {
      const probes = item.probes.filter(({ quick }) => quick === true);
      for await (const row of carryOut({ ...item, probes }, { target: hospital.target, hospital }))
        rows.push(row);
    }
    expect(rows).to.have.length.above(25);
    expect(rows.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
  });

  it('tells of a breach, of what failed, and of an adapter that serves nobody afterwards', async () => {
    const item: Item = {
      number: 1,
      title: 'for a test',
      probes: [
        onTarget('gives in', () => Promise.reject(new Breach('it gave in'))),
        onTarget('cannot even try', () => Promise.reject(new TypeError('no socket'))),
        onTarget('holds', () => Promise.resolve('nothing')),
        onHospital('needs more', () => Promise.resolve('nothing')),
        onTarget('leaves it broken', () => {
          serves = false;
          return Promise.resolve('nothing');
        }),
      ],
    };
    let serves = true;
    const stillServes = (): Promise<void> =>
      serves ? Promise.resolve() : Promise.reject(new Breach('nobody is served'));
    const rows: Row[] = [];
    for await (const row of carryOut(item, { target: someTarget, hospital: undefined, stillServes })) {
      rows.push(row);
    }
    expect(rows.map(({ verdict, came }) => [verdict, came])).to.deep.equal([
      ['BREACH', 'it gave in'],
      ['BREACH', 'failed: TypeError: no socket'],
      ['held', 'nothing'],
      ['not tried', 'needs an adapter of its own'],
      ['BREACH', 'nobody is served'],
    ]);
    expect(summary(rows)).to.equal('5 attempts: 1 held, 3 breached, 1 not tried.\nBreached: 1.');
  });
});

describe('the judge of answers', () => {
  const soap = 'http://www.w3.org/2003/05/soap-envelope';
  const secured = '<o:Security s:mustUnderstand="1"/>';
  const fault = (subcode: string, header = ''): string =>
    `<s:Envelope xmlns:s="${soap}"><s:Header>${header}</s:Header><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>` +
    `<s:Subcode><s:Value>w:${subcode}</s:Value></s:Subcode></s:Code></s:Fault></s:Body></s:Envelope>`;
  const answer = (text: string, over: Partial<Answer> = {}): Answer => ({
    status: 500,
    headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
    body: Buffer.from(text),
    text,
    milliseconds: 1,
    ...over,
  });

  it('takes a fault that is legal', () => {
    expect(legalFault(answer(fault('InvalidSecurity')))).to.equal('fault InvalidSecurity');
    expect(legalFault(answer(fault('ActionNotSupported', secured)))).to.equal('fault ActionNotSupported');
  });

  for (const [what, one] of [
    ['another status', answer(fault('InvalidSecurity'), { status: 400 })],
    ['another media type', answer(fault('InvalidSecurity'), { headers: { 'content-type': 'text/html' } })],
    [
      'another charset',
      answer(fault('InvalidSecurity'), { headers: { 'content-type': 'application/soap+xml' } }),
    ],
    ['another SOAP version', answer(fault('InvalidSecurity').replace(soap, 'urn:x'))],
    ['no fault', answer('<html></html>')],
    ['a security fault that is secured', answer(fault('InvalidSecurity', secured))],
    ['another fault that is not', answer(fault('ActionNotSupported'))],
    ['a stack', answer(fault('InvalidSecurity') + 'at Reader.read (/srv/dist/src/xml/reader.js:1:1)')],
  ] as const) {
    it(`does not take ${what}`, () => {
      expect(() => legalFault(one)).to.throw(Breach);
    });
  }

  it('does not take a fault with another code than the one that is wanted', () => {
    expect(() => legalFault(answer(fault('InvalidSecurity')), { code: 'FailedAuthentication' })).to.throw(
      'fault InvalidSecurity instead of FailedAuthentication',
    );
  });

  it('does not take an answer about somebody else', () => {
    const told = answer('11868426235 GRANBAR', { status: 200 });
    expect(tells(someTarget, told)).to.equal('the right answer');
    expect(() => tells(someTarget, answer('11868426235', { status: 200 }))).to.throw(Breach);
    expect(() => tells(someTarget, answer('', { status: 503 }))).to.throw(Breach);
  });
});

const someTarget: Target = {
  host: '127.0.0.1',
  port: 1,
  ca: undefined,
  person: { nin: '11868426235', familyName: 'GRANBAR' },
  account: { username: 'a', password: 'b' },
  operations: undefined,
  mllp: undefined,
  pid: undefined,
};
