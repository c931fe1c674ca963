import { UpstreamInvalidAnswer } from '../../../errors/errors.js';
import type { JsonObject } from '../../../mapping/json.js';
import type { PersonDocument } from '../../../mapping/person-document.js';
import { kindOf, type NationalId } from '../../../person/national-id.js';
import type { PersontjenestenClient } from '../client.js';
import { combined, numbersListedIn } from '../documents.js';
import type { ApiCaller } from '../transport.js';
import type { DocumentCalls, PersonDocuments } from './person-documents.js';

/** Documents by number, straight from upstream. */
export class UpstreamDocuments implements PersonDocuments {
  constructor(private readonly client: PersontjenestenClient) {}

  /** @throws UpstreamInvalidAnswer for a document that does not list the number: it is never rendered (Safety S5) */
  async one(nin: NationalId, calls: DocumentCalls, caller: ApiCaller): Promise<JsonObject | undefined> {
    const answers = await Promise.all(calls.map((asked) => this.client.getByNin(nin, asked, caller)));
    if (answers.every((answer) => answer === undefined)) return undefined;
    const document = combined(answers);
    if (!numbersListedIn(document).has(nin)) {
      throw new UpstreamInvalidAnswer('the document does not list the number asked for');
    }
    return document;
  }

  /** Whether the number is of a kind that can be asked for together with others. */
  takesInBulk(nin: NationalId): boolean {
    return this.client.version.inBulk.has(kindOf(nin));
  }

  /**
   * The documents of the people with those numbers, as many as one call takes; who is missing is not known to be unknown
   * (Safety S5). Numbers that are not taken in bulk are missing always, and none of them alone is worth a call.
   * @throws UpstreamInvalidAnswer for people not asked for, and for two with one number
   */
  async inBulk(
    asked: readonly NationalId[],
    calls: DocumentCalls,
    caller: ApiCaller,
  ): Promise<ReadonlyMap<NationalId, JsonObject>> {
    const nins = asked.filter((nin) => this.takesInBulk(nin));
    if (nins.length === 0) return new Map();
    const answers = await Promise.all(calls.map((call) => this.client.bulkByNin(nins, call, caller)));
    const byId = answers.map((documents) => new Map(documents.map((document) => [document.id, document])));
    const inAll = [...(byId[0]?.keys() ?? [])].filter((id) => byId.every((documents) => documents.has(id)));
    const wanted = new Set(nins);
    const found = new Map<NationalId, JsonObject>();
    for (const id of inAll) {
      const document = combined(byId.map((documents): PersonDocument | undefined => documents.get(id)));
      const listed = [...numbersListedIn(document)].filter((number) => wanted.has(number));
      if (listed.length === 0) {
        throw new UpstreamInvalidAnswer('the answer holds somebody who was not asked for');
      }
      for (const number of listed) {
        // Two people can have no number in common, and none of them is the right one by chance (Safety S9).
        if (found.has(number))
          throw new UpstreamInvalidAnswer('two persons of an answer have the same number');
        found.set(number, document);
      }
    }
    return found;
  }
}
