import { UpstreamInvalidAnswer } from '../../errors/errors.js';
import { textIn, type JsonObject } from '../../mapping/json.js';
import type { NationalId } from '../../person/national-id.js';
import type { Caller } from '../person-registry.js';
import type { PersonReferences } from '../person-references.js';
import type { UpstreamDocuments } from './by-number/upstream-documents.js';
import { callsFor, isDuf } from './documents.js';
import { sideBySide } from '../side-by-side.js';
import { IDENTIFICATION_NUMBERS } from './translation.js';

/** Ids by number, from documents that hold numbers and nothing else. Who is missing in bulk is asked for alone (Safety S5). */
export class DocumentReferences implements PersonReferences {
  constructor(private readonly upstream: UpstreamDocuments) {}

  async referencesOf(
    numbers: readonly NationalId[],
    caller: Caller,
  ): Promise<ReadonlyMap<NationalId, string>> {
    const found = new Map<NationalId, JsonObject>();
    // What DUF numbers are checked against is not asked for about anybody else.
    for (const ofDuf of [false, true]) {
      const those = numbers.filter((number) => isDuf(number) === ofDuf);
      const calls = callsFor([IDENTIFICATION_NUMBERS], { ofDuf, withHistory: true });
      const together = await this.upstream.inBulk(those, calls, caller);
      for (const [number, document] of together) found.set(number, document);
      const missing = those.filter((number) => !together.has(number));
      await sideBySide(missing, async (number) => {
        const document = await this.upstream.one(number, calls, caller);
        if (document !== undefined) found.set(number, document);
      });
    }
    return new Map(
      [...found].map(([number, document]) => {
        const id = textIn(document, 'id');
        if (id === undefined) throw new UpstreamInvalidAnswer('a document tells no id');
        return [number, id];
      }),
    );
  }
}
