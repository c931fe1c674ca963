import { z } from 'zod';
import { isCalendarDate } from '../../../person/calendar-date.js';

const nin = z.string().regex(/^[0-9]{11,12}$/);
const word = z.string().trim().min(1).max(200);

/** What every change says: who it happens to, by any number of theirs, and on which day (default today in Norway). */
const about = {
  nin,
  date: z
    .string()
    .refine((text): boolean => isCalendarDate(text))
    .optional(),
};

/** A street address in Norway. Names of municipality and county are filled in where the sandbox knows them. */
const address = z.strictObject({
  addressName: word,
  houseNumber: z.string().regex(/^[0-9]{1,4}$/),
  houseLetter: z
    .string()
    .regex(/^\p{Lu}$/u)
    .optional(),
  postalCode: z.string().regex(/^[0-9]{4}$/),
  cityName: word,
  municipalityNumber: z.string().regex(/^[0-9]{4}$/),
  municipalityName: word.optional(),
});
const gender = z.enum(['Female', 'Male']);

/** The form of a change, as JSON and in tests. Members that it does not know are refused. */
export const changeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('death'), ...about }),
  /** To an invented address unless one is given. */
  z.strictObject({ type: z.literal('move'), ...about, address: address.optional() }),
  z.strictObject({
    type: z.literal('protect'),
    ...about,
    level: z.enum(['Confidential', 'StrictlyConfidential']),
  }),
  /** The address is for somebody whose home was not in the register; invented unless given. */
  z.strictObject({ type: z.literal('lift-protection'), ...about, address: address.optional() }),
  /** A national identity number unless a D-number is asked for. The address is for a D-number holder who becomes resident. */
  z.strictObject({
    type: z.literal('new-number'),
    ...about,
    kind: z.enum(['NationalIdentityNumber', 'DNumber']).optional(),
    gender: gender.optional(),
    address: address.optional(),
  }),
  /** `nin` is the person who is kept; `duplicate` loses their document. */
  z.strictObject({ type: z.literal('merge'), ...about, duplicate: nin }),
  /** Takes a merger back; `nin` is the number that was merged away. */
  z.strictObject({ type: z.literal('split'), ...about }),
  /** Parts that are not given stay; null takes the middle name away. */
  z.strictObject({
    type: z.literal('name'),
    ...about,
    givenName: word.optional(),
    middleName: word.nullable().optional(),
    familyName: word.optional(),
  }),
  /** `nin` is the mother. Without a given name the child gets the provisional one. */
  z.strictObject({
    type: z.literal('birth'),
    ...about,
    father: nin.optional(),
    coMother: nin.optional(),
    gender: gender.optional(),
    givenName: word.optional(),
  }),
  z.strictObject({ type: z.literal('marriage'), ...about, spouse: nin }),
  z.strictObject({ type: z.literal('divorce'), ...about }),
]);

/** Something that happens to the population. */
export type Change = z.infer<typeof changeSchema>;

/** A change of one type. */
export type ChangeOf<Type extends Change['type']> = Extract<Change, { readonly type: Type }>;

/** An address as a change gives it. */
export type GivenAddress = z.infer<typeof address>;
