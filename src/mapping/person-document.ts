import { isJsonObject, memberOf, parseJson, textOf, type JsonObject } from './json.js';

/** A Person document of Persontjenesten: its opaque id, and everything else read by the rows of the mapping. */
export interface PersonDocument {
  /** Opaque, at most 64 characters; never parsed. */
  readonly id: string;
  readonly content: JsonObject;
}

/** Parses an answer's body; undefined when it is not a JSON object with an `id` (persontjenesten-api 7: `id` always comes). */
export function parsePersonDocument(text: string): PersonDocument | undefined {
  const value = parseJson(text);
  return isJsonObject(value) ? personDocumentOf(value) : undefined;
}

/** The document in a JSON object; undefined when it has no `id`. */
export function personDocumentOf(content: JsonObject): PersonDocument | undefined {
  const id = textOf(memberOf(content, 'id'));
  return id === undefined ? undefined : { id, content };
}
