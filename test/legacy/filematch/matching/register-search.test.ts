import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createMatcher } from '../../../../src/legacy/filematch/matching/create-matcher.js';
import type { Matcher } from '../../../../src/legacy/filematch/matching/matcher.js';
import type { InputRow } from '../../../../src/legacy/filematch/record.js';
import { numbersIn } from '../../../../src/mapping/transforms/identity.js';
import type { NationalId } from '../../../../src/person/national-id.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import type { PersonRegistry } from '../../../../src/registry/person-registry.js';
import { PersontjenestenRegistry } from '../../../../src/registry/persontjenesten/registry.js';
import { Population } from '../../../../src/sandbox/population/population.js';
import { caller } from '../../../registry/registry-bench.js';
import { documentsOver } from '../../../support/documents-over.js';
import { inputRow } from '../../../support/filematch-rows.js';
import { mappings } from '../../../support/person-documents.js';
import { UnservedPersontjenesten } from '../../../../src/sandbox/persontjenesten/unserved-persontjenesten.js';
import { RecordedEvents } from '../../../support/recorded-events.js';
import { StandingClock } from '../../../support/standing-clock.js';

const persons = fileURLToPath(new URL('../../../../../fixtures/persons', import.meta.url));
const PEOPLE = 150;

/** The people of the sandbox who have a name and a birth date, and the matcher over the register that has them. */
async function sandbox(): Promise<{ readonly matcher: Matcher; readonly people: readonly PregPerson[] }> {
  const population = await Population.create({ personFolders: [persons], generated: 300, seed: 1 });
  const registry: PersonRegistry = new PersontjenestenRegistry({
    ...documentsOver(new UnservedPersontjenesten(population)),
    mappings,
    fill: 'faithful',
    clock: new StandingClock('2025-03-01T12:00:00Z'),
    events: new RecordedEvents(),
  });
  const settings = { strongScore: 85, weakScore: 60, checkDigits: 'until-2032' as const };
  const matcher = createMatcher({ registry, codes: mappings.codes, countries: mappings.countries, settings });
  const numbers = [...population.documents()]
    .flatMap((document) => numbersIn(document).slice(0, 1))
    .map(({ nin }) => nin)
    .filter((nin): nin is NationalId => !nin.startsWith('8') && !nin.startsWith('9'));
  const answers = await registry.lookupMany({ ids: numbers }, caller());
  const people = [...answers.values()].flatMap((answer) =>
    answer.outcome === 'found' ? [answer.person] : [],
  );
  return {
    matcher,
    people: people
      .filter(({ sn, givenName, dateOfBirth }) => sn !== null && givenName !== null && dateOfBirth !== null)
      .slice(0, PEOPLE),
  };
}

function rowOf({ sn, givenName, dateOfBirth }: PregPerson, change: Partial<InputRow> = {}): InputRow {
  return inputRow({ surname: sn ?? '', givenName: givenName ?? '', dateOfBirth, ...change });
}

describe('the search in a whole register', function () {
  this.timeout(60_000);
  let matcher: Matcher;
  let people: readonly PregPerson[];
  before(async () => {
    ({ matcher, people } = await sandbox());
    expect(people.length).to.equal(PEOPLE);
  });

  const writings: readonly (readonly [what: string, write: (person: PregPerson) => InputRow])[] = [
    ['as they are registered', (person) => rowOf(person)],
    [
      'in lower case and with blanks',
      (person) => rowOf(person, { surname: ` ${person.sn?.toLowerCase() ?? ''} ` }),
    ],
    [
      'with AE, OE and AA',
      (person) => rowOf(person, { surname: latin(person.sn), givenName: latin(person.givenName) }),
    ],
    [
      'with given name and surname swapped',
      (person) => rowOf(person, { surname: person.givenName ?? '', givenName: person.sn ?? '' }),
    ],
    [
      'by the first of their given names',
      (person) => rowOf(person, { givenName: person.givenName?.split(/[ -]/)[0] ?? '' }),
    ],
  ];
  for (const [what, write] of writings) {
    it(`finds people written ${what}, and never somebody else`, async () => {
      const outcomes = await matcher.match(people.map(write), caller(), { weakMatches: 'data' });
      let found = 0;
      for (const [index, { status, told }] of outcomes.entries()) {
        if (told.nin === undefined) continue;
        expect(told.nin, `${String(index)} ${status}`).to.equal(people[index]?.nin);
        if (status === '20') found += 1;
      }
      expect(found).to.be.at.least(0.95 * people.length);
    });
  }

  it('never tells of somebody who was born on another day', async () => {
    const rows = people.flatMap((person, index) => {
      const other = people[(index + 1) % people.length];
      return other === undefined || other.dateOfBirth === person.dateOfBirth
        ? []
        : [rowOf(person, { dateOfBirth: other.dateOfBirth })];
    });
    expect(rows.length).to.be.greaterThan(50);
    const outcomes = await matcher.match(rows, caller(), { weakMatches: 'data' });
    for (const [index, { told }] of outcomes.entries()) {
      // A child that has no name of its own yet is registered by that of its mother, on its own birth date.
      if (told.nin !== undefined) expect(told.dateOfBirth).to.equal(rows[index]?.dateOfBirth);
    }
    expect(outcomes.filter(({ status }) => status === '41').length).to.be.at.least(0.95 * rows.length);
  });

  it('is stopped by the guard for numbers that stand with the names of others', async () => {
    const rows = people.flatMap((person, index) => {
      const other = people[(index + 40) % people.length];
      const isAlike = [other?.sn, other?.givenName].some(
        (name) => name === person.sn || name === person.givenName,
      );
      return other === undefined || isAlike || other.dateOfBirth === person.dateOfBirth
        ? []
        : [rowOf(other, { nin: person.nin })];
    });
    expect(rows.length).to.be.greaterThan(50);
    for (const { status, told } of await matcher.match(rows, caller(), { weakMatches: 'data' })) {
      expect(status).to.equal('60');
      expect(told).to.have.all.keys(
        'ownRef',
        'ninIn',
        'matchStatus',
        'matchMethod',
        'candidates',
        'changeMask',
      );
    }
  });
});

function latin(name: string | null): string {
  return (name ?? '').replaceAll('Æ', 'AE').replaceAll('Ø', 'OE').replaceAll('Å', 'AA');
}
