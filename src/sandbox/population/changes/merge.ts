import { elementsOf, isCurrent, textAt, type JsonObject } from '../person-document.js';
import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { ImpossibleChange } from './impossible-change.js';
import { marriageOf } from './marriage.js';
import type { Mergers } from './mergers.js';
import { asDate, contentOf, type PersonEdit } from './person-edit.js';
import { applyProtection, higherProtection, protectionOf } from './protection.js';
import { isDead, numberTypeOf, statusOf } from './standing.js';
import { circleOf, mirrorOf, names, relativesOf, renumbered, tellersOf, tiesOf, type Tie } from './ties.js';

/** Roles that one other person at most has for somebody. */
const EXCLUSIVE: ReadonlySet<unknown> = new Set(['Mother', 'Father', 'CoMother', 'SpouseOrPartner']);
const DUF = 'immigrationAuthoritiesIdentificationNumber';
/** A number is never merged away into a weaker one. */
const STRENGTH = [undefined, 'AlternateIdentificationNumber', 'DNumber', 'NationalIdentityNumber'];

/**
 * Makes one person of two. The duplicate has no document any more; both numbers find the kept person, who has the duplicate's
 * relations unless they have such a relation of their own.
 */
export function merge(set: ChangeSet, change: ChangeOf<'merge'>, mergers: Mergers): PersonEdit {
  const kept = set.person(change.nin);
  const lost = set.person(change.duplicate);
  const document = lost.document;
  const keptNumber = requireMergeable(set, kept, lost);

  const statusBefore = passMarriageOn(set, lost, kept, keptNumber);
  const passedOn = passTiesOn(set, lost, kept, keptNumber);
  passNumbersOn(set, lost, kept);
  const level = higherProtection(protectionOf(kept), protectionOf(lost));
  if (level !== protectionOf(kept) && level !== 'Unclassified') applyProtection(set, kept, level);

  kept.announce('PersonIsContinuedAsValidUponMerger', 'all');
  lost.announce('PersonIsDiscontinuedAsDuplicate', 'all');
  set.discontinue(lost);
  mergers.note({ lost: document, number: lost.number, passedOn, statusBefore });
  return kept;
}

/** Gives the number of the kept person. */
function requireMergeable(set: ChangeSet, kept: PersonEdit, lost: PersonEdit): string {
  const refuse = (problem: string): never => {
    throw new ImpossibleChange(problem);
  };
  if (kept === lost) return refuse('Both numbers are of one person.');
  if (isDead(kept) !== isDead(lost)) return refuse('One is dead and the other is not.');
  if ([kept, lost].some((person) => statusOf(person) === 'Discontinued')) {
    return refuse('An identity is discontinued.');
  }
  if (relativesOf(set, kept).has(lost) || relativesOf(set, lost).has(kept)) {
    return refuse('The register has them as relatives.');
  }
  const [keptType, lostType] = [kept, lost].map(numberTypeOf);
  if (STRENGTH.indexOf(keptType) < STRENGTH.indexOf(lostType)) {
    return refuse('The other one has the number to keep.');
  }
  const [spouse, otherSpouse] = [kept, lost].map((person) =>
    textAt(marriageOf(person), 'relatedByMaritalStatus'),
  );
  const bothMarried = marriageOf(kept) !== undefined && marriageOf(lost) !== undefined;
  if (bothMarried && (spouse === undefined || set.find(spouse) !== set.find(otherSpouse))) {
    return refuse('They are married to different persons.');
  }
  return kept.number ?? refuse('The person to keep has no number.');
}

/** Gives what the kept person's marital status was, if it had to give way to the lost one's marriage. */
function passMarriageOn(
  set: ChangeSet,
  lost: PersonEdit,
  kept: PersonEdit,
  keptNumber: string,
): JsonObject | undefined {
  const marriage = marriageOf(lost);
  if (marriage === undefined) return undefined;
  const { numbers } = lost;
  set.find(textAt(marriage, 'relatedByMaritalStatus'))?.alter(
    'maritalStatus',
    (element) => names(element, numbers),
    (content) => renumbered(content, numbers, keptNumber),
  );
  if (marriageOf(kept) !== undefined) return undefined;
  const [before] = kept.current('maritalStatus');
  kept.replace('maritalStatus', contentOf(marriage));
  return before === undefined ? { status: 'Unspecified' } : contentOf(before);
}

/** Gives the elements whose ties went over; the other ones end at whoever they tie the lost person to. */
function passTiesOn(
  set: ChangeSet,
  lost: PersonEdit,
  kept: PersonEdit,
  keptNumber: string,
): ReadonlySet<JsonObject> {
  const passedOn = new Set<JsonObject>();
  const { numbers } = lost;
  const circle = circleOf(set, lost);
  for (const tie of tiesOf(lost)) {
    if (tie.other === undefined) continue;
    const other = set.find(tie.other);
    const otherNumbers = other?.numbers ?? new Set([tie.other]);
    const mirror = mirrorOf(tie, numbers, otherNumbers);
    if (hasSuch(kept, tie, otherNumbers)) {
      for (const teller of tellersOf(tie, other, circle)) teller.end(tie.part, mirror);
      continue;
    }
    kept.add(tie.part, renumbered(contentOf(tie.element), numbers, keptNumber));
    for (const teller of tellersOf(tie, other, circle)) {
      teller.alter(tie.part, mirror, (content) => renumbered(content, numbers, keptNumber));
    }
    passedOn.add(tie.element);
  }
  return passedOn;
}

function hasSuch(person: PersonEdit, tie: Tie, otherNumbers: ReadonlySet<string>): boolean {
  if (tie.part === 'familyRelation') {
    const role = tie.element['relatedPersonsRole'];
    return person
      .current(tie.part)
      .some(
        (element) =>
          element['relatedPersonsRole'] === role && (EXCLUSIVE.has(role) || names(element, otherNumbers)),
      );
  }
  const isSubject = tie.other !== textAt(tie.element, 'subjectOfResponsibility');
  const { numbers } = person;
  return person
    .current(tie.part)
    .some((element) =>
      isSubject
        ? numbers.has(textAt(element, 'subjectOfResponsibility') ?? '')
        : otherNumbers.has(textAt(element, 'subjectOfResponsibility') ?? ''),
    );
}

function passNumbersOn({ moment }: ChangeSet, lost: PersonEdit, kept: PersonEdit): void {
  const ended = { isValid: false, validTo: asDate(moment.day) };
  kept.take(
    'norwegianIdentificationNumber',
    elementsOf(lost.document, 'norwegianIdentificationNumber').map((element) =>
      isCurrent(element)
        ? { ...element, ...ended, reason: 'SAMMENSLAAING', status: 'Discontinued' }
        : element,
    ),
  );
  const hasOwn = kept.current(DUF).length > 0;
  kept.take(
    DUF,
    elementsOf(lost.document, DUF).map((element) =>
      hasOwn && isCurrent(element) ? { ...element, ...ended } : element,
    ),
  );
}
