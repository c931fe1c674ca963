import { isCalendarDate, type CalendarDate } from '../../person/calendar-date.js';
import type { PregPerson } from '../../person/preg-person.js';
import { isProtected } from '../../person/protection.js';

/**
 * Fields that the old register filled and the new one has no source for, or does not tell of everybody: custody of people who
 * are of age, citizenship, areas and coordinates of the home.
 */
export function withWhatPregAloneKnew(person: PregPerson): PregPerson {
  const since = dayIn('2009-05-04');
  return {
    ...person,
    custody: person.custody ?? 'D',
    dateCustody: person.dateCustody ?? since,
    parentalResponsibility: 1,
    dateParentalResponsibility: since,
    citizenship: person.citizenship ?? 'NORGE',
    citizenshipCode: person.citizenshipCode ?? '000',
    dateCitizenship: person.dateCitizenship ?? since,
    addresses: person.addresses.map((address) =>
      isProtected(address.postalType)
        ? address
        : {
            ...address,
            constituency: address.constituency ?? '0007',
            schoolDistrict: address.schoolDistrict ?? '0012',
            xCoord: 6_650_000,
            yCoord: 600_000,
          },
    ),
  };
}

function dayIn(text: string): CalendarDate {
  if (!isCalendarDate(text)) throw new RangeError('not a day');
  return text;
}
