import { expect } from 'chai';
import fc from 'fast-check';
import { deliveredName } from '../../../../src/legacy/filematch/jobs/delivered-names.js';
import type { JobInput } from '../../../../src/legacy/filematch/jobs/job.js';
import { START } from '../../../../src/legacy/filematch/jobs/checkpoint.js';

const id = '01JBR8Q2W5N7K3M4P6T8V9X0YZ';

function named(fileName: string): string {
  const input: JobInput = {
    fileName,
    bytes: 0,
    sha256: '',
    sealed: START.result,
    receivedAt: new Date(0),
    registerTimestamp: new Date(0),
    mode: 'V',
    customerRef: '',
    remoteAddress: '',
    directory: null,
  };
  return deliveredName({ id, input }, 'resultat.txt');
}

describe('the name of a delivered file', () => {
  for (const [given, stem] of [
    ['PFM_999888777_20251103_0001.txt', 'PFM_999888777_20251103_0001'],
    ['two.dots.csv', 'two.dots'],
    ['none', 'none'],
    ['../../etc/passwd.txt', '_.._etc_passwd'],
    ['C:\\filer\\vask.csv', 'C__filer_vask'],
    ['.skjult', 'skjult'],
    ['', 'fil'],
    ['...', 'fil'],
    ['linje\nto.csv', 'linje_to'],
  ] as const) {
    it(`begins with ${stem} for ${JSON.stringify(given)}`, () => {
      expect(named(given)).to.equal(`${stem}.${id}.resultat.txt`);
    });
  }

  it('stays in its folder and is short enough for any file system, whatever the sender calls it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (fileName) => {
        const name = named(fileName);
        expect(Buffer.byteLength(name)).to.be.at.most(255);
        expect(name).to.match(/^[^./\\\p{C}][^/\\\p{C}]*$/u);
      }),
    );
  });
});
