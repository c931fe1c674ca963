import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { packageRoot } from '../../src/config/package-root.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import type { Adapter } from '../../src/main.js';
import type { JsonObject } from '../../src/mapping/json.js';
import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';
import { readXml } from '../../src/xml/reader.js';
import { schemaOf as publishedSchemaOf } from '../sandbox/support/person-schema.js';
import { addressStrings } from '../support/address-strings.js';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { runs } from '../support/long-runs.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../support/person-service-request.js';
import { contracts, readReply, writeSchemas } from '../support/preg-xml.js';
import { elementsIn, isProtectedSomewhere, withoutProtection } from '../support/protected-somewhere.js';
import { documentValidator, PLACE, randomDocument } from '../support/random-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { xmllint } from '../support/xmllint.js';
import { foundStrings } from './address-leaks.js';
import { adapterBefore, NOW, posted } from './answered-people.js';
import { OwnSchema } from './own-schema.js';

const RUNS = runs(60);
const NIN = syntheticNumber();
const DATA = 'xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"';
const ARRAYS = 'xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"';
const lookup = (more = ''): string => `<parameters ${DATA}>${more}<b:NIN>${NIN}</b:NIN></parameters>`;

/** What is asked of PersonService, history included. */
const questions = [
  ['GetPerson', lookup()],
  ['GetPerson', lookup('<b:Date>2015-06-01T00:00:00</b:Date>')],
  ['GetAddresses', lookup()],
  ['GetAddresses', lookup('<b:Date>2005-06-01T00:00:00</b:Date>')],
  [
    'GetAddressesAdvanced',
    `<parameters><ListOfNIN ${ARRAYS}><a:string>${NIN}</a:string></ListOfNIN></parameters>`,
  ],
  ['GetPersons', `<listOfNIN ${ARRAYS}><a:string>${NIN}</a:string></listOfNIN>`],
] as const;

/** Answers every lookup with one document, whole, whatever was asked for. */
class OneDocument implements Transport {
  document: JsonObject = {};

  send({ path }: ApiRequest): Promise<ApiResponse> {
    const isBulk = path.includes('/bulk-by-');
    return Promise.resolve({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(isBulk ? [this.document] : this.document),
    });
  }
}

interface Answered {
  readonly operation: string;
  readonly status: number;
  readonly envelope: string;
}

async function everyAnswer(adapter: Adapter): Promise<readonly Answered[]> {
  const now = new Date(NOW);
  const hl7 = await posted(adapter, getDemographicsRequest({ numbers: [NIN], now }));
  const answers: Answered[] = [{ operation: 'GetDemographics', ...hl7 }];
  for (const [operation, content] of questions) {
    const request = personServiceRequest({ operation, content, now });
    answers.push({ operation, ...(await posted(adapter, request, PERSON_SERVICE_PATH)) });
  }
  return answers;
}

function bodyOf(envelope: string): string {
  return envelope.slice(envelope.indexOf('<s:Body>') + 8, envelope.indexOf('</s:Body>'));
}

/** PostalType 6 shows the open postal address that the register itself distributes ("Decided" 4), in these lines alone. */
const OPEN_LINES = /(<AddressLine[123]>)([^<]*)/g;

/** The document without the addresses that are open by themselves. */
function closedPart(document: JsonObject): JsonObject {
  const without = (list: string): readonly JsonObject[] =>
    elementsIn(document, list).filter(
      (one) => (one['addressConfidentiality'] ?? 'Unclassified') !== 'Unclassified',
    );
  return {
    ...document,
    ...Object.fromEntries(
      ['postalAddress', 'foreignPostalAddress'].map((list) => [list, [...without(list)]]),
    ),
  };
}

function leaksIn(document: JsonObject, envelope: string): readonly string[] {
  const isStrict = envelope.includes('<PostalType>6</PostalType>');
  const openLines = isStrict
    ? Array.from(envelope.matchAll(OPEN_LINES), ([, , text = '']) => text).join(' ')
    : '';
  const rest = isStrict ? envelope.replaceAll(OPEN_LINES, '$1') : envelope;
  const closed = [...addressStrings(closedPart(document), 'any')];
  const open = new Set(addressStrings(document, 'any'));
  for (const text of closed) open.delete(text);
  return [
    ...(rest.match(new RegExp(PLACE.source, 'giu')) ?? []),
    ...foundStrings([...addressStrings(document, 'any')], readXml(rest)),
    ...closed.filter((text) => /\p{L}/u.test(text) && openLines.toUpperCase().includes(text)),
  ];
}

describe('a Person document at random, as the API describes it', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();
  const transport = new OneDocument();
  const settings = (['faithful', 'rich'] as const).map(
    (fill) => ({ name: fill, access: 'full', fill }) as const,
  );
  const bodies = new Map<string, string>();
  let adapters: readonly Adapter[];
  let hl7v3: OwnSchema;
  /** Operations that have shown an address of somebody who is not protected. */
  const telling = new Set<string>();
  let protectedOnes = 0;

  before(async () => {
    adapters = await Promise.all(settings.map((setting) => adapterBefore(transport, setting)));
    hl7v3 = new OwnSchema(await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml')));
  });
  after(() => {
    hl7v3.dispose();
  });

  it('is one by the description that it is made from, and by the reconstructed one where that is at hand', () => {
    const validators = [documentValidator(), publishedSchemaOf('Person')];
    fc.assert(
      fc.property(randomDocument(NIN), (document) => {
        const sent: unknown = JSON.parse(JSON.stringify(document));
        for (const validate of validators) {
          if (validate !== undefined) expect(validate(sent), JSON.stringify(validate.errors)).to.equal(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('gives answers that are valid, and show no address when any level anywhere is not open', async () => {
    const anyDocument = randomDocument(NIN);
    const documents = fc.oneof({ weight: 2, arbitrary: anyDocument }, anyDocument.map(withoutProtection));
    await fc.assert(
      fc.asyncProperty(documents, fc.nat({ max: adapters.length - 1 }), async (document, which) => {
        transport.document = document;
        const adapter = adapters[which];
        if (adapter === undefined) throw new Error('no such adapter');
        const isProtected = isProtectedSomewhere(document);
        if (isProtected) protectedOnes += 1;
        for (const { operation, status, envelope } of await everyAnswer(adapter)) {
          expect(status, `${operation} ${envelope}`).to.equal(200);
          if (operation === 'GetDemographics') expect(hl7v3.complaint(envelope)).to.equal(undefined);
          else {
            readReply(operation, bodyOf(envelope));
            if (bodies.size < 400) bodies.set(`${bodies.size} ${operation}`, bodyOf(envelope));
          }
          if (isProtected) expect(leaksIn(document, envelope), operation).to.deep.equal([]);
          else if (leaksIn(document, envelope).length > 0) telling.add(operation);
        }
      }),
      { numRuns: RUNS },
    );
    expect(telling).to.deep.equal(new Set(['GetDemographics', ...questions.map(([operation]) => operation)]));
    expect(protectedOnes, 'people whose address is protected').to.be.greaterThan(RUNS / 10);
  });

  it('gives answers of PersonService that are valid by the schema that is served', function () {
    const validate = xmllint(writeSchemas(join(newFolder(), 'schemas'), contracts['2018']));
    if (validate === undefined) this.skip();
    expect(bodies.size).to.be.greaterThan(0);
    expect(validate(newFolder(), bodies)).to.deep.equal([]);
  });
});
