import { fieldGroups } from '../../src/person/field-groups.js';
import type { Quirks } from '../../src/access/legacy-client.js';
import type { AnswerSettings } from '../../src/legacy/preg-xml/operations/answer-settings.js';
import type { Contract } from '../../src/contract/preg-xml/contract.js';
import type { ReadRecord } from '../../src/contract/preg-xml/read-record.js';
import { createPregXmlService } from '../../src/legacy/preg-xml/service.js';
import type { SoapService } from '../../src/legacy/soap/soap-service.js';
import type { AuditOutcome } from '../../src/operations/audit-trail.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import type { ChangeFeed } from '../../src/registry/change-feed.js';
import type { Caller, PersonRegistry } from '../../src/registry/person-registry.js';
import type { SearchHit } from '../../src/registry/search.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { readXml } from '../../src/xml/reader.js';
import { CountedRandom } from './counted-random.js';
import { contracts, readReply } from './preg-xml.js';
import { noQuirks } from './quirks.js';
import { RecordedEvents } from './recorded-events.js';
import { registryStub } from './registry-stub.js';
import { written } from './written.js';

/** What stands behind PersonService, and how it is set up. */
export interface ServiceOptions {
  readonly registry?: Partial<PersonRegistry>;
  readonly changes?: Partial<ChangeFeed>;
  readonly settings?: Partial<AnswerSettings>;
  readonly quirks?: Partial<Quirks>;
  readonly contract?: Contract;
}

/** What came of one call. */
export interface Served {
  /** The reply's element as a client reads it: its one member is the result. */
  readonly reply: ReadRecord;
  readonly text: string;
  readonly outcome: AuditOutcome;
  /** Whom the audit trail was told of last. */
  readonly subjects: readonly NationalId[];
  readonly events: RecordedEvents;
}

/** The caller of every call. */
export const caller: Caller = {
  clientId: 'epj',
  organisation: { parent: '999999999' },
  access: 'full',
  visible: new Set(fieldGroups),
  correlationId: newCorrelationId(new CountedRandom()),
  signal: new AbortController().signal,
};

/** The settings that the configuration has by default. */
export const defaultSettings: AnswerSettings = {
  blankStringAs: 'nil',
  malformedNumber: 'nil',
  supersededLookup: 'own-record',
  resultsPerPage: 20,
};

/** PersonService over stubs. */
export function personService(options: ServiceOptions, events = new RecordedEvents()): SoapService {
  const unexpected = (): Promise<never> => Promise.reject(new Error('the feed was not to be asked this'));
  return createPregXmlService({
    contract: options.contract ?? contracts['2018'],
    registry: registryStub(options.registry ?? {}),
    changes: { changes: unexpected, identityChanges: unexpected, ...options.changes },
    settings: { ...defaultSettings, ...options.settings },
    events,
  });
}

/**
 * Calls an operation with what stands inside its element, as XML text: `cd` is the namespace of NHN's data, `arr` that of arrays, `kvp` that of pairs.
 */
export async function serve(name: string, content: string, options: ServiceOptions = {}): Promise<Served> {
  const events = new RecordedEvents();
  const operation = personService(options, events).operations.find((known) => known.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  let subjects: readonly NationalId[] = [];
  const { body, outcome } = await operation.handle(
    readXml(
      `<${name} xmlns="http://register.nhn.no/PR" xmlns:cd="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"` +
        ' xmlns:arr="http://schemas.microsoft.com/2003/10/Serialization/Arrays"' +
        ` xmlns:kvp="http://schemas.datacontract.org/2004/07/System.Collections.Generic">${content}</${name}>`,
    ),
    {
      client: {
        id: 'epj',
        protocols: new Set(['preg-xml'] as const),
        organisation: caller.organisation,
        access: caller.access,
        visible: caller.visible,
        quirks: { ...noQuirks, ...options.quirks },
      },
      caller,
      receivedAt: new Date('2025-01-15T10:30:00Z'),
      describe: (told) => {
        subjects = told;
      },
      // An envelope of a thousand octets.
      bodyText: () => '',
      replyLength: (node) => 1000 + Buffer.byteLength(written(node)),
    },
  );
  const text = written(body);
  return { reply: readReply(name, text, options.contract), text, outcome, subjects, events };
}

/** `parameters` of GetPerson and GetAddresses. */
export function lookupParameters(nin: string, date?: string): string {
  const on = date === undefined ? '' : `<cd:Date>${date}</cd:Date>`;
  return `<parameters>${on}<cd:NIN>${nin}</cd:NIN></parameters>`;
}

/** `listOfNIN` of GetPersons. */
export function listOfNumbers(...numbers: readonly string[]): string {
  return `<listOfNIN>${numbers.map((nin) => `<arr:string>${nin}</arr:string>`).join('')}</listOfNIN>`;
}

/** A person as the registry tells of one. */
export function told(person: PregPerson): SearchHit {
  return { person, lineage: new Map() };
}

/** The same as the answer to a lookup. */
export function found(person: PregPerson): SearchHit & { readonly outcome: 'found' } {
  return { outcome: 'found', ...told(person) };
}

/** The values of one member of every record in a list of the reply. */
export function membersOf(
  list: readonly (ReadRecord | null)[] | null,
  member: string,
): readonly (string | null)[] {
  return (list ?? []).map((record) => record?.text(member) ?? null);
}
