/** A parsed Content-Type (RFC 9110 8.3.1): names in lower case, values as they stood. */
export interface MediaType {
  readonly essence: string;
  /** In their order, repetitions included. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const ESSENCE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})[ \\t]*`);
const PARAMETER = new RegExp(`^;[ \\t]*(?:(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")[ \\t]*)?`);

/** Parses a Content-Type; undefined when it is none. Reads each character once. */
export function parseMediaType(text: string): MediaType | undefined {
  const start = ESSENCE.exec(text);
  if (start?.[1] === undefined) return undefined;
  const parameters: [string, string][] = [];
  let rest = text.slice(start[0].length);
  while (rest !== '') {
    const match = PARAMETER.exec(rest);
    if (match === null) return undefined;
    const [whole, name, token, quoted] = match;
    if (name !== undefined) {
      parameters.push([name.toLowerCase(), token ?? (quoted ?? '').replace(/\\(.)/g, '$1')]);
    }
    rest = rest.slice(whole.length);
  }
  return { essence: start[1].toLowerCase(), parameters };
}
