import { expect } from 'chai';
import { FilledRecord } from '../../src/mapping/filled-record.js';
import { filled, notDelivered } from '../../src/mapping/transform.js';
import { mappings } from '../support/person-documents.js';

describe('a record that rows fill', () => {
  it('tells what a field holds, and of each where it came from in the order of the rows', () => {
    const record = new FilledRecord(mappings.fields.addressRows, 'addresses[1].');
    record.put('streetName', notDelivered);
    record.put('postalType', filled(0, { path: 'residentialAddress[0]', value: {} }));
    expect([record.valueOf('postalType'), record.valueOf('streetName'), record.valueOf('st')]).to.deep.equal([
      0,
      null,
      null,
    ]);
    expect([...record.origins()]).to.deep.equal([
      ['addresses[1].postalType', { row: 'addresses.postalType', sources: ['residentialAddress[0]'] }],
      ['addresses[1].streetName', { row: 'addresses.streetName', sources: [], blank: 'not delivered' }],
    ]);
  });

  it('has no field without a row', () => {
    const record = new FilledRecord(mappings.fields.personRows, '');
    expect(() => record.valueOf('streetName')).to.throw(RangeError, 'streetName');
    expect(() => {
      record.put('streetName', filled('OPPDIKTET VEI'));
    }).to.throw(RangeError, 'streetName');
  });
});
