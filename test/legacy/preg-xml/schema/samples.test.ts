import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readData } from '../../../../src/contract/preg-xml/data-reader.js';
import { personOfRecord } from '../../../../src/registry/preg/personregister/person-of-record.js';
import { personRecord } from '../../../../src/legacy/preg-xml/person-record.js';
import type { XmlElement } from '../../../../src/xml/element.js';
import { readXml } from '../../../../src/xml/reader.js';
import { contracts, replyText } from '../../../support/preg-xml.js';
import { contractFile } from '../../hl7v3/schema/places.js';

describe('sample messages of Personregister-XML', () => {
  const folder = contractFile('samples/preg-xml');
  const bodies: readonly (readonly [string, XmlElement])[] = (folder === undefined ? [] : readdirSync(folder))
    .filter((file) => file.endsWith('.xml'))
    .flatMap((file) => {
      const envelope = readXml(readFileSync(join(folder ?? '', file), 'utf8'));
      return (envelope.children.at(-1)?.children ?? []).map((body) => [file, body] as const);
    });

  before(function () {
    if (folder === undefined) this.skip();
  });

  it('are read, requests and replies', () => {
    const wrappers = [...contracts['2018'].operations.values()].flatMap(({ request, reply }) => [
      request,
      reply,
    ]);
    const known = bodies.flatMap(([file, body]) => {
      const type = wrappers.find(({ name }) => name === body.localName);
      return type === undefined ? [] : [[file, readData(body, type)] as const];
    });
    expect(known.length).to.be.greaterThan(8);
    const request = new Map(known).get('09-search-request.xml')?.record('parameters');
    expect(request?.time('DateOfBirth')?.day).to.equal('1979-11-05');
    expect(request?.number('ResultsPerPage')).to.equal(20);
    const numbers = new Map(known).get('07-getpersons-request.xml')?.texts('listOfNIN');
    expect(numbers).to.have.length(4);
  });

  it('have the elements that we write for the same people', () => {
    const operation = contracts['2018'].operations.get('GetPerson');
    if (operation === undefined) throw new RangeError('no operation');
    const replies = bodies.filter(([, { localName }]) => localName === 'GetPersonResponse');
    expect(replies.length).to.be.greaterThan(2);
    for (const [file, body] of replies) {
      const record = readData(body, operation.reply).record('GetPersonResult');
      const person = record === null ? undefined : personOfRecord(record);
      const ours = readXml(replyText('GetPerson', person === undefined ? null : personRecord(person, 'nil')));
      expect(comparable(ours, ''), file).to.deep.equal(comparable(body, ''));
    }
  });
});

/** Names, nil and texts of the elements; layout left out, and the owner of an address, whom a sample may hide. */
function comparable({ localName, attributes, children, text }: XmlElement, parent: string): unknown {
  const isOwner = parent === 'Address' && localName === 'NIN';
  return {
    localName,
    attributes: isOwner ? [] : [...attributes],
    text: isOwner || children.length > 0 ? '' : text.trim(),
    children: children.map((child) => comparable(child, localName)),
  };
}
