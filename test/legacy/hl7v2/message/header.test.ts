import { expect } from 'chai';
import {
  headerSegment,
  isBefore,
  isVersion,
  versions,
  type Hl7Version,
} from '../../../../src/legacy/hl7v2/message/header.js';
import { writeEr7 } from '../../../../src/legacy/hl7v2/message/er7.js';
import { text } from '../../../../src/legacy/hl7v2/message/segment.js';
import { timestamp } from '../../../../src/legacy/hl7v2/message/timestamp.js';

function written(version: Hl7Version): string {
  const msh = headerSegment({
    sender: { application: [[['A'], ['1.2'], ['ISO']]], facility: text('B') },
    receiver: { application: text('C'), facility: [] },
    at: '20260301130000+0100',
    type: { code: 'RSP', event: 'K22', structure: 'RSP_K21' },
    controlId: 'X1',
    processingId: 'P',
    version,
    charset: '8859/1',
  });
  return writeEr7({ segments: [msh] }, (value) => value);
}

describe('the header of a message of HL7 v2', () => {
  it('is written with the country, the charset and the whole of MSH-9', () => {
    expect(written('2.5')).to.equal(
      'MSH|^~\\&|A^1.2^ISO|B|C||20260301130000+0100||RSP^K22^RSP_K21|X1|P|2.5|||||NOR|8859/1\r',
    );
  });

  it('has no structure in version 2.3', () => {
    expect(written('2.3')).to.include('|RSP^K22|');
    expect(written('2.3.1')).to.include('|RSP^K22^RSP_K21|');
  });

  it('knows its versions in their order', () => {
    expect(versions.every(isVersion)).to.equal(true);
    expect(['2.2', '2.7', '', '3'].some(isVersion)).to.equal(false);
    expect(isBefore('2.3.1', '2.4')).to.equal(true);
    expect(isBefore('2.5', '2.5')).to.equal(false);
    expect(isBefore('2.6', '2.5.1')).to.equal(false);
  });
});

describe('a timestamp of HL7 v2', () => {
  it('is Norwegian time with its distance from UTC, in winter and in summer', () => {
    expect(timestamp(new Date('2026-03-01T12:00:00.900Z'))).to.equal('20260301130000+0100');
    expect(timestamp(new Date('2026-07-01T23:30:05Z'))).to.equal('20260702013005+0200');
  });
});
