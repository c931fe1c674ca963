import type { EventFeed } from '../../../src/sandbox/events/event-feed.js';
import type { Population } from '../../../src/sandbox/population/population.js';
import {
  elementsOf,
  isCurrent,
  numbersOf,
  textAt,
  type JsonObject,
  type PersonDocument,
} from '../../../src/sandbox/population/person-document.js';

/** Parts that have one current element at most (persontjenesten-api 8). */
const ONCE = ['name', 'status', 'maritalStatus', 'residentialAddress', 'presentAddress', 'postalAddress'];

export function currentOf(document: PersonDocument, part: string): readonly JsonObject[] {
  return elementsOf(document, part).filter(isCurrent);
}

function isDead(document: PersonDocument): boolean {
  return currentOf(document, 'death').length > 0;
}

/** What is wrong with the population as a whole, one line each. */
export function inconsistenciesOf(population: Population): readonly string[] {
  const documents = [...population.documents()];
  const problems: string[] = [];
  const complain = (document: PersonDocument, problem: string): void => {
    problems.push(`${document.id.slice(0, 8)}: ${problem}`);
  };
  if (documents.length !== population.size) problems.push('the size is another');
  for (const document of documents) {
    if (population.get(document.id)?.id !== document.id) complain(document, 'the id does not find it');
    for (const number of numbersOf(document)) {
      if (population.find(number)?.id !== document.id) complain(document, 'a number finds another one');
    }
    const inUse = currentOf(document, 'norwegianIdentificationNumber').filter(
      ({ status }) => status === 'InUse',
    );
    if (inUse.length > 1) complain(document, 'two numbers in use');
    for (const part of ONCE) {
      if (currentOf(document, part).length > 1) complain(document, `two current elements of ${part}`);
    }
    for (const problem of oneSidedTies(population, document)) complain(document, problem);
  }
  const all = documents.flatMap((document) => numbersOf(document));
  if (new Set(all).size < all.length) problems.push('two persons share a number');
  return problems;
}

function* oneSidedTies(population: Population, document: PersonDocument): Iterable<string> {
  const numbers = numbersOf(document);
  for (const relation of currentOf(document, 'familyRelation')) {
    const relative = population.find(textAt(relation, 'relatedPerson') ?? '');
    if (relative === undefined) continue;
    const mirrors = currentOf(relative, 'familyRelation').filter(
      (candidate) =>
        numbers.includes(textAt(candidate, 'relatedPerson') ?? '') &&
        candidate['relatedPersonsRole'] === relation['myRoleForRelatedPerson'] &&
        candidate['myRoleForRelatedPerson'] === relation['relatedPersonsRole'],
    );
    if (mirrors.length !== 1)
      yield `${mirrors.length} mirrors of ${textAt(relation, 'relatedPersonsRole') ?? 'nobody'}`;
  }
  for (const held of currentOf(document, 'parentalResponsibility')) {
    for (const side of ['subjectOfResponsibility', 'responsible']) {
      const other = population.find(textAt(held, side) ?? '');
      if (other === undefined || other.id === document.id) continue;
      const same = currentOf(other, 'parentalResponsibility').filter(
        (candidate) =>
          candidate['subjectOfResponsibility'] === held['subjectOfResponsibility'] &&
          candidate['responsible'] === held['responsible'] &&
          candidate['responsibilityType'] === held['responsibilityType'],
      );
      if (same.length !== 1) yield `${same.length} equals of a responsibility`;
    }
  }
  const marriage = currentOf(document, 'maritalStatus')[0];
  const spouse = population.find(textAt(marriage, 'relatedByMaritalStatus') ?? '');
  if (spouse === undefined || isDead(document) || isDead(spouse)) return;
  const theirs = textAt(currentOf(spouse, 'maritalStatus')[0], 'relatedByMaritalStatus') ?? '';
  if (!numbers.includes(theirs)) yield 'a one-sided marriage';
}

/** What is wrong with the feed, and with the sequence numbers of the documents that it tells of. */
export function feedProblemsOf(population: Population, events: EventFeed): readonly string[] {
  const problems: string[] = [];
  const lastOf = new Map<string, number>();
  let before = 0;
  for (let from: number | undefined = 1; from !== undefined;) {
    const page = events.page({ from, limit: 1000 });
    for (const { sequenceNumber, personId } of page) {
      const number = Number(sequenceNumber);
      if (number <= before) problems.push('a number is not above the one before');
      before = number;
      lastOf.set(personId, number);
    }
    from = page.length < 1000 ? undefined : before + 1;
  }
  for (const [personId, number] of lastOf) {
    const document = population.get(personId);
    if (document !== undefined && document.sequenceNumber !== number) {
      problems.push('the last event of a person is not the one of the document');
    }
  }
  return problems;
}
