import { UpstreamInvalidAnswer } from '../../errors/errors.js';
import { textIn } from '../../mapping/json.js';
import type { NationalId } from '../../person/national-id.js';
import type { Caller } from '../person-registry.js';
import type { PersonReferences } from '../person-references.js';
import type { UpstreamDocuments } from './by-number/upstream-documents.js';
import { callsFor, isDuf } from './documents.js';
import { sideBySide } from './side-by-side.js';
import { IDENTIFICATION_NUMBERS } from './translation.js';

/** Ids by number, from documents that hold numbers and nothing else. Who is missing in bulk is asked for alone (Safety S5). */
export class DocumentReferences implements PersonReferences {
  constructor(private readonly upstream: UpstreamDocuments) {}

  async referencesOf(
    numbers: readonly NationalId[],
    caller: Caller,
  ): Promise<ReadonlyMap<NationalId, string>> {
    const calls = callsFor([IDENTIFICATION_NUMBERS], { ofDuf: false, withHistory: true });
    const ofDuf = callsFor([IDENTIFICATION_NUMBERS], { ofDuf: true, withHistory: true });
    const found = new Map(await this.upstream.inBulk(numbers, calls, caller));
    const missing = numbers.filter((number) => !found.has(number));
    await sideBySide(missing, async (number) => {
      const document = await this.upstream.one(number, isDuf(number) ? ofDuf : calls, caller);
      if (document !== undefined) found.set(number, document);
    });
    return new Map(
      [...found].map(([number, document]) => {
        const id = textIn(document, 'id');
        if (id === undefined) throw new UpstreamInvalidAnswer('a document tells no id');
        return [number, id];
      }),
    );
  }
}
