import { expect } from 'chai';
import { EventFeed } from '../../../../src/sandbox/events/event-feed.js';
import type { Change } from '../../../../src/sandbox/population/changes/change.js';
import {
  ImpossibleChange,
  UnknownPerson,
} from '../../../../src/sandbox/population/changes/impossible-change.js';
import {
  PopulationChanges,
  type AppliedChange,
} from '../../../../src/sandbox/population/changes/population-changes.js';
import {
  elementsOf,
  isCurrent,
  numberInUse,
  numbersOf,
  objectAt,
  textAt,
  type JsonObject,
  type PersonDocument,
} from '../../../../src/sandbox/population/person-document.js';
import { Population } from '../../../../src/sandbox/population/population.js';
import type { SearchCriteria } from '../../../../src/sandbox/population/search-index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { currentOf, feedProblemsOf, inconsistenciesOf } from '../../support/consistency.js';

const ADDRESS = {
  addressName: 'Flytteveien',
  houseNumber: '7',
  houseLetter: 'B',
  postalCode: '0474',
  cityName: 'OSLO',
  municipalityNumber: '0301',
};

describe('changes of the population', () => {
  let population: Population;
  let events: EventFeed;
  let changes: PopulationChanges;

  beforeEach(async () => {
    population = await Population.create({ personFolders: [], generated: 300, seed: 3 });
    events = new EventFeed({ after: population.newestSequenceNumber });
    changes = new PopulationChanges({ population, events, clock: new ManualClock('2026-03-01T23:30:00Z') });
  });

  afterEach(() => {
    expect(inconsistenciesOf(population)).to.deep.equal([]);
    expect(feedProblemsOf(population, events)).to.deep.equal([]);
  });

  /** The `skip`th person for whom it is so. */
  function somebody(isSo: (document: PersonDocument) => boolean, skip = 0): PersonDocument {
    const found = [...population.documents()].filter(isSo)[skip];
    if (found === undefined) throw new Error('nobody is like that');
    return found;
  }

  function valueOf(document: PersonDocument, part: string, member: string): string | undefined {
    return textAt(currentOf(document, part)[0], member);
  }

  function isResident(document: PersonDocument): boolean {
    return (
      valueOf(document, 'status', 'status') === 'Resident' &&
      currentOf(document, 'addressProtection').length === 0 &&
      currentOf(document, 'residentialAddress').some(
        (home) => 'streetAddress' in home && home['addressConfidentiality'] === 'Unclassified',
      )
    );
  }

  function isSingle(document: PersonDocument): boolean {
    return (
      isResident(document) &&
      currentOf(document, 'familyRelation').length === 0 &&
      valueOf(document, 'maritalStatus', 'status') === 'Unmarried'
    );
  }

  function ninOf(document: PersonDocument): string {
    return numberInUse(document) ?? '';
  }

  function now(document: PersonDocument): PersonDocument {
    const found = population.get(document.id);
    if (found === undefined) throw new Error('no document');
    return found;
  }

  function typesFor({ events: told }: AppliedChange, { id }: PersonDocument): readonly string[] {
    return told.filter(({ personId }) => personId === id).map(({ eventType }) => eventType);
  }

  function historyOf(document: PersonDocument, part: string): readonly JsonObject[] {
    return elementsOf(document, part).filter((element) => !isCurrent(element));
  }

  function ids(criteria: SearchCriteria): readonly string[] {
    return population.search(criteria, { access: 'full', includeAlternate: false });
  }

  function homeSearch(document: PersonDocument): SearchCriteria {
    const street = objectAt(currentOf(document, 'residentialAddress')[0], 'streetAddress');
    const number = objectAt(street, 'addressNumber');
    const line = [
      textAt(street, 'addressName'),
      textAt(number, 'houseNumber'),
      textAt(number, 'houseLetter'),
    ].join('');
    return {
      street: line.toLowerCase().replace(/\s/g, ''),
      postalCode: textAt(objectAt(street, 'city'), 'postalCode') ?? '',
    };
  }

  function refused(change: Change): void {
    const size = events.size;
    expect(() => changes.apply(change)).to.throw(ImpossibleChange);
    expect(events.size).to.equal(size);
  }

  it('registers a death, ends the addresses, and makes the spouse a widow or widower', () => {
    const married = somebody(
      (document) => isResident(document) && valueOf(document, 'maritalStatus', 'status') === 'Married',
    );
    const spouse = population.find(valueOf(married, 'maritalStatus', 'relatedByMaritalStatus') ?? '');
    if (spouse === undefined) throw new Error('no spouse');
    const applied = changes.apply({ type: 'death', nin: ninOf(married), date: '2026-02-20' });
    const dead = now(married);
    expect(valueOf(dead, 'death', 'deceasedDate')).to.equal('2026-02-20T00:00:00Z');
    expect(valueOf(dead, 'status', 'status')).to.equal('Deceased');
    expect(historyOf(dead, 'status').at(0)).to.include({ status: 'Resident' });
    expect(currentOf(dead, 'residentialAddress')).to.deep.equal([]);
    expect(historyOf(dead, 'residentialAddress')[0]).to.include({ validTo: '2026-02-20T00:00:00Z' });
    expect(typesFor(applied, married).slice(0, 1)).to.deep.equal(['PersonIsDeceased']);
    expect(typesFor(applied, married))
      .to.include('ChangeInResidentialAddress')
      .and.not.include('ChangeInStatus');
    expect(typesFor(applied, spouse)).to.include('ChangeInMaritalStatus');
    expect(valueOf(now(spouse), 'maritalStatus', 'status')).to.equal('WidowOrWidower');
    refused({ type: 'death', nin: ninOf(married) });
    refused({ type: 'move', nin: ninOf(married) });
  });

  it('moves a person, who is found at the new address only', () => {
    const person = somebody(isResident);
    const before = homeSearch(person);
    expect(ids(before)).to.include(person.id);
    const applied = changes.apply({ type: 'move', nin: ninOf(person), address: ADDRESS });
    const moved = now(person);
    expect(applied.events.map(({ eventType, nin }) => [eventType, nin])).to.deep.equal([
      ['ChangeInResidentialAddress', ninOf(person)],
    ]);
    expect(String(moved.sequenceNumber)).to.equal(applied.events[0]?.sequenceNumber);
    expect(ids(before)).not.to.include(person.id);
    expect(ids({ street: 'flytteveien7b', municipalityNumber: '0301' })).to.deep.equal([person.id]);
    const [home] = currentOf(moved, 'residentialAddress');
    // The day of the change is that of Norway, where midnight has passed.
    expect(home).to.include({
      isValid: true,
      registeredAt: '2026-03-01T23:30:00Z',
      validFrom: '2026-03-02T00:00:00Z',
      addressConfidentiality: 'Unclassified',
    });
    const [former] = historyOf(moved, 'residentialAddress');
    expect(former).to.deep.equal({ ...currentOf(person, 'residentialAddress')[0], isValid: false });
  });

  it('moves a holder of a D-number by the present address', () => {
    const person = somebody(
      (document) =>
        valueOf(document, 'status', 'status') === 'Temporary' &&
        valueOf(document, 'norwegianIdentificationNumber', 'identificationNumberType') === 'DNumber',
    );
    const applied = changes.apply({ type: 'move', nin: ninOf(person) });
    expect(typesFor(applied, person)).to.deep.equal(['ChangeInPresentAddress']);
    expect(currentOf(now(person), 'residentialAddress')).to.deep.equal([]);
  });

  it('protects an address, keeps it protected through a move, and lifts the protection', () => {
    const person = somebody(isResident);
    const nin = ninOf(person);
    const first = changes.apply({ type: 'protect', nin, level: 'Confidential' });
    expect(typesFor(first, person)).to.include.members([
      'ChangeInAddressProtection',
      'ChangeInResidentialAddress',
    ]);
    expect(valueOf(now(person), 'residentialAddress', 'addressConfidentiality')).to.equal('Confidential');
    expect(historyOf(now(person), 'residentialAddress')[0]).to.include({
      addressConfidentiality: 'Unclassified',
    });
    refused({ type: 'protect', nin, level: 'Confidential' });
    changes.apply({ type: 'move', nin });
    expect(valueOf(now(person), 'residentialAddress', 'addressConfidentiality')).to.equal('Confidential');
    changes.apply({ type: 'lift-protection', nin });
    expect(valueOf(now(person), 'residentialAddress', 'addressConfidentiality')).to.equal('Unclassified');
    expect(currentOf(now(person), 'addressProtection')).to.deep.equal([]);
    expect(historyOf(now(person), 'addressProtection')[0]).to.include({
      protectionLevel: 'Confidential',
      validTo: '2026-03-02T00:00:00Z',
    });
    refused({ type: 'lift-protection', nin });
  });

  it('holds no home of the strictly protected, and one again afterwards', () => {
    const person = somebody(isResident);
    const nin = ninOf(person);
    const home = homeSearch(person);
    changes.apply({ type: 'protect', nin, level: 'StrictlyConfidential' });
    expect(currentOf(now(person), 'residentialAddress')).to.deep.equal([]);
    expect(ids(home)).not.to.include(person.id);
    const [post] = currentOf(now(person), 'postalAddress');
    expect(textAt(objectAt(post, 'postBoxAddress'), 'postBoxOwner')).to.equal('SYNTETISK FORMIDLINGSKONTOR');
    refused({ type: 'move', nin });
    changes.apply({ type: 'lift-protection', nin, address: ADDRESS });
    expect(ids({ street: 'flytteveien7b' })).to.deep.equal([person.id]);
    expect(currentOf(now(person), 'postalAddress')).to.deep.equal([]);
  });

  it('gives a new number; the old one finds the person, and relatives name the new one', () => {
    const mother = somebody(
      (document) =>
        isResident(document) &&
        currentOf(document, 'familyRelation').some(
          ({ relatedPersonsRole }) => relatedPersonsRole === 'Child',
        ),
    );
    const old = ninOf(mother);
    const relation = currentOf(mother, 'familyRelation').find(
      ({ relatedPersonsRole }) => relatedPersonsRole === 'Child',
    );
    const child = population.find(textAt(relation, 'relatedPerson') ?? '');
    if (child === undefined) throw new Error('no child');
    const applied = changes.apply({ type: 'new-number', nin: old });
    expect(applied.nin).not.to.equal(old);
    expect(applied.events[0]).to.include({
      eventType: 'ChangeInNorwegianIdentificationNumber',
      nin: applied.nin,
    });
    expect(population.find(old)).to.equal(population.find(applied.nin ?? ''));
    expect(historyOf(now(mother), 'norwegianIdentificationNumber')[0]).to.include({
      identificationNumber: old,
      status: 'Discontinued',
      validTo: '2026-03-02T00:00:00Z',
    });
    const named = currentOf(now(child), 'familyRelation').map(({ relatedPerson }) => relatedPerson);
    expect(named).to.include(applied.nin).and.not.include(old);
    expect(typesFor(applied, child)).to.include('ChangeInFamilyRelation');
  });

  it('makes a resident of the holder of a D-number who gets a national identity number', () => {
    const person = somebody((document) => valueOf(document, 'status', 'status') === 'Temporary');
    const applied = changes.apply({ type: 'new-number', nin: ninOf(person), address: ADDRESS });
    expect(typesFor(applied, person)).to.include.members([
      'ChangeInNorwegianIdentificationNumber',
      'PersonIsResident',
      'ChangeInResidentialAddress',
    ]);
    expect(valueOf(now(person), 'norwegianIdentificationNumber', 'identificationNumberType')).to.equal(
      'NationalIdentityNumber',
    );
    expect(valueOf(now(person), 'status', 'status')).to.equal('Resident');
    expect(ids({ street: 'flytteveien7b' })).to.deep.equal([person.id]);
    refused({ type: 'new-number', nin: ninOf(person), kind: 'DNumber' });
  });

  it('merges two persons, so that all numbers find the kept one, and splits them again', () => {
    const kept = somebody(isSingle);
    const parent = somebody(
      (document) =>
        isResident(document) &&
        currentOf(document, 'familyRelation').some(
          ({ relatedPersonsRole }) => relatedPersonsRole === 'Child',
        ) &&
        valueOf(document, 'maritalStatus', 'status') === 'Married',
    );
    const size = population.size;
    const applied = changes.apply({ type: 'merge', nin: ninOf(kept), duplicate: ninOf(parent) });
    expect(typesFor(applied, kept)).to.deep.equal(['PersonIsContinuedAsValidUponMerger']);
    expect(applied.events.filter(({ personId }) => personId === parent.id)).to.have.length(1);
    expect(applied.events.find(({ personId }) => personId === parent.id)).to.include({
      eventType: 'PersonIsDiscontinuedAsDuplicate',
      nin: ninOf(parent),
    });
    for (const number of [...numbersOf(kept), ...numbersOf(parent)]) {
      expect(population.find(number)?.id).to.equal(kept.id);
    }
    expect(population.get(parent.id)).to.equal(undefined);
    expect(population.size).to.equal(size - 1);
    expect(ids({ familyName: (valueOf(parent, 'name', 'familyName') ?? '').toLowerCase() })).not.to.include(
      parent.id,
    );
    expect(valueOf(now(kept), 'maritalStatus', 'status')).to.equal('Married');
    expect(inconsistenciesOf(population)).to.deep.equal([]);

    changes.apply({ type: 'move', nin: ninOf(kept), address: ADDRESS });
    const undone = changes.apply({ type: 'split', nin: ninOf(parent) });
    expect(undone.personId).to.equal(parent.id);
    expect(typesFor(undone, kept)).to.deep.equal(['PersonIsChangedBySplitting']);
    expect(typesFor(undone, parent)).to.deep.equal(['PersonIsRestoredBySplitting']);
    expect(population.size).to.equal(size);
    for (const number of numbersOf(parent)) expect(population.find(number)?.id).to.equal(parent.id);
    expect(numbersOf(now(kept))).to.deep.equal(numbersOf(kept));
    expect(valueOf(now(kept), 'maritalStatus', 'status')).to.equal('Unmarried');
    expect(valueOf(now(parent), 'maritalStatus', 'status')).to.equal('Married');
    expect(currentOf(now(parent), 'familyRelation')).to.have.length(
      currentOf(parent, 'familyRelation').length,
    );
    expect(currentOf(now(kept), 'familyRelation')).to.deep.equal([]);
    expect(ids({ street: 'flytteveien7b' })).to.deep.equal([kept.id]);
    refused({ type: 'split', nin: ninOf(parent) });
  });

  it('protects whoever is kept as the duplicate was protected', () => {
    const kept = somebody(isSingle);
    const other = somebody(isSingle, 1);
    changes.apply({ type: 'protect', nin: ninOf(other), level: 'Confidential' });
    changes.apply({ type: 'merge', nin: ninOf(kept), duplicate: ninOf(other) });
    expect(valueOf(now(kept), 'addressProtection', 'protectionLevel')).to.equal('Confidential');
    expect(valueOf(now(kept), 'residentialAddress', 'addressConfidentiality')).to.equal('Confidential');
  });

  it('merges neither relatives, nor the living with the dead, nor a stronger number into a weaker one', () => {
    const child = somebody(
      (document) =>
        isResident(document) &&
        currentOf(document, 'familyRelation').some(
          ({ relatedPersonsRole }) => relatedPersonsRole === 'Mother',
        ),
    );
    const mother = currentOf(child, 'familyRelation').find(
      ({ relatedPersonsRole }) => relatedPersonsRole === 'Mother',
    );
    refused({ type: 'merge', nin: ninOf(child), duplicate: textAt(mother, 'relatedPerson') ?? '' });
    const dead = somebody((document) => valueOf(document, 'status', 'status') === 'Deceased');
    refused({ type: 'merge', nin: ninOf(child), duplicate: ninOf(dead) });
    const guest = somebody((document) => valueOf(document, 'status', 'status') === 'Temporary');
    refused({ type: 'merge', nin: ninOf(guest), duplicate: ninOf(somebody(isSingle)) });
    refused({ type: 'merge', nin: ninOf(child), duplicate: ninOf(child) });
  });

  it('renames a person, who is searched by the new name only', () => {
    const person = somebody(isSingle);
    const before = valueOf(person, 'name', 'familyName') ?? '';
    const applied = changes.apply({
      type: 'name',
      nin: ninOf(person),
      familyName: 'Nyvalgt',
      middleName: null,
    });
    expect(typesFor(applied, person)).to.deep.equal(['ChangeInName']);
    expect(ids({ familyName: 'nyvalgt' })).to.deep.equal([person.id]);
    expect(ids({ familyName: before.toLowerCase() })).not.to.include(person.id);
    expect(historyOf(now(person), 'name')[0]).to.include({ familyName: before });
    expect(currentOf(now(person), 'name')[0]).not.to.have.property('middleName');
    expect(valueOf(now(person), 'name', 'givenName')).to.equal(valueOf(person, 'name', 'givenName'));
  });

  it('registers a child with both parents, a provisional name that leaves no trace, and the home of the mother', () => {
    const mother = somebody(
      (document) => isSingle(document) && valueOf(document, 'gender', 'gender') === 'Female',
    );
    const father = somebody(
      (document) => isSingle(document) && valueOf(document, 'gender', 'gender') === 'Male',
    );
    const home = homeSearch(mother);
    const applied = changes.apply({
      type: 'birth',
      nin: ninOf(mother),
      father: ninOf(father),
      gender: 'Female',
      date: '2026-02-11',
    });
    const child = population.find(applied.nin ?? '');
    if (child === undefined) throw new Error('no child');
    expect(applied.nin).to.match(/^11(82|67)26[5-9]/);
    expect(typesFor(applied, child)).to.deep.equal(['PersonIsCreated']);
    for (const parent of [mother, father]) {
      expect(typesFor(applied, parent)).to.have.members([
        'ChangeInFamilyRelation',
        'ChangeInParentalResponsibility',
      ]);
      expect(currentOf(now(parent), 'familyRelation')[0]).to.include({
        relatedPerson: applied.nin,
        relatedPersonsRole: 'Child',
      });
    }
    expect(
      currentOf(child, 'parentalResponsibility').map(({ responsibilityType }) => responsibilityType),
    ).to.deep.equal(['Joint', 'Joint']);
    expect(ids(home)).to.include(child.id);
    expect(valueOf(child, 'name', 'givenName')).to.equal(
      `${valueOf(mother, 'name', 'givenName') ?? ''}*PIKE`,
    );
    changes.apply({ type: 'name', nin: applied.nin ?? '', givenName: 'Ønsket' });
    expect(elementsOf(now(child), 'name')).to.have.length(1);
    expect(population.size).to.equal(301);
    expect([...population.documents()].at(-1)?.id).to.equal(child.id);
  });

  it('marries and divorces', () => {
    const one = somebody(isSingle);
    const other = somebody(isSingle, 1);
    changes.apply({ type: 'marriage', nin: ninOf(one), spouse: ninOf(other) });
    expect(valueOf(now(other), 'maritalStatus', 'relatedByMaritalStatus')).to.equal(ninOf(one));
    refused({ type: 'marriage', nin: ninOf(one), spouse: ninOf(somebody(isSingle)) });
    changes.apply({ type: 'divorce', nin: ninOf(other) });
    expect(valueOf(now(one), 'maritalStatus', 'status')).to.equal('Divorced');
    expect(currentOf(now(one), 'familyRelation')).to.deep.equal([]);
  });

  it('tells of persons with a help number only by an event of their own', () => {
    const person = somebody(
      (document) =>
        valueOf(document, 'norwegianIdentificationNumber', 'identificationNumberType') ===
        'AlternateIdentificationNumber',
    );
    const applied = changes.apply({ type: 'name', nin: ninOf(person), familyName: 'Nyvalgt' });
    expect(typesFor(applied, person)).to.deep.equal(['UpdatedAlternateIdentificationNumber']);
  });

  it('refuses unknown numbers and days before the birth, and changes nothing then', () => {
    expect(() => changes.apply({ type: 'death', nin: '00000000000' })).to.throw(UnknownPerson);
    const person = somebody(isSingle);
    refused({ type: 'move', nin: ninOf(person), date: '1800-01-01' });
    refused({ type: 'marriage', nin: ninOf(person), spouse: ninOf(person) });
    expect(now(person)).to.deep.equal(person);
  });
});
