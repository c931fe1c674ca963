import { expect } from 'chai';
import { UpstreamInvalidAnswer, UpstreamUnavailable } from '../../src/errors/errors.js';
import { discontinued, inUse } from '../support/person-documents.js';
import { rejectionOf } from '../support/rejection.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { manyBench, someone } from './many-bench.js';

const [anna, old, berit, nobody] = [
  syntheticNumber(1),
  syntheticNumber(11),
  syntheticNumber(2),
  syntheticNumber(99),
];

describe('the ids under which changes are told', () => {
  const people = [
    someone(1, { norwegianIdentificationNumber: [inUse(anna), discontinued(old)] }),
    someone(2),
  ];

  it('are asked for together, old numbers included, and nothing but numbers is asked for', async () => {
    const bench = manyBench(people);
    const told = await bench.referencesOf([anna, old, berit]);
    expect([...told]).to.have.deep.members([
      [anna, 'e1'],
      [old, 'e1'],
      [berit, 'e2'],
    ]);
    expect(bench.calls).to.have.length(1);
    expect(bench.calls[0]).to.include({ history: true });
    expect(bench.calls[0]?.parts).to.deep.equal(['NorwegianIdentificationNumber']);
  });

  it('are asked for alone where an answer for many does not tell them (Safety S5)', async () => {
    const bench = manyBench(people, ({ operation }, found) => (operation === 'get-by-nin' ? found : []));
    expect([...(await bench.referencesOf([berit, nobody]))]).to.deep.equal([[berit, 'e2']]);
    expect(bench.calls.map(({ operation }) => operation)).to.have.members([
      'bulk-by-nin',
      'get-by-nin',
      'get-by-nin',
    ]);
  });

  it('are asked for of DUF numbers, too, which only documents with such numbers can tell', async () => {
    const duf = '209900000417';
    const bench = manyBench([
      someone(3, {
        immigrationAuthoritiesIdentificationNumber: [{ isValid: true, identificationNumber: duf }],
      }),
    ]);
    const [number] = [duf].filter((text): text is typeof anna => text.length === 12);
    if (number === undefined) throw new Error('no number');
    expect((await bench.referencesOf([number])).get(number)).to.equal('e3');
  });

  it('are none where the register is in trouble with any of them', async () => {
    const down = manyBench(people, () => new UpstreamUnavailable('nobody answers'));
    expect(await rejectionOf(down.referencesOf([anna]))).to.be.instanceOf(UpstreamUnavailable);
    const wrong = manyBench(people, () => [someone(5)]);
    expect(await rejectionOf(wrong.referencesOf([anna]))).to.be.instanceOf(UpstreamInvalidAnswer);
  });
});
