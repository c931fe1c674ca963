import { expect } from 'chai';
import { errorCatalogue } from '../../../src/errors/catalogue.js';
import { checkHints } from '../../../src/operations/check-hints.js';
import { english } from '../../../src/operations/dashboard/english.js';
import { languageOf } from '../../../src/operations/dashboard/language.js';
import { norwegian } from '../../../src/operations/dashboard/norwegian.js';

describe('the language of the dashboard', () => {
  for (const [chosen, accepted, language] of [
    [null, undefined, 'nb'],
    [null, 'nb-NO,nb;q=0.9,en;q=0.8', 'nb'],
    [null, 'en-GB,en;q=0.9,nb;q=0.8', 'en'],
    [null, 'nn', 'nb'],
    [null, 'fr-FR, en;q=0.3', 'en'],
    [null, 'en;q=0.2, no;q=0.9', 'nb'],
    [null, 'en;q=0', 'nb'],
    [null, ';;,=,q', 'nb'],
    [null, 'de', 'nb'],
    ['en', 'nb', 'en'],
    ['nb', 'en', 'nb'],
    ['constructor', 'en', 'en'],
  ] as const) {
    it(`is ${language} where ${chosen ?? 'nothing'} is chosen and ${accepted ?? 'nothing'} accepted`, () => {
      expect(languageOf(chosen, accepted)).to.equal(language);
    });
  }

  it('says in Norwegian all that it says in English', () => {
    expect(namesIn(norwegian.status.checks)).to.deep.equal(namesIn(english.status.checks));
    expect(namesIn(norwegian.filematch.states)).to.deep.equal(namesIn(english.filematch.states));
    expect(namesIn(norwegian.filematch.waiting)).to.deep.equal(namesIn(english.filematch.waiting));
    expect(namesIn(norwegian.cutover.routes)).to.deep.equal(namesIn(english.cutover.routes));
    expect(namesIn(norwegian.cutover.obstacleKinds)).to.deep.equal(namesIn(english.cutover.obstacleKinds));
  });

  it('has a name for each check that there are hints for', () => {
    for (const { status } of [english, norwegian])
      expect(status.checks).to.include.keys(Object.keys(checkHints));
  });

  it('has words of its own for what to do about every check', () => {
    expect(norwegian.status.hints).to.include.keys(namesIn(checkHints));
  });

  it('has words of its own for every cause of an error', () => {
    expect(norwegian.errors.of).to.include.keys(namesIn(errorCatalogue));
  });
});

function namesIn(group: object): readonly string[] {
  return Object.keys(group).sort();
}
