import { expect } from 'chai';
import { loadTypeTable } from '../../../../src/legacy/hl7v3/schema/load-type-table.js';
import { TypedWriteError, type WriteProblem } from '../../../../src/legacy/hl7v3/schema/typed-write-error.js';
import { nil, type TypedStructure } from '../../../../src/legacy/hl7v3/schema/typed-value.js';
import { TypedWriter } from '../../../../src/legacy/hl7v3/schema/typed-writer.js';
import { typeTablePath } from './places.js';

const person = 'PRPA_MT101303NO01.Person';
const role = 'PRPA_MT101303NO01.IdentifiedPerson';

describe('writing by the HL7 v3 type table', () => {
  let writer: TypedWriter;

  before(async () => {
    writer = new TypedWriter(await loadTypeTable(typeTablePath));
  });

  it('puts elements and attributes in the published order, whatever their order in the value', () => {
    const written = write(person, {
      addr: { '@use': 'HP', parts: [['city', 'OSLO']] },
      birthTime: { '@value': '19800101' },
      '@determinerCode': 'INSTANCE',
      name: [{ parts: [['given', 'KARI']] }],
      '@classCode': 'PSN',
    });
    expect(written).to.equal(
      '<e classCode="PSN" determinerCode="INSTANCE"><name><given>KARI</given></name>' +
        '<birthTime value="19800101"/><addr use="HP"><city>OSLO</city></addr></e>',
    );
  });

  it('writes what a type inherits before its own members', () => {
    expect(write('IVXB_TS', { '@inclusive': false, '@value': '1980', '@nullFlavor': 'NI' })).to.equal(
      '<e nullFlavor="NI" value="1980" inclusive="false"/>',
    );
  });

  it('keeps the parts of a name in the order given', () => {
    const written = write('PN', {
      validTime: { low: { '@value': '2005' } },
      parts: [['family', 'BERG'], ['given', 'KARI'], ['family', { '@qualifier': ['MID'] }, 'LI'], 'x'],
      '@use': ['L', 'C'],
    });
    expect(written).to.equal(
      '<e use="L C"><family>BERG</family><given>KARI</given><family qualifier="MID">LI</family>x' +
        '<validTime><low value="2005"/></validTime></e>',
    );
  });

  it('takes text alone for a type that holds text, and text beside attributes', () => {
    expect(write('ST', 'a')).to.equal('<e>a</e>');
    expect(write('ED', { '#text': 'a', '@language': 'nb' })).to.equal('<e language="nb">a</e>');
    expect(write('SLIST_PQ', { digits: '1 2' })).to.equal('<e><digits>1 2</digits></e>');
  });

  it('takes the alternatives of an interval by name, or as parts in an order of their own', () => {
    const [low, high] = [{ '@value': '1980' }, { '@value': '1990' }];
    expect(write('IVL_TS', { high, low })).to.equal('<e><low value="1980"/><high value="1990"/></e>');
    const parts = [
      ['high', high],
      ['low', low],
    ] as const;
    expect(write('IVL_TS', { parts })).to.equal('<e><high value="1990"/><low value="1980"/></e>');
  });

  it('takes text that readers tidy themselves as it is', () => {
    expect(write('TEL', { '@value': 'tel:+47 00 00' })).to.equal('<e value="tel:+47 00 00"/>');
  });

  it('leaves out members that are undefined or empty lists', () => {
    expect(write(person, { name: [], birthTime: undefined, '@classCode': undefined })).to.equal('<e/>');
    expect(write('PN', { '@use': [], parts: [['given', 'KARI']] })).to.equal('<e><given>KARI</given></e>');
  });

  it('writes nil where the type allows it', () => {
    expect(
      write('PRPA_MT101303NO01.SourceOf2', { '@typeCode': 'IDENT', otherIdentifiedPerson: nil }),
    ).to.equal(
      '<e typeCode="IDENT"><otherIdentifiedPerson ' +
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></e>',
    );
  });

  it('writes xsi:type where the type says so little that one is needed', () => {
    expect(
      write('PRPA_MT101310NO01.QueryMatchObservation', {
        '@classCode': 'OBS',
        '@moodCode': 'EVN',
        value: { '@xsi:type': 'INT', '@value': 87 },
      }),
    ).to.equal(
      '<e classCode="OBS" moodCode="EVN"><value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
        'xsi:type="INT" value="87"/></e>',
    );
  });

  it('writes one of several alternatives, and refuses two or none', () => {
    const holder = { '@classCode': 'CON', contactPerson: { name: { parts: [['given', 'KARI']] } } } as const;
    const type = 'PRPA_MT101303NO01.ContactParty';
    expect(write(type, holder)).to.contain('<contactPerson><name>');
    refused('too-many', type, { ...holder, contactOrganization: nil });
    refused('missing', type, { '@classCode': 'CON' });
  });

  describe('refuses', () => {
    const named: TypedStructure = { parts: [['given', 'KARI']] };

    it('a member that the type does not have', () => {
      refused('unknown-member', person, { birthDate: { '@value': '1980' } }, '/birthDate');
      refused('unknown-member', 'II', { '@value': '1' }, '/@value');
      refused('unknown-member', 'II', { '#text': 'x' });
      refused('unknown-member', 'II', { parts: [['given', 'KARI']] });
      refused('unknown-member', 'PN', { parts: [['forename', 'KARI']] });
      refused('unknown-member', 'MCAI_MT900001UV01.Role', { prototype: {} });
    });

    it('the parts of a name by name, since their order would be lost', () => {
      refused('unknown-member', 'PN', { given: 'KARI' });
      refused('unknown-member', 'IVL_TS', {
        low: { '@value': '1980' },
        parts: [['high', { '@value': '1990' }]],
      });
    });

    it('a code that is not published', () => {
      refused('code-not-published', 'AD', { '@use': 'RES', parts: [['city', 'OSLO']] }, '/@use');
      refused('code-not-published', 'AD', { '@use': ['H', 'INV'], parts: [['city', 'OSLO']] });
      refused('code-not-published', 'PN', { parts: [['family', { '@qualifier': 'mid' }, 'LI']] });
      refused('code-not-published', 'II', { '@nullFlavor': 'UNKNOWN' });
    });

    it('empty and blank text, attributes and parts', () => {
      refused('empty', 'PN', { '@use': '', ...named });
      refused('empty', 'PN', { '@use': ['L', ''], ...named });
      refused('empty', 'PN', { parts: [['given', '']] });
      refused('empty', 'PN', { parts: [['given', ' ']] });
      refused('empty', 'PN', { parts: [['family', { '@qualifier': 'MID' }]] });
      refused('empty', 'PN', { parts: [''] });
      refused('empty', 'II', { '@root': '' });
      refused('empty', 'ST', '');
      refused('empty', person, { desc: '\n' }, '/desc');
    });

    it('a name or an address without parts, and data without anything', () => {
      refused('empty', 'AD', { '@use': 'H' });
      refused('empty', 'AD', { '@use': 'H', parts: [] });
      refused('empty', 'AD', { '@nullFlavor': 'MSK' });
      refused('empty', 'PN', { validTime: { low: { '@value': '2005' } } });
      refused('empty', 'II', {});
      refused('empty', person, { id: [{}] }, '/id');
    });

    it('more occurrences than allowed', () => {
      refused('too-many', person, { birthTime: [{ '@value': '1980' }, { '@value': '1981' }] }, '/birthTime');
      refused('too-many', 'IVL_TS', { low: [{ '@value': '1980' }, { '@value': '1981' }] });
      refused('too-many', 'II', { '@root': ['1', '2'] });
    });

    it('a required element or attribute that is missing', () => {
      refused('missing', role, { '@classCode': 'IDENT' }, '/identifiedPerson');
      refused('missing', role, { identifiedPerson: {} }, '/@classCode');
    });

    it('nil where it is not allowed', () => {
      refused('not-nillable', person, { birthTime: nil }, '/birthTime');
    });

    it('a value of another kind', () => {
      refused('not-a-value', 'INT', { '@value': '1.5' });
      refused('not-a-value', 'INT', { '@value': Number.NaN });
      refused('not-a-value', 'BL', { '@value': 'yes' });
      refused('not-a-value', person, { birthTime: 1980 });
      refused('not-a-value', 'IVL_TS', { parts: ['1980'] });
      refused('not-a-value', 'SLIST_PQ', { digits: { '@value': '1' } });
    });

    it('a type that is unknown, abstract, or not an extension of the declared one', () => {
      refused('unknown-type', 'NAME', {});
      refused('unknown-type', 'ANY', { '@nullFlavor': 'NI' });
      refused('unknown-type', 'II', { '@xsi:type': 'INT', '@value': 1 });
      refused('unknown-type', 'ANY', { '@xsi:type': 'NAME' });
    });
  });

  it('names the place and never the value in what it refuses', () => {
    const secret = 'KARI NORDMANN';
    const values: readonly TypedStructure[] = [
      { name: { '@use': secret, parts: [['given', 'X']] } },
      { name: { parts: [[secret, 'given']] } },
      { multipleBirthOrderNumber: { '@value': secret } },
      { birthTime: secret },
    ];
    for (const value of values)
      expect(() => write(person, value))
        .to.throw(TypedWriteError, /^e\//)
        .with.property('message')
        .that.does.not.contain(secret);
  });

  function write(type: string, value: TypedStructure | string): string {
    return writer.write('e', type, value).text;
  }

  function refused(problem: WriteProblem, type: string, value: TypedStructure | string, place = ''): void {
    expect(() => write(type, value))
      .to.throw(TypedWriteError)
      .that.includes({ problem })
      .and.has.property('path')
      .that.satisfies((path: string) => path.startsWith('e') && path.endsWith(place));
  }
});
