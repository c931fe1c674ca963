import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'chai';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/config/package-root.js';
import { numbersOf, type PersonDocument } from '../../../src/sandbox/population/person-document.js';
import { PARTS } from '../../../src/sandbox/persontjenesten/information-parts.js';
import { servedVersions } from '../../../src/sandbox/persontjenesten/served-version.js';
import { viewOf, type View } from '../../../src/sandbox/persontjenesten/person-view.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import {
  json,
  memberOf,
  SandboxClient,
  startTestSandbox,
  type Answer,
  type Call,
} from '../support/sandbox-client.js';

const DESCRIPTIONS = path.join(packageRoot(), '../shared/contracts/persontjenesten');
/** Version 2 as published, version 3 as reconstructed; the routes of each, below `/api/`. */
const versions = [
  {
    version: servedVersions[2],
    file: path.join(DESCRIPTIONS, 'persontjenesten-openapi.yaml'),
    accesses: ['legal-basis', 'no-legal-basis'],
    prefix: '/api/',
    moreRoutes: [['search/match-list', { form: 'GivenName=Rolig' }]],
  },
  {
    version: servedVersions[3],
    file: path.join(DESCRIPTIONS, 'persontjenesten-v3-reconstructed-openapi.yaml'),
    accesses: ['full-access', 'restricted-access'],
    prefix: '/api/v3/',
    moreRoutes: [],
  },
] as const;
const ALL_PARTS = PARTS.map(({ name }) => `informationParts=${name}`).join('&');

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type null. */
function asJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, asJsonSchema(member)]),
  );
  return nullable === true ? { anyOf: [{ type: 'null' }, rest] } : rest;
}

for (const { version, file, accesses, prefix, moreRoutes } of versions) {
  describe(`the API's own description of version ${version.number}`, () => {
    let ajv: Ajv;
    let sandbox: Sandbox;
    let client: SandboxClient;
    let persons: readonly PersonDocument[];

    before(async function () {
      if (!existsSync(file)) this.skip();
      this.timeout(20_000);
      ajv = new Ajv({
        strict: false,
        formats: {
          'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
          int32: true,
          int64: true,
        },
      });
      const description = asJsonSchema(parse(readFileSync(file, 'utf8')));
      if (typeof description !== 'object') throw new TypeError('the description is no object');
      ajv.addSchema({ ...description, $id: 'api' });
      sandbox = await startTestSandbox({ population: 1000 });
      client = await SandboxClient.for(sandbox);
      persons = [...sandbox.population.documents()];
    });

    after(async () => {
      // Not there when the description is absent.
      (client as SandboxClient | undefined)?.close();
      await (sandbox as Sandbox | undefined)?.stop();
    });

    function schema(pointer: string): ValidateFunction {
      const validate = ajv.getSchema(`api#${pointer}`);
      if (validate === undefined) throw new Error(`no schema ${pointer}`);
      return validate;
    }

    function problemsOf(validate: ValidateFunction, value: unknown): unknown {
      return validate(value) ? [] : validate.errors?.slice(0, 3);
    }

    function expectDescribed(answer: Answer, route: string, method = 'post'): void {
      const pointer = ['paths', prefix + route, method, 'responses', String(answer.status)]
        .map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'))
        .map(encodeURIComponent)
        .join('/');
      const validate = schema(`/${pointer}/content/application~1json/schema`);
      expect(problemsOf(validate, json(answer)), `${route} ${answer.status}`).to.deep.equal([]);
    }

    it('knows the same information parts', () => {
      const names = memberOf(schema('/components/schemas/InformationPart').schema, 'enum');
      expect(PARTS.map(({ name }) => name)).to.have.members(Array.isArray(names) ? names : []);
    });

    it('fits a thousand generated persons, in full and in every view', function () {
      this.timeout(20_000);
      const validate = schema('/components/schemas/Person');
      const parts = new Set(PARTS.map(({ name }) => name));
      const views: readonly View[] = [
        { parts, includeHistory: true, access: 'full' },
        { parts, includeHistory: false, access: 'full' },
        { parts, includeHistory: true, access: 'restricted' },
        { parts, includeHistory: false, access: 'restricted' },
      ];
      expect(persons).to.have.length(1000);
      const problems = persons.flatMap((person) =>
        views.flatMap((view) =>
          validate(version.person(viewOf(person, view), person)) ? [] : [validate.errors?.slice(0, 3)],
        ),
      );
      expect(problems).to.deep.equal([]);
    });

    it('refuses a person with a member that it does not have, so that the test above means something', () => {
      const validate = schema('/components/schemas/Person');
      expect(validate({ ...persons[0], shoes: 43 })).to.equal(false);
      expect(validate({ ...persons[0], status: [{ status: 'Alive' }] })).to.equal(false);
    });

    for (const access of accesses) {
      it(`fits the answers of every route of ${access}`, async () => {
        const [first, second] = persons;
        if (first === undefined || second === undefined) throw new Error('nobody there');
        const nins = [first, second]
          .flatMap((person) => numbersOf(person))
          .filter((nin) => version.bulkNumber.test(nin))
          .join(',');
        const routes: readonly (readonly [route: string, call: Call])[] = [
          [
            'person/get-by-nin',
            { query: `${ALL_PARTS}&includeHistory=true`, form: `nin=${nins.slice(0, 11)}` },
          ],
          ['person/bulk-by-nin', { query: ALL_PARTS, form: `nins=${nins}` }],
          ['person/bulk-by-id', { query: ALL_PARTS, form: `personIds=${first.id},${second.id}` }],
          ['search/person', { query: ALL_PARTS, form: 'FullName=Rolig&BirthDate=1985' }],
          ['search/paged-match-list', { form: 'PageSize=10' }],
          ['search/match-count', { form: 'Gender=Male' }],
          ...moreRoutes,
        ];
        for (const [route, call] of routes) {
          const good = await client.call(`${access}/${route}`, call);
          expect(good.status, route).to.equal(200);
          expectDescribed(good, `${access}/${route}`);
          const bad = await client.call(`${access}/${route}`, { form: 'PageSize=x&GivenName=*&nin=' });
          expect(bad.status, route).to.equal(400);
          expectDescribed(bad, `${access}/${route}`);
        }
        const byId = await client.call(`${access}/person/${first.id}`, { query: ALL_PARTS });
        expect(byId.status).to.equal(200);
        expectDescribed(byId, `${access}/person/{id}`, 'get');
        const nobody = await client.call(`${access}/person/nobody`, { query: ALL_PARTS });
        expect(nobody.status).to.equal(404);
        expectDescribed(nobody, `${access}/person/{id}`, 'get');
        const none = await client.call(`${access}/event/latest`);
        expect(none.status).to.equal(404);
        expectDescribed(none, `${access}/event/latest`, 'get');
      });

      it(`fits the events of ${access}`, async () => {
        // A feed of its own: the other tests have none.
        const busy = await startTestSandbox({ population: 3 });
        const reader = await SandboxClient.for(busy);
        try {
          const [someone] = busy.population.documents();
          busy.events.append({ personId: someone?.id ?? '', eventType: 'ChangeInName', nin: '00000000000' });
          for (const route of ['event', 'event/latest']) {
            const told = await reader.call(`${access}/${route}`);
            expect(told.status, route).to.equal(200);
            expectDescribed(told, `${access}/${route}`, 'get');
          }
        } finally {
          reader.close();
          await busy.stop();
        }
      });
    }
  });
}
