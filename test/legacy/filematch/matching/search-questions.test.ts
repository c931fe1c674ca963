import { expect } from 'chai';
import fc from 'fast-check';
import { searchQuestions } from '../../../../src/legacy/filematch/matching/search-questions.js';
import { runs } from '../../../support/long-runs.js';

function questions(
  givenName: string,
  surname: string,
): readonly [asTold: readonly string[], further: readonly string[]] {
  const { asTold, further } = searchQuestions({ givenName, surname });
  return [asTold, further];
}

describe('the names to search by', () => {
  it('are the whole name, then the surname alone', () => {
    expect(questions('Kari', 'Hansen')).to.deep.equal([['KARI HANSEN'], ['HANSEN']]);
  });

  it('are the surname where there is nothing else', () => {
    expect(questions('', 'Hansen')).to.deep.equal([['HANSEN'], []]);
  });

  it('have every spelling that is the same as 2.6 compares', () => {
    expect(questions('Åse', 'Haaland')[0]).to.deep.equal(['ÅSE HAALAND', 'ÅSE HÅLAND', 'AASE HAALAND']);
  });

  it('go on in other letters, of the surname alone as well', () => {
    expect(questions('Bjørn', 'Østby')).to.deep.equal([
      ['BJØRN ØSTBY'],
      ['BJOERN OESTBY', 'ØSTBY', 'OESTBY'],
    ]);
    expect(questions('Bjoern', 'Oestby')).to.deep.equal([
      ['BJOERN OESTBY'],
      ['BJØRN ØSTBY', 'OESTBY', 'ØSTBY'],
    ]);
    expect(questions('Michael', 'Oestby')[1], 'each by itself').to.include('ØSTBY');
  });

  it('take double names apart', () => {
    expect(questions('Kari-Anne', 'Berg Hansen')).to.deep.equal([
      ['KARI ANNE BERG HANSEN'],
      ['KARI BERG', 'KARI HANSEN', 'BERG HANSEN'],
    ]);
    expect(questions('Kari Anne', 'Hansen')[1]).to.deep.equal(['KARI HANSEN', 'HANSEN']);
  });

  it('hold nothing that is no letter', () => {
    expect(questions('K.', "O'Brien (1)")).to.deep.equal([["K O'BRIEN"], ['K OBRIEN', "O'BRIEN", 'OBRIEN']]);
    expect(questions('-', '42')).to.deep.equal([[], []]);
  });

  it('are too short to be asked only where the row has no more', () => {
    expect(questions('', 'Bø')).to.deep.equal([['BØ'], ['BOE']]);
    expect(questions('Li', 'Bø')).to.deep.equal([['LI BØ'], ['LI BOE', 'BOE']]);
  });

  it('are few, and none twice', () => {
    const letters = fc.constantFrom(...'AÅÆØOEÖ -'.split(''));
    const name = fc.array(letters, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(name, name, (given, surname) => {
        const [asTold, further] = questions(given, surname);
        const all = [...asTold, ...further];
        expect(new Set(all).size).to.equal(all.length);
        expect(asTold.length).to.be.at.most(3);
        expect(all.length).to.be.at.most(12);
      }),
      { numRuns: runs(300) },
    );
  });
});
