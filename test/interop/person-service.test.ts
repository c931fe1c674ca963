import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import type { XmlElement } from '../../src/xml/element.js';
import { readXml } from '../../src/xml/reader.js';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { post, type HttpAnswer } from '../support/https-post.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../support/person-service-request.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { callWithNodeSoap } from './node-soap-client.js';

/** Debian's own, which has python3-zeep. */
const PYTHON = '/usr/bin/python3';

/** A resident, whom everything is asked about; dead, emigrated, a D-number, protected, a child, with limited capacity, … */
const numbers = [
  '11868426235',
  '19925347968',
  '02857523159',
  '56859349809',
  '15908832970',
  '27881895523',
  '19916143195',
  '04907635029',
  '23835929523',
  '06827040019',
] as const;
const [RESIDENT] = numbers;

const CD = 'xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"';
const ARRAYS = 'xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"';
const PAIRS = 'xmlns:c="http://schemas.datacontract.org/2004/07/System.Collections.Generic"';

/** One question: as XML, and as node-soap takes it. zeep_person_service.py asks the same in the same order. */
interface Question {
  readonly operation: string;
  readonly xml: string;
  readonly content: object;
}

function questions(since: string): readonly Question[] {
  const strings = numbers.map((nin) => `<b:string>${nin}</b:string>`).join('');
  const interval = { xml: `<from>${since}</from>`, content: { from: since } };
  return [
    ...numbers.map((nin) => ({
      operation: 'GetPerson',
      xml: `<parameters ${CD}><b:NIN>${nin}</b:NIN></parameters>`,
      content: { parameters: { NIN: nin } },
    })),
    {
      operation: 'GetPersons',
      xml: `<listOfNIN ${ARRAYS}>${strings}</listOfNIN>`,
      content: { listOfNIN: { string: [...numbers] } },
    },
    {
      operation: 'GetAddresses',
      xml: `<parameters ${CD}><b:Date>2010-06-01T00:00:00</b:Date><b:NIN>${RESIDENT}</b:NIN></parameters>`,
      content: { parameters: { Date: '2010-06-01T00:00:00', NIN: RESIDENT } },
    },
    {
      operation: 'GetAddressesAdvanced',
      xml:
        `<parameters><ListOfNIN ${ARRAYS}>${strings}</ListOfNIN><SearchConstraints ${PAIRS}><c:KeyValuePairOfstringstring>` +
        '<c:key>CurrentAddress</c:key><c:value>true</c:value></c:KeyValuePairOfstringstring></SearchConstraints></parameters>',
      content: {
        parameters: {
          ListOfNIN: { string: [...numbers] },
          SearchConstraints: { KeyValuePairOfstringstring: [{ key: 'CurrentAddress', value: 'true' }] },
        },
      },
    },
    { operation: 'GetChildren', xml: `<NIN>${RESIDENT}</NIN>`, content: { NIN: RESIDENT } },
    {
      operation: 'Search',
      xml: '<parameters><LastName>Granbar</LastName><DateOfBirth>1984-06-11T00:00:00</DateOfBirth><ResultsPerPage>5</ResultsPerPage></parameters>',
      content: {
        parameters: {
          DateOfBirth: '1984-06-11T00:00:00',
          LastName: 'Granbar',
          ResultsPerPage: 5,
          SearchFhNumberPersonsToo: false,
        },
      },
    },
    { operation: 'GetChanges', ...interval },
    { operation: 'GetIdentityChanges', ...interval },
  ];
}

for (const version of [2, 3]) {
  describe(`third-party clients of PersonService, over version ${version} of Persontjenesten`, function () {
    this.timeout(90_000);
    let adapter: SandboxedAdapter;
    let since = '';
    /** What stands on the wire, by question. */
    let expected: readonly (readonly string[])[] = [];

    const ask = (operation: string, content: string): Promise<HttpAnswer> =>
      post(
        { url: adapter.legacyUrl + PERSON_SERVICE_PATH, ca: adapter.certificatePem },
        personServiceRequest({
          ...{ operation, content, now: new Date() },
          ...{ username: 'epj-sandbox', password: 'epj-sandbox' },
        }),
      );

    before(async () => {
      adapter = await startSandboxedAdapter({
        PREG_ADAPTER__SANDBOX__VERSION: String(version),
        PREG_ADAPTER__EVENTS__ENABLED: 'true',
        PREG_ADAPTER__EVENTS__POLL_SECONDS: '1',
      });
      // The log of changes has to begin before something changes.
      do since = new Date().toISOString();
      while ((await ask('GetChanges', `<from>${since}</from>`)).status !== 200);
      adapter.sandbox.changes.apply({ type: 'new-number', nin: '14877104053' });
      while (!(await ask('GetChanges', `<from>${since}</from>`)).text.includes('LEDIG'));
      expected = await Promise.all(
        questions(since).map(async ({ operation, xml }) => {
          const [reply] = bodyOf(readXml((await ask(operation, xml)).text)).children;
          const [result] = reply?.children ?? [];
          return result === undefined ? [] : valuesIn(result);
        }),
      );
    });

    after(async () => {
      await adapter.stop();
    });

    it('have something to read in every answer', () => {
      const counts = expected.map((values) => values.length);
      expect(Math.min(...counts.slice(0, numbers.length))).to.be.greaterThan(8);
      expect(Math.min(...counts)).to.be.greaterThan(2);
    });

    it('read every field as it stands on the wire: zeep', async function () {
      if (!canRun(PYTHON, '-c', 'import zeep')) this.skip();
      const { stdout } = await promisify(execFile)(PYTHON, [
        join(packageRoot(), 'test', 'interop', 'zeep_person_service.py'),
        `${adapter.legacyUrl}${PERSON_SERVICE_PATH}?wsdl`,
        adapter.certificateFile,
        ...['epj-sandbox', 'epj-sandbox', since, ...numbers],
      ]);
      const answers = stdout
        .trim()
        .split('\n')
        .map((line) => z.object({ operation: z.string(), result: z.unknown() }).parse(JSON.parse(line)));
      expect(answers.map(({ operation }) => operation)).to.deep.equal(
        questions(since).map(({ operation }) => operation),
      );
      answers.forEach(({ operation, result }, index) => {
        // zeep gives a list of people or addresses without the element around each.
        const wrapper = Array.isArray(result) ? /^\w+\./ : '';
        const values = (expected[index] ?? []).map((value) => value.replace(wrapper, ''));
        expect(leavesOf(result), operation).to.have.members(values);
      });
    });

    it('read every field as it stands on the wire: node-soap', async () => {
      for (const [index, { operation, content }] of questions(since).entries()) {
        const reply = await callWithNodeSoap(adapter, {
          ...{ operation, content },
          ...{ service: PERSON_SERVICE_PATH, actions: 'http://register.nhn.no/PR/IPersonService' },
        });
        const result = z.record(z.string(), z.unknown()).parse(reply)[`${operation}Result`];
        expect(leavesOf(result), operation).to.have.members(expected[index] ?? []);
      }
    });
  });
}

function bodyOf(envelope: XmlElement): XmlElement {
  const body = envelope.children.find(({ localName }) => localName === 'Body');
  if (body === undefined) throw new Error('no Body');
  return body;
}

/** `Addresses.Address.St=0301` for every value below an element; nil has none. */
function valuesIn(element: XmlElement, path: readonly string[] = []): readonly string[] {
  if (element.children.length === 0) return element.text === '' ? [] : [`${path.join('.')}=${element.text}`];
  return element.children.flatMap((child) => valuesIn(child, [...path, child.localName]));
}

/** The same of what a client made of it. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly string[] {
  if (value === null || value === undefined) return [];
  if (value instanceof Date) return [`${path.join('.')}=${localTime(value)}`];
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, path));
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([name, inner]) =>
      name === 'attributes' ? [] : leavesOf(inner, [...path, name]),
    );
  }
  return [`${path.join('.')}=${typeof value === 'string' ? value : JSON.stringify(value)}`];
}

/** As it was written, without a zone. */
function localTime(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` +
    `T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  );
}
