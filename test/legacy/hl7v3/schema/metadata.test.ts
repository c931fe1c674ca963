import { expect } from 'chai';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { loadTypeTable } from '../../../../src/legacy/hl7v3/schema/load-type-table.js';
import { createHl7v3Metadata } from '../../../../src/legacy/hl7v3/schema/metadata.js';
import { hl7v3Operations } from '../../../../src/contract/hl7v3/operations.js';
import type { ServiceMetadata } from '../../../../src/legacy/soap/soap-service.js';
import type { XmlElement } from '../../../../src/xml/element.js';
import { readXml } from '../../../../src/xml/reader.js';
import { typeTablePath } from './places.js';

const address = 'https://preg.example:8443/Personregister.HL7/PersonRegistry.svc';

describe('HL7 v3 service metadata', () => {
  let metadataFor: (address: string) => ServiceMetadata;
  let metadata: ServiceMetadata;

  before(async () => {
    metadataFor = createHl7v3Metadata(await loadTypeTable(typeTablePath));
    metadata = metadataFor(address);
  });

  it('is well-formed XML with a declaration, all of it', () => {
    expect([...metadata.schemas.keys()]).to.deep.equal(['xsd0', 'xsd1']);
    for (const text of [metadata.wsdl, metadata.singleWsdl, ...metadata.schemas.values()]) {
      expect(text).to.match(/^<\?xml version="1\.0" encoding="utf-8"\?></);
      expect(() => readXml(text)).not.to.throw();
    }
  });

  it('has an HL7 schema that a schema processor accepts', () => {
    const document = XmlDocument.fromString(metadata.schemas.get('xsd1') ?? '');
    try {
      XsdValidator.fromDoc(document).dispose();
    } finally {
      document.dispose();
    }
  });

  it('names the old service, its port, binding and operations', () => {
    const wsdl = readXml(metadata.wsdl);
    expect(wsdl.attributes.get('targetNamespace')).to.equal('http://tempuri.org/');
    const [service] = find(wsdl, 'service');
    expect(service?.attributes.get('name')).to.equal('PersonRegistry');
    expect(find(wsdl, 'port').map(({ attributes }) => attributes.get('name'))).to.deep.equal([
      'WSHttpBinding_IPersonRegistry',
    ]);
    const [portType] = find(wsdl, 'portType');
    expect(portType?.attributes.get('name')).to.equal('IPersonRegistry');
    expect(portType?.children.map(({ attributes }) => attributes.get('name'))).to.deep.equal(
      hl7v3Operations.map(({ name }) => name),
    );
  });

  it('gives every operation its two WS-Addressing actions', () => {
    const [portType] = find(readXml(metadata.wsdl), 'portType');
    const action = '{http://www.w3.org/2006/05/addressing/wsdl}Action';
    const actions = portType?.children.map(({ children }) =>
      children.map(({ attributes }) => attributes.get(action)),
    );
    expect(actions?.[1]).to.deep.equal([
      'http://tempuri.org/IPersonRegistry/GetDemographics',
      'http://tempuri.org/IPersonRegistry/GetDemographicsResponse',
    ]);
    expect(new Set(actions?.flat()).size).to.equal(12);
  });

  it('asks for a user name in a secure conversation over TLS, without derived keys', () => {
    const [policy] = find(readXml(metadata.wsdl), 'Policy');
    const assertions = policy === undefined ? [] : names(policy);
    expect(assertions).to.include.members([
      'SecureConversationToken',
      'UsernameToken',
      'HttpsToken',
      'UsingAddressing',
    ]);
    expect(assertions).not.to.include('RequireDerivedKeys');
  });

  it('tells the address it was asked for and its host name as identity', () => {
    for (const text of [metadata.wsdl, metadata.singleWsdl]) {
      const wsdl = readXml(text);
      const [location] = find(wsdl, 'address');
      expect(location?.attributes.get('location')).to.equal(address);
      expect(find(wsdl, 'Address').map((element) => element.text)).to.deep.equal([address]);
      expect(find(wsdl, 'Dns').map((element) => element.text)).to.deep.equal(['preg.example']);
    }
  });

  it('imports the schemas from the address, or holds both', () => {
    const locations = (text: string): unknown[] =>
      find(readXml(text), 'import').map(({ attributes }) => [
        attributes.get('namespace'),
        attributes.get('schemaLocation'),
      ]);
    const hl7 = ['urn:hl7-org:v3', `${address}?xsd=xsd1`];
    expect(locations(metadata.wsdl)).to.deep.equal([['http://tempuri.org/', `${address}?xsd=xsd0`], hl7]);
    expect(locations(metadata.schemas.get('xsd0') ?? '')).to.deep.equal([hl7]);
    expect(locations(metadata.singleWsdl)).to.deep.equal([['urn:hl7-org:v3', undefined]]);
    const inline = find(readXml(metadata.singleWsdl), 'schema');
    expect(inline.map(({ attributes }) => attributes.get('targetNamespace'))).to.deep.equal([
      'http://tempuri.org/',
      'urn:hl7-org:v3',
    ]);
  });

  it('escapes an address that holds markup', () => {
    const odd = 'https://preg.example/a?b=1&c="<';
    expect(find(readXml(metadataFor(odd).wsdl), 'Address').map(({ text }) => text)).to.deep.equal([odd]);
  });

  it('keeps the documents of the addresses last asked for, and only of a few', () => {
    expect(metadataFor(address)).to.equal(metadataFor(address));
    const before = metadataFor(address);
    for (let host = 0; host < 8; host++) metadataFor(`https://host${host}.example/PersonRegistry.svc`);
    expect(metadataFor(address)).not.to.equal(before);
  });

  it('refuses an address that is not a URL', () => {
    expect(() => metadataFor('/Personregister.HL7/PersonRegistry.svc')).to.throw(TypeError);
  });
});

function find(element: XmlElement, localName: string): readonly XmlElement[] {
  const here = element.localName === localName ? [element] : [];
  return [...here, ...element.children.flatMap((child) => find(child, localName))];
}

function names(element: XmlElement): readonly string[] {
  return [element.localName, ...element.children.flatMap(names)];
}
