import { expect } from 'chai';
import { StoreFailed, UpstreamUnavailable } from '../../../src/errors/errors.js';
import { targets } from '../../../src/mapping/targets.js';
import { cutoverWorld, knowingCaller, type CutoverWorld } from '../../support/cutover-world.js';
import { dayIn, pregAddress, pregPerson } from '../../support/preg-person.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const id = syntheticNumber();

describe('counting what clients use', () => {
  function world(): CutoverWorld {
    const made = cutoverWorld({ routes: [{ route: 'preg' }] });
    made.registers.preg.answer = (number) => ({
      outcome: 'found',
      lineage: new Map(),
      person: pregPerson({
        nin: number,
        sn: 'NORDMANN',
        givenName: '',
        deceased: false,
        dateOfBirth: dayIn('1950-01-01'),
        addresses: [
          pregAddress({ streetName: null, postalCode: '0150' }),
          pregAddress({ postalCode: '0151' }),
        ],
      }),
    });
    return made;
  }

  it('tells who asked what, how often, when, and which fields were told', async () => {
    const { cutover, clock, written } = world();
    const { caller } = knowingCaller();
    await cutover.registry.lookup({ id }, caller);
    clock.move(60_000);
    await cutover.registry.lookup({ id }, caller);
    await clock.advance(10_000);
    expect(written.usage).to.have.length(1);
    const [count] = written.usage[0] ?? [];
    expect(count).to.deep.include({
      clientId: 'epj',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      questions: 2,
      firstSeen: new Date('2022-09-01T12:00:00Z'),
      lastSeen: new Date('2022-09-01T12:01:00Z'),
    });
    expect(Object.fromEntries(count?.fields ?? [])).to.deep.equal({
      'addresses.currentAddress': 2,
      'addresses.nin': 2,
      'addresses.postalCode': 2,
      dateOfBirth: 2,
      deceased: 2,
      nin: 2,
      sn: 2,
    });
    expect([...(count?.fields.keys() ?? [])].filter((row) => !targets.has(row))).to.deep.equal([]);
  });

  it('keeps clients, protocols and operations apart, and counts people where many are asked for', async () => {
    const { cutover, clock, written } = world();
    const asking = [
      knowingCaller(),
      knowingCaller({ operation: 'FindCandidates' }),
      knowingCaller({ protocol: 'filematch', operation: 'match' }),
      knowingCaller({ clientId: 'lab' }),
    ];
    for (const { caller } of asking) {
      await cutover.registry.lookupMany({ ids: [id, syntheticNumber(1), id] }, caller);
    }
    await clock.advance(10_000);
    expect(
      written.usage[0]?.map(({ clientId, protocol, operation, questions, fields }) =>
        [clientId, protocol, operation, questions, fields.get('sn')].join(' '),
      ),
    ).to.deep.equal([
      'epj hl7v3 GetDemographics 2 2',
      'epj hl7v3 FindCandidates 2 2',
      'epj filematch match 2 2',
      'lab hl7v3 GetDemographics 2 2',
    ]);
  });

  it('counts questions that fail or find nobody, and what is handed on unread', async () => {
    const made = world();
    const { cutover, clock, written, registers } = made;
    const { caller } = knowingCaller();
    registers.preg.answer = () => ({ outcome: 'not-found' });
    await cutover.registry.lookup({ id }, caller);
    registers.preg.before = () => Promise.reject(new UpstreamUnavailable('down'));
    await rejectionOf(cutover.registry.lookup({ id }, caller));
    cutover.noteUse(knowingCaller({ operation: 'AddPerson' }).caller);
    await clock.advance(10_000);
    expect(
      written.usage[0]?.map(({ operation, questions, fields }) => [operation, questions, fields.size]),
    ).to.deep.equal([
      ['GetDemographics', 2, 0],
      ['AddPerson', 1, 0],
    ]);
  });

  it('counts each question once', async () => {
    const { cutover, clock, written } = world();
    const { caller } = knowingCaller();
    await cutover.registry.lookup({ id }, caller);
    await clock.advance(10_000);
    await clock.advance(10_000);
    expect(written.usage, 'nothing new, nothing written').to.have.length(1);
    await cutover.registry.lookup({ id }, caller);
    await clock.advance(10_000);
    expect(written.usage.map(([count]) => count?.questions)).to.deep.equal([1, 1]);
    expect(written.usage[1]?.[0]?.firstSeen).to.deep.equal(new Date('2022-09-01T12:00:20Z'));
  });

  it('counts children and hits by the fields that are told of any of them', async () => {
    const { cutover, clock, written } = world();
    await cutover.registry.children(id, knowingCaller({ operation: 'GetChildren' }).caller);
    const search = { name: { family: 'N' }, withHelpNumbers: false, limit: 1 };
    await cutover.registry.search(search, knowingCaller({ operation: 'FindCandidates' }).caller);
    await clock.advance(10_000);
    expect(written.usage[0]?.map(({ fields }) => [...fields.keys()])).to.deep.equal([
      ['nin', 'childrensNINs'],
      ['nin'],
    ]);
  });

  it('counts where there is one register alone, too, and nothing that the adapter asks of its own accord', async () => {
    const { cutover, clock, written, registers } = cutoverWorld({}, { hasPreg: false });
    await cutover.registry.lookup({ id }, knowingCaller().caller);
    await cutover.registry.lookup({ id }, knowingCaller({ protocol: undefined }).caller);
    registers.persontjenesten.before = () => Promise.reject(new UpstreamUnavailable('down'));
    await rejectionOf(cutover.registry.lookup({ id }, knowingCaller().caller));
    await clock.advance(10_000);
    expect(written.usage.flat().map(({ questions }) => questions)).to.deep.equal([2]);
  });

  it('counts what the client is asked for, and not what is asked in the background', async () => {
    const made = cutoverWorld({ routes: [{ route: 'shadow-preg' }] });
    await made.cutover.registry.lookup({ id }, knowingCaller().caller);
    await made.settle();
    expect(made.written.usage.flat().map(({ questions }) => questions)).to.deep.equal([1]);
  });

  it('loses nothing while the store fails, and says so once', async () => {
    const { cutover, clock, written, trouble, events } = world();
    const { caller } = knowingCaller();
    trouble.usage = new StoreFailed('full');
    for (let time = 0; time < 5; time += 1) {
      await cutover.registry.lookup({ id }, caller);
      await clock.advance(10_000);
    }
    expect(events.of.cutoverNotStored.map(({ what }) => what)).to.deep.equal(['usage']);
    trouble.usage = undefined;
    await clock.advance(10_000);
    expect(written.usage.flat().map(({ questions }) => questions)).to.deep.equal([5]);
    expect(events.of.cutoverStored).to.deep.equal([{ what: 'usage', lost: 0 }]);
  });
});
