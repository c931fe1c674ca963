import { expect } from 'chai';
import { latin1, charsetNamed } from '../../../../src/legacy/hl7v2/message/charsets.js';
import { standardDelimiters } from '../../../../src/legacy/hl7v2/message/delimiters.js';
import { escaped, unescaped } from '../../../../src/legacy/hl7v2/message/escapes.js';

function read(text: string, charset = '8859/1'): string {
  return unescaped(text, standardDelimiters, (octets) => charsetNamed(charset)?.decode(octets));
}

describe('escape sequences', () => {
  const sequences: readonly (readonly [written: string, means: string])[] = [
    ['plain', 'plain'],
    ['\\F\\\\S\\\\T\\\\R\\\\E\\', '|^&~\\'],
    ['a\\T\\b', 'a&b'],
    ['\\E\\F\\E\\', '\\F\\'],
    ['\\X41\\', 'A'],
    ['\\X4142\\C', 'ABC'],
    ['\\XC6d8e5\\', 'ÆØå'],
    ['\\X0D\\', '\r'],
    ['\\H\\bold\\N\\', 'bold'],
    ['a\\.br\\b', 'a b'],
    ['a\\.sp3\\b\\.in+2\\c', 'abc'],
    ['C:\\dir\\file', 'C:\\dir\\file'],
    ['\\Z1\\', '\\Z1\\'],
    ['\\X4\\', '\\X4\\'],
    ['\\X4G\\', '\\X4G\\'],
    ['\\X\\', '\\X\\'],
    ['\\f\\', '\\f\\'],
    ['\\', '\\'],
    ['a\\F', 'a\\F'],
    ['\\\\F\\', '\\|'],
  ];
  for (const [written, means] of sequences) {
    it(`are read: ${written}`, () => {
      expect(read(written)).to.equal(means);
    });
  }

  it('in hexadecimal are octets of the charset, spread over several or not', () => {
    expect(read('\\XC3B8\\', 'UTF-8')).to.equal('ø');
    expect(read('\\XC3\\\\XB8\\', 'UTF-8')).to.equal('ø');
    expect(read('\\XF8\\', '8859/1')).to.equal('ø');
  });

  it('in hexadecimal stay as they are where they do not fit the charset', () => {
    expect(read('a\\XF8\\b', 'UTF-8')).to.equal('a\\XF8\\b');
    expect(read('a\\XF8\\b', 'ASCII')).to.equal('a\\XF8\\b');
  });

  it('stand for the delimiters of the message that they are in', () => {
    const own = { field: '#', component: '*', repetition: '+', escape: '!', subcomponent: '%' };
    expect(unescaped('\\F\\\\S\\\\T\\\\R\\\\E\\', own, (octets) => latin1.decode(octets))).to.equal('#*%+!');
  });

  it('are written for delimiters and line breaks, and for nothing else', () => {
    expect(escaped('a|b^c~d\\e&f\rg\nhøŋ#"')).to.equal('a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f\\X0D\\g\\X0A\\høŋ#"');
  });
});
