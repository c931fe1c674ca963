import type { DateForm } from '../layout/layout.js';

/** A day, `YYYY-MM-DD`, as a layout has it. What is no such day stays as it is. */
export function dayText(day: string, form: DateForm): string {
  if (form === 'yyyy-mm-dd' || day.length !== 10) return day;
  const [year, month, date] = [day.slice(0, 4), day.slice(5, 7), day.slice(8)];
  return form === 'yyyymmdd' ? `${year}${month}${date}` : `${date}${month}${year}`;
}
