import type { SearchHit } from '../../search.js';
import { addressPairs, isEmptyAddress, type AddressPair } from './address-pairs.js';
import type { FieldRow, PersonRow } from './compared-row.js';
import type { ComparisonRules } from './comparison-rules.js';
import type { Difference, PlacedAddress, Side } from './difference.js';
import { normalValue, type RawValue } from './normal-value.js';
import { protectionGrade } from './protection-grade.js';
import { foldedStreet } from './text-forms.js';
import { ToldFields } from './told-fields.js';

/** In what two records of a person differ, of what both sources can tell, once they are written alike. */
export function personDifferences(
  old: SearchHit,
  fresh: SearchHit,
  rules: ComparisonRules,
): readonly Difference[] {
  const found = [...fieldDifferences(old, fresh, rules), ...addressDifferences(old, fresh, rules)];
  // Of most people nothing differs, and looking into lineages costs more than the comparison.
  if (found.length === 0) return [];
  const told = [new ToldFields(old), new ToldFields(fresh)];
  return found.filter((difference) => {
    if (isOfProtection(difference)) return true;
    // Where both tell lines, these are what differs.
    if (difference.row.name === 'addresses.mailing' && told.every(({ tellsLines }) => tellsLines))
      return false;
    return told.every((fields) => fields.tells(difference.row));
  });
}

/** Whether one alone hides the address: a source that hides it has no need to tell by which code. */
function isOfProtection({ row, sides: { preg, persontjenesten } }: Difference): boolean {
  const isOfCode = row.of === 'address' && row.field === 'postalType';
  return isOfCode && (protectionGrade(preg.hit) === 0) !== (protectionGrade(persontjenesten.hit) === 0);
}

function fieldDifferences(old: SearchHit, fresh: SearchHit, rules: ComparisonRules): readonly Difference[] {
  return rules.personRows.flatMap((row) => {
    const [before, after] = valuesOf(row, old, fresh);
    if (before === after) return [];
    return differing(row, { hit: old, raw: before }, { hit: fresh, raw: after }, rules);
  });
}

function valuesOf(
  row: PersonRow,
  old: SearchHit,
  fresh: SearchHit,
): readonly [old: RawValue, fresh: RawValue] {
  if (row.form !== 'days') return [old.person[row.field], fresh.person[row.field]];
  const [before, after] = [daysByNumber(old), daysByNumber(fresh)];
  // Which numbers they list is another field.
  const both = [...before.keys()].filter((number) => after.has(number));
  const daysIn = (days: ReadonlyMap<string, string>): string[] =>
    both.map((number) => `${number} ${days.get(number) ?? ''}`);
  return [daysIn(before), daysIn(after)];
}

/** The days on which numbers gave way, where they are known. */
function daysByNumber({ person }: SearchHit): ReadonlyMap<string, string> {
  return new Map(
    person.supersededNINs.flatMap((number, index) => {
      const day = person.datesSuperseded[index] ?? null;
      return day === null ? [] : [[number, day] as const];
    }),
  );
}

function addressDifferences(old: SearchHit, fresh: SearchHit, rules: ComparisonRules): readonly Difference[] {
  const [before, after] = [old.person.addresses, fresh.person.addresses];
  if (before.length === 0 && after.length === 0) return [];
  const pairs = addressPairs(before, after, rules.addressRows, rules.spellings);
  return pairs.flatMap(([one, other]) =>
    one === undefined || other === undefined
      ? loneAddress([one, other], old, fresh, rules)
      : [
          ...rules.addressRows.flatMap((row) => {
            const [raw, freshRaw] = [one.address[row.field], other.address[row.field]];
            if (raw === freshRaw) return [];
            return differing(
              row,
              { hit: old, placed: one, raw },
              { hit: fresh, placed: other, raw: freshRaw },
              rules,
            );
          }),
          ...mailDifference({ hit: old, placed: one }, { hit: fresh, placed: other }, rules),
        ],
  );
}

type Placed = Pick<Side, 'hit'> & { readonly placed: PlacedAddress };

function mailDifference(
  old: Placed,
  fresh: Placed,
  { others, spellings }: ComparisonRules,
): readonly Difference[] {
  const sideOf = ({ hit, placed }: Placed): Side => {
    const { mailing } = placed.address;
    if (mailing === null) return { hit, placed, raw: null, normal: null };
    const { lines, postalCode, postalPlace, countryCode } = mailing;
    const words = [...lines, postalCode, postalPlace, countryCode].filter((part) => part !== null).join(' ');
    return { hit, placed, raw: null, normal: foldedStreet(words, spellings) || null };
  };
  if (old.placed.address.mailing === fresh.placed.address.mailing) return [];
  const sides = { preg: sideOf(old), persontjenesten: sideOf(fresh) };
  return sides.preg.normal === sides.persontjenesten.normal
    ? []
    : [{ row: others['addresses.mailing'], sides }];
}

/** An address without counterpart; one that tells nothing is none. */
function loneAddress(
  [old, fresh]: AddressPair,
  oldHit: SearchHit,
  freshHit: SearchHit,
  rules: ComparisonRules,
): readonly Difference[] {
  const lone = old ?? fresh;
  if (lone === undefined || isEmptyAddress(lone.address)) return [];
  const presence = (hit: SearchHit, placed: PlacedAddress | undefined): Side => ({
    hit,
    placed,
    raw: null,
    normal: placed === undefined ? null : 'there',
  });
  const sides = { preg: presence(oldHit, old), persontjenesten: presence(freshHit, fresh) };
  return [{ row: rules.others.addresses, sides }];
}

interface Told {
  readonly hit: SearchHit;
  readonly placed?: PlacedAddress;
  readonly raw: RawValue;
}

function differing(
  row: FieldRow,
  old: Told,
  fresh: Told,
  { spellings }: ComparisonRules,
): readonly Difference[] {
  const sideOf = ({ hit, placed, raw }: Told): Side => ({
    hit,
    placed,
    raw,
    normal: normalValue(row, raw, spellings),
  });
  const sides = { preg: sideOf(old), persontjenesten: sideOf(fresh) };
  if (sides.preg.normal === sides.persontjenesten.normal) return [];
  const others = { ...spellings, letters: spellings.otherLetters };
  return normalValue(row, old.raw, others) === normalValue(row, fresh.raw, others) ? [] : [{ row, sides }];
}
