import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import type { Message } from 'simple-hl7';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import {
  charsets,
  components,
  demographicsQuery,
  oldQuery,
  parsed,
  segmentIn,
  SimpleHl7Client,
  type Charset,
} from './simple-hl7-client.js';

const FODSELSNUMMER = '2.16.578.1.12.4.1.4.1';
const RESIDENT = '11868426235';
const SAMI = '06827040019';
const both = Object.keys(charsets).filter((name): name is Charset => name in charsets);

describe('simple-hl7 as a client', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter;
  let port = 0;
  const clients: SimpleHl7Client[] = [];

  before(async () => {
    adapter = await startSandboxedAdapter();
    port = adapter.running.mllp?.port ?? 0;
  });

  after(async () => {
    for (const client of clients) client.close();
    await adapter.stop();
  });

  async function connected(charset?: Charset): Promise<SimpleHl7Client> {
    const client = await SimpleHl7Client.connect(port, charset);
    clients.push(client);
    return client;
  }

  it('reads a person back field by field from RSP^K22', async () => {
    const client = await connected();
    const answer = await client.ask(demographicsQuery([['@PID.3.1', RESIDENT]], { controlId: 'M-1' }));
    expect(components(answer.header, 7, 3)).to.deep.equal(['RSP', 'K22', 'RSP_K21']);
    expect(fieldsOf(answer, 'MSA', 1, 2)).to.deep.equal(['AA', 'M-1']);
    expect(fieldsOf(answer, 'QAK', 1, 2, 4, 5, 6)).to.deep.equal(['tag', 'OK', '1', '1', '0']);
    const person = segmentIn(answer, 'PID');
    expect(components(person, 3, 5)).to.deep.equal([RESIDENT, '', '', `&${FODSELSNUMMER}&ISO`, 'NNNOR']);
    expect(person.getComponent(3, 4, 2)).to.equal(FODSELSNUMMER);
    expect(components(person, 5, 7)).to.deep.equal(['GRANBAR', 'SINDIG', 'VAKTSOM', '', '', '', 'L']);
    expect([7, 8, 16].map((field) => person.getField(field))).to.deep.equal(['19840611', 'F', 'M']);
    const street = [1, 2, 3].map((part) => person.getComponent(11, 1, part));
    expect(street).to.deep.equal(['TROLLFLØYTEVEGEN 17B', 'TROLLFLØYTEVEGEN', '17B']);
    expect(components(person, 11, 9).slice(1)).to.deep.equal([
      ...['', 'OSLO', '', '0580', 'NOR', 'L', '0104', '0301'],
    ]);
    const kin = answer.getSegments('NK1');
    expect(kin.map((one) => [one.getField(3), one.getComponent(33, 1)])).to.deep.equal([
      ['SPO', '23828211323'],
      ['MTH', '04895645279'],
      ['FTH', '19925347968'],
      ['CHD', '27881895523'],
    ]);
  });

  it('reads the same person from ADR^A19', async () => {
    const client = await connected();
    const answer = await client.ask(oldQuery([RESIDENT], []));
    expect(components(answer.header, 7, 2)).to.deep.equal(['ADR', 'A19']);
    expect(fieldsOf(answer, 'QAK', 1, 2)).to.deep.equal(['tag', 'OK']);
    expect(fieldsOf(answer, 'QRD', 4, 8)).to.deep.equal(['tag', RESIDENT]);
    expect(components(segmentIn(answer, 'PID'), 5, 3)).to.deep.equal(['GRANBAR', 'SINDIG', 'VAKTSOM']);
    expect(fieldsOf(answer, 'PV1', 2)).to.deep.equal(['N']);
  });

  it('reads a protected person without an address', async () => {
    const client = await connected();
    const answer = await client.ask(demographicsQuery([['@PID.3.1', '15908832970']]));
    expect(fieldsOf(answer, 'PID', 7, 11)).to.deep.equal(['19881015', '']);
    expect(fieldsOf(answer, 'PD1', 12)).to.deep.equal(['Y']);
  });

  it('reads "nobody" as an answer, not as an error', async () => {
    const client = await connected();
    for (const query of [demographicsQuery([['@PID.3.1', '01818049818']]), oldQuery(['01818049818'], [])]) {
      const answer = await client.ask(query);
      expect(fieldsOf(answer, 'MSA', 1)).to.deep.equal(['AA']);
      expect(fieldsOf(answer, 'QAK', 2)).to.deep.equal(['NF']);
      expect(answer.getSegment('PID')).to.equal(undefined);
      expect(answer.getSegment('ERR')).to.equal(undefined);
    }
  });

  it('is told where a query is wrong, and asks on on the same connection', async () => {
    const client = await connected();
    const refused = await client.ask(demographicsQuery([['@PID.5.1', 'Gran']]));
    expect(fieldsOf(refused, 'MSA', 1)).to.deep.equal(['AE']);
    expect(fieldsOf(refused, 'QAK', 2)).to.deep.equal(['AE']);
    expect(fieldsOf(refused, 'ERR', 4)).to.deep.equal(['E']);
    const answer = await client.ask(demographicsQuery([['@PID.3.1', RESIDENT]]));
    expect(fieldsOf(answer, 'QAK', 2)).to.deep.equal(['OK']);
  });

  for (const charset of both) {
    it(`sends and reads the letters of Norwegian in ${charset}`, async () => {
      const client = await connected(charset);
      const letters = 'æøåÆØÅ áéÉ';
      const parameters = [
        ['@PID.5.1', 'von isblomst-SNØfonn'],
        ['@PID.7', '19861220'],
      ] as const;
      const answer = await client.ask(demographicsQuery(parameters, { charset, tag: letters }));
      expect(answer.header.getField(16)).to.equal(charset);
      expect(fieldsOf(answer, 'QAK', 1, 2)).to.deep.equal([letters, 'OK']);
      expect(segmentIn(answer, 'PID').getComponent(5, 1)).to.equal('VON ISBLOMST-SNØFONN');
      const old = await client.ask(
        oldQuery(['', 'von isblomst-snøfonn'], [['@PID.7', '19861220']], { charset, tag: letters }),
      );
      expect(fieldsOf(old, 'QRD', 4)).to.deep.equal([letters]);
      expect(segmentIn(old, 'PID').getComponent(5, 1)).to.equal('VON ISBLOMST-SNØFONN');
    });
  }

  it('sends and reads the letters of Sami in UNICODE UTF-8', async () => {
    const client = await connected();
    const parameters = [
      ['@PID.5.1', 'Guovžačáhppes'],
      ['@PID.7', '19700206'],
    ] as const;
    const answer = await client.ask(demographicsQuery(parameters, { tag: 'áčđŋšŧž ÁČĐŊŠŦŽ' }));
    expect(fieldsOf(answer, 'QAK', 1)).to.deep.equal(['áčđŋšŧž ÁČĐŊŠŦŽ']);
    expect(components(segmentIn(answer, 'PID'), 5, 3)).to.deep.equal([
      'GUOVŽAČÁHPPES',
      'ČÁPPA OĐAS',
      'MUOŦŦÁ-BEAŊKA',
    ]);
    expect(answer.getSegment('ERR')).to.equal(undefined);
  });

  it('reads letters of Sami that 8859/1 lacks as others, and is told so', async () => {
    const client = await connected('8859/1');
    const answer = await client.ask(demographicsQuery([['@PID.3.1', SAMI]], { charset: '8859/1' }));
    expect(components(segmentIn(answer, 'PID'), 5, 3)).to.deep.equal([
      'GUOVZACÁHPPES',
      'CÁPPA ODAS',
      'MUOTTÁ-BEANKA',
    ]);
    expect(fieldsOf(answer, 'ERR', 4)).to.deep.equal(['W']);
  });

  it('leafs through the hits of a search', async () => {
    const client = await connected();
    const parameters = [
      ['@PID.5.1', 'Ekorn'],
      ['@PID.11.1', 'Trollfløytevegen 2'],
    ] as const;
    const whole = await client.ask(demographicsQuery(parameters));
    const told: string[] = [];
    let pointer: string | undefined;
    do {
      const page = await client.ask(
        demographicsQuery(parameters, { size: 1, ...(pointer === undefined ? {} : { pointer }) }),
      );
      told.push(...numbersIn(page));
      expect(fieldsOf(page, 'QAK', 4, 5, 6)).to.deep.equal(['3', '1', String(3 - told.length)]);
      pointer = page.getSegment('DSC')?.getField(1);
    } while (pointer !== undefined && told.length < 4);
    expect(told).to.have.lengthOf(3).and.to.deep.equal(numbersIn(whole));
  });

  it('gets an answer for each of many messages that it sent at once, in their order', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? RESIDENT : SAMI));
    const messages = numbers.map((number, index) =>
      index % 10 === 9
        ? `MSH|^~\\&|broken ${index}`
        : demographicsQuery([['@PID.3.1', number]], { controlId: `P${index}` }).toString(),
    );
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end(messages.map((message) => `\x0b${message}\x1c\r`).join(''));
    const answers = framesIn(await buffer(socket)).map((octets) => parsed(octets, 'UNICODE UTF-8'));
    expect(answers.map((answer) => [...fieldsOf(answer, 'MSA', 1, 2), ...numbersIn(answer)])).to.deep.equal(
      numbers.map((number, index) => (index % 10 === 9 ? ['AR', ''] : ['AA', `P${index}`, number])),
    );
  });

  it('is answered on each of many connections as if it were the only one', async () => {
    const asked = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const client = await connected();
        const number = index % 2 === 0 ? RESIDENT : SAMI;
        const answers: Message[] = [];
        for (const turn of [1, 2, 3]) {
          const query = demographicsQuery([['@PID.3.1', number]], { controlId: `C${index}-${turn}` });
          answers.push(await client.ask(query));
        }
        return answers.map((answer) => [...fieldsOf(answer, 'MSA', 2), ...numbersIn(answer)]);
      }),
    );
    expect(asked).to.deep.equal(
      Array.from({ length: 12 }, (_, index) =>
        [1, 2, 3].map((turn) => [`C${index}-${turn}`, index % 2 === 0 ? RESIDENT : SAMI]),
      ),
    );
  });
});

function fieldsOf(message: Message, name: string, ...fields: readonly number[]): readonly string[] {
  const segment = segmentIn(message, name);
  return fields.map((field) => segment.getField(field));
}

function numbersIn(message: Message): readonly string[] {
  return message.getSegments('PID').map((person) => person.getComponent(3, 1));
}

function framesIn(octets: Buffer): readonly Buffer[] {
  const frames: Buffer[] = [];
  for (let start = 0; start < octets.length;) {
    const end = octets.indexOf('\x1c\r', start, 'latin1');
    expect([octets[start], end > start]).to.deep.equal([0x0b, true]);
    frames.push(octets.subarray(start + 1, end));
    start = end + 2;
  }
  return frames;
}
