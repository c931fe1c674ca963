import { expect } from 'chai';
import { RefusedMessage } from '../../../../src/legacy/hl7v2/refused-message.js';
import { takeIn, type Intake } from '../../../../src/legacy/hl7v2/message/intake.js';
import { componentOf, segmentNamed } from '../../../../src/legacy/hl7v2/message/message.js';

function headerWith(charset: string): string {
  return `MSH|^~\\&|SYK^1.2^ISO|Bø|REG|NHN|20260301||QBP^Q22^QBP_Q21|M1|P|2.5^NOR|||||NOR|${charset}`;
}

function message(charset: string, name: string, encoding: BufferEncoding): Buffer {
  return Buffer.from(`${headerWith(charset)}\rPID|${name}\r`, encoding);
}

function nameIn(intake: Intake): string {
  return componentOf(segmentNamed(intake.read(), 'PID'), 1);
}

function refusal(intake: Intake): RefusedMessage {
  try {
    intake.read();
  } catch (error) {
    if (error instanceof RefusedMessage) return error;
    throw error;
  }
  throw new Error('the message was taken');
}

describe('a message of HL7 v2 that comes in', () => {
  it('tells its header', () => {
    const { header } = takeIn(message('8859/1~UNICODE', 'x', 'latin1'), '8859/1');
    expect(header).to.deep.equal({
      sender: { application: 'SYK', facility: 'Bø' },
      receiver: { application: 'REG', facility: 'NHN' },
      type: { code: 'QBP', event: 'Q22', structure: 'QBP_Q21' },
      controlId: 'M1',
      processingId: 'P',
      version: '2.5',
      charset: '8859/1',
    });
  });

  const charsets: readonly (readonly [msh18: string, encoding: BufferEncoding, label: string])[] = [
    ['8859/1', 'latin1', 'iso-8859-1'],
    ['UNICODE UTF-8', 'utf8', 'utf-8'],
    ['UTF-8', 'utf8', 'utf-8'],
    ['UNICODE', 'utf8', 'utf-8'],
    ['unicode utf-8', 'utf8', 'utf-8'],
    ['8859/1~UNICODE UTF-8', 'latin1', 'iso-8859-1'],
    ['', 'latin1', 'iso-8859-1'],
  ];
  for (const [msh18, encoding, label] of charsets) {
    it(`is read in the charset of MSH-18: ${msh18 === '' ? 'empty' : msh18}`, () => {
      const intake = takeIn(message(msh18, 'ÆØÅæøå', encoding), '8859/1');
      expect(nameIn(intake)).to.equal('ÆØÅæøå');
      expect(intake.header.sender.facility).to.equal('Bø');
      expect(intake.charset.label).to.equal(label);
    });
  }

  it('is read in ASCII', () => {
    const octets = Buffer.from('MSH|^~\\&||||||||||||||||ASCII\rPID|KARI\r');
    expect(nameIn(takeIn(octets, '8859/1'))).to.equal('KARI');
    expect(takeIn(octets, '8859/1').charset.label).to.equal('us-ascii');
  });

  it('has the letters of windows-1252 where it says ISO-8859-1', () => {
    const octets = Buffer.concat([
      Buffer.from(`${headerWith('8859/1')}\rPID|`, 'latin1'),
      Buffer.of(0x8a, 0x9e),
    ]);
    expect(nameIn(takeIn(octets, '8859/1'))).to.equal('Šž');
  });

  it('keeps octets that windows-1252 has no letter for as they are', () => {
    const octets = Buffer.concat([Buffer.from(`${headerWith('8859/1')}\rPID|a`, 'latin1'), Buffer.of(0x81)]);
    expect(nameIn(takeIn(octets, '8859/1'))).to.equal('a\u0081');
  });

  it('is read in the configured charset where it does not tell its own', () => {
    expect(nameIn(takeIn(message('', 'ŋ', 'utf8'), 'UNICODE UTF-8'))).to.equal('ŋ');
  });

  it('may begin with a byte order mark, which tells UTF-8 where MSH-18 is silent', () => {
    const marked = (charset: string): Buffer =>
      Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), message(charset, 'ŋ', 'utf8')]);
    expect(nameIn(takeIn(marked(''), '8859/1'))).to.equal('ŋ');
    expect(nameIn(takeIn(marked('UNICODE UTF-8'), '8859/1'))).to.equal('ŋ');
  });

  it('is refused at MSH-18 where its charset is not known, and answered in ISO-8859-1', () => {
    const intake = takeIn(message('8859/7', 'x', 'latin1'), 'UNICODE UTF-8');
    expect(intake.charset.label).to.equal('iso-8859-1');
    expect(intake.charsetName).to.equal('8859/1');
    expect(intake.header).to.include({ controlId: 'M1' });
    expect(refusal(intake)).to.deep.include({ acknowledgement: 'AR' });
    expect(refusal(intake).error).to.deep.include({
      code: '103',
      location: { segment: 'MSH', sequence: 1, field: 18 },
    });
  });

  for (const charset of ['UNICODE UTF-8', 'ASCII']) {
    it(`is refused at MSH-18 where its octets are not in ${charset} as it says`, () => {
      const intake = takeIn(message(charset, 'ø', 'latin1'), '8859/1');
      expect(intake.header).to.include({ controlId: 'M1' });
      expect(refusal(intake).error).to.deep.include({
        code: '102',
        location: { segment: 'MSH', sequence: 1, field: 18 },
      });
    });
  }

  it('has an empty header where there is none', () => {
    const intake = takeIn(Buffer.from('GET / HTTP/1.1\r\n\r\n'), '8859/1');
    expect(intake.msh).to.equal(undefined);
    expect(intake.header).to.include({ controlId: '', version: '' });
    expect(refusal(intake).error.code).to.equal('100');
  });

  it('has a header whatever follows it', () => {
    const intake = takeIn(Buffer.from(`\r\n${headerWith('8859/1')}\r\n\0\0 no segment`), '8859/1');
    expect(intake.header).to.include({ controlId: 'M1' });
    expect(refusal(intake).error.code).to.equal('100');
  });

  for (const [name, blank] of [
    ['nothing', '\r\n\n\r'],
    ['blanks', '  \r'],
    ['other white space of ASCII', ' \t\v\f\n\r\n'],
  ] as const) {
    it(`has its header behind lines of ${name}, both ahead of the message and in it`, () => {
      const intake = takeIn(
        Buffer.from(`${blank}${headerWith('8859/1')}\r${blank}PID|x`, 'latin1'),
        '8859/1',
      );
      expect(intake.header).to.include({ controlId: 'M1', version: '2.5' });
      expect(nameIn(intake)).to.equal('x');
    });
  }

  it('has no header behind what only looks blank in some charsets', () => {
    for (const line of ['\u00a0\r', '\u0085\r', '\x1c\r']) {
      const intake = takeIn(Buffer.from(`${line}${headerWith('8859/1')}\r`, 'latin1'), '8859/1');
      expect([intake.msh, refusal(intake).error.code]).to.deep.equal([undefined, '100']);
    }
  });
});
