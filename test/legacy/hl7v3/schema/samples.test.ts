import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadTypeTable } from '../../../../src/legacy/hl7v3/schema/load-type-table.js';
import { createHl7v3Metadata } from '../../../../src/legacy/hl7v3/schema/metadata.js';
import { canRun, contractFile, typeTablePath } from './places.js';

describe('generated schemas in xmllint', function () {
  let folder = '';

  before(async function () {
    if (!canRun('xmllint', '--version')) this.skip();
    folder = await mkdtemp(join(tmpdir(), 'hl7v3-schema-'));
    const { schemas } = createHl7v3Metadata(await loadTypeTable(typeTablePath))('https://preg.example/P.svc');
    for (const [name, text] of schemas) await writeFile(join(folder, `${name}.xsd`), asOnTheWire(text));
  });

  after(async () => {
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  it('accept a body and refuse one whose elements are out of order', async () => {
    const body = (inner: string): string =>
      `<GetDemographics xmlns="http://tempuri.org/"><query><h:id xmlns:h="urn:hl7-org:v3"/>${inner}</query></GetDemographics>`;
    const later = '<h:versionCode xmlns:h="urn:hl7-org:v3" code="NE2010NO"/>';
    const earlier = '<h:creationTime xmlns:h="urn:hl7-org:v3" value="2025"/>';
    await writeFile(join(folder, 'ordered.xml'), body(earlier + later));
    await writeFile(join(folder, 'shuffled.xml'), body(later + earlier));
    expect(validate(join(folder, 'ordered.xml')).status).to.equal(0);
    expect(validate(join(folder, 'shuffled.xml')).status).to.equal(3);
  });

  it('accept every sample message', async function () {
    const samples = contractFile('samples/hl7v3');
    if (samples === undefined) this.skip();
    const files = (await readdir(samples)).filter((file) => file.endsWith('.xml'));
    expect(files).not.to.deep.equal([]);
    const result = validate(...files.map((file) => join(samples, file)));
    expect(result.status, result.stderr).to.equal(0);
  });

  /** Clients leave out required attributes, and .NET's serializer does not mind; schemas find each other in the folder. */
  function asOnTheWire(schema: string): string {
    return schema.replaceAll('use="required"', '').replaceAll(/https:[^"]+\?xsd=(\w+)/g, '$1.xsd');
  }

  function validate(...files: readonly string[]): {
    readonly status: number | null;
    readonly stderr: string;
  } {
    const schema = join(folder, 'xsd0.xsd');
    return spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, ...files], { encoding: 'utf8' });
  }
});
