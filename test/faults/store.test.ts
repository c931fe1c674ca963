import { renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { faultTable } from '../../src/legacy/soap/fault-table.js';
import { expectFault } from './expectations.js';
import { protocols, startFaultBench, type FaultBench } from './fault-bench.js';
import { personUnderTest } from './person-under-test.js';

describe('the store, while it cannot be written', () => {
  let bench: FaultBench;
  before(async () => {
    bench = await startFaultBench();
  });
  afterEach(() => {
    bench.clock.reset();
  });
  after(async () => bench.stop());

  it('removed or replaced under the running adapter: answers are withheld', async () => {
    const adapter = await bench.open();
    const { number } = personUnderTest(bench.sandbox);
    expect((await adapter.ask('hl7v3', number)).outcome).to.equal('found');
    const file = join(adapter.dataDirectory, 'preg-adapter.sqlite');
    renameSync(file, `${file}.away`);
    for (const protocol of protocols) {
      expectFault(await adapter.askOffRecord(protocol, number), faultTable['audit-unavailable']);
    }
    renameSync(`${file}.away`, file);
    expect((await adapter.ask('preg-xml', number)).outcome, 'put back').to.equal('found');
  });

  it('(QUALITY 53) locked where the setting lets answers leave: they do, their entries follow, and it is told once', async () => {
    const adapter = await bench.open((configuration) => ({
      ...configuration,
      audit: { ...configuration.audit, whenUnwritable: 'answer' },
    }));
    const { number } = personUnderTest(bench.sandbox);
    const { audit } = adapter.opened.store;
    const other = new Database(join(adapter.dataDirectory, 'preg-adapter.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    for (let request = 0; request < 2; request += 1) {
      expect((await adapter.askOffRecord('hl7v3', number)).status).to.equal(200);
    }
    expect([...audit.entries()]).to.deep.equal([]);
    other.exec('ROLLBACK');
    other.close();
    expect((await adapter.askOffRecord('hl7v3', number)).status).to.equal(200);
    expect([...audit.entries()].map(({ outcome }) => outcome)).to.deep.equal(['found', 'found', 'found']);
    expect(audit.verify().bad).to.deep.equal([]);
    const told = adapter.log().match(/audit entries cannot be written, and answers leave without them/g);
    expect(told).to.have.length(1);
    expect(adapter.log()).to.match(/"audit entries can be written again".*"late":2,"lost":0/);
  }).timeout(20_000);

  it('locked by another program: answers are withheld after some seconds, and given again afterwards', async () => {
    const adapter = await bench.open();
    const { number } = personUnderTest(bench.sandbox);
    const other = new Database(join(adapter.dataDirectory, 'preg-adapter.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    expectFault(await adapter.askOffRecord('hl7v3', number), faultTable['audit-unavailable']);
    other.exec('ROLLBACK');
    other.close();
    expect((await adapter.ask('hl7v3', number)).outcome).to.equal('found');
  }).timeout(20_000);
});
