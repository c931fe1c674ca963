import {
  elementsOf,
  isCurrent,
  textAt,
  type JsonObject,
} from '../../src/sandbox/population/person-document.js';
import type { PersonToAsk } from './running-upstream.js';

/** Somebody who has one number and never had another; nobody else, whose answers would need more judgement. */
export function personIn(document: JsonObject): readonly PersonToAsk[] {
  const [number, ...more] = elementsOf(document, 'norwegianIdentificationNumber');
  const name = elementsOf(document, 'name').find(isCurrent);
  const nin = textAt(number, 'identificationNumber');
  const familyName = textAt(name, 'familyName');
  const birthDate = textAt(elementsOf(document, 'birth').find(isCurrent), 'birthDate')?.slice(0, 10);
  if (number?.['status'] !== 'InUse' || more.length > 0) return [];
  return nin === undefined || familyName === undefined || birthDate === undefined
    ? []
    : [{ nin, familyName, birthDate }];
}
