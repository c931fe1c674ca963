import type { Fill } from '../../mapping/information-parts.js';
import type { JsonObject } from '../../mapping/json.js';
import { mapPerson, type MappingRequest, type Mappings } from '../../mapping/person-mapper.js';
import type { EventSink } from '../../operations/events.js';
import { dayInNorway } from '../../person/calendar-date.js';
import type { Lineage } from '../../person/lineage.js';
import { LineageOnDemand } from '../../person/lineage-on-demand.js';
import { tellsOfProtection } from '../../person/protection.js';
import type { PregPerson } from '../../person/preg-person.js';
import type { Clock } from '../../runtime/clock.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { PersonDocuments } from './by-number/person-documents.js';
import type { UpstreamDocuments } from './by-number/upstream-documents.js';
import type { PersontjenestenClient } from './client.js';

/** The one part that is always asked for: the numbers of a person. */
export const IDENTIFICATION_NUMBERS = 'NorwegianIdentificationNumber';

/** What the registry is made of. */
export interface PersontjenestenRegistryParts {
  readonly client: PersontjenestenClient;
  /** Documents of single people. */
  readonly documents: PersonDocuments;
  /** Documents that nothing but upstream itself may give. */
  readonly upstream: UpstreamDocuments;
  readonly mappings: Mappings;
  readonly fill: Fill;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** What a document is translated to: the record of which number, and what of it. */
export type RecordRequest = Omit<MappingRequest, 'today' | 'fill'>;

/**
 * A document in PREG's terms; what the translation stumbled over is told as events.
 * @param isOneOfMany hardly anybody asks where the fields of many people came from: rather than what became of each row, which
 *   is more than the document, the document is kept, and translated anew for whoever does
 */
export function translate(
  { mappings, fill, clock, events }: PersontjenestenRegistryParts,
  document: JsonObject,
  { nin, on, addresses }: RecordRequest,
  correlationId: CorrelationId,
  isOneOfMany = false,
): { readonly person: PregPerson; readonly lineage: Lineage } {
  const request = { nin, on, addresses, fill, today: dayInNorway(clock.now()) };
  const mapped = mapPerson(document, mappings, request);
  for (const unmapped of mapped.unmapped) {
    // Whoever has a level of protection that nobody knows is protected: that there is one is told, not whose it is.
    events.emit('unmappedValue', tellsOfProtection(unmapped.row) ? unmapped : { correlationId, ...unmapped });
  }
  // Nothing of a protected address is cut but lines that the register gives away, and then as it is of any other.
  for (const row of mapped.cut) events.emit('valueCut', { correlationId, row });
  const { person, lineage } = mapped;
  if (!isOneOfMany) return { person, lineage };
  return { person, lineage: new LineageOnDemand(() => mapPerson(document, mappings, request).lineage) };
}
