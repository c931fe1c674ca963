import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { isNationalId, type NationalId } from '../../../src/person/national-id.js';
import { protectionOf } from '../../../src/person/protection.js';
import { readXml } from '../../../src/xml/reader.js';
import type { PregReply, PregService } from '../../../src/registry/preg/preg-service.js';
import { callerBy } from '../../support/fake-preg.js';
import { hl7v3RegistryOver, personregisterOver } from '../../support/preg-registries.js';
import { rejectionOf } from '../../support/rejection.js';
import { contractFile } from '../../legacy/hl7v3/schema/places.js';

/** A PREG that answers with a sample message, in an envelope or not; undefined where the samples are not at hand. */
function answering(sample: string): PregService | undefined {
  const file = contractFile(`samples/${sample}`);
  if (file === undefined) return undefined;
  const root = readXml(readFileSync(file, 'utf8'));
  const body = root.localName === 'Envelope' ? root.children.at(-1)?.children[0] : root;
  if (body === undefined) throw new Error('a sample without a body');
  const reply: PregReply = { body, text: '' };
  return { call: () => Promise.resolve(reply) };
}

function number(text: string): NationalId {
  if (!isNationalId(text)) throw new RangeError('no number');
  return text;
}

describe('sample messages as answers of PREG', () => {
  it('tell by Personregister-XML who somebody is', async function () {
    const service = answering('preg-xml/02-getperson-response.xml');
    if (service === undefined) this.skip();
    const answer = await personregisterOver(service).lookup(
      { id: number('12838142093') },
      callerBy('preg-xml'),
    );
    if (answer.outcome !== 'found') throw new Error('nobody was found');
    expect(answer.person).to.include({
      sn: 'ÆREKJÆR',
      oldNIN: '13838144467',
      regStatus: 1,
      deceased: false,
      gender: 'F',
    });
    expect(answer.person.addresses.map(({ postalAddress, st }) => [postalAddress, st])).to.deep.equal([
      ['PRØVEVEIEN 12 B', '0301'],
    ]);
  });

  it('tell by Personregister-XML of somebody in hiding', async function () {
    const service = answering('preg-xml/04-getperson-confidential-code7-response.xml');
    if (service === undefined) this.skip();
    const answer = await personregisterOver(service).lookup(
      { id: number('24879041216') },
      callerBy('preg-xml'),
    );
    if (answer.outcome !== 'found') throw new Error('nobody was found');
    expect(protectionOf(answer.person)).to.equal(7);
    expect(answer.person.addresses.map(({ country }) => country)).to.deep.equal([null]);
  });

  it('tell by Personregister-XML of nobody', async function () {
    const missing = answering('preg-xml/03-getperson-notfound-response.xml');
    const noHits = answering('preg-xml/11-search-nohits-response.xml');
    if (missing === undefined || noHits === undefined) this.skip();
    const caller = callerBy('preg-xml');
    const answer = await personregisterOver(missing).lookup({ id: number('24879041216') }, caller);
    expect(answer).to.deep.equal({ outcome: 'not-found' });
    const query = { name: { family: 'A' }, withHelpNumbers: false, limit: 20 };
    expect(await personregisterOver(noHits).search(query, caller)).to.deep.equal({ hits: [], total: 0 });
  });

  it('tell by HL7 v3 who somebody is', async function () {
    const service = answering('hl7v3/08-GetDemographics-response-OK-full.xml');
    if (service === undefined) this.skip();
    const answer = await hl7v3RegistryOver(service).lookup({ id: number('01818049818') }, callerBy('hl7v3'));
    if (answer.outcome !== 'found') throw new Error('nobody was found');
    expect(answer.person).to.deep.include({
      givenName: 'Fiktiva',
      middleName: 'Mellom',
      sn: 'Testesen',
      dateName: '2005-06-01',
      gender: 'F',
      deceased: false,
      maritalStatus: 2,
      citizenships: ['NOR'],
      supersededNINs: ['01818048005'],
      mothersNIN: '20685249821',
      fathersNIN: '11695049929',
      spouseNIN: '15867549932',
      childrensNINs: ['17851299831'],
    });
    expect(answer.person.addresses).to.have.length(1);
    expect(answer.person.addresses[0]).to.deep.include({ st: '5001', houseNumber: 1, houseLetter: 'B' });
    expect(answer.person.addresses[0]?.mailing?.lines).to.deep.equal(['Postboks 0']);
  });

  it('tell by HL7 v3 of candidates, of nobody, and that a search is refused', async function () {
    const [two, none, refused, missing] = [
      '04-FindCandidates-response-OK-two',
      '05-FindCandidates-response-NF',
      '06-FindCandidates-response-QE',
      '11-GetDemographics-response-NF',
    ].map((name) => answering(`hl7v3/${name}.xml`));
    if (two === undefined || none === undefined || refused === undefined || missing === undefined)
      this.skip();
    const caller = callerBy('hl7v3');
    const query = { name: { family: 'A' }, withHelpNumbers: true, limit: 100 };
    const { hits, total } = await hl7v3RegistryOver(two).search(query, caller);
    expect([total, hits.map(({ person }) => person.nin)]).to.deep.equal([2, ['01818049656', '01818049818']]);
    expect(await hl7v3RegistryOver(none).search(query, caller)).to.deep.equal({ hits: [], total: 0 });
    expect(await rejectionOf(hl7v3RegistryOver(refused).search(query, caller))).to.include({
      code: 'invalid-query',
    });
    expect(await hl7v3RegistryOver(missing).lookup({ id: number('01818049818') }, caller)).to.deep.equal({
      outcome: 'not-found',
    });
  });
});
