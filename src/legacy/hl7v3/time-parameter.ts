import { isCalendarDate, type CalendarDate } from '../../person/calendar-date.js';
import type { DayRange } from '../../registry/search.js';
import type { XmlElement } from '../../xml/element.js';
import { daysOfTimestamp, type TimestampDays } from '../hl7/timestamp-date.js';
import { attributeIn, hasContent, requireExpected } from './parameter-content.js';
import { parameterProblems, RefusedParameter, type ParameterProblem } from './refused-parameter.js';
import { childrenOf } from './request.js';

const problems = {
  malformed: { code: 'SYN102', text: 'is not a date or an interval of dates' },
  both: { code: 'SYN102', text: 'has a date and an interval' },
  order: { code: 'SYN102', text: 'is an interval that ends before it begins' },
  instant: { code: 'SYN102', text: 'excludes a time of day, and days alone are searched by' },
} as const satisfies Readonly<Record<string, ParameterProblem>>;

const bounds = ['low', 'high'];

/**
 * The days in an IVL_TS (preg-hl7v3 4.1): a date, known to the year, the month or the day, or an interval between two
 * such. Times of day are cut off. Undefined when nothing is told.
 * @throws RefusedParameter
 */
export function soughtDays(value: XmlElement, parameter: string): DayRange | undefined {
  requireExpected(
    value,
    { attributes: ['value', 'operator'], children: [...bounds, 'width', 'center'] },
    parameter,
  );
  const isOther = value.children.some((child) => !bounds.includes(child.localName) && hasContent(child));
  // Any other operator than the one that is meant by default excludes days.
  if (isOther || (attributeIn(value, 'operator') ?? 'I') !== 'I') {
    throw new RefusedParameter(parameter, parameterProblems.partNotSearchable);
  }
  const date = attributeIn(value, 'value');
  const from = boundIn(value, 'low', parameter);
  const to = boundIn(value, 'high', parameter);
  if (date !== undefined) {
    if (from !== undefined || to !== undefined) throw new RefusedParameter(parameter, problems.both);
    const { first, last } = spanOf(date, parameter);
    return { from: first, to: last };
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new RefusedParameter(parameter, problems.order);
  }
  return from === undefined && to === undefined ? undefined : { from, to };
}

/** The first day of an interval by its `low`, or the last one by its `high`. */
function boundIn(value: XmlElement, name: 'low' | 'high', parameter: string): CalendarDate | undefined {
  const [bound, ...more] = childrenOf(value, name).filter(hasContent);
  if (bound === undefined) return undefined;
  if (more.length > 0) throw new RefusedParameter(parameter, parameterProblems.differentValues);
  requireExpected(bound, { attributes: ['value', 'inclusive'] }, parameter);
  const span = spanOf(attributeIn(bound, 'value') ?? '', parameter);
  if (isInclusive(bound, parameter)) return name === 'low' ? span.first : span.last;
  if (span.hasTime) throw new RefusedParameter(parameter, problems.instant);
  return name === 'low' ? dayBeside(span.last, 1, parameter) : dayBeside(span.first, -1, parameter);
}

function isInclusive(bound: XmlElement, parameter: string): boolean {
  const inclusive = attributeIn(bound, 'inclusive') ?? 'true';
  if (inclusive === 'true' || inclusive === '1') return true;
  if (inclusive === 'false' || inclusive === '0') return false;
  throw new RefusedParameter(parameter, problems.malformed);
}

function spanOf(text: string, parameter: string): TimestampDays {
  const span = daysOfTimestamp(text);
  if (span === undefined) throw new RefusedParameter(parameter, problems.malformed);
  return span;
}

function dayBeside(day: CalendarDate, days: number, parameter: string): CalendarDate {
  const other = new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000);
  return dayOf(other.toISOString().slice(0, 10), parameter);
}

function dayOf(text: string, parameter: string): CalendarDate {
  if (isCalendarDate(text)) return text;
  throw new RefusedParameter(parameter, problems.malformed);
}
