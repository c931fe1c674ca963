import { join } from 'node:path';
import { expect } from 'chai';
import type { ComparedAnswers } from '../../../src/registry/cutover/compared-answers.js';
import type { Store } from '../../../src/store/store.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { comparedAnswers, difference } from '../../support/compared-answers.js';
import { withStore } from '../../support/opened-store.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { hospital } from './cutover-world.js';

describe('preg-adapter cutover differences', function () {
  this.timeout(20_000);

  const newFolder = temporaryFolders();
  let folder: string;
  let config: string;
  beforeEach(() => {
    folder = newFolder();
    config = hospital(folder);
  });

  const terminal = { isTTY: true, columns: 80 };
  const differences = (args: readonly string[] = [], onTerminal = false): Promise<CommandResult> =>
    runCommand(
      ['cutover', 'differences', '--client', 'epj', ...args, '--config', config],
      onTerminal ? { terminal } : {},
    );
  const onStore = <Result>(use: (store: Store) => Result): Result => withStore(join(folder, 'data'), use);
  const record = (...compared: readonly ComparedAnswers[]): void => {
    onStore((store) => {
      store.comparisons.keepingValues(() => true).record(compared);
    });
  };
  const audited = () =>
    onStore((store) =>
      [...store.audit.entries()].map(({ operation, detail, pseudonym, correlationId }) => ({
        operation,
        count: detail.count,
        scope: detail.scope,
        pseudonym,
        correlationId,
      })),
    );
  const subject = syntheticNumber();
  const differing = comparedAnswers({
    subject,
    differences: [
      difference({
        field: 'givenName',
        isIdentity: true,
        values: { preg: 'OLD\u001bNAME', persontjenesten: null },
      }),
      difference({
        field: 'addresses[].st',
        class: 'expected',
        reason: 'fresher',
        kinds: { preg: 'blank', persontjenesten: 'code' },
      }),
    ],
  });

  it('says when there is none', async () => {
    expect((await differences()).out).to.equal('There is none.\n');
  });

  it('lists what each register said by kind alone, and is audited', async () => {
    record(differing);
    const { code, out } = await differences();
    expect(code).to.equal(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).to.deep.equal([
      ['SEEN (UTC)', 'PROTOCOL', 'OPERATION', 'FIELD', 'WHY', 'PREG', 'PERSONTJENESTEN', 'REQUEST'],
      ...[
        ['givenName (who it is)', 'unexplained', 'text', 'text'],
        ['addresses[].st', 'fresher', 'blank', 'code'],
      ].map((row) => ['2026-03-01 12:00', 'hl7v3', 'GetDemographics', ...row, differing.correlationId]),
      [''],
    ]);
    expect(audited().map(({ operation, count, scope }) => ({ operation, count, scope }))).to.deep.equal([
      { operation: 'cutover differences', count: 1, scope: { clientId: 'epj' } },
    ]);
  });

  it('lists those of a field, those that are expected, and those that a register failed to give', async () => {
    const failure = { outcome: 'upstream-unavailable', milliseconds: 3_000 } as const;
    record(
      differing,
      comparedAnswers({ differences: [difference({ class: 'expected', reason: 'masked' })] }),
      comparedAnswers({
        differences: undefined,
        outcomes: { preg: { outcome: 'found', milliseconds: 4 }, persontjenesten: failure },
      }),
    );
    expect((await differences(['--field', 'addresses[].st'])).out).to.equal('There is none.\n');
    expect((await differences(['--field', 'givenName'])).out)
      .to.match(/givenName.*\n$/)
      .and.not.contain('.st');
    expect((await differences(['--expected'])).out)
      .to.match(/ masked /)
      .and.not.contain('fresher');
    expect((await differences(['--failed'])).out).to.match(
      /GetDemographics +found, 4 ms +upstream-unavailable, 3000 ms /,
    );
    for (const impossible of [
      ['--failed', '--expected'],
      ['--failed', '--field', 'givenName'],
      ['--limit', '0'],
    ]) {
      expect((await differences(impossible)).code, impossible.join(' ')).to.equal(1);
    }
  });

  it('shows values on a terminal alone, with an entry for whom they are about, under the id of their request', async () => {
    record(differing, comparedAnswers({ differences: [difference()] }));
    const refused = await differences(['--values']);
    expect([refused.code, refused.err]).to.deep.equal([
      1,
      'Values are shown on a terminal alone, so that they are written nowhere.\n',
    ]);
    expect(audited()).to.deep.equal([]);
    const { out } = await differences(['--values'], true);
    // What could upset a terminal is not sent to it.
    expect(out).to.match(/unexplained +OLD\?NAME +blank /);
    const [general, particular, ...others] = audited();
    expect(general?.count).to.equal(2);
    expect(others).to.deep.equal([]);
    expect(particular).to.deep.include({
      operation: 'cutover differences --values',
      correlationId: differing.correlationId,
    });
    expect(onStore((store) => [...store.audit.bySubject(subject)])).to.have.length(1);
  });

  it('tells values as JSON when they are asked for, and no number ever', async () => {
    record(differing);
    const without = await differences(['--json']);
    expect(without.out).to.not.contain('NAME');
    expect(JSON.parse(without.out)).to.not.have.nested.property('[0].pseudonym');
    expect(without.out).to.not.match(/[0-9a-f]{64}/);
    const { out } = await differences(['--json', '--values'], true);
    expect(JSON.parse(out)).to.have.nested.property('[0].differences[0].values').that.deep.equals({
      preg: 'OLD\u001bNAME',
      persontjenesten: null,
    });
    expect(JSON.parse(out))
      .to.have.nested.property('[0].pseudonym')
      .that.matches(/^[0-9a-f]{64}$/);
    expect(out).to.not.contain(subject);
  });
});
