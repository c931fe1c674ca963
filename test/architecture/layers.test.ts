import { expect } from 'chai';
import { circle, layerOf, offences, readersOfSurroundings } from './layers.js';
import { readSource, sourceFiles } from './source-files.js';

describe('layers', () => {
  const files = sourceFiles();

  it('are kept by every import', () => {
    expect(offences(files)).to.deep.equal([]);
  });

  it('leave environment and command line to the command line', () => {
    expect(readersOfSurroundings(files)).to.deep.equal([]);
  });

  it('stand in no circle', () => {
    expect(circle(files, layerOf)).to.equal(undefined);
  });

  it('consist of files that stand in no circle', () => {
    expect(circle(files, (path) => path)).to.equal(undefined);
  });

  it('are looked for where they are, and every import leads to a file', () => {
    const paths = new Set(files.map(({ path }) => path));
    expect(paths).to.include.keys('main.ts', 'person/national-id.ts', 'legacy/soap/endpoint.ts');
    const lost = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ file }) => file !== undefined && !paths.has(file))
        .map(({ written }) => `${path} imports ${written}`),
    );
    expect(lost).to.deep.equal([]);
  });

  describe('find out', () => {
    const bad: readonly [path: string, imported: string][] = [
      ['person/dates.ts', '../runtime/clock.js'],
      ['person/dates.ts', 'node:fs'],
      ['person/dates.ts', 'zod'],
      ['errors/errors.ts', '../operations/events.js'],
      ['mapping/person-mapper.ts', 'node:fs/promises'],
      ['mapping/person-mapper.ts', '../config/schema.js'],
      ['mapping/transforms/status.ts', '../../errors/errors.js'],
      ['legacy/hl7v3/person.ts', '../preg-xml/person.js'],
      ['legacy/hl7v2/pid.ts', '../hl7v3/codes.js'],
      ['legacy/filematch/row.ts', '../hl7v2/pid.js'],
      ['legacy/hl7v3/person.ts', '../../registry/persontjenesten/client.js'],
      ['legacy/soap/endpoint.ts', '../../store/store.js'],
      ['legacy/listener.ts', '../outbound/http-client.js'],
      ['legacy/hl7v3/person.ts', '../../mapping/person-mapper.js'],
      ['registry/cutover/cutover-registry.ts', '../../legacy/http.js'],
      ['registry/cutover/cutover-registry.ts', '../../contract/preg-xml/contract.js'],
      ['contract/preg-xml/contract.ts', '../../legacy/http.js'],
      ['registry/persontjenesten/client.ts', '../../legacy/http.js'],
      ['helseid/token-client.ts', '../legacy/http.js'],
      ['access/accounts.ts', '../helseid/token-client.js'],
      ['operations/health.ts', '../store/store.js'],
      ['operations/health.ts', '../legacy/listener.js'],
      ['helseid/token-client.ts', '../registry/persontjenesten/client.js'],
      ['config/load.ts', '../main.js'],
      ['fixtures/run-case.ts', '../cli/start.js'],
      ['main.ts', './sandbox/sandbox.js'],
      ['fixtures/run-case.ts', '../sandbox/sandbox.js'],
      ['sandbox/sandbox.ts', '../helseid/assertion-details.js'],
      ['sandbox/population/person-document.ts', '../../mapping/json.js'],
    ];
    for (const [path, imported] of bad) {
      it(`${path} importing ${imported}, in every way of writing it`, () => {
        for (const text of [
          `import { a } from '${imported}';`,
          `import type { A } from '${imported}';`,
          `import '${imported}';`,
          `export * from '${imported}';`,
          `export type { A } from '${imported}';`,
          `export const a = async () => import('${imported}');`,
          `export let a: import('${imported}').A;`,
        ]) {
          expect(offences([readSource(path, text)]).join(), text).to.include(`${path} imports ${imported}: `);
        }
      });
    }

    for (const [path, imported] of [
      ['person/dates.ts', './national-id.js'],
      ['mapping/field-table.ts', 'yaml'],
      ['mapping/transforms/status.ts', '../../person/national-id.js'],
      ['legacy/hl7v3/codes.ts', '../../mapping/code-table.js'],
      ['legacy/hl7v3/service.ts', '../../registry/person-registry.js'],
      ['legacy/hl7v3/service.ts', '../soap/soap-service.js'],
      ['helseid/access-tokens.ts', '../registry/person-registry.js'],
      ['registry/persontjenesten/https-transport.ts', '../../helseid/access-tokens.js'],
      ['main.ts', './helseid/token-client.js'],
      ['cli/supplies.ts', '../sandbox/sandbox.js'],
      ['cli/start.ts', '../main.js'],
      ['fixtures/run-case.ts', '../main.js'],
    ] as const) {
      it(`no fault in ${path} importing ${imported}`, () => {
        expect(offences([readSource(path, `import { a } from '${imported}';`)])).to.deep.equal([]);
      });
    }

    for (const text of [
      'export const a = process.env;',
      'export const a = process.env["HOME"];',
      "export const a = process['argv'];",
      'export const { env } = process;',
      'export const a = process; ',
      "import process from 'node:process';",
      "import { env } from 'node:process';",
    ]) {
      it(`a reader of the surroundings: ${text}`, () => {
        expect(readersOfSurroundings([readSource('config/load.ts', text)])).to.not.deep.equal([]);
        expect(readersOfSurroundings([readSource('cli/main.ts', text)])).to.deep.equal([]);
      });
    }

    it('no reader of the surroundings in a comment, a text or the platform', () => {
      const text = "/** `process.env` */ export const a = 'process.env' + process.platform + b.process;";
      expect(readersOfSurroundings([readSource('config/load.ts', text)])).to.deep.equal([]);
    });

    it('a circle, but not one of types', () => {
      const one = readSource('access/a.ts', "import { b } from '../config/b.js';");
      const values = readSource('config/b.ts', "import { a, type A } from '../access/a.js';");
      const types = readSource('config/b.ts', "import { type A } from '../access/a.js';");
      expect(circle([one, values], layerOf)).to.equal('access → config → access');
      expect(circle([one, values], (path) => path)).to.equal('access/a.ts → config/b.ts → access/a.ts');
      expect(circle([one, types], layerOf)).to.equal(undefined);
    });
  });
});
