import { join } from 'node:path';
import { expect } from 'chai';
import type { Adapter } from '../../src/main.js';
import type { PersonDocument } from '../../src/sandbox/population/person-document.js';
import type { Population } from '../../src/sandbox/population/population.js';
import { isNationalId, type NationalId } from '../../src/person/national-id.js';
import type { ContractVersion } from '../../src/contract/preg-xml/contract.js';
import type { ReadRecord } from '../../src/contract/preg-xml/read-record.js';
import { readXml } from '../../src/xml/reader.js';
import { contractFile } from '../legacy/hl7v3/schema/places.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../support/person-service-request.js';
import { contracts, readReply, writeSchemas } from '../support/preg-xml.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { xmllint } from '../support/xmllint.js';
import { isProtectedNow, leakedStrings } from './address-leaks.js';
import { adapterOver, everybody, NOW, numbersAsked, posted, type Setting } from './answered-people.js';

/** What is asked of everybody, in which version of the contract, and through which view. */
const rounds: readonly (Setting & { readonly version: ContractVersion; readonly generated: number })[] = [
  { name: 'full', access: 'full', fill: 'faithful', version: '2018', generated: 1000 },
  { name: 'restricted', access: 'restricted', fill: 'rich', version: '2016', generated: 200 },
  { name: 'version 2', access: 'full', fill: 'rich', upstream: 2, version: '2018', generated: 200 },
];

interface Reply {
  /** Operation and number: for messages of failed assertions. All persons are made up. */
  readonly name: string;
  readonly operation: string;
  readonly status: number;
  readonly body: string;
  /** Whom it tells of; nobody where the reply is of many people. */
  readonly document: PersonDocument | undefined;
}

async function ask(
  adapter: Adapter,
  operation: string,
  content: string,
): Promise<Pick<Reply, 'status' | 'body'>> {
  const request = personServiceRequest({ operation, content, now: new Date(NOW) });
  const { status, envelope } = await posted(adapter, request, PERSON_SERVICE_PATH);
  return { status, body: envelope.slice(envelope.indexOf('<s:Body>') + 8, envelope.indexOf('</s:Body>')) };
}

const lookup = (nin: string, date = ''): string =>
  `<parameters xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data">${date}<b:NIN>${nin}</b:NIN></parameters>`;

/** GetPerson, GetAddresses, GetAddresses of a day gone by and GetChildren for everybody, and GetPersons for all at once. */
async function replies(
  population: Population,
  setting: Setting,
  adapter: Adapter,
): Promise<readonly Reply[]> {
  const all: Reply[] = [];
  const numbers: NationalId[] = [];
  for (const document of population.documents()) {
    const [number] = numbersAsked(document, setting).filter(isNationalId);
    if (number === undefined) continue;
    numbers.push(number);
    for (const [operation, what, content] of [
      ['GetPerson', 'GetPerson', lookup(number)],
      ['GetPerson', 'GetPerson on a day', lookup(number, '<b:Date>2015-06-01T00:00:00</b:Date>')],
      ['GetAddresses', 'GetAddresses', lookup(number)],
      ['GetChildren', 'GetChildren', `<NIN>${number}</NIN>`],
    ] as const) {
      const reply = await ask(adapter, operation, content);
      // Children are told of in answers of their own.
      const told = operation === 'GetChildren' ? undefined : document;
      all.push({ name: `${what} ${number}`, operation, document: told, ...reply });
    }
  }
  const list = numbers.map((nin) => `<b:string>${nin}</b:string>`).join('');
  const many = await ask(
    adapter,
    'GetPersons',
    `<listOfNIN xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays">${list}</listOfNIN>`,
  );
  return [...all, { name: 'GetPersons', operation: 'GetPersons', document: undefined, ...many }];
}

describe('answers of PersonService', function () {
  this.timeout(180_000);
  const newFolder = temporaryFolders();

  for (const round of rounds) {
    describe(`in the contract of ${round.version}, with ${round.access} access`, () => {
      let population: Population;
      let all: readonly Reply[];

      before(async () => {
        population = await everybody(round.generated);
        all = await replies(
          population,
          round,
          await adapterOver(population, { ...round, contract: contracts[round.version] }),
        );
      });

      const resultsOf = (operation: string): readonly (readonly [Reply, ReadRecord | null])[] =>
        all
          .filter((reply) => reply.operation === operation)
          .map((reply) => {
            const read = readReply(operation, reply.body, contracts[round.version]);
            return [reply, operation === 'GetPerson' ? read.record('GetPersonResult') : null] as const;
          });

      it('are given for everybody', () => {
        expect(all.filter(({ status }) => status !== 200).map(({ name }) => name)).to.deep.equal([]);
        const found = resultsOf('GetPerson').filter(([, person]) => person !== null);
        expect(found.length).to.be.greaterThan(1.8 * round.generated);
      });

      it('are valid by the schema that is served', function () {
        const validate = xmllint(writeSchemas(join(newFolder(), 'schemas'), contracts[round.version]));
        if (validate === undefined) this.skip();
        expect(validate(newFolder(), new Map(all.map(({ name, body }) => [name, body])))).to.deep.equal([]);
      });

      it('are valid by the published schema', function () {
        const schema = contractFile('preg-xml/PersonService4.xsd');
        const validate = schema === undefined ? undefined : xmllint(schema);
        if (validate === undefined) this.skip();
        expect(validate(newFolder(), new Map(all.map(({ name, body }) => [name, body])))).to.deep.equal([]);
      });

      it('tell the number that was asked for', () => {
        for (const [{ name }, person] of resultsOf('GetPerson')) {
          if (person !== null) expect(name.endsWith(person.text('NIN') ?? '-'), name).to.equal(true);
        }
      });

      it('hold no string of a protected address', () => {
        const shielded = all.flatMap((reply) =>
          reply.document !== undefined && isProtectedNow(reply.document)
            ? [{ ...reply, document: reply.document }]
            : [],
        );
        expect(shielded.length).to.be.greaterThan(15);
        const leaks = shielded.flatMap(({ name, document, body }) =>
          leakedStrings(document, readXml(withoutOpenLines(body))).map((text) => `${name}: ${text}`),
        );
        expect(leaks).to.deep.equal([]);
      });

      it('tell of many what they tell of each', () => {
        const each = new Map(
          resultsOf('GetPerson').flatMap(([{ name, body }, person]) =>
            person === null || name.includes('day')
              ? []
              : [[person.text('NIN'), personsIn(body)[0]] as const],
          ),
        );
        const many = personsIn(all.find(({ operation }) => operation === 'GetPersons')?.body ?? '');
        expect(many.length).to.equal(each.size);
        expect(many.filter((person) => each.get(numberIn(person)) !== person)).to.deep.equal([]);
      });
    });
  }
});

/** Of a strictly confidential person the register itself gives out a postal address ("Decided" 4). */
function withoutOpenLines(body: string): string {
  return body.includes('<PostalType>6</PostalType>')
    ? body.replaceAll(/(<AddressLine\d>)[^<]*/g, '$1')
    : body;
}

/** The content of each person in a reply. */
function personsIn(body: string): readonly string[] {
  return [...body.matchAll(/<(Person|GetPersonResult)(?: [^>]*)?>(<Addresses.*?)<\/\1>/g)].map(
    ([, , person = '']) => person,
  );
}

function numberIn(person: string): string {
  return /<NIN>(\d+)<\/NIN><NewNIN/.exec(person)?.[1] ?? '';
}
