import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import { parseSourcePath, resolvePath, type Roots } from '../../src/mapping/source-path.js';

const document: JsonObject = {
  name: [
    { isValid: false, validFrom: '1990', givenName: 'Først' },
    { isValid: true, validFrom: '2000', givenName: 'Så' },
    { isValid: true, validFrom: '2010', givenName: 'Nå' },
  ],
  familyRelation: [
    { isValid: true, relatedPersonsRole: 'Mother', relatedPerson: 'mor' },
    { isValid: true, relatedPersonsRole: 'Child', relatedPerson: 'barn' },
    { isValid: false, relatedPersonsRole: 'Mother', relatedPerson: 'før' },
  ],
  death: { deceasedDate: '2021-11-02' },
  residence: { streetAddress: 'not the root' },
};

function found(path: string, roots?: Roots): unknown[] {
  return resolvePath(parseSourcePath(path), document, roots).map(({ path: place, value }) => [place, value]);
}

describe('source paths', () => {
  it('choose the newest current element, every current one, or former ones too', () => {
    expect(found('name[current].givenName')).to.deep.equal([['name[2].givenName', 'Nå']]);
    expect(found('name[all].givenName')).to.deep.equal([
      ['name[2].givenName', 'Nå'],
      ['name[1].givenName', 'Så'],
    ]);
    expect(found('name[every].givenName')).to.deep.equal([
      ['name[2].givenName', 'Nå'],
      ['name[1].givenName', 'Så'],
      ['name[0].givenName', 'Først'],
    ]);
  });

  it('choose current elements by the value of a member', () => {
    expect(found('familyRelation[relatedPersonsRole=Mother].relatedPerson')).to.deep.equal([
      ['familyRelation[0].relatedPerson', 'mor'],
    ]);
    expect(found('familyRelation[relatedPersonsRole=Father]')).to.deep.equal([]);
  });

  it('take a single object for a list of one', () => {
    expect(found('death[current].deceasedDate')).to.deep.equal([['death.deceasedDate', '2021-11-02']]);
  });

  it('give nothing for what is missing, null or no object on the way', () => {
    for (const path of [
      'nothing',
      'name.givenName',
      'death[current].deceasedDate.year',
      'toString',
      'name[current].constructor',
    ])
      expect(found(path), path).to.deep.equal([]);
  });

  it('start at a named root, and at nothing where the person lacks it', () => {
    const root = { path: 'residentialAddress[0]', value: { streetAddress: 'the root' } };
    expect(found('residence.streetAddress', new Map([['residence', root]]))).to.deep.equal([
      ['residentialAddress[0].streetAddress', 'the root'],
    ]);
    expect(found('residence.streetAddress', new Map([['residence', undefined]]))).to.deep.equal([]);
    expect(found('residence', new Map([['residence', undefined]]))).to.deep.equal([]);
  });

  it('refuse what is no path', () => {
    for (const path of [
      '',
      '.',
      'a..b',
      'name[0]',
      'name[]',
      'name[current',
      'name[a=b]c',
      'name[a==b]',
      'na me',
      'name[former]',
    ])
      expect(() => parseSourcePath(path), path).to.throw(SyntaxError, path);
  });
});
