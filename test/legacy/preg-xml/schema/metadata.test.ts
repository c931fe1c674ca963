import { expect } from 'chai';
import { contractVersions } from '../../../../src/contract/preg-xml/contract.js';
import { createPregXmlMetadata } from '../../../../src/legacy/preg-xml/schema/metadata.js';
import type { XmlElement } from '../../../../src/xml/element.js';
import { readXml } from '../../../../src/xml/reader.js';
import { contracts } from '../../../support/preg-xml.js';

const address = 'https://preg.example:8443/Personregister.WCF/PersonService.svc';

describe('Personregister-XML metadata', () => {
  const metadataFor = createPregXmlMetadata(contracts['2018']);
  const metadata = metadataFor(address);

  it('is well-formed XML with a declaration, all of it', () => {
    expect([...metadata.schemas.keys()]).to.deep.equal(['xsd0', 'xsd1', 'xsd2', 'xsd3', 'xsd4']);
    for (const text of [metadata.wsdl, metadata.singleWsdl, ...metadata.schemas.values()]) {
      expect(text).to.match(/^<\?xml version="1\.0" encoding="utf-8"\?></);
      expect(() => readXml(text)).not.to.throw();
    }
  });

  it('names the old service, its port, binding, operations and actions', () => {
    const wsdl = readXml(metadata.wsdl);
    const names = (localName: string): unknown =>
      find(wsdl, localName).map(({ attributes }) => attributes.get('name'));
    expect(wsdl.attributes.get('targetNamespace')).to.equal('http://register.nhn.no/PR');
    expect(names('service')).to.deep.equal(['PersonService']);
    expect(names('port')).to.deep.equal(['CustomBinding_IPersonService']);
    expect(names('binding')).to.include('CustomBinding_IPersonService');
    expect(names('portType')).to.deep.equal(['IPersonService']);
    const [portType] = find(wsdl, 'portType');
    const action = '{http://www.w3.org/2006/05/addressing/wsdl}Action';
    expect(
      portType?.children.map((operation) =>
        operation.children.map(({ attributes }) => attributes.get(action)),
      ),
    ).to.deep.equal(
      [...contracts['2018'].operations.values()].map((operation) => [
        operation.action,
        operation.replyAction,
      ]),
    );
  });

  it('tells the address it was asked for and its host name as identity', () => {
    for (const text of [metadata.wsdl, metadata.singleWsdl]) {
      const wsdl = readXml(text);
      expect(find(wsdl, 'address').map(({ attributes }) => attributes.get('location'))).to.deep.equal([
        address,
      ]);
      expect(find(wsdl, 'Dns').map((element) => element.text)).to.deep.equal(['preg.example']);
    }
  });

  for (const version of contractVersions) {
    it(`leads in version ${version} to every schema that is spoken of, or holds it`, () => {
      const { wsdl, singleWsdl, schemas } = createPregXmlMetadata(contracts[version])(address);
      const targets = new Map(
        Array.from(schemas, ([name, text]) => [
          `${address}?xsd=${name}`,
          readXml(text).attributes.get('targetNamespace'),
        ]),
      );
      expect(find(readXml(wsdl), 'import').map(location)).to.have.members([...targets.keys()]);
      for (const text of [wsdl, ...schemas.values()]) {
        for (const node of find(readXml(text), 'import')) {
          expect(targets.get(location(node) ?? '')).to.equal(node.attributes.get('namespace'));
        }
      }
      const inline = readXml(singleWsdl);
      expect(find(inline, 'schema').map((node) => node.attributes.get('targetNamespace'))).to.deep.equal([
        ...targets.values(),
      ]);
      expect(
        find(inline, 'import')
          .map(location)
          .filter((place) => place !== undefined),
      ).to.deep.equal([]);
    });
  }

  it('says nothing in version 2016 of what came in 2018', () => {
    const { wsdl, singleWsdl, schemas } = createPregXmlMetadata(contracts['2016'])(address);
    const everything = [wsdl, singleWsdl, ...schemas.values()].join();
    expect(everything).not.to.match(/Advanced|KeyValuePair|BasicStatisticalUnit|Collections\.Generic/);
    expect(schemas.size).to.equal(4);
  });

  it('is made once for an address', () => {
    expect(metadataFor(address)).to.equal(metadata);
    expect(metadataFor('https://other.example/P.svc').wsdl).to.contain(
      'https://other.example/P.svc?xsd=xsd0',
    );
  });

  it('refuses an address that is not a URL', () => {
    expect(() => metadataFor('/Personregister.WCF/PersonService.svc')).to.throw(TypeError);
  });
});

function find(element: XmlElement, localName: string): readonly XmlElement[] {
  const here = element.localName === localName ? [element] : [];
  return [...here, ...element.children.flatMap((child) => find(child, localName))];
}

function location({ attributes }: XmlElement): string | undefined {
  return attributes.get('schemaLocation');
}
