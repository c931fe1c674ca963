import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { loadTypeTable } from '../../../../src/legacy/hl7v3/schema/load-type-table.js';
import { createHl7v3Metadata } from '../../../../src/legacy/hl7v3/schema/metadata.js';
import type { ServiceMetadata } from '../../../../src/legacy/soap/soap-service.js';
import type { XmlElement } from '../../../../src/xml/element.js';
import { readXml } from '../../../../src/xml/reader.js';
import { contractFile, typeTablePath } from './places.js';
import { schemaFacts, wrapperFacts } from './schema-facts.js';

describe('generated HL7 v3 metadata beside the published', function () {
  const folder = contractFile('preg-hl7v3');
  let ours: ServiceMetadata;

  before(async function () {
    if (folder === undefined) this.skip();
    ours = createHl7v3Metadata(await loadTypeTable(typeTablePath))('https://preg.example/PersonRegistry.svc');
  });

  it('has every published HL7 type, with the same order, types, cardinality, attributes and codes', async () => {
    const published = schemaFacts(await readPublished('PersonRegistry.xsd'));
    const generated = schemaFacts(readXml(ours.schemas.get('xsd1') ?? ''));
    expect(published.size).to.equal(474);
    expect([...generated.keys()]).to.have.members([...published.keys()]);
    for (const [name, facts] of published) expect(generated.get(name), name).to.deep.equal(facts);
  });

  it('has the published wrappers', async () => {
    const published = wrapperFacts(await readPublished('PersonRegistry1.xsd'));
    expect(published).to.have.length(12);
    expect(wrapperFacts(readXml(ours.schemas.get('xsd0') ?? ''))).to.deep.equal(published);
  });

  it('has the published WSDL, but for the address and where the schemas are', async () => {
    const published = comparable(await readPublished('PersonRegistry1.wsdl'));
    expect(comparable(readXml(ours.wsdl))).to.deep.equal(published);
  });

  async function readPublished(name: string): Promise<XmlElement> {
    const text = await readFile(contractFile(`preg-hl7v3/${name}`) ?? '', 'utf8');
    return readXml(text.replace(/^\uFEFF/, ''));
  }
});

/** An element without what differs by intent: `wsdl:types`, the address, white space, choice of prefixes. */
function comparable(element: XmlElement): unknown {
  const addressing = ['Address', 'Dns'].includes(element.localName);
  const attributes = [...element.attributes].filter(([name]) => name !== 'location').sort(byName);
  return {
    name: `{${element.namespace}}${element.localName}`,
    attributes,
    text: addressing ? '' : element.text.trim(),
    children: element.children.filter(({ localName }) => localName !== 'types').map(comparable),
  };
}

function byName([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : 1;
}
