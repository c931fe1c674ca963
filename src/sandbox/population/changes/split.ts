import { textAt } from '../person-document.js';
import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { ImpossibleChange } from './impossible-change.js';
import { marriageOf } from './marriage.js';
import type { Merger, Mergers } from './mergers.js';
import { contentOf, type PersonEdit } from './person-edit.js';
import { isDead } from './standing.js';
import { circleOf, isSameTie, mirrorOf, names, renumbered, tellersOf, tiesOf, type Tie } from './ties.js';

const NUMBER_PARTS = ['norwegianIdentificationNumber', 'immigrationAuthoritiesIdentificationNumber'];

/** A merger on its way back. */
interface Parting {
  readonly set: ChangeSet;
  readonly merger: Merger;
  readonly kept: PersonEdit;
  readonly restored: PersonEdit;
  /** Every number that the kept person had while both were one. */
  readonly sharedNumbers: ReadonlySet<string>;
  /** Whose documents may name the kept person. */
  readonly circle: ReadonlySet<PersonEdit>;
  /** The number that the restored person goes by. */
  readonly number: string;
}

/**
 * Takes a merger back. The restored person has the document of before, under the same id, with the relations that the kept
 * person has not lost meanwhile; what else happened since the merger stays with the kept person.
 */
export function split(set: ChangeSet, { nin }: ChangeOf<'split'>, mergers: Mergers): PersonEdit {
  const kept = set.person(nin);
  const merger = mergers.of(nin);
  if (merger === undefined) throw new ImpossibleChange('The number was not merged away.');
  const restored = set.open(merger.lost);
  if (isDead(kept) && !isDead(restored)) throw new ImpossibleChange('The person is dead.');

  const parting: Parting = {
    set,
    merger,
    kept,
    restored,
    sharedNumbers: kept.numbers,
    circle: circleOf(set, kept),
    number: nin,
  };
  const ties = tiesOf(restored);
  partNumbers(parting);
  partMarriage(parting);
  for (const tie of ties) partTie(parting, tie);
  dropStaleHearsay(parting);

  kept.announce('PersonIsChangedBySplitting', 'all');
  restored.announce('PersonIsRestoredBySplitting', 'all');
  mergers.forget(merger);
  return restored;
}

/** A number that another split has taken along is not for this one to give back. */
function partNumbers({ kept, restored, sharedNumbers }: Parting): void {
  const mine = (element: Parameters<typeof contentOf>[0], numbers: ReadonlySet<string>): boolean =>
    numbers.has(textAt(element, 'identificationNumber') ?? '');
  for (const part of NUMBER_PARTS) restored.annul(part, (element) => !mine(element, sharedNumbers));
  const { numbers } = restored;
  for (const part of NUMBER_PARTS) kept.annul(part, (element) => mine(element, numbers));
}

function partMarriage({ set, merger, kept, restored, sharedNumbers, number }: Parting): void {
  const marriage = marriageOf(restored);
  if (marriage === undefined) return;
  const spouseNumber = textAt(marriage, 'relatedByMaritalStatus') ?? '';
  const spouse = set.find(spouseNumber);
  const [now] = kept.current('maritalStatus');
  const isTheirs = now !== undefined && names(now, spouse?.numbers ?? new Set([spouseNumber]));
  if (merger.statusBefore === undefined || !isTheirs || spouse === kept) {
    restored.replace('maritalStatus', { status: 'Unspecified' });
    return;
  }
  restored.replace('maritalStatus', contentOf(now));
  kept.replace('maritalStatus', merger.statusBefore);
  spouse?.alter(
    'maritalStatus',
    (element) => names(element, sharedNumbers),
    (content) => renumbered(content, sharedNumbers, number),
  );
}

function partTie(parting: Parting, tie: Tie): void {
  const { set, merger, kept, restored, sharedNumbers, circle, number } = parting;
  if (tie.other === undefined) return;
  const { part, element } = tie;
  const other = set.find(tie.other);
  const otherNumbers = other?.numbers ?? new Set([tie.other]);
  const isSame = (held: typeof element): boolean => isSameTie(tie, held, otherNumbers);
  const wasPassedOn = merger.passedOn.has(element);
  const isOver = wasPassedOn
    ? !kept.current(part).some(isSame)
    : element['relatedPersonsRole'] === 'SpouseOrPartner';
  if (isOver || other === kept || other === restored) {
    restored.end(part, (own) => own === element);
    return;
  }
  if (wasPassedOn) kept.end(part, isSame);
  if (other === undefined) return;
  const otherNumber = other.number ?? tie.other;
  restored.alter(
    part,
    (own) => own === element && !names(own, new Set([otherNumber])),
    (content) => renumbered(content, otherNumbers, otherNumber),
  );
  if (wasPassedOn) {
    const mirror = mirrorOf(tie, sharedNumbers, otherNumbers);
    for (const teller of tellersOf(tie, other, circle)) {
      teller.alter(part, mirror, (content) => renumbered(content, sharedNumbers, number));
    }
  } else {
    other.add(part, mirrored(tie, otherNumbers, otherNumber, number));
  }
}

/** What the restored document tells of the other parent's responsibility has to be so still. */
function dropStaleHearsay({ set, restored, sharedNumbers }: Parting): void {
  const part = 'parentalResponsibility';
  const own = new Set([...restored.numbers, ...sharedNumbers]);
  for (const element of restored.current(part)) {
    if (names(element, own)) continue;
    const told = JSON.stringify(contentOf(element));
    const child = set.find(textAt(element, 'subjectOfResponsibility'));
    const isSo = child?.current(part).some((held) => JSON.stringify(contentOf(held)) === told) ?? false;
    if (!isSo) restored.end(part, (one) => one === element);
  }
}

/** What the other one's document says of a tie to the person with the number. */
function mirrored(
  { part, element }: Tie,
  otherNumbers: ReadonlySet<string>,
  otherNumber: string,
  number: string,
): ReturnType<typeof contentOf> {
  if (part === 'parentalResponsibility') return renumbered(contentOf(element), otherNumbers, otherNumber);
  const { relatedPersonsRole = null, myRoleForRelatedPerson = null } = element;
  return {
    relatedPerson: number,
    relatedPersonsRole: myRoleForRelatedPerson,
    myRoleForRelatedPerson: relatedPersonsRole,
  };
}
