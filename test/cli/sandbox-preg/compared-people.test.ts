import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAdapter, type OpenedAdapter } from '../../../src/cli/open-adapter.js';
import type { SandboxPreg } from '../../../src/cli/sandbox-preg/sandbox-preg.js';
import { supply, type SuppliedConfiguration } from '../../../src/cli/supplies.js';
import type { AdapterEvents } from '../../../src/operations/events.js';
import { fieldGroups } from '../../../src/person/field-groups.js';
import { isNationalId, type NationalId } from '../../../src/person/national-id.js';
import type { PregPerson } from '../../../src/person/preg-person.js';
import type { LookupAnswer } from '../../../src/registry/person-registry.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { numbersOf } from '../../../src/sandbox/population/person-document.js';
import type { Difference } from '../../../src/sandbox/preg/difference.js';
import { differenceNames, differences, type DifferenceName } from '../../../src/sandbox/preg/differences.js';
import { sandboxConfiguration } from '../../support/sandbox-configuration.js';

type Compared = AdapterEvents['answersCompared'];

const protocols = ['hl7v3', 'preg-xml'] as const;
type PregProtocol = (typeof protocols)[number];

/** Where the old register tells what a rule goes by, such as the day of a move; by the other protocol nothing explains it. */
const explainedBy: Partial<Record<DifferenceName, PregProtocol>> = {
  'former-name': 'hl7v3',
  'former-address': 'preg-xml',
  'former-status': 'preg-xml',
  'former-marital-status': 'preg-xml',
};

/** What the other protocol has no place for. */
const untoldBy: Partial<Record<DifferenceName, PregProtocol>> = { 'only-preg-knows': 'hl7v3' };

/** Beside those of the fixtures. */
const GENERATED = 300;
const AT_ONCE = 8;

describe('the people of the sandbox, told by both registers', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'preg-adapter-compared-'));
  let supplied: SuppliedConfiguration;
  let preg: SandboxPreg;
  let opened: OpenedAdapter;
  const waiting = new Map<string, (compared: Compared) => void>();

  before(async () => {
    const configuration = sandboxConfiguration({
      PREG_ADAPTER__DATA__DIRECTORY: folder,
      PREG_ADAPTER__SANDBOX__POPULATION: String(GENERATED),
      PREG_ADAPTER__SANDBOX__PREG__DIFFERING_PERCENT: '0',
      PREG_ADAPTER__CUTOVER__ROUTES__0__ROUTE: 'shadow-preg',
      PREG_ADAPTER__EVENTS__ENABLED: 'false',
      PREG_ADAPTER__LOGGING__LEVEL: 'error',
    });
    const surroundings = { clock: systemClock, random: systemRandom };
    supplied = await supply(configuration, {
      ...surroundings,
      anyPorts: true,
      onTrouble: (error) => {
        throw error;
      },
    });
    if (supplied.preg === undefined) throw new Error('there is no PREG');
    preg = supplied.preg;
    opened = await openAdapter({
      configuration: supplied.configuration,
      ...surroundings,
      log: process.stderr,
    });
    opened.events.subscribe((name, event) => {
      if (name !== 'answersCompared' || !('outcomes' in event)) return;
      waiting.get(event.correlationId)?.(event);
    });
  });

  after(async () => {
    await opened.close();
    await supplied.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What PREG answers, and what comes of comparing it. */
  async function ask(
    id: NationalId,
    protocol: PregProtocol,
  ): Promise<{ readonly answer: LookupAnswer; readonly compared: Compared }> {
    const correlationId = newCorrelationId(systemRandom);
    const comparing = new Promise<Compared>((resolve) => waiting.set(correlationId, resolve));
    const answer = await opened.adapter.registry.lookup(
      { id, record: protocol === 'preg-xml' ? 'asked' : 'current' },
      {
        clientId: 'epj-sandbox',
        protocol,
        operation: protocol === 'hl7v3' ? 'GetDemographics' : 'GetPerson',
        organisation: { parent: '310000027' },
        access: 'full',
        visible: new Set(fieldGroups),
        correlationId,
        signal: new AbortController().signal,
      },
    );
    return { answer, compared: await comparing };
  }

  /** Everybody as PREG tells of them, in whom the registers do not differ. */
  const people: PregPerson[] = [];

  it('are the same wherever nothing was chosen to differ, by both protocols', async () => {
    const ids = [...preg.population.documents()].flatMap((document) =>
      numbersOf(document).slice(0, 1).filter(isNationalId),
    );
    expect(ids.length).to.be.greaterThan(GENERATED);
    const differing: string[] = [];
    const inTurn = ids.values();
    const askInTurn = async (): Promise<void> => {
      for (const id of inTurn) {
        for (const protocol of protocols) {
          const { answer, compared } = await ask(id, protocol);
          if (compared.different !== 0) differing.push(`${protocol} ${id}`);
          if (protocol === 'preg-xml' && answer.outcome === 'found') people.push(answer.person);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askInTurn));
    expect(differing).to.deep.equal([]);
  });

  for (const name of differenceNames) {
    const { expectation } = differences[name];
    it(`differ as was chosen, and that is found: ${name}, ${expectation}`, async function () {
      this.timeout(10_000);
      const difference: Difference = differences[name];
      const person = people.find((one) => difference.of(one) !== undefined && one.newNIN === null);
      if (person === undefined) throw new Error('nobody can differ so');
      preg.differences.choose(person.nin, name);
      for (const protocol of protocols) {
        const { compared } = await ask(person.nin, protocol);
        const isTold = untoldBy[name] !== protocol;
        const isExplained = expectation === 'expected' && (explainedBy[name] ?? protocol) === protocol;
        expect([(compared.different ?? 0) > 0, compared.unexplained > 0], protocol).to.deep.equal([
          expectation !== 'equal' && isTold,
          expectation !== 'equal' && isTold && !isExplained,
        ]);
      }
      preg.differences.forget();
    });
  }
});
