import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect } from 'chai';
import { z } from 'zod';
import { comparisonDigest } from '../../../src/cli/cutover/comparison-digest.js';
import { version } from '../../../src/cli/version.js';
import { loadConfiguration } from '../../../src/config/load.js';
import { packageRoot } from '../../../src/config/package-root.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { comparedAnswers, difference } from '../../support/compared-answers.js';
import { withStore } from '../../support/opened-store.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { hospital } from './cutover-world.js';

const DAY = 24 * 60 * 60_000;

describe('preg-adapter readiness', function () {
  this.timeout(20_000);

  const newFolder = temporaryFolders();
  let folder: string;
  let config: string;
  beforeEach(() => {
    folder = newFolder();
    config = hospital(
      folder,
      `
cutover:
  routes: [{ client: epj, route: shadow-preg }]
  readiness: { comparisons: 4, operationComparisons: 1, unexplainedPercent: 10 }
`,
    );
  });

  const readiness = (...args: string[]): Promise<CommandResult> =>
    runCommand(['readiness', ...args, '--config', config]);
  // A second before now, so that a test at midnight still finds today.
  const now = new Date(systemClock.now().getTime() - 1_000);
  const seen = { firstSeen: new Date('2026-01-01T12:00:00Z'), lastSeen: new Date('2026-03-01T12:00:00Z') };
  const fill = (unexplained: number, at = now): void => {
    withStore(join(folder, 'data'), (store) => {
      const digest = comparisonDigest({
        configuration: loadConfiguration({ file: config, environment: {}, clock: systemClock }),
        folder: join(packageRoot(), 'mappings'),
        version: version(),
      });
      const log = store.comparisons.keepingValues(() => false, digest);
      const { clientId, protocol, operation } = comparedAnswers();
      const left = { at, clientId, protocol, operation, people: 3 } as const;
      store.comparisons.record([comparedAnswers({ at, differences: [difference()] })]);
      log.record(
        [],
        [
          { ...left, reason: 'dropped' },
          { ...left, reason: 'sampled-out', people: 4 },
        ],
      );
      log.record([
        comparedAnswers({ at }),
        comparedAnswers({ at, protocol: 'preg-xml', operation: 'GetPerson' }),
        comparedAnswers({ at, differences: [difference({ class: 'expected', reason: 'fresher' })] }),
        comparedAnswers({
          at,
          differences: undefined,
          outcomes: {
            preg: { outcome: 'preg-unavailable', milliseconds: 10_000 },
            persontjenesten: { outcome: 'found', milliseconds: 20 },
          },
        }),
        comparedAnswers({ at }),
        ...Array.from({ length: unexplained }, () =>
          comparedAnswers({ at, differences: [difference({ field: 'birthDate', isIdentity: true })] }),
        ),
      ]);
      store.usage.add([
        {
          clientId: 'epj',
          protocol: 'hl7v3',
          operation: 'GetDemographics',
          questions: 7,
          fields: new Map([['givenName', 6]]),
          ...seen,
        },
        {
          clientId: 'gone',
          protocol: 'hl7v2',
          operation: 'QBP^Q22',
          questions: 1,
          fields: new Map(),
          ...seen,
        },
      ]);
    });
  };

  it('has a line for each client: its route, how far it is, and why it is not ready', async () => {
    fill(0);
    const { code, out } = await readiness();
    expect(code).to.equal(0);
    const rows = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows.slice(1, 4)).to.deep.equal([
      ['epj', 'shadow-preg', 'ready', '4', '0 (0 %)', '0', '0', 'unknown'],
      ['gone (not configured)', 'not ready', '0', '0 (0 %)', '0', '0', 'unknown', 'too-few-comparisons'],
      ['pas', 'persontjenesten', 'moved', '0', '0 (0 %)', '0', '0', 'unknown', 'too-few-comparisons'],
    ]);
  });

  it('tells everything about one: what stands in the way, what it uses, what differs and what failed', async () => {
    fill(1);
    fill(1, new Date(now.getTime() - 7 * DAY));
    const { out } = await readiness('--client', 'epj', '--days', '1');
    for (const line of [
      /^Client +epj$/m,
      /^Route +shadow-preg$/m,
      /^Verdict +not ready$/m,
      /^ +hl7v3 GetDemographics: 25 % of the answers differ without explanation; less than 10 % is wanted\.$/m,
      /^ +1 answer differs without explanation in who somebody is; none is wanted\.$/m,
      /^Today +6 asked of both, 5 compared: 3 alike, 1 with expected differences alone, 1 unexplained \(20 %\), 1 of them in who/m,
      /^Not answered +1 by PREG alone, 0 by Persontjenesten alone, 0 by both$/m,
      /^Not compared +3 dropped, since too much was to be done, 4 left out by samplePercent; 1 compared by other rules than/m,
      /^Time +1700 ms on average by PREG, 20 ms by Persontjenesten$/m,
      /^Trend +same: 1 of 5 unexplained in the last 7 days, 1 of 5 unexplained in the 7 before$/m,
      /^hl7v3 +GetDemographics +14 +2026-01-01 12:00 +2026-03-01 12:00 +4 +1$/m,
      /^preg-xml +GetPerson +1 +0$/m,
      /^hl7v3 +GetDemographics +givenName +12 +2026-01-01 12:00 /m,
      /^birthDate +unexplained +1 .* yes, who it is$/m,
      /^givenName +expected +fresher +1 .* no$/m,
      /^preg +preg-unavailable +1$/m,
    ]) {
      expect(out).to.match(line);
    }
    expect((await readiness('--client', 'ris')).err).to.equal(
      'There is no client ris; there is epj, gone, pas.\n',
    );
  });

  it('tells the same as JSON', async () => {
    fill(1);
    const { out } = await readiness('--json', '--client', 'epj');
    const told: unknown = JSON.parse(out);
    expect(told).to.have.property('limits').that.deep.equals({
      comparisons: 4,
      operationComparisons: 1,
      unexplainedPercent: 10,
      errorPercent: 1,
    });
    expect(told).to.have.property('clients').with.length(1);
    expect(told).to.have.nested.property('clients[0].isReady', false);
    expect(told).to.have.nested.property('clients[0].obstacles[0]').that.deep.equals({
      kind: 'identity',
      questions: 1,
    });
    expect(told).to.have.nested.property('clients[0].operations[0].fields[0].answers', 6);
    expect(told).to.have.nested.property('clients[0].differences[0].field', 'birthDate');
  });

  it('tells the same as CSV, one line for each fact', async () => {
    fill(1);
    const { out } = await readiness('--csv');
    const lines = z
      .array(z.record(z.string(), z.string()))
      .parse(parse(out, { columns: true, record_delimiter: '\r\n' }));
    const found = (about: string, of = 'epj') =>
      lines
        .filter(({ section, client }) => section === about && client === of)
        .map((line) =>
          Object.fromEntries(
            Object.entries(line).filter(
              ([name, value]) => value !== '' && name !== 'section' && name !== 'client',
            ),
          ),
        );
    expect(found('verdict')).to.deep.equal([
      {
        item: 'not ready',
        detail:
          '1 answer differs without explanation in who somebody is; none is wanted. ' +
          'hl7v3 GetDemographics: 25 % of the answers differ without explanation; less than 10 % is wanted.',
      },
    ]);
    expect(found('verdict', 'pas')).to.deep.include({
      item: 'moved',
      detail: '0 answers were compared, 4 are wanted.',
    });
    expect(found('field')).to.deep.equal([
      {
        protocol: 'hl7v3',
        operation: 'GetDemographics',
        item: 'givenName',
        count: '6',
        first_seen: '2026-01-01T12:00:00.000Z',
        last_seen: '2026-03-01T12:00:00.000Z',
      },
    ]);
    expect(found('compared')[3]).to.deep.equal({ item: 'unexplained', count: '1', percent: '20' });
    expect(found('compared').slice(-3)).to.deep.equal([
      { item: 'dropped', count: '3' },
      { item: 'sampled-out', count: '4' },
      { item: 'by-other-rules', count: '1' },
    ]);
    expect(found('failure')).to.deep.equal([{ item: 'preg', detail: 'preg-unavailable', count: '1' }]);
    expect(found('difference')[0]).to.include({
      item: 'birthDate',
      detail: 'unexplained, identity',
      count: '1',
    });
    expect(found('route')[0]).to.deep.equal({ protocol: 'hl7v3', item: 'shadow-preg' });
  });

  it('leaves nothing in the audit trail, since it tells of nobody', async () => {
    await readiness();
    expect(withStore(join(folder, 'data'), (store) => [...store.audit.entries()])).to.deep.equal([]);
  });
});
