import { parse } from 'yaml';
import { z } from 'zod';

/** What is wrong in a file of mappings/: the file, and where in it. */
export class InvalidMapping extends Error {
  override readonly name = 'InvalidMapping';

  constructor(
    readonly file: string,
    problem: string,
  ) {
    super(`mappings/${file}: ${problem}`);
  }
}

/** Reads a file of mappings/ by its schema. @throws InvalidMapping */
export function parseDataFile<Schema extends z.ZodType>(
  file: string,
  yaml: string,
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse(parsedYaml(file, yaml));
  if (!parsed.success) throw new InvalidMapping(file, z.prettifyError(parsed.error));
  return parsed.data;
}

function parsedYaml(file: string, yaml: string): unknown {
  try {
    return parse(yaml);
  } catch (error) {
    throw new InvalidMapping(file, error instanceof Error ? error.message : 'not YAML');
  }
}
