import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

/** Octets of a query by number, written by hand. */
function query(controlId: string, { charset = '8859/1', tag = 'tag', end = '\r' } = {}): Buffer {
  const lines = [
    `MSH|^~\\&|EPJ|SANDBOX|PREG|NHN|20260101120000||QBP^Q22^QBP_Q21|${controlId}|P|2.5|||||NOR|${charset}`,
    `QPD|IHE PDQ Query|${tag}|@PID.3.1^20928619029`,
    'RCP|I|10^RD',
  ];
  return Buffer.from(lines.map((line) => line + end).join(''), charset === '8859/1' ? 'latin1' : 'utf8');
}

const START = Buffer.from([0x0b]);
const END = Buffer.from([0x1c, 0x0d]);

function framed(message: Uint8Array): Buffer {
  return Buffer.concat([START, message, END]);
}

/** Debian's netcat-openbsd; others have no `-N`, by which it ends its side once it has sent everything. */
describe('netcat with raw octets', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter | undefined;

  before(async function () {
    if (!canRun('nc', '-N', '-h')) this.skip();
    adapter = await startSandboxedAdapter();
  });

  after(async () => {
    await adapter?.stop();
  });

  /** Sends octets, ends its side, and gives what came until the other side ended. */
  async function exchange(...octets: readonly Uint8Array[]): Promise<Buffer> {
    const netcat = spawn('nc', ['-N', '127.0.0.1', String(adapter?.running.mllp?.port)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => netcat.once('close', resolve));
    const answered = buffer(netcat.stdout);
    netcat.stdin.end(Buffer.concat(octets));
    expect(await ended).to.equal(0);
    return answered;
  }

  /** MSA-1 and MSA-2 of each answer, whose frames have to be whole and close together. */
  function acknowledgements(answers: Buffer): readonly string[] {
    const frames = answers.toString('latin1').split('\x1c\r');
    expect(frames.pop()).to.equal('');
    return frames.map((frame) => {
      expect([frame.startsWith('\x0bMSH|'), frame.lastIndexOf('\x0b'), frame.at(-1)]).to.deep.equal([
        true,
        0,
        '\r',
      ]);
      return /\rMSA\|(A[AER]\|[^|\r]*)/.exec(frame)?.[1] ?? '';
    });
  }

  it('gets the letters of Norwegian as one octet each in 8859/1', async () => {
    const answer = await exchange(framed(query('1', { tag: 'æøåÆØÅ' })));
    const letters = Buffer.from([0xe6, 0xf8, 0xe5, 0xc6, 0xd8, 0xc5]);
    expect(answer.includes(Buffer.concat([Buffer.from('\rQAK|'), letters, Buffer.from('|OK|')]))).to.equal(
      true,
    );
    expect(answer.includes(Buffer.from('||VON ISBLOMST-SN\xd8FONN^', 'latin1'))).to.equal(true);
  });

  it('gets the letters of Norwegian as two octets each in UNICODE UTF-8', async () => {
    const answer = await exchange(framed(query('1', { charset: 'UNICODE UTF-8', tag: 'æøåÆØÅ' })));
    expect(
      answer.includes(Buffer.from('\rQAK|\xc3\xa6\xc3\xb8\xc3\xa5\xc3\x86\xc3\x98\xc3\x85|OK|', 'latin1')),
    ).to.equal(true);
    expect(answer.includes(Buffer.from('||VON ISBLOMST-SN\xc3\x98FONN^', 'latin1'))).to.equal(true);
  });

  it('is told which octets do not fit the charset, and nothing else', async () => {
    const message = Buffer.from(
      query('1', { charset: 'UNICODE UTF-8' }).toString('latin1').replace('tag', '\xf8'),
      'latin1',
    );
    const answer = await exchange(framed(message), framed(query('2')));
    expect(acknowledgements(answer)).to.deep.equal(['AR|1', 'AA|2']);
    expect(answer.includes(Buffer.from('\rERR||MSH^1^18|102^'))).to.equal(true);
  });

  it('is answered whatever its lines end with', async () => {
    const ends = ['\r', '\n', '\r\n'];
    const messages = ends.map((end, index) => framed(query(String(index), { end })));
    expect(acknowledgements(await exchange(...messages))).to.deep.equal(['AA|0', 'AA|1', 'AA|2']);
  });

  it('is answered frame by frame when it sends octets around and within them that belong to none', async () => {
    const broken = query('broken').subarray(0, 40);
    const answers = await exchange(
      Buffer.from('\r\nhello\r\n'),
      framed(query('1')),
      Buffer.from('\r\n'),
      // One that is broken off by the next, and one without the last octet of its end.
      ...[START, broken, framed(query('2'))],
      ...[START, query('3'), END.subarray(0, 1)],
      framed(Buffer.from('MSH')),
      framed(Buffer.alloc(0)),
      framed(query('4')),
      // One that never ends.
      ...[START, query('5')],
    );
    expect(acknowledgements(answers)).to.deep.equal(['AA|1', 'AA|2', 'AA|3', 'AR|', 'AR|', 'AA|4']);
  });

  it('is not answered in HL7 when it speaks something else', async () => {
    const answer = await exchange(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    expect(answer).to.have.lengthOf(0);
  });
});
