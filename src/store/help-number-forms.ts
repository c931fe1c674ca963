import { z } from 'zod';
import { isCalendarDate, type CalendarDate } from '../person/calendar-date.js';
import type { HelpNumberRecord } from '../person/help-number-record.js';
import { isNationalId, type NationalId } from '../person/national-id.js';

/** What is sealed for the register of help numbers, as it is read back. */

const number = z.custom<NationalId>((value) => typeof value === 'string' && isNationalId(value));
const day = z.custom<CalendarDate>((value) => typeof value === 'string' && isCalendarDate(value));
const text = z.string().nullable();

const record = z.object({
  name: z.object({ given: text, middle: text, family: text }),
  gender: z.enum(['F', 'M']).nullable(),
  birth: text,
  deceased: z.boolean().nullable(),
  dateOfDeath: day.nullable(),
  addresses: z.array(
    z.object({
      kind: z.enum(['stay', 'home-abroad', 'mail']),
      lines: z.array(z.string()),
      postalCode: text,
      postalPlace: text,
      municipality: text,
      careOf: text,
      country: text,
    }),
  ),
  telecoms: z.array(z.object({ value: z.string(), use: text })),
  foreignIds: z.array(z.object({ root: z.string(), extension: z.string() })),
  citizenships: z.array(z.string()),
}) satisfies z.ZodType<HelpNumberRecord>;

/** A person with a help number. */
export const personForm = z.object({ number, record });

/** The number that answers for another one. */
export const survivorForm = z.object({ number });

/** What a message was answered. */
export const answerForm = z.object({
  number,
  record: record.nullable(),
  superseded: z.array(number),
  possibleDuplicates: z.array(number),
});

const state = z.object({
  record: record.nullable(),
  survivor: number.nullable(),
  superseded: z.array(number),
});

/** The part of a change that could identify anybody. */
export const changeForm = z.object({
  requester: z.string().optional(),
  number,
  before: state.nullable(),
  after: state,
});
