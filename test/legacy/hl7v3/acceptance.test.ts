import { expect } from 'chai';
import { rejectionOf, type ProcessingMode } from '../../../src/legacy/hl7v3/acceptance.js';
import type { TransmissionWrapper } from '../../../src/legacy/hl7v3/request.js';

function rejection(changes: Partial<TransmissionWrapper>, mode: ProcessingMode = 'any'): string | undefined {
  const request: TransmissionWrapper = {
    id: undefined,
    versionCode: undefined,
    interaction: undefined,
    processingCode: undefined,
    senderDevice: [],
    requester: undefined,
    ...changes,
  };
  return rejectionOf(request, 'PRPA_IN101307NO01', mode)?.code;
}

describe('acceptance of an HL7 v3 message', () => {
  const taken: readonly (readonly [ProcessingMode, taken: readonly (string | undefined)[]])[] = [
    ['any', ['P', 'T', 'D', undefined]],
    ['P', ['P', undefined]],
    ['T', ['T', undefined]],
  ];
  for (const [mode, codes] of taken) {
    for (const code of ['P', 'T', 'D', 'X', 'p', undefined]) {
      const isTaken = codes.includes(code);
      it(`${isTaken ? 'takes' : 'rejects'} processing code ${code ?? 'none'} in mode ${mode}`, () => {
        expect(rejection({ processingCode: code }, mode)).to.equal(isTaken ? undefined : 'NS202');
      });
    }
  }

  for (const version of ['NE2008', 'NE2010NO', undefined]) {
    it(`takes version ${version ?? 'none'}`, () => {
      expect(rejection({ versionCode: version })).to.equal(undefined);
    });
  }
  for (const version of ['NE2010', 'ne2010no', 'V3PR1']) {
    it(`rejects version ${version}`, () => {
      expect(rejection({ versionCode: version })).to.equal('NS203');
    });
  }

  for (const interaction of ['PRPA_IN101307NO01', 'PRPA_IN101307NO', undefined]) {
    it(`takes interaction ${interaction ?? 'none'}`, () => {
      expect(rejection({ interaction })).to.equal(undefined);
    });
  }
  for (const interaction of ['PRPA_IN101305NO01', 'PRPA_IN101305NO', 'PRPA_IN101307', 'PRPA_IN101307NO02']) {
    it(`rejects interaction ${interaction}`, () => {
      expect(rejection({ interaction })).to.equal('NS200');
    });
  }

  it('tells the outermost reason first', () => {
    const wrong = { processingCode: 'X', versionCode: 'X', interaction: 'X' };
    expect(rejection(wrong)).to.equal('NS202');
    expect(rejection({ ...wrong, processingCode: 'P' })).to.equal('NS203');
  });
});
