import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { createPregXmlMetadata } from '../../../../src/legacy/preg-xml/schema/metadata.js';
import type { ServiceMetadata } from '../../../../src/legacy/soap/soap-service.js';
import type { XmlElement } from '../../../../src/xml/element.js';
import { readXml } from '../../../../src/xml/reader.js';
import { contracts } from '../../../support/preg-xml.js';
import { contractFile } from '../../hl7v3/schema/places.js';

/** Ours beside the published files, which carry their namespaces in another order. */
const files = [
  ['xsd0', 'PersonService4.xsd'],
  ['xsd1', 'PersonService1.xsd'],
  ['xsd2', 'PersonService3.xsd'],
  ['xsd3', 'PersonService.xsd'],
  ['xsd4', 'PersonService2.xsd'],
] as const;

describe('generated Personregister-XML metadata beside the published', function () {
  let ours: ServiceMetadata;

  before(function () {
    if (contractFile('preg-xml') === undefined) this.skip();
    ours = createPregXmlMetadata(contracts['2018'])('https://preg.example/PersonService.svc');
  });

  for (const [name, file] of files) {
    it(`has everything of ${file}, with the same order of members, types and nil`, async () => {
      const published = definitions(await readPublished(file));
      const generated = definitions(readXml(ours.schemas.get(name) ?? ''));
      expect([...generated.keys()]).to.have.members([...published.keys()]);
      for (const [definition, facts] of published) {
        expect(generated.get(definition), definition).to.deep.equal(facts);
      }
    });
  }

  it('has the published WSDL, but for the address and where the schemas are', async () => {
    const published = comparable(await readPublished('PersonService.wsdl'), ['types', 'Address', 'Dns']);
    expect(comparable(readXml(ours.wsdl), ['types', 'Address', 'Dns'])).to.deep.equal(published);
  });

  it('imports the published namespaces in the published order', async () => {
    // The order in which .NET numbers them; the saved files are named otherwise.
    const published = imports(await readPublished('PersonService.wsdl'));
    expect(imports(readXml(ours.wsdl))).to.deep.equal(published);
  });

  async function readPublished(name: string): Promise<XmlElement> {
    const text = await readFile(contractFile(`preg-xml/${name}`) ?? '', 'utf8');
    return readXml(text.replace(/^\uFEFF/, ''));
  }
});

/** The global definitions of a schema by kind and name. */
function definitions(schema: XmlElement): ReadonlyMap<string, unknown> {
  return new Map(
    schema.children
      .filter(({ localName }) => localName !== 'import')
      .map((node) => [`${node.localName} ${node.attributes.get('name') ?? ''}`, comparable(node, [])]),
  );
}

function imports(element: XmlElement): readonly unknown[] {
  const here = element.localName === 'import' ? [element.attributes.get('namespace')] : [];
  return [...here, ...element.children.flatMap(imports)];
}

/** An element without white space, choice of prefixes, and the contents that differ by intent. */
function comparable(element: XmlElement, differing: readonly string[]): unknown {
  const attributes = [...element.attributes]
    .filter(([name]) => name !== 'location')
    .map(
      ([name, value]) =>
        [name, name === 'type' || name === 'base' ? resolved(element, value) : value] as const,
    )
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const differs = differing.includes(element.localName);
  return {
    name: `{${element.namespace}}${element.localName}`,
    attributes,
    text: differs ? '' : element.text.trim(),
    children: differs ? [] : element.children.map((child) => comparable(child, differing)),
  };
}

function resolved(element: XmlElement, name: string): string {
  const [prefix = '', local = ''] = name.split(':');
  return `{${element.prefixes.get(prefix) ?? ''}}${local}`;
}
