/** The composition of the way to the old PREG. Nothing is called before the first question. */
import type { AdapterConfiguration } from './config/adapter-configuration.js';
import type { PregSettings } from './config/schema.js';
import type { Contract } from './contract/preg-xml/contract.js';
import type { Mappings } from './mapping/person-mapper.js';
import type { EventSink } from './operations/events.js';
import type { ProxySettings } from './outbound/proxy-agent.js';
import type { PersonRegistry } from './registry/person-registry.js';
import { PregHl7v3Registry } from './registry/preg/hl7v3/registry.js';
import { PersonregisterRegistry } from './registry/preg/personregister/registry.js';
import { PregRegistry } from './registry/preg/preg-registry.js';
import type { PregService } from './registry/preg/preg-service.js';
import { createPregService } from './registry/preg/soap/create-preg-service.js';
import type { Clock } from './runtime/clock.js';
import type { Random } from './runtime/random.js';

/** The old PREG as a source of people. */
export interface PregSource {
  readonly registry: PersonRegistry;
  /** The same for what is handed on unread. */
  readonly service: PregService;
  /** Gives sessions back and closes the kept connections. */
  close(): Promise<void>;
}

/** What the way to PREG is made of. */
export interface PregSourceParts {
  readonly settings: PregSettings;
  readonly processingCode: AdapterConfiguration['hl7v3']['processingCode'];
  /** Of 2018, which what a PREG of 2016 sends is part of. */
  readonly contract: Contract;
  readonly mappings: Pick<Mappings, 'codes' | 'countries'>;
  /** Certificates to trust besides Node's own, PEM. */
  readonly certificateAuthority: string | undefined;
  /** The way out, where there is none without. */
  readonly proxy?: ProxySettings | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** Puts the way to the old PREG together. */
export async function createPregSource(parts: PregSourceParts): Promise<PregSource> {
  const { settings, mappings, contract, clock, random } = parts;
  const service = await createPregService(parts);
  const read = { service, codes: mappings.codes, countries: mappings.countries, clock };
  const registry = new PregRegistry({
    'preg-xml':
      settings.pregXmlUrl === undefined ? undefined : new PersonregisterRegistry({ ...read, contract }),
    hl7v3:
      settings.hl7v3Url === undefined
        ? undefined
        : new PregHl7v3Registry({
            ...read,
            random,
            processingCode: parts.processingCode === 'T' ? 'T' : 'P',
          }),
  });
  return { registry, service, close: () => service.close() };
}
