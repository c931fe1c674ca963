import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject, JsonValue } from '../../../src/sandbox/population/person-document.js';

/** Writes each document to a file of its own: `0.json`, `1.json`, … */
export function writePersons(folder: string, ...documents: readonly JsonValue[]): void {
  documents.forEach((document, index) => {
    writeFileSync(path.join(folder, `${index}.json`), JSON.stringify(document));
  });
}

/** An element that is current since a day. */
export function current(since: string, content: JsonObject): JsonObject {
  return {
    registeredAt: `${since}T08:15:00Z`,
    isValid: true,
    validFrom: `${since}T00:00:00Z`,
    ...content,
  };
}

/** An element that is history. */
export function past(since: string, content: JsonObject): JsonObject {
  return { ...current(since, content), isValid: false };
}

/** A number in use. */
export function inUse(
  identificationNumber: string,
  identificationNumberType = 'NationalIdentityNumber',
): JsonObject {
  return current('2000-01-01', { status: 'InUse', identificationNumber, identificationNumberType });
}

/** A number that another has replaced. */
export function discontinued(
  identificationNumber: string,
  identificationNumberType = 'NationalIdentityNumber',
): JsonObject {
  return past('1990-01-01', { status: 'Discontinued', identificationNumber, identificationNumberType });
}

/** A street address in Oslo. */
export function street(addressName: string, houseNumber: string, houseLetter?: string): JsonObject {
  return {
    municipalityNumber: '0301',
    municipalityName: 'Oslo',
    addressName,
    addressNumber: { houseNumber, ...(houseLetter === undefined ? {} : { houseLetter }) },
    city: { cityName: 'OSLO', postalCode: '0474' },
  };
}
