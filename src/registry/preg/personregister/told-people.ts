import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { PregRejected } from '../../../errors/errors.js';
import type { CodeTables } from '../../../mapping/code-table.js';
import type { Countries } from '../../../mapping/countries.js';
import { kindOf, NationalIdKind, type NationalId } from '../../../person/national-id.js';
import type { PregPerson } from '../../../person/preg-person.js';
import type { ProtectedPostalType } from '../../../person/protection.js';
import type { SearchHit } from '../../search.js';
import { AddressMask } from '../address-mask.js';
import { completedPerson } from './completed-person.js';
import { addressOfRecord, personOfRecord } from './person-of-record.js';
import { recordLineage } from './record-lineage.js';

/** A person as PREG told of one, with nothing of the addresses hidden yet: it must not go any further like this. */
export interface ToldPerson {
  readonly person: PregPerson;
  readonly record: ReadRecord;
  /** One for each of the person's addresses. */
  readonly addresses: readonly ReadRecord[];
  readonly protection: ProtectedPostalType | null;
}

/** Which of somebody's addresses are told. */
export type AddressesTold = 'current' | 'of-the-day' | 'all';

/** Makes people of PREG's records. */
export class ToldPeople {
  readonly #mask: AddressMask;

  constructor(
    codes: CodeTables,
    private readonly countries: Countries,
  ) {
    this.#mask = new AddressMask(codes);
  }

  /** The person of a record; undefined for one without a usable number. */
  read(record: ReadRecord): ToldPerson | undefined {
    const person = personOfRecord(record);
    if (person === undefined) return undefined;
    const addresses = (record.records('Addresses') ?? []).filter((address) => address !== null);
    return { person, record, addresses, protection: this.#mask.protectionIn(person.addresses) };
  }

  /**
   * The same person with these addresses in place of the others.
   * @throws PregRejected where one says that it is somebody else's
   */
  withAddresses(told: ToldPerson, addresses: readonly ReadRecord[]): ToldPerson {
    const { nin, oldNIN, newNIN } = told.person;
    const read = addresses.map((address) => addressOfRecord(address, nin));
    if (!read.every((address) => [nin, oldNIN, newNIN].includes(address.nin))) {
      throw new PregRejected('wrong-answer', 'an address of somebody else');
    }
    const protection = this.#mask.higher(told.protection, this.#mask.protectionIn(read));
    return { ...told, person: { ...told.person, addresses: read }, addresses, protection };
  }

  /** The same person under whatever protects the other telling of the same person as well. */
  protectedAs(told: ToldPerson, other: ToldPerson): ToldPerson {
    return { ...told, protection: this.#mask.higher(told.protection, other.protection) };
  }

  /** What may go further: the addresses that are wanted, or what stands in their place. */
  hit(told: ToldPerson, wanted: AddressesTold): SearchHit {
    // Of somebody in hiding no address is told, whichever are wanted, and each can say that one is.
    const { person, addresses } = withWanted(told, told.protection === null ? wanted : 'all');
    const completed = completedPerson(person, this.countries);
    const lineage = recordLineage({ person: told.record, addresses }, completed);
    return this.#mask.masked({ person: completed, lineage }, told.protection);
  }
}

/** Whether a record is about the number that was asked for. Nothing else may be given (Safety S5). */
export function isAbout({ nin, oldNIN, dufNo }: PregPerson, id: NationalId): boolean {
  return nin === id || oldNIN === id || dufNo === id;
}

/** Numbers that may give way to one of the kind, besides those of the same kind. */
const givingWay: Readonly<Record<NationalIdKind, readonly NationalIdKind[]>> = {
  [NationalIdKind.NationalIdentityNumber]: [
    NationalIdKind.DNumber,
    NationalIdKind.HelpNumber,
    NationalIdKind.DufNumber,
  ],
  [NationalIdKind.DNumber]: [NationalIdKind.HelpNumber, NationalIdKind.DufNumber],
  [NationalIdKind.HelpNumber]: [NationalIdKind.DufNumber],
  [NationalIdKind.DufNumber]: [],
};

/**
 * Whether the record that another one names as its successor is of the same person: it names the other one's number, or
 * the birth dates are the same and the number is of a kind that such a number gives way to. One wrong pointer must not
 * make one patient of two (Safety S5).
 */
export function isSuccessor(former: PregPerson, next: PregPerson): boolean {
  if (isAbout(next, former.nin)) return true;
  const [kind, nextKind] = [kindOf(former.nin), kindOf(next.nin)];
  const isOfKind = kind === nextKind || givingWay[nextKind].includes(kind);
  return isOfKind && former.dateOfBirth !== null && former.dateOfBirth === next.dateOfBirth;
}

/** The current addresses, or all of them with the newest of the former ones first. */
function withWanted({ person, addresses }: ToldPerson, wanted: AddressesTold): PersonWithRecords {
  const both = person.addresses.flatMap((address, index) => {
    const record = addresses[index];
    return record === undefined ? [] : [{ address, record }];
  });
  const told = wanted === 'current' ? both.filter(({ address }) => address.currentAddress) : both;
  const ordered = wanted === 'all' ? told.toSorted(byAge) : told;
  return {
    person: { ...person, addresses: ordered.map(({ address }) => address) },
    addresses: ordered.map(({ record }) => record),
  };
}

type PersonWithRecords = Pick<ToldPerson, 'person' | 'addresses'>;

interface AddressWithRecord {
  readonly address: PregPerson['addresses'][number];
}

function byAge({ address: one }: AddressWithRecord, { address: other }: AddressWithRecord): number {
  if (one.currentAddress !== other.currentAddress) return one.currentAddress ? -1 : 1;
  return compare(dayOf(other), dayOf(one));
}

function dayOf({ dateAdrFrom, postalAddressValidFrom }: AddressWithRecord['address']): string {
  return dateAdrFrom ?? postalAddressValidFrom ?? '';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
