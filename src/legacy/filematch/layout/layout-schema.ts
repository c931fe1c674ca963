import { z } from 'zod';
import { inputFields, outputFields } from '../record.js';
import { headerFields, outputHeaderFields, outputTrailerFields, trailerFields } from './fields.js';
import { layoutProblems } from './layout-problems.js';
import { dateForms, type Column, type Layout, type Place } from './layout.js';

/** No file has longer records; a line that is longer than anything is a fault of the file. */
const longestRecord = 16_384;

const unknownField = {
  error: ({ input }: { readonly input?: unknown }) =>
    typeof input === 'string'
      ? `there is no field ${JSON.stringify(input)} in such a record`
      : 'must name a field',
};

function facts() {
  return {
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a name of small letters, digits and hyphens'),
    extension: z.enum(['txt', 'csv']),
    format: z.strictObject({ name: z.string().max(40), version: z.string().max(20) }),
    dates: z.enum(dateForms).default('yyyymmdd'),
    lineEnding: z.enum(['crlf', 'lf']).default('crlf'),
  };
}

function fixedSchema() {
  const mark = (usual: string) =>
    z
      .string()
      .regex(/^[!-~]{1,10}$/, 'must be one to ten letters, digits or signs of ASCII')
      .default(usual);
  return z.strictObject({
    encoding: z.literal('fixed'),
    ...facts(),
    recordTypes: z.strictObject({ header: mark('H'), detail: mark('D'), trailer: mark('T') }).prefault({}),
    input: z.strictObject({
      length: position(),
      header: places(headerFields).nullable().default(null),
      detail: places(inputFields),
      trailer: places(trailerFields).nullable().default(null),
    }),
    output: z.strictObject({
      length: position(),
      header: places(outputHeaderFields).nullable().default(null),
      detail: places(outputFields),
      trailer: places(outputTrailerFields).nullable().default(null),
    }),
  });
}

function csvSchema() {
  return z.strictObject({
    encoding: z.literal('csv'),
    ...facts(),
    delimiter: z.enum([';', ',', '|', '\t']).default(';'),
    headerLine: z.boolean().default(true),
    input: columns(inputFields),
    output: columns(outputFields),
  });
}

function places<const Field extends string>(fields: readonly Field[]): z.ZodType<Place<Field>[]> {
  return z
    .array(
      z.strictObject({
        field: z.enum([...fields, 'recordType', 'filler'], unknownField),
        from: position(),
        to: position(),
      }),
    )
    .min(1, 'must have fields');
}

function columns<const Field extends string>(fields: readonly Field[]): z.ZodType<Column<Field>[]> {
  return z
    .array(
      z
        .strictObject({ field: z.enum(fields, unknownField), name: z.string().optional() })
        .transform(({ field, name }) => ({ field, name: name ?? field })),
    )
    .min(1, 'must have columns');
}

function position() {
  return z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(longestRecord, `must be at most ${longestRecord}`);
}

/** A layout as a file describes it in JSON. Unknown settings and fields are refused, and so is what contradicts itself. */
export const layoutSchema = z
  .discriminatedUnion('encoding', [fixedSchema(), csvSchema()])
  .superRefine((layout: Layout, context) => {
    for (const { path, problem } of layoutProblems(layout))
      context.addIssue({ code: 'custom', path: [...path], message: problem });
  });
