import { PregHl7v3Registry } from '../../src/registry/preg/hl7v3/registry.js';
import { PersonregisterRegistry } from '../../src/registry/preg/personregister/registry.js';
import type { PregService } from '../../src/registry/preg/preg-service.js';
import { CountedRandom } from './counted-random.js';
import { codeTables, countries } from './hl7v3-message.js';
import { contracts } from './preg-xml.js';
import { StandingClock } from './standing-clock.js';

const clock = new StandingClock('2022-06-15T10:00:00Z');

/** The old register asked by Personregister-XML, on 15 June 2022. */
export function personregisterOver(service: PregService): PersonregisterRegistry {
  return new PersonregisterRegistry({
    service,
    contract: contracts['2018'],
    codes: codeTables,
    countries,
    clock,
  });
}

/** The old register asked by HL7 v3, on 15 June 2022. */
export function hl7v3RegistryOver(service: PregService): PregHl7v3Registry {
  return new PregHl7v3Registry({
    service,
    codes: codeTables,
    countries,
    clock,
    random: new CountedRandom(),
    processingCode: 'P',
  });
}
