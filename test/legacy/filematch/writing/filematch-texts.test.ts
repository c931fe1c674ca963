import { expect } from 'chai';
import {
  InvalidFilematchTexts,
  parseErrorTexts,
} from '../../../../src/legacy/filematch/writing/filematch-texts.js';
import { filematchErrorCodes } from '../../../../src/legacy/filematch/record.js';
import { builtInTexts } from '../../../support/filematch-files.js';

describe('the texts of Filematch', () => {
  it('have words for every error code, another one for each', async () => {
    const { errorText } = await builtInTexts();
    expect(errorText('E002')).to.equal('Kontrollsiffer stemmer ikke');
    expect(new Set(filematchErrorCodes.map(errorText))).to.have.property('size', filematchErrorCodes.length);
  });

  it('are refused with the place when a code has no words', () => {
    expect(() => parseErrorTexts('error-texts.yaml', 'E001: Nei'))
      .to.throw(InvalidFilematchTexts)
      .with.property('message')
      .that.includes('error-texts.yaml')
      .and.includes('E002');
  });
});
