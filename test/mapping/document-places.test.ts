import { expect } from 'chai';
import { DocumentPlaces } from '../../src/mapping/document-places.js';
import type { JsonObject } from '../../src/mapping/json.js';
import { ReadDocument } from '../../src/mapping/read-document.js';
import { SourcePaths } from '../../src/mapping/source-path.js';
import { element, mapped, onlyAddress, person, residence, street } from '../support/person-documents.js';

const paths = new SourcePaths();
const streetOfHome = paths.parse('residence.streetAddress.addressName');

function home(addressName: string): DocumentPlaces {
  const residence = { path: 'residentialAddress[0]', value: { streetAddress: { addressName } } };
  return new DocumentPlaces(new ReadDocument({}), new Map([['residence', residence]]));
}

describe('the places of a document', () => {
  it('are looked up once where several paths begin', () => {
    const asked: string[] = [];
    const document: JsonObject = new Proxy<JsonObject>(
      { status: [{ isValid: true, status: 'resident', validFrom: '2020-02-02' }] },
      {
        get(target, name) {
          if (typeof name === 'string') asked.push(name);
          return typeof name === 'string' ? target[name] : undefined;
        },
      },
    );
    const places = new DocumentPlaces(new ReadDocument(document));
    const [code, day] = [paths.parse('status[current].status'), paths.parse('status[current].validFrom')];
    expect([...places.at(code), ...places.at(day)]).to.deep.equal([
      { path: 'status[0].status', value: 'resident' },
      { path: 'status[0].validFrom', value: '2020-02-02' },
    ]);
    expect(asked).to.deep.equal(['status']);
  });

  it('are those of one record: another’s roots lead elsewhere', () => {
    const [one, other] = [home('Oppdiktet vei'), home('Funnet på gate')];
    expect(one.at(streetOfHome).map(({ value }) => value)).to.deep.equal(['Oppdiktet vei']);
    expect(other.at(streetOfHome).map(({ value }) => value)).to.deep.equal(['Funnet på gate']);
    expect(new DocumentPlaces(new ReadDocument({})).at(streetOfHome)).to.deep.equal([]);
  });
});

describe('a translation', () => {
  it('knows nothing of the documents before it', () => {
    const names = ['Nordmann', 'Fjell', 'Ås', 'Berg', 'Dal'];
    for (const name of [...names, ...names.toReversed()]) {
      const { person: told } = mapped(
        person({
          name: [element({ familyName: name })],
          residentialAddress: [residence({ streetAddress: street({ addressName: `${name}veien` }) })],
        }),
      );
      expect(told.sn).to.equal(name.toLocaleUpperCase('nb'));
      expect(onlyAddress(told).streetName).to.equal(`${name}veien`.toLocaleUpperCase('nb'));
    }
  });
});
