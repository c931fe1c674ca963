/** A day as days since 1 January 1970, so that a population of 200 000 needs no date objects. */
export type Day = number;

/** The day of a year, month (1–12) and day of the month. */
export function dayFrom(year: number, month: number, dayOfMonth: number): Day {
  return Math.round(Date.UTC(year, month - 1, dayOfMonth) / 86_400_000);
}

/** Year, month (1–12) and day of the month. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

/** The calendar date of a day (Gregorian, counted in eras of 400 years that begin on 1 March). */
export function civilDate(day: Day): CivilDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** `YYYY-MM-DD`. */
export function isoDay(day: Day): string {
  const { year, month, dayOfMonth } = civilDate(day);
  return `${String(year)}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
}

/** A number below 100 in two digits. */
export function twoDigits(value: number): string {
  return value < 10 ? `0${String(value)}` : String(value);
}
