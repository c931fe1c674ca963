import { expect } from 'chai';
import { InvalidQuery, PregRejected } from '../../../../src/errors/errors.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import type { LookupAnswer } from '../../../../src/registry/person-registry.js';
import { readXml } from '../../../../src/xml/reader.js';
import { callerBy, FakePreg, pregHl7v3Over } from '../../../support/fake-preg.js';
import { attributesOf, the } from '../../../support/hl7v3-message.js';
import { found } from '../../../support/person-service.js';
import { dayIn, pregPerson } from '../../../support/preg-person.js';
import { hl7v3RegistryOver } from '../../../support/preg-registries.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { demographicsReply, reply, subjectOf } from '../../../support/preg-hl7v3-replies.js';

const nin = syntheticNumber(0);
const other = syntheticNumber(1);
const caller = callerBy('hl7v3', 'GetDemographics');

function lookup(text: string): Promise<LookupAnswer> {
  return hl7v3RegistryOver(new FakePreg(() => text)).lookup({ id: nin }, caller);
}

async function personIn(content: string, role = ''): Promise<PregPerson> {
  const answer = await lookup(demographicsReply(nin, content, role));
  if (answer.outcome !== 'found') throw new Error('nobody was found');
  return answer.person;
}

describe('a lookup in PREG by HL7 v3', () => {
  it('takes no id of another register for the number of the person', async () => {
    const number = syntheticNumber(3);
    const reply = demographicsReply(number, '').replace(
      '<id root=',
      `<id root="1.2.3" extension="${syntheticNumber(4)}"/><id root=`,
    );
    const answer = await hl7v3RegistryOver(new FakePreg(() => reply)).lookup(
      { id: number },
      callerBy('hl7v3'),
    );
    expect(answer.outcome === 'found' && answer.person.nin).to.equal(number);
  });

  it('asks GetDemographics as the known clients do', async () => {
    const preg = pregHl7v3Over({ lookup: () => Promise.resolve(found(pregPerson({ nin }))) });
    await hl7v3RegistryOver(preg).lookup({ id: nin }, caller);
    const [request] = preg.requests;
    expect(request).to.include({ service: 'hl7v3', operation: 'GetDemographics' });
    const body = readXml(request?.body ?? '');
    expect(attributesOf(the(body, 'value'))).to.deep.equal({ root: '2.16.578.1.12.4.1.4.1', extension: nin });
    expect(attributesOf(the(body, 'processingCode'))).to.deep.equal({ code: 'P' });
    expect(attributesOf(the(body, 'interactionId'))['extension']).to.equal('PRPA_IN101307NO01');
    expect(attributesOf(the(body, 'controlActProcess'))).to.deep.equal({
      classCode: 'CACT',
      moodCode: 'APT',
    });
    expect(preg.callers).to.deep.equal([caller]);
  });

  it('finds nobody where PREG says that there is nobody', async () => {
    const preg = pregHl7v3Over({ lookup: () => Promise.resolve({ outcome: 'not-found' }) });
    expect(await hl7v3RegistryOver(preg).lookup({ id: nin }, caller)).to.deep.equal({ outcome: 'not-found' });
    expect(await lookup(reply('GetDemographics', { response: 'OK', total: 0 }))).to.deep.equal({
      outcome: 'not-found',
    });
  });

  for (const [what, text, problem] of [
    ['that there was an error', reply('GetDemographics', { type: 'AE', response: 'AE' }), 'refused'],
    [
      'that the message was rejected',
      reply('GetDemographics', { type: 'AR', response: 'AE', detail: 'NS202' }),
      'refused',
    ],
    ['nothing', reply('GetDemographics', {}), 'wrong-answer'],
    [
      'that one was found, and not who',
      reply('GetDemographics', { response: 'OK', total: 1 }),
      'wrong-answer',
    ],
    ['something else', '<t:GetDemographicsResponse xmlns:t="http://tempuri.org/"/>', 'wrong-answer'],
    ['the answer to another question', reply('FindCandidates', { response: 'NF' }), 'wrong-answer'],
  ] as const) {
    it(`takes it for trouble, not for nobody, when PREG says ${what}`, async () => {
      const refusal = await rejectionOf(lookup(text));
      expect(refusal).to.be.instanceOf(PregRejected).and.include({ problem });
      expect(String(refusal)).not.to.contain('told in words');
    });
  }

  it('refuses a number that PREG does not take, as a question and not as trouble', async () => {
    const refusal = await rejectionOf(
      lookup(reply('GetDemographics', { type: 'AE', response: 'QE', detail: 'SYN102' })),
    );
    expect(refusal).to.be.instanceOf(InvalidQuery).and.include({ parameter: 'identifiedPersonIdentifier' });
  });

  it('never gives a record that does not list the number asked for', async () => {
    const refusal = await rejectionOf(lookup(demographicsReply(other, '<name><family>A</family></name>')));
    expect(refusal).to.be.instanceOf(PregRejected);
    expect(String(refusal)).not.to.contain(other);
  });

  it('never gives one of two records', async () => {
    const subjects = subjectOf(nin) + subjectOf(other);
    const refusal = await rejectionOf(lookup(reply('GetDemographics', { response: 'OK', subjects })));
    expect(refusal).to.be.instanceOf(PregRejected);
  });

  it('never gives a record without a number', async () => {
    const subjects = subjectOf('');
    const refusal = await rejectionOf(lookup(reply('GetDemographics', { response: 'OK', subjects })));
    expect(refusal).to.be.instanceOf(PregRejected);
  });

  it('gives the record of the number in use, which lists the one asked for', async () => {
    const linked = `<identifiedBy><otherIdentifiedPerson><id root="2.16.578.1.12.4.1.4.1" extension="${nin}"/><statusCode code="obsolete"/></otherIdentifiedPerson></identifiedBy>`;
    const answer = await lookup(demographicsReply(other, '', linked));
    const person = answer.outcome === 'found' ? answer.person : pregPerson();
    expect([person.nin, person.supersededNINs, person.alternativeNINs]).to.deep.equal([other, [nin], []]);
  });

  it('tells that a number is out of use which none took the place of', async () => {
    const text = demographicsReply(nin, '').replace(
      '<statusCode code="active"/>',
      '<statusCode code="nullified"/>',
    );
    expect(await lookup(text)).to.include({ isOutOfUse: true });
    expect(await lookup(demographicsReply(nin, ''))).not.to.have.property('isOutOfUse');
  });

  it('takes a former number from where other registers’ numbers stand, and a number of another kind', async () => {
    const person = await personIn(
      `<asOtherIDs><id root="2.16.578.1.12.4.1.4.1" extension="${other}"/><statusCode code="obsolete"/></asOtherIDs>` +
        `<asOtherIDs><id root="2.16.578.1.12.4.1.4.5" extension="209900000417"/></asOtherIDs>` +
        `<asOtherIDs><id root="2.16.840.1.113883.4.330.616" extension="AB12"/></asOtherIDs>`,
    );
    expect(person).to.deep.include({
      supersededNINs: [other],
      dufNo: '209900000417',
      foreignIds: [{ root: '2.16.840.1.113883.4.330.616', extension: 'AB12' }],
    });
  });

  it('reads names by their parts, the legal one of several', async () => {
    const person = await personIn(
      '<name use="OLD"><family>GAMMEL</family></name><name use="L C"><given>KARI</given><given> ANNE </given><family qualifier="MID">LØV</family>' +
        '<delimiter>,</delimiter><family>PRØVE</family><family>SEN</family><validTime><low value="20050601"/></validTime></name>',
    );
    expect(person).to.include({
      givenName: 'KARI ANNE',
      middleName: 'LØV',
      sn: 'PRØVE SEN',
      dateName: '2005-06-01',
    });
    expect((await personIn('<name use="OR"><family>A</family></name>')).sn).to.equal('A');
    expect((await personIn('<name use="OLD"><family>A</family></name>')).sn).to.equal(null);
  });

  it('reads codes of either system, days with a time, and blanks as nothing', async () => {
    expect(
      await personIn(
        '<administrativeGenderCode code="2" codeSystem="2.16.578.1.12.4.1.1.3101"/><birthTime value="195012310000+0100"/>' +
          '<maritalStatusCode code="S" codeSystem="2.16.840.1.113883.5.2"/><deceasedTime value="20200229"/>',
      ),
    ).to.include({
      gender: 'F',
      dateOfBirth: '1950-12-31',
      maritalStatus: 1,
      dateOfDeath: '2020-02-29',
      deceased: true,
    });
    expect(
      await personIn(
        '<administrativeGenderCode code="UN"/><birthTime value="1950"/><maritalStatusCode nullFlavor="UNK"/><deceasedInd value=""/>' +
          '<name><given/><family> </family></name><addr use="HP"/><unknown><id extension="1"/></unknown>',
      ),
    ).to.deep.equal(pregPerson({ nin }));
  });

  it('reads relatives by their role, and leaves out whoever has another one', async () => {
    const relation = (code: string, number: string): string =>
      `<personalRelationship><code code="${code}"/><relationshipHolder><id extension="${number}"/></relationshipHolder></personalRelationship>`;
    const [mother, father, child] = [10, 11, 12].map(syntheticNumber);
    const person = await personIn(
      relation('FTH', father ?? '') +
        relation('CHILD', child ?? '') +
        relation('SIB', other) +
        relation('MTH', mother ?? ''),
    );
    expect(person).to.deep.include({
      mothersNIN: mother,
      fathersNIN: father,
      spouseNIN: null,
      childrensNINs: [child],
    });
  });

  describe('reads of addresses', () => {
    it('a residence and the address for mail as one, and what is abroad by its code or name', async () => {
      const person = await personIn(
        '<addr use="HP"><streetAddressLine>PRØVEVEIEN 1 B</streetAddressLine><postalCode>0484</postalCode><city>OSLO</city><county>0301</county>' +
          '<houseNumber>1B</houseNumber></addr><addr use="PST"><streetAddressLine>POSTBOKS 0</streetAddressLine><country>SE</country></addr>' +
          '<addr use="TMP"><streetAddressLine>HOTELL</streetAddressLine><county>KARASJOK</county><country>Norge</country></addr>',
      );
      expect(person.addresses).to.have.length(2);
      expect(person.addresses[0]).to.deep.include({
        source: 'residential',
        postalAddress: 'PRØVEVEIEN 1 B',
        st: '0301',
        municipality: null,
        houseNumber: 1,
        houseLetter: 'B',
        mailing: {
          lines: ['POSTBOKS 0'],
          postalCode: null,
          postalPlace: null,
          countryCode: 'SWE',
          isForeignStay: false,
        },
      });
      expect(person.addresses[1]).to.include({
        source: 'present',
        municipality: 'KARASJOK',
        st: null,
        countryCode: 'NOR',
      });
    });

    it('those of the role where the person has none, and none that holds no more', async () => {
      const role = '<addr><streetAddressLine>PRØVEVEIEN 1</streetAddressLine></addr>';
      expect((await personIn('', role)).addresses.map(({ postalAddress }) => postalAddress)).to.deep.equal([
        'PRØVEVEIEN 1',
      ]);
      const former =
        '<addr use="HP"><streetAddressLine>A</streetAddressLine><useablePeriod><high value="20010101"/></useablePeriod></addr>';
      expect((await personIn(former)).addresses).to.deep.equal([]);
    });

    const home = '<addr use="HP"><streetAddressLine>PRØVEVEIEN 1</streetAddressLine></addr>';
    for (const [sign, content, role, postalType] of [
      ['confidentiality R', home, '<confidentialityCode code="R"/>', 7],
      ['confidentiality V', home, '<confidentialityCode code="V"/>', 6],
      [
        'one confidentiality of two',
        home,
        '<confidentialityCode code="N"/><confidentialityCode code="R"/>',
        7,
      ],
      ['a confidentiality that is on no list', home, '<confidentialityCode code="S"/>', 6],
      ['a confidentiality that is hidden itself', home, '<confidentialityCode nullFlavor="MSK"/>', 6],
      ['an address of confidential use', home.replace('HP', 'HP CONF'), '', 6],
      ['an address that is hidden', '<addr nullFlavor="MSK"/>', '', 6],
    ] as const) {
      it(`nothing but the protection with ${sign}`, async () => {
        const { addresses } = await personIn(content, role);
        expect(
          addresses.map((address) => [address.postalType, address.postalAddress?.slice(0, 7)]),
        ).to.deep.equal([[postalType, 'Sperret']]);
      });
    }

    it('everything with normal confidentiality', async () => {
      const { addresses } = await personIn(home, '<confidentialityCode code="N"/>');
      expect(addresses.map(({ postalAddress }) => postalAddress)).to.deep.equal(['PRØVEVEIEN 1']);
    });
  });

  it('cannot ask about a past day, nor for former addresses', async () => {
    const preg = new FakePreg(() => '');
    const registry = hl7v3RegistryOver(preg);
    for (const wanted of [{ on: dayIn('2001-01-01') }, { addresses: 'all' }] as const) {
      expect(await rejectionOf(registry.lookup({ id: nin, ...wanted }, caller))).to.be.instanceOf(
        InvalidQuery,
      );
      expect(await rejectionOf(registry.lookupMany({ ids: [nin], ...wanted }, caller))).to.be.instanceOf(
        InvalidQuery,
      );
    }
    expect(preg.requests).to.deep.equal([]);
  });

  it('asks about many one by one, each once, and fails where one fails', async () => {
    const preg = pregHl7v3Over({
      lookup: ({ id }) => Promise.resolve(id === nin ? found(pregPerson({ nin })) : { outcome: 'not-found' }),
    });
    const answers = await hl7v3RegistryOver(preg).lookupMany({ ids: [other, nin, other] }, caller);
    expect([...answers].map(([id, { outcome }]) => [id, outcome])).to.deep.equal([
      [other, 'not-found'],
      [nin, 'found'],
    ]);
    expect(preg.operations).to.have.length(2);
    const failing = new FakePreg(({ body }) =>
      body.includes(nin) ? demographicsReply(nin, '') : reply('GetDemographics', { type: 'AE' }),
    );
    const refusal = await rejectionOf(hl7v3RegistryOver(failing).lookupMany({ ids: [nin, other] }, caller));
    expect(refusal).to.be.instanceOf(PregRejected);
  });

  it('finds children by the numbers in the record of the parent, known or not', async () => {
    const [one, two] = [syntheticNumber(20), syntheticNumber(21)];
    const preg = pregHl7v3Over({
      lookup: ({ id }) => {
        if (id === two) return Promise.resolve({ outcome: 'not-found' });
        const childrensNINs = id === nin ? [one, two] : [];
        return Promise.resolve(found(pregPerson({ nin: id, childrensNINs })));
      },
    });
    const answer = await hl7v3RegistryOver(preg).children(nin, caller);
    const children = answer.outcome === 'found' ? answer.children : [];
    expect(children.map(({ person }) => person.nin)).to.deep.equal([one, two]);
    expect([...(children[1]?.lineage.keys() ?? [])]).to.deep.equal(['nin']);
  });
});
