import type { MailingAddress, PregAddress } from '../person/preg-person.js';
import { DocumentPlaces } from './document-places.js';
import type { Located } from './elements.js';
import { FieldValues } from './field-values.js';
import type { FilledRecord } from './filled-record.js';
import { formerAddresses } from './former-addresses.js';
import type { JsonObject } from './json.js';
import { mailingAddressIn, mailingElement } from './mailing-address.js';
import { addressOf } from './preg-records.js';
import { protectionIn, type Protection } from './protection.js';
import { UNPROTECTED } from './protection-floor.js';
import type { ReadDocument } from './read-document.js';
import { residenceIn, type Residence } from './residence.js';
import type { RowEvaluation } from './row-evaluation.js';
import { filled } from './transform.js';
import { NO_FIXED_ABODE } from './transforms/postal-type.js';

const ADDRESS_LINES: ReadonlySet<string> = new Set(['addressLine1', 'addressLine2', 'addressLine3']);
const NUMBER: ReadonlySet<string> = new Set(['nin']);
const NONE: ReadonlySet<string> = new Set();

/** What addresses are read from. */
export interface AddressSources {
  /** The document as it came: protection is read from it alone, whatever day is told of (Safety S1). */
  readonly document: ReadDocument;
  /** The document as it was on the day that is told of. */
  readonly onDay: ReadDocument;
  readonly withFormer: boolean;
}

/** A person's addresses: the current one, then the former ones where they are wanted. */
export function personAddresses(
  rows: RowEvaluation,
  { document, onDay, withFormer }: AddressSources,
): readonly PregAddress[] {
  const { fields, addressProtection, countries } = rows.mappings;
  const protection = protectionIn(
    document.elements,
    addressProtection,
    fields.confidentialityPaths,
    (level) => {
      rows.reportUnmapped('addresses.postalType', level);
    },
  );
  // One for all of them: how many there are would tell how often somebody in hiding has moved.
  if (protection !== undefined) return [new AddressMapping(rows, 0).masked(protection, document)];
  const current = {
    residence: residenceIn(onDay.elements),
    mailing: mailingElement(onDay.elements, countries),
    document: onDay,
  };
  const holds = current.residence !== undefined || current.mailing !== undefined;
  const former = withFormer ? formerAddresses(onDay, countries, fields.timeless) : [];
  return [...(holds ? [current] : []), ...former].map((place, index) =>
    new AddressMapping(rows, index).open(place, place === current),
  );
}

/** Where an address that nothing protects is read from. */
interface OpenPlace {
  readonly residence: Residence | undefined;
  readonly mailing: Located<JsonObject> | undefined;
  readonly document: ReadDocument;
}

class AddressMapping {
  readonly #record: FilledRecord;

  constructor(
    private readonly evaluation: RowEvaluation,
    index: number,
  ) {
    const { addressRows } = evaluation.mappings.fields;
    this.#record = evaluation.newRecord(addressRows, `addresses[${index}].`);
  }

  open({ residence, mailing, document }: OpenPlace, isCurrent: boolean): PregAddress {
    const { fields, countries } = this.evaluation.mappings;
    this.evaluation.fill(this.#record, placesOf(document, residence?.element, mailing));
    if (!isCurrent) this.#record.put('currentAddress', filled(false));
    if (this.#record.valueOf('postalType') === NO_FIXED_ABODE) {
      this.#blankAllBut(fields.shownWithoutAbode, 'no fixed abode');
      return this.#address(null, null);
    }
    const address = mailing === undefined ? null : mailingAddressIn(mailing, countries);
    return this.#address(residence?.source ?? null, address);
  }

  /** Nothing of a protected address is even read, but the postal address that the register itself distributes today. */
  masked(protection: Protection, document: ReadDocument): PregAddress {
    this.#blankAllBut(NONE, 'protected');
    const decided = { path: protection.path, value: null };
    this.#record.put('postalType', filled(protection.postalType, decided));
    this.#record.put('postalAddress', filled(protection.label, decided));
    this.evaluation.fill(this.#record, new DocumentPlaces(document), NUMBER);
    this.#record.put('currentAddress', filled(true));
    if (protection.postalAddressIsOpen) this.#fillOpenPostalLines(document);
    return this.#address(null, null);
  }

  #fillOpenPostalLines(document: ReadDocument): void {
    const mailing = mailingElement(document.elements, this.evaluation.mappings.countries);
    if (!isOpenPostalAddress(mailing)) return;
    this.evaluation.fill(this.#record, placesOf(document, undefined, mailing), ADDRESS_LINES);
  }

  #address(source: PregAddress['source'], mailing: MailingAddress | null): PregAddress {
    return addressOf(this.evaluation.record.nin, new FieldValues(this.#record), { source, mailing });
  }

  #blankAllBut(shown: ReadonlySet<string>, reason: string): void {
    for (const { field } of this.#record.rows.all) {
      if (!shown.has(field)) this.#record.put(field, { kind: 'blank', reason });
    }
  }
}

/** Whether mail goes by a postal address that is said to be open. */
function isOpenPostalAddress(mailing: Located<JsonObject> | undefined): boolean {
  if (mailing?.path.startsWith('postalAddress') !== true) return false;
  return mailing.value['addressConfidentiality'] === UNPROTECTED;
}

function placesOf(
  document: ReadDocument,
  residence: Located<JsonObject> | undefined,
  mailing: Located<JsonObject> | undefined,
): DocumentPlaces {
  const roots = new Map([
    ['residence', residence],
    ['mailing', mailing],
  ]);
  return new DocumentPlaces(document, roots);
}
