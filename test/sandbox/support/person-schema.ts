import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/config/package-root.js';

const DESCRIPTION = path.join(
  packageRoot(),
  '../shared/contracts/persontjenesten/persontjenesten-v3-reconstructed-openapi.yaml',
);

/** A validator for a schema of the API's own description; undefined where the description is absent. */
export function schemaOf(
  name: 'Person' | 'EventDocument' | 'EventDocumentSearchResult',
): ValidateFunction | undefined {
  if (!existsSync(DESCRIPTION)) return undefined;
  const ajv = new Ajv({
    strict: false,
    formats: {
      'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
      int32: true,
      int64: true,
    },
  });
  const description = withoutNullable(parse(readFileSync(DESCRIPTION, 'utf8')));
  if (typeof description !== 'object') throw new TypeError('the description is no object');
  ajv.addSchema({ ...description, $id: 'api' });
  return ajv.getSchema(`api#/components/schemas/${name}`);
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type null. */
function withoutNullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullable);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutNullable(member)]),
  );
  return nullable === true ? { anyOf: [{ type: 'null' }, rest] } : rest;
}
